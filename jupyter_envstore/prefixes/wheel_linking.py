"""Linking unpacked wheels into a partial prefix: nothing that is there is ever overwritten.

Every path is known before the first file is linked, so what would collide with a conda package is told beforehand,
with both sides.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_envstore.errors import PackageCollisionError
from jupyter_envstore.prefixes.linking import FolderMaker, copy_file, link_file
from jupyter_envstore.prefixes.permissions import EXECUTE, READ
from jupyter_envstore.prefixes.records import METADATA_FOLDER, InstalledFile, InstalledPackage
from jupyter_envstore.prefixes.wheels import Wheel, WheelFile

_SHEBANG_LIMIT = 127
_RESERVED = re.compile(
    rf"{METADATA_FOLDER}/.*|etc/conda/.*|\.envstore.*|lib/python3\.\d+t?/EXTERNALLY-MANAGED", re.IGNORECASE
)
"""Where conda and we keep what we know, and what is run on activation; on some disks letters have no case."""
_METADATA = re.compile(r"([^/]+?)-[^/-]+(?:-py3\.\d+)?\.(?:dist-info|egg-info)(?:/.*)?")


@dataclass(frozen=True)
class Place:
    """Where wheels go.

    Attributes
    ----------
    partial, final
        The prefix now, and where it will be.
    library
        Python's library, relative to the prefix: ``lib/python3.12``.
    copy_files
        Copy instead of hard-linking.
    """

    partial: Path
    final: Path
    library: str
    copy_files: bool = False

    @property
    def site(self) -> str:
        """Python's site-packages."""
        return f"{self.library}/site-packages"

    def target(self, file: WheelFile) -> str:
        """Return the path of a wheel's file in the prefix."""
        if file.root == "site":
            return f"{self.site}/{file.path}"
        if file.root == "include":
            return f"include/site/{self.library.rpartition('/')[2]}/{file.path}"
        return file.path


def link_wheels(
    place: Place,
    cache: Path,
    wheels: Sequence[Wheel],
    installed: Iterable[InstalledPackage],
    requested: Collection[str],
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
    log: Callable[[str], None] = lambda line: None,
) -> list[InstalledPackage]:
    """Link wheels into a prefix; return what was installed, with every file.

    Parameters
    ----------
    installed
        The conda packages that are there.
    requested
        Names of the wheels that nobody else needs.
    report
        Called with wheels done and in all.

    Raises
    ------
    PackageCollisionError
        When a wheel has a file that a conda package has, or is the same package. Nothing was linked then.
    """
    ordered = sorted(wheels, key=lambda wheel: wheel.stem)
    _refuse_collisions(place, ordered, installed)
    owners = _owners(place, ordered, log)
    linker = _Linker(place, cache)
    linked = []
    for number, wheel in enumerate(ordered, 1):
        linked.append(linker.link(wheel, owners, requested=wheel.name in requested))
        report(number, len(ordered))
    return linked


class _Linker:
    def __init__(self, place: Place, cache: Path) -> None:
        self._place = place
        self._cache = cache
        self._folders = FolderMaker(place.partial)
        self._header = interpreter_lines(f"{place.final}/bin/python")

    def link(self, wheel: Wheel, owners: Mapping[str, Wheel], *, requested: bool) -> InstalledPackage:
        place, metadata = self._place, f"{self._place.site}/{wheel.metadata_folder}"
        files = []
        for number, file in enumerate(wheel.files):
            path = place.target(file)
            if owners[path] is not wheel:
                continue
            source = self._cache / wheel.digest / str(number)
            if file.command:
                files.append(self._write(path, self._header + source.read_bytes(), executable=True))
                continue
            self._put(path, lambda target, source=source: self._link(os.fspath(source), target))  # type: ignore[misc]
            files.append(InstalledFile(path, "file", file.sha256, file.size))
        if requested:
            files.append(self._write(f"{metadata}/REQUESTED", b""))
        files.append(self._write(f"{metadata}/RECORD", _record(place, f"{metadata}/RECORD", files)))
        complete = all(owners[place.target(file)] is wheel for file in wheel.files)
        digest = wheel.digest if complete else ""
        return InstalledPackage(wheel.name, wheel.version, "", digest, tuple(files), manager="pip")

    def _link(self, source: str, target: str) -> None:
        if self._place.copy_files:
            copy_file(source, target)
        else:
            link_file(source, target)

    def _write(self, path: str, content: bytes, *, executable: bool = False) -> InstalledFile:
        mode = READ | (EXECUTE if executable else 0)

        def write(target: str) -> None:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, mode)
                file.write(content)

        self._put(path, write)
        return InstalledFile(path, "file", hashlib.sha256(content).hexdigest(), len(content))

    def _put(self, path: str, put: Callable[[str], None]) -> None:
        try:
            good = self._folders.make(path.rpartition("/")[0]) if "/" in path else True
            if good:
                put(f"{self._place.partial}/{path}")
        except (FileExistsError, NotADirectoryError) as error:
            raise PackageCollisionError(
                f"A wheel wants to put {path} where there is another file already. Nothing was installed. Leave the "
                "wheel out, or the conda package that brings the file.",
                path=path,
            ) from error
        if not good:
            raise PackageCollisionError(
                f"A wheel has a file {path!a}, which a link of a conda package leads out of the environment. Nothing "
                "was installed. Leave the wheel out.",
                path=path,
            )


def interpreter_lines(python: str) -> bytes:
    """Return what a command begins with so that ``python`` runs it; a long path, or one with spaces, needs a shell."""
    if len(os.fsencode(python)) + 2 <= _SHEBANG_LIMIT and not re.search(r"\s", python):
        return b"#!" + os.fsencode(python) + b"\n"
    quoted = os.fsencode(shlex.quote(python))
    if not quoted.startswith(b"'"):
        quoted = b"'" + quoted + b"'"
    return b"#!/bin/sh\n'''exec' " + quoted + b' "$0" "$@"\n' + b"' '''\n"


def normal_name(name: str) -> str:
    """Return a package's name as all ways to write it are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _refuse_collisions(place: Place, wheels: Sequence[Wheel], installed: Iterable[InstalledPackage]) -> None:
    owner: dict[str, str] = {}
    known: dict[str, str] = {}
    for package in installed:
        for found in package.files:
            if found.kind != "directory":
                owner[found.path] = package.stem
            if found.path.startswith(f"{place.site}/"):
                match = _METADATA.fullmatch(found.path.removeprefix(f"{place.site}/"))
                if match is not None:
                    known[normal_name(match[1])] = package.stem
    for wheel in wheels:
        same = known.get(normal_name(wheel.name))
        if same is not None:
            raise PackageCollisionError(
                f"The wheel {wheel.stem} and the conda package {same} are the same Python package, and only one can "
                f"be installed. Take {wheel.name} out of the pip section, or the conda package out of the "
                "dependencies.",
                wheel=wheel.stem,
                package=same,
            )
        for file in wheel.files:
            path = place.target(file)
            if _RESERVED.fullmatch(path):
                raise PackageCollisionError(
                    f"The wheel {wheel.stem} has a file {path}, where only conda and this store may write. Nothing "
                    "was installed. Leave it out, and report it to its author.",
                    wheel=wheel.stem,
                    path=path,
                )
            taken = next((part for part in _with_parents(path) if part in owner), None)
            if taken is not None:
                raise PackageCollisionError(
                    f"The wheel {wheel.stem} brings {path}, but {taken} belongs to the conda package {owner[taken]}, "
                    f"and pip must not replace what conda installed. Take {wheel.name} out of the pip section, or "
                    "the conda package out of the dependencies.",
                    wheel=wheel.stem,
                    package=owner[taken],
                    path=path,
                )


def _with_parents(path: str) -> Iterable[str]:
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _owners(place: Place, wheels: Sequence[Wheel], log: Callable[[str], None]) -> dict[str, Wheel]:
    """Return who has each path: the last by name where two wheels bring one file, as pip does with its order."""
    owners: dict[str, Wheel] = {}
    contents: dict[str, str] = {}
    for wheel in wheels:
        for file in wheel.files:
            path = place.target(file)
            if path in owners and contents[path] != file.sha256:
                log(f"{path} is in {owners[path].stem} and in {wheel.stem}, and differs: that of {wheel.stem} is taken")
            owners[path], contents[path] = wheel, file.sha256
    return owners


def _record(place: Place, own: str, files: Iterable[InstalledFile]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [(os.path.relpath(file.path, place.site), _encoded(file.sha256), file.size) for file in files]
    for row in sorted([*rows, (os.path.relpath(own, place.site), "", "")], key=lambda row: row[0]):
        writer.writerow(row)
    return text.getvalue().encode()


def _encoded(digest: str | None) -> str:
    assert digest is not None
    return "sha256=" + base64.urlsafe_b64encode(bytes.fromhex(digest)).rstrip(b"=").decode()
