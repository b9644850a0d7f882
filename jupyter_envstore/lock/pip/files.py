"""What a person's own environment.yml names beside itself: files of requirements, and wheels.

Both are written into the text that is kept: a version must not depend on a file that may be gone tomorrow. Only files
below the specification's folder are read, links that lead out of it are not followed, and of wheels only the address is
kept. A text that came over the network has no folder, and the same entries are refused.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.content import read_content
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.pip_entries import without_comment
from jupyter_envstore.specification.writing import scalar

MAX_BYTES = 1_000_000
"""The size of the largest file of requirements."""
MAX_ENTRIES = 2_000
"""Entries of all files together."""
MAX_DEPTH = 8
"""How deep files may name further files."""

_REQUIREMENTS = re.compile(r"(?:-r|--requirement)(?:\s*=\s*|\s*)(?P<file>\S.*)")
_ITEM = re.compile(r"(?P<indent>\s*)-\s")


@dataclass
class OwnFiles:
    """A specification with what it names beside itself written into it.

    Attributes
    ----------
    specification
        With all entries in its text.
    local_wheels
        The ``file://`` addresses of the wheels that it names.
    """

    specification: Specification
    local_wheels: list[str] = field(default_factory=list)


def own_files_of(specification: Specification, path: Path | None) -> OwnFiles:
    """Return a specification with what it names beside its file, of which errors tell; without a file as it is.

    Raises
    ------
    SpecificationError
        With line and reason, when such a file is missing, leads out of the folder or is too large.
    """
    if path is None or not specification.pip:
        return OwnFiles(specification)
    try:
        return include_own_files(specification, path.parent)
    except SpecificationError as error:
        raise SpecificationError(str(error.details["reason"]), line=error.details["line"], path=str(path)) from None


def include_own_files(specification: Specification, folder: Path) -> OwnFiles:
    """Write what a specification's pip section names in ``folder`` into its text.

    Raises
    ------
    SpecificationError
        With line and reason, when a file is missing, leads out of the folder or is too large.
    """
    content = read_content(specification.text, check_duplicates=False)
    reader = _Reader(folder.resolve())
    lines = specification.text.split("\n")
    changed = False
    for entry in reversed(content.pip):
        reader.line = entry.line
        texts = list(reader.entries(entry.text, reader.folder, 0))
        if texts == [entry.text]:
            continue
        item = _ITEM.match(lines[entry.line - 1])
        if item is None:
            reader.refuse(f"{quoted(entry.text)} has to stand in a line of its own, behind “- ”")
        comment = re.search(r"\s#\s?\[[a-z0-9]+\]\s*$", lines[entry.line - 1])
        selector = comment[0].rstrip() if comment else ""
        indent = item["indent"]
        written = [f"{indent}- {scalar(text)}{selector}" for text in texts]
        note = [f"{indent}# from {entry.text}"] if _REQUIREMENTS.fullmatch(entry.text) else []
        lines[entry.line - 1 : entry.line] = [*note, *written]
        changed = True
    if changed:
        specification = Specification.parse("\n".join(lines))
    return OwnFiles(specification, sorted(reader.wheels))


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels: set[str] = set()
        self.line: int | None = None
        self._count = 0

    def entries(self, text: str, folder: Path, depth: int) -> Iterator[str]:
        """Yield what stands instead of an entry that was found in ``folder``."""
        named = _REQUIREMENTS.fullmatch(without_comment(text))
        if named:
            yield from self._read(named["file"].strip(), folder, depth)
            return
        self._count += 1
        if self._count > MAX_ENTRIES:
            self.refuse(f"The files of requirements have more than {MAX_ENTRIES:,} entries")
        yield self._with_wheel(text, folder)

    def _read(self, name: str, folder: Path, depth: int) -> Iterator[str]:
        try:
            words = shlex.split(name)
        except ValueError:
            words = [name]
        name = words[0] if words else ""
        if "://" in name:
            self.refuse(f"`-r` names an address ({quoted(name)}). Save the file beside the specification")
        if depth >= MAX_DEPTH:
            self.refuse(f"Files of requirements name each other more than {MAX_DEPTH} deep")
        path = self._inside(name, folder)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.refuse(f"{quoted(name)} is not text in UTF-8")
        except OSError as error:
            self.refuse(f"{quoted(name)} cannot be read: {error.strerror}")
        if len(data) > MAX_BYTES:
            self.refuse(f"{quoted(name)} has more than {MAX_BYTES:,} bytes")
        for line in re.sub(r"\s*\\\r?\n\s*", " ", text).splitlines():
            bare = without_comment(line)
            if bare:
                yield from self.entries(bare, path.parent, depth + 1)

    def _inside(self, name: str, folder: Path) -> Path:
        """Return a file of the specification's folder, links followed."""
        try:
            path = (folder / name).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            self.refuse(f"There is no file {quoted(name)} beside the specification")
        if not path.is_relative_to(self.folder):
            self.refuse(f"{quoted(name)} leads out of the specification's folder")
        if not path.is_file():
            self.refuse(f"{quoted(name)} is no file")
        return path

    def _with_wheel(self, text: str, folder: Path) -> str:
        """Return an entry with the address of the wheel that it names on this machine, if it does."""
        bare = without_comment(text)
        requirement, marked, marker = bare.partition(";")
        name, at, place = requirement.partition(" @ ")
        place = place.strip() if at else requirement.strip()
        if place.startswith("file:"):
            path = Path(unquote(urlsplit(place).path))
        elif place.startswith((".", "/")) and place.endswith(".whl"):
            path = folder / place
        else:
            return text
        if path.suffix != ".whl":
            return text  # refused where entries are read
        try:
            resolved = path.resolve(strict=True)
            project = parse_wheel_filename(resolved.name)[0]
        except InvalidWheelFilename:
            self.refuse(f"{quoted(place)} is not named as a wheel is")
        except (OSError, RuntimeError, ValueError):
            self.refuse(f"There is no file {quoted(place)}")
        url = resolved.as_uri()
        self.wheels.add(url)
        return f"{name.strip() if at else project} @ {url}{f' ;{marker}' if marked else ''}"

    def refuse(self, reason: str) -> NoReturn:
        raise SpecificationError(f"{reason}.", line=self.line)
