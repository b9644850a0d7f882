"""What notebooks carry in the ways of other programs, as the text of an environment.yml.

juv and pixi (a block of PEP 723 in a cell, juv's ``uv.lock`` besides), jupyterlab-requirements, nteract, and what conda
once wrote. All of it is a stranger's: only names of packages with versions are taken. An option, a file, or an address
is refused, since it would say where programs come from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from packaging.requirements import InvalidRequirement, Requirement

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.notebooks.script_block import read_script_block
from jupyter_envstore.notebooks.uv_lock import locked_requirements
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.writing import scalar, section

MOST_ENTRIES = 2_000
"""Packages that one notebook may ask for."""
KERNEL = "ipykernel"
"""What a notebook needs besides what it asks for: these programs bring it, or take it from elsewhere."""

_PYTHON = re.compile(r"[<>=!~]*\s*[0-9][0-9.*]*(?:\s*,\s*[<>=!~]+\s*[0-9][0-9.*]*)*")
_OF_PIXI = re.compile(r"[A-Za-z0-9<>=!~.,*|+_ -]*")


class WrittenNotebook(Protocol):
    """A notebook, however it was read."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What it says of itself."""

    @property
    def sources(self) -> list[str]:
        """The texts of its code cells."""


@dataclass
class Asked:
    """What a notebook asks for.

    Attributes
    ----------
    convention
        Whose way it is.
    conda, pip
        Match specs, and lines of a pip section.
    python
        Which Python, as a range of versions; empty where it does not say.
    """

    convention: str
    conda: list[str] = field(default_factory=list)
    pip: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    python: str = ""
    name: str | None = None
    locked: bool = False

    def text(self) -> str:
        """Return the environment.yml. Nothing in it was checked but that each line is one entry.

        Raises
        ------
        SpecificationError
            When it asks for too much, or for something that only a person could allow.
        """
        if len(self.conda) + len(self.pip) > MOST_ENTRIES:
            raise SpecificationError(f"The notebook asks for more than {MOST_ENTRIES:,} packages.")
        names = {re.split(r"[^A-Za-z0-9._-]", spec.rpartition("::")[2].strip(), maxsplit=1)[0] for spec in self.conda}
        specs = list(self.conda)
        if "python" not in names:
            specs.insert(0, f"python {_python(self.python)}".strip())
        if KERNEL not in names:
            specs.append(KERNEL)
        lines = [f"# Read from a notebook, as {self.convention} wrote it."]
        lines += section("channels", self.channels) if self.channels else []
        lines += section("dependencies", specs)
        pip = [plain_requirement(line) for line in self.pip]
        pip = [line for line in pip if Requirement(line.partition(" --hash")[0]).name.lower() != KERNEL]
        if pip:
            lines += ["  - pip:", *(f"      - {scalar(line)}" for line in pip)]
        return "\n".join(lines) + "\n"


def read_convention(notebook: WrittenNotebook) -> Asked | None:
    """Return what a notebook asks for in the way of another program; None where it asks for nothing.

    Raises
    ------
    SpecificationError
        When what stands there cannot be understood, or must not be taken from a notebook.
    """
    for read in _READERS:
        asked = read(notebook)
        if asked is not None:
            return asked
    return None


def _script(notebook: WrittenNotebook) -> Asked | None:
    block = read_script_block(notebook.sources)
    if block is None:
        return None
    tool = block.get("tool")
    pixi = tool.get("pixi") if isinstance(tool, dict) else None
    asked = Asked("pixi" if isinstance(pixi, dict) else "juv", python=_word(block.get("requires-python")))
    asked.pip = _words(block.get("dependencies"), "dependencies")
    if isinstance(pixi, dict):
        workspace = pixi.get("workspace") or pixi.get("project") or pixi
        channels = workspace.get("channels") if isinstance(workspace, dict) else None
        asked.channels = _words(channels or pixi.get("channels"), "channels")
        asked.conda = _table(pixi.get("dependencies"), "tool.pixi.dependencies", " ")
        asked.pip += _table(pixi.get("pypi-dependencies"), "tool.pixi.pypi-dependencies", "")
    lock = notebook.metadata.get("uv.lock")
    if isinstance(lock, str):
        asked.pip = locked_requirements(lock, [Requirement(plain_requirement(line)).name for line in asked.pip])
        asked.locked = True
    return asked


def _jupyterlab_requirements(notebook: WrittenNotebook) -> Asked | None:
    wanted = _object(notebook.metadata.get("requirements"), "requirements")
    lock = _object(notebook.metadata.get("requirements_lock"), "requirements_lock")
    if wanted is None and lock is None:
        return None
    asked = Asked("jupyterlab-requirements", locked=lock is not None)
    about = (lock or {}).get("_meta")
    needs = (wanted or {}).get("requires") or (about.get("requires") if isinstance(about, dict) else None)
    asked.python = _word(needs.get("python_version")) if isinstance(needs, dict) else ""
    entries = (lock or {}).get("default") if lock is not None else (wanted or {}).get("packages")
    for name, entry in (entries if isinstance(entries, dict) else {}).items():
        version = entry.get("version") if isinstance(entry, dict) else entry
        if isinstance(entry, dict) and version is None:
            _refuse(f"{quoted(str(name))} is not asked for by version")
        extras = entry.get("extras") if isinstance(entry, dict) else None
        with_extras = f"[{','.join(_words(extras, 'extras'))}]" if extras else ""
        hashes = [
            f" --hash={digest}"
            for digest in _words(entry.get("hashes") if isinstance(entry, dict) else None, "hashes")
            if digest.startswith("sha256:")
        ]
        asked.pip.append(f"{name}{with_extras}{'' if version == '*' else version}{''.join(hashes)}")
    return asked


def _nteract(notebook: WrittenNotebook) -> Asked | None:
    runt = notebook.metadata.get("runt")
    inside = runt if isinstance(runt, dict) else notebook.metadata
    conda, uv = inside.get("conda"), inside.get("uv")
    if isinstance(conda, dict) and conda.get("dependencies"):
        asked = Asked("nteract", python=_word(conda.get("python")))
        asked.conda = _words(conda.get("dependencies"), "conda.dependencies")
        asked.channels = _words(conda.get("channels"), "conda.channels")
        return asked
    if isinstance(uv, dict) and uv.get("dependencies"):
        return Asked(
            "nteract",
            pip=_words(uv.get("dependencies"), "uv.dependencies"),
            python=_word(uv.get("requires-python")),
        )
    return None


def _conda(notebook: WrittenNotebook) -> Asked | None:
    environment = notebook.metadata.get("environment")
    if not isinstance(environment, dict) or not isinstance(environment.get("dependencies"), list):
        return None
    asked = Asked("conda", channels=_words(environment.get("channels"), "environment.channels"))
    asked.name = _word(environment.get("name")) or None
    for entry in environment["dependencies"]:
        if isinstance(entry, dict):
            asked.pip += _words(entry.get("pip"), "environment.dependencies.pip")
        else:
            asked.conda += _words([entry], "environment.dependencies")
    return asked


_READERS: tuple[Callable[[WrittenNotebook], Asked | None], ...] = (_script, _jupyterlab_requirements, _nteract, _conda)


def _python(versions: str) -> str:
    wanted = versions.strip()
    if not wanted:
        return ""
    if not _PYTHON.fullmatch(wanted):
        _refuse(f"{quoted(wanted)} does not say which Python")
    return f"={wanted}" if wanted[0].isdigit() else wanted.replace(" ", "")


def plain_requirement(line: str) -> str:
    """Return a line of a pip section, when it asks for a package by name and version and for nothing else.

    Raises
    ------
    SpecificationError
    """
    requirement, *hashes = re.split(r"\s+--hash=", line.strip())
    try:
        read = Requirement(requirement)
    except InvalidRequirement:
        read = None
    if read is None or read.url is not None or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes):
        _refuse(f"{quoted(line)} is no package with a version. Addresses and options are not taken from notebooks")
    return " ".join([str(read), *(f"--hash={digest}" for digest in hashes)])


def _table(table: object, what: str, space: str) -> list[str]:
    """Return the entries of one of pixi's tables; ``space`` stands between name and version."""
    if table is None:
        return []
    if not isinstance(table, Mapping):
        _refuse(f"“{what}” is no table")
    entries = []
    for name, entry in table.items():
        version = entry.get("version", "*") if isinstance(entry, Mapping) else entry
        build = entry.get("build") if isinstance(entry, Mapping) else None
        if isinstance(entry, Mapping) and entry.keys() - {"version", "build", "extras", "channel"}:
            _refuse(f"{quoted(str(name))} in “{what}” is more than a version")
        if not isinstance(version, str) or not _OF_PIXI.fullmatch(version):
            _refuse(f"{quoted(str(name))} in “{what}” has no version that could be understood")
        extras = _words(entry.get("extras"), what) if isinstance(entry, Mapping) else []
        channel = _word(entry.get("channel")) if isinstance(entry, Mapping) else ""
        called = f"{channel}::{name}" if channel else f"{name}{'[' + ','.join(extras) + ']' if extras else ''}"
        behind = "" if version.strip() in ("", "*") else f"{space}{version.strip()}"
        if behind and version.strip()[0].isdigit():
            behind = f"{space}=={version.strip()}"
        entries.append(f"{called}{behind}{f' {build}' if isinstance(build, str) and behind else ''}")
    return entries


def _object(value: object, what: str) -> dict[str, Any] | None:
    """Return a member that holds a JSON object, or the text of one, as jupyterlab-requirements has both."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            _refuse(f"“{what}” is no JSON")
    return value if isinstance(value, dict) else None


def _words(values: object, what: str) -> list[str]:
    if values is None:
        return []
    if not isinstance(values, list) or not all(_is_line(value) for value in values):
        _refuse(f"“{what}” must be a list of texts")
    return list(values)


def _word(value: object) -> str:
    return value if isinstance(value, str) and _is_line(value) else ""


def _is_line(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 1_000 and value.isprintable()


def _refuse(reason: str) -> NoReturn:
    raise SpecificationError(f"What the notebook asks for cannot be used: {reason}.")
