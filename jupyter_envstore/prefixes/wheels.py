"""Unpacked wheels in the cache: one folder each, named by the wheel's digest, with numbered files and a list of them.

The list says where each file goes and what its content is. It is made right after the wheel was checked and unpacked,
and no prefix shares it: whoever edits a file in a prefix, and with it the one here, does not change the list. An entry
holds nothing of one prefix or one Python: commands are kept without the line that names their interpreter, and what
the installer notes about an installation is written anew for each.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jupyter_envstore.errors import PipInstallError
from jupyter_envstore.prefixes.linking import keep_entry
from jupyter_envstore.prefixes.permissions import EXECUTE, READ
from jupyter_envstore.prefixes.records import escapes

LIST = "list.json"
_FORM = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ROOTS = ("prefix", "site", "include")
_INSTALLATION = frozenset({"RECORD", "REQUESTED", "uv_cache.json", "uv_build.json"})
"""Files of the metadata folder that are about one installation, or about the time when it was made."""
_INCLUDE = re.compile(r"include/site/python3\.\d+t?/(.+)")
_LONG_HEADER = rb"#!/bin/sh\n'''exec' ([^\n]*)\n' '''\n"
_BLOCK = 1 << 20


class WheelFile(NamedTuple):
    """One file that a wheel puts into a prefix.

    Attributes
    ----------
    root
        What ``path`` is relative to: ``prefix``, ``site`` (Python's site-packages) or ``include`` (its headers).
    command
        Whether it is a command of the wheel: what is kept is without the lines that name the interpreter.
    """

    root: str
    path: str
    sha256: str
    size: int
    executable: bool
    command: bool

    @property
    def permissions(self) -> int:
        """The bits that it must have."""
        return READ | EXECUTE if self.executable else READ


@dataclass(frozen=True)
class Wheel:
    """A wheel of a lock with its files; ``digest`` names its entry in the cache."""

    name: str
    version: str
    digest: str
    files: tuple[WheelFile, ...]

    @property
    def stem(self) -> str:
        """What people and marks call it."""
        return f"{self.name}-{self.version}"

    @property
    def metadata_folder(self) -> str:
        """The folder in site-packages with its metadata.

        Raises
        ------
        PipInstallError
            When it has none.
        """
        for file in self.files:
            folder, _, name = file.path.partition("/")
            if file.root == "site" and name == "METADATA" and folder.endswith(".dist-info"):
                return folder
        raise PipInstallError(f"The wheel {self.stem} has no metadata, so it cannot be installed.", package=self.name)


def read_entry(cache: Path, digest: str) -> tuple[WheelFile, ...] | None:
    """Return the files of a wheel that is in the cache, None when it is not.

    An entry whose files are not as long as they were (a power failure) is removed.
    """
    entry = cache / digest
    try:
        listed = json.loads((entry / LIST).read_bytes())
        files = tuple(_file(item) for item in listed["files"])
        sizes = {found.name: found.stat(follow_symlinks=False).st_size for found in os.scandir(entry)}
        good = listed["form"] == _FORM and all(sizes.get(str(n)) == file.size for n, file in enumerate(files))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        good = False
    if not good:
        remove_entry(cache, digest)
        return None
    return files


def is_intact(cache: Path, wheel: Wheel) -> bool:
    """Whether every file of an entry has the content that it had when the wheel was unpacked."""
    entry = cache / wheel.digest
    try:
        return all(_digest(entry / str(number)) == file.sha256 for number, file in enumerate(wheel.files))
    except OSError:
        return False


def remove_entry(cache: Path, digest: str) -> None:
    """Take an entry out of the cache; prefixes keep their files."""
    shutil.rmtree(cache / digest, ignore_errors=True)


def restore_permissions(cache: Path, wheels: Iterable[Wheel]) -> list[str]:
    """Give files of entries the permissions back that they lost, and with them those of prefixes; return their names.

    Raises
    ------
    OSError
        When a file belongs to somebody else.
    """
    restored = []
    for wheel in wheels:
        for number, file in enumerate(wheel.files):
            path = cache / wheel.digest / str(number)
            with contextlib.suppress(FileNotFoundError):
                mode = stat.S_IMODE(path.lstat().st_mode)
                if file.permissions & ~mode:
                    path.chmod(mode | file.permissions)
                    restored.append(f"{wheel.stem}/{file.path}")
    return restored


def keep_unpacked(unpacked: Path, python: str, workplace: Path, cache: Path, digest: str) -> None:
    """Make an entry of what the installer made of one wheel, unless another builder was first.

    Parameters
    ----------
    unpacked
        A prefix with nothing but the wheel in it. Its files are moved away.
    python
        The interpreter that the installer wrote into commands.
    workplace
        A folder on the same disk, for the entry while it is made.

    Raises
    ------
    PipInstallError
        When there is something in it that no wheel can hold.
    OSError
    """
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!a} is no digest")
    made = workplace / digest
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    files = []
    for number, (root, path, source) in enumerate(_sorted_files(unpacked)):
        files.append(_take(source, made / str(number), root, path, python))
    (made / LIST).write_text(json.dumps({"form": _FORM, "files": files}), encoding="utf-8")
    keep_entry(made, cache / digest)


def _sorted_files(unpacked: Path) -> list[tuple[str, str, Path]]:
    """Return root and path in it of each file that belongs to the wheel, and where it lies now."""
    site = _site(unpacked)
    found = []
    for folder, folders, names in os.walk(unpacked):
        for name in (*folders, *names):
            path = Path(folder, name)
            mode = path.lstat().st_mode
            relative = path.relative_to(unpacked).as_posix()
            if stat.S_ISDIR(mode):
                continue
            if not stat.S_ISREG(mode) or escapes(relative):
                raise PipInstallError(f"The wheel holds {relative!a}, which is no plain file. It was not installed.")
            inner = relative.removeprefix(f"{site}/")
            header = _INCLUDE.fullmatch(relative)
            if inner != relative:
                if not _is_about_installation(inner):
                    found.append(("site", inner, path))
            elif header is not None:
                found.append(("include", header[1], path))
            elif relative != ".lock":
                found.append(("prefix", relative, path))
    return sorted(found)


def _site(unpacked: Path) -> str:
    """Return where site-packages is: the folder of the outermost metadata."""
    found = [path.relative_to(unpacked) for path in unpacked.rglob("*.dist-info")]
    if not found:
        raise PipInstallError("The wheel has no metadata, so it cannot be installed.")
    return min(found, key=lambda path: (len(path.parts), path)).parent.as_posix()


def _is_about_installation(inner: str) -> bool:
    folder, _, name = inner.partition("/")
    return folder.endswith(".dist-info") and name in _INSTALLATION


def _take(source: Path, target: Path, root: str, path: str, python: str) -> WheelFile:
    executable = bool(source.lstat().st_mode & EXECUTE)
    body = _without_header(source, python) if root == "prefix" and path.startswith("bin/") else None
    if body is None:
        source.rename(target)
    else:
        target.write_bytes(body)
    # The installer's own permissions depend on who started it.
    target.chmod(READ | stat.S_IWUSR | (EXECUTE if executable else 0))
    return WheelFile(root, path, _digest(target), target.stat().st_size, executable, body is not None)


def _without_header(source: Path, python: str) -> bytes | None:
    """Return a command without the lines that name ``python``, None for a file that does not begin with them."""
    with source.open("rb") as file:
        begin = file.read(2 * len(os.fsencode(python)) + 256)
    short = b"#!" + os.fsencode(python) + b"\n"
    if begin.startswith(short):
        return source.read_bytes()[len(short) :]
    long = re.match(_LONG_HEADER, begin)
    if long is not None and os.fsencode(python) in long[1]:
        return source.read_bytes()[long.end() :]
    return None


def _file(item: list[object]) -> WheelFile:
    root, path, sha256, size, executable, command = item
    if root not in _ROOTS or escapes(str(path)):
        raise ValueError(f"the path {path!a} leads out of the prefix")
    return WheelFile(str(root), str(path), str(sha256), int(str(size)), bool(executable), bool(command))


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            hashed.update(block)
    return hashed.hexdigest()
