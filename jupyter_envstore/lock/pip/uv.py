"""uv as a subprocess: one resolution, what it chose, and what it considered on the way. Worker side only.

uv's answer names files but not what they need; its log of the resolver does, and it also tells which requirement met
which package when nothing fits. Nothing is built but what is named in ``source``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import LockError
from jupyter_envstore.lock.pip.machine import secrets_in
from jupyter_envstore.lock.pip.uv_log import Need, candidates_in, lost_extras_in, needs_in, notes_in, words_in
from jupyter_envstore.lock.pip.uv_program import find_uv
from jupyter_envstore.lock.urls import hide_credentials

_LOG = "uv_resolver=debug"
_LOG_OF_CANDIDATES = f"{_LOG},uv_resolver::candidate_selector=trace"


@dataclass(frozen=True)
class Resolution:
    """What uv chose.

    Attributes
    ----------
    packages
        The tables of its `pylock.toml`.
    needs
        Who needs what, of all packages that were considered.
    lost_extras
        Extras that were asked of packages of conda, by name: its wheels here have none.
    notes
        Sentences for people.
    """

    packages: Sequence[dict[str, Any]]
    needs: Sequence[Need]
    lost_extras: Mapping[str, set[str]] = field(default_factory=dict)
    notes: Sequence[str] = ()


class UvError(Exception):
    """uv found nothing, or could not go on.

    Attributes
    ----------
    text
        What it said, without credentials.
    needs
        Who needs what, of all packages that were considered.
    candidates
        The versions that were considered, by name, where the question asked for them.
    """

    def __init__(self, text: str, needs: Sequence[Need], candidates: Mapping[str, Sequence[str]]) -> None:
        super().__init__(text)
        self.text = text
        self.needs = needs
        self.candidates = candidates


@dataclass(frozen=True)
class Question:
    """What uv is to resolve.

    Attributes
    ----------
    requirements, constraints
        Lines as pip reads them.
    python
        The version of the target's Python.
    platform
        The target's platform, as uv calls it.
    preferred
        Versions by name that are kept when nothing speaks against them.
    source
        Names of packages that are built from source: code of theirs is run.
    excluded
        Names of packages that are left out, whoever needs them.
    exclude_newer
        A moment; files that were uploaded later do not exist.
    prereleases, dependencies, universal, candidates, offline
        Whether unfinished versions count, whether what packages need is looked at, whether the files of all platforms
        are listed, whether versions that were not taken are told too, whether only the cache is asked.
    """

    requirements: Sequence[str]
    constraints: Sequence[str] = ()
    python: str = ""
    platform: str = ""
    preferred: Mapping[str, str] = field(default_factory=dict)
    source: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    exclude_newer: str | None = None
    prereleases: bool = False
    dependencies: bool = True
    universal: bool = False
    candidates: bool = False
    offline: bool = False


def resolve(question: Question, cache_folder: Path, environment: Mapping[str, str], seconds: float) -> Resolution:
    """Have uv resolve requirements.

    Parameters
    ----------
    cache_folder
        Where uv keeps what it fetched.
    environment
        The variables to start it with; see `jupyter_envstore.lock.pip.machine.uv_environment`.
    seconds
        Time limit.

    Raises
    ------
    UvError
        When nothing fits, or something cannot be fetched.
    LockError
        When the time ran out.
    UvMissingError
    """
    with tempfile.TemporaryDirectory(prefix="envstore-pip-") as folder:
        output = Path(folder, "pylock.toml")
        command = _command(question, Path(folder), output, cache_folder)
        # What it says is read: a narrow terminal must not break its lines.
        log = _LOG_OF_CANDIDATES if question.candidates else _LOG
        variables = {**environment, "RUST_LOG": log, "NO_COLOR": "1", "COLUMNS": "100000"}
        status, said = _run(command, folder, variables, seconds)
        said = _shown(said, environment)
        needs = needs_in(said)
        if status != 0:
            raise UvError(words_in(said), needs, candidates_in(said))
        return Resolution(_read(output), needs, lost_extras_in(said), notes_in(said))


def _command(question: Question, folder: Path, output: Path, cache_folder: Path) -> list[str]:
    required = folder / "requirements.in"
    required.write_text("".join(f"{line}\n" for line in question.requirements), encoding="utf-8")
    command = [find_uv(), "pip", "compile", str(required), "--format", "pylock.toml", "--output-file", str(output)]
    command += ["--verbose", "--no-progress", "--color", "never", "--no-header", "--no-config", "--no-sources"]
    command += ["--cache-dir", str(cache_folder), "--python", sys.executable, "--no-python-downloads"]
    command += ["--only-binary", ":all:"]
    for name in sorted(question.source):
        command += ["--no-binary", name]
    if question.constraints:
        constraints = folder / "constraints.txt"
        constraints.write_text("".join(f"{line}\n" for line in question.constraints), encoding="utf-8")
        command += ["--constraints", str(constraints)]
    if question.excluded:
        excluded = folder / "excluded.txt"
        excluded.write_text("".join(f"{name}\n" for name in sorted(question.excluded)), encoding="utf-8")
        command += ["--excludes", str(excluded)]
    if question.python:
        command += ["--python-version", question.python]
    if question.platform:
        command += ["--python-platform", question.platform]
    if question.exclude_newer:
        command += ["--exclude-newer", question.exclude_newer]
    if question.prereleases:
        command += ["--prerelease", "allow"]
    if not question.dependencies:
        command += ["--no-deps"]
    if question.universal:
        command += ["--universal"]
    if question.offline:
        command += ["--offline"]
    if question.preferred:
        lines = ['lock-version = "1.0"', 'created-by = "envstore"']
        for name, version in sorted(question.preferred.items()):
            lines += ["[[packages]]", f'name = "{name}"', f'version = "{version}"']
        output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return command


def _run(command: Sequence[str], folder: str, variables: Mapping[str, str], seconds: float) -> tuple[int, str]:
    # It stays in the group of this process: whoever ends the resolver ends it too, with all that it started.
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise LockError(
            f"The packages of pip were not found within {seconds:.0f} seconds. The index is slow, or the requirements "
            "leave too much open: ask for versions more closely, then try again.",
            seconds=seconds,
        ) from None
    return process.returncode, said


def _end(process: subprocess.Popen[str]) -> None:
    """End uv and what it started, which may hold its pipe open."""
    import psutil

    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    process.kill()
    for child in started:
        try:
            os.kill(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.communicate()


def _read(output: Path) -> list[dict[str, Any]]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]
    packages: list[dict[str, Any]] = tomllib.loads(output.read_text(encoding="utf-8")).get("packages") or []
    for package in packages:
        for file in (package.get("archive"), package.get("sdist"), *(package.get("wheels") or ())):
            if file and "path" in file:
                file["url"] = Path(output.parent, file["path"]).resolve().as_uri()
    return packages


def _shown(text: str, environment: Mapping[str, str]) -> str:
    for secret in secrets_in(environment):
        text = text.replace(secret, "***")
    return hide_credentials(text)
