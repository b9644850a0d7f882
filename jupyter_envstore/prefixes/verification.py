"""Whether the files of a prefix are those that its packages brought: every one, by content.

Pure reading, with threads; nothing is repaired here. Our own byte-code and marks are left out. What conda-meta says
is believed: it is written by the installer from packages whose digests were checked.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jupyter_envstore.errors import BrokenPrefixError
from jupyter_envstore.prefixes.marks import MARK, Mark, read_mark
from jupyter_envstore.prefixes.permissions import READ, paths_in_package
from jupyter_envstore.prefixes.records import METADATA_FOLDER, WHEELS, InstalledFile, InstalledPackage, read_installed

ProblemKind = Literal["missing", "changed", "extra", "unreadable"]
States = dict[str, os.stat_result]
"""What the file system says of files, by path relative to the prefix."""
_BLOCK = 1 << 20
_THREADS = min(4, os.cpu_count() or 1)
# Written by the installer and by us into every prefix; no package owns them.
_OWN_FILES = frozenset({"CACHEDIR.TAG"})
_OWN_NOTICE = re.compile(r"lib/python3\.\d+t?/EXTERNALLY-MANAGED")


@dataclass(frozen=True)
class Problem:
    """One file that does not agree.

    Attributes
    ----------
    path
        Relative to the prefix.
    package
        Empty when no one owns it.
    shared
        Whether the file is also a file of the package cache or of other prefixes, which then have the same problem.
    """

    kind: ProblemKind
    path: str
    package: str = ""
    shared: bool = False

    def __str__(self) -> str:
        owner = f"of {self.package}" if self.package else ""
        others = "shared: other environments with this package may be affected" if self.shared else ""
        notes = "; ".join(note for note in (owner, others) if note)
        return f"{self.kind}: {self.path}" + (f" ({notes})" if notes else "")


def verify(
    prefix: Path,
    *,
    quick: bool = False,
    installed: Sequence[InstalledPackage] | None = None,
    mark: Mark | None = None,
    permissions: Mapping[str, int] | None = None,
    states: States | None = None,
) -> list[Problem]:
    """Return what disagrees with conda-meta, sorted by path; an empty list means that the prefix is as installed.

    Parameters
    ----------
    quick
        Look only whether every file is there with its size and kind, not at contents nor for extra files.
    installed
        The prefix's records when the caller has read them already.
    mark
        What to hold the prefix against when its own mark is not written yet.
    permissions
        Bits by path that files must have, `READ` where a path is not in it; from the mark if None.
    states
        Gets, by path, what the file system says of each file that agrees, so that nobody has to ask it again.

    Notes
    -----
    ``missing``: not there. ``changed``: other content, size, kind or link target, or less permission
    to read or execute than it had. ``extra``: no package has it, it is
    no byte-code of a file that a package has, and no mark of ours. ``unreadable``: no permission, or the disk fails.
    """
    if installed is None:
        try:
            installed = read_installed(prefix)
        except BrokenPrefixError as error:
            return [Problem("unreadable", path) for path in error.details["files"]]
    mark = mark or read_mark(prefix)
    known = {file.path for package in installed for file in package.files}
    scripted = dict(mark.scripted) if mark is not None else {}
    if permissions is None and mark is not None:
        permissions = mark.permissions
    work = [(file, package.stem) for package in installed for file in package.files if file.path not in scripted] + [
        (InstalledFile(path, "file", digest, None), "") for path, digest in scripted.items()
    ]
    problems = _missing_records(installed, mark) + _changed_note(prefix, mark)
    size = max(1, (len(work) + 4 * _THREADS - 1) // (4 * _THREADS))
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = [
            pool.submit(_check_files, str(prefix), work[start : start + size], permissions, quick, states)
            for start in range(0, len(work), size)
        ]
        if not quick:
            problems += _extra_files(str(prefix), known | scripted.keys())
        for part in parts:
            problems += part.result()
    return sorted(set(problems), key=lambda problem: (problem.path, problem.kind))


def verify_sources(cache: Path, installed: Iterable[InstalledPackage]) -> list[Problem]:
    """Return which files in the package cache, from which patched copies were made, are not as their package has them.

    All others in a prefix are the cache's files themselves, so that `verify` sees them; of a copy it sees only that it
    is what was made from its source. ``missing`` is a source that the cache does not have: then nothing is known of it.
    """
    problems = []
    for package in installed:
        for file in package.files:
            if file.original is not None and package.manager == "conda":
                found: list[Problem] = []
                for path in paths_in_package(file.path):
                    source = InstalledFile(path, "file", file.original, None)
                    found = _check_files(f"{cache}/{package.stem}", [(source, package.stem)], None, False, None)
                    if not any(problem.kind == "missing" for problem in found):
                        break
                problems += [Problem(problem.kind, file.path, package.stem) for problem in found]
    return problems


def require_valid(problems: Iterable[Problem]) -> None:
    """Raise when there are problems.

    Raises
    ------
    BrokenPrefixError
        Names the first few files; ``details["files"]`` has up to a hundred.
    """
    found = list(problems)
    if found:
        shown = "; ".join(map(str, found[:3])) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
        raise BrokenPrefixError(
            f"{len(found)} of the prefix's files do not agree with the packages they came from: {shown}. "
            "Repair the environment to make its prefix anew.",
            files=[problem.path for problem in found[:100]],
            count=len(found),
        )


def _missing_records(installed: Sequence[InstalledPackage], mark: Mark | None) -> list[Problem]:
    if mark is None:
        return []
    found = {package.stem for package in installed if package.manager == "conda"}
    missing = [Problem("missing", f"{METADATA_FOLDER}/{stem}.json", stem) for stem in set(mark.packages) - found]
    return missing + [Problem("extra", f"{METADATA_FOLDER}/{stem}.json", stem) for stem in found - set(mark.packages)]


def _changed_note(prefix: Path, mark: Mark | None) -> list[Problem]:
    """Hold the note on wheels against the mark: unlike conda's records, it alone says what their files should be."""
    if mark is None or not mark.wheels_sha256:
        return []
    try:
        content = (prefix / WHEELS).read_bytes()
    except FileNotFoundError:
        return [Problem("missing", WHEELS)]
    except OSError:
        return [Problem("unreadable", WHEELS)]
    return [] if hashlib.sha256(content).hexdigest() == mark.wheels_sha256 else [Problem("changed", WHEELS)]


def _check_files(
    prefix: str,
    work: Iterable[tuple[InstalledFile, str]],
    permissions: Mapping[str, int] | None,
    quick: bool,
    states: States | None,
) -> list[Problem]:
    problems = []
    for file, package in work:
        try:
            needed = 0 if permissions is None else permissions.get(file.path, READ)
            good = _check_file(f"{prefix}/{file.path}", file, needed, quick, states)
        except (FileNotFoundError, NotADirectoryError):
            problems.append(Problem("missing", file.path, package))
        except OSError:
            problems.append(Problem("unreadable", file.path, package, _is_shared(f"{prefix}/{file.path}")))
        else:
            if not good:
                problems.append(Problem("changed", file.path, package, _is_shared(f"{prefix}/{file.path}")))
    return problems


def _is_shared(path: str) -> bool:
    try:
        state = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(state.st_mode) and state.st_nlink > 1


def _check_file(path: str, file: InstalledFile, needed: int, quick: bool, states: States | None) -> bool:
    if file.kind == "link":
        # The digest of a link is over the text of its target, so it need not be followed.
        return _check_link(path, file.sha256)
    if file.kind == "directory":
        return stat.S_ISDIR(os.lstat(path).st_mode)
    if quick:
        state = os.lstat(path)
        return _has_form(state, file, needed)
    try:
        # O_NONBLOCK: a pipe in a file's place must not make us wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        if stat.S_ISLNK(os.lstat(path).st_mode):
            return False
        raise
    try:
        state = os.fstat(descriptor)
        if not _has_form(state, file, needed):
            return False
        if file.sha256 is not None and _digest(descriptor, state.st_size) != file.sha256:
            return False
        if states is not None:
            states[file.path] = state
        return True
    finally:
        os.close(descriptor)


def _has_form(state: os.stat_result, file: InstalledFile, needed: int) -> bool:
    mode = state.st_mode
    return stat.S_ISREG(mode) and not needed & ~mode and (file.size is None or state.st_size == file.size)


def _check_link(path: str, digest: str | None) -> bool:
    try:
        target = os.readlink(path)  # noqa: PTH115  speed: there may be thousands
    except OSError:
        os.lstat(path)
        return False
    return digest is None or hashlib.sha256(os.fsencode(target)).hexdigest() == digest


def _digest(descriptor: int, size: int) -> str:
    block = os.read(descriptor, min(size + 1, _BLOCK))
    hashed = hashlib.sha256(block)
    while block and size >= _BLOCK:
        block = os.read(descriptor, _BLOCK)
        hashed.update(block)
    return hashed.hexdigest()


def _extra_files(prefix: str, known: set[str]) -> list[Problem]:
    problems = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(f"{prefix}/{folder}") as entries:
                for entry in entries:
                    path = folder + entry.name
                    if path in known:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path + "/")
                    elif not _is_own(path, entry.name, folder, known):
                        problems.append(Problem("extra", path))
        except OSError:
            problems.append(Problem("unreadable", folder.rstrip("/") or "."))
    return problems


def _is_own(path: str, name: str, folder: str, known: set[str]) -> bool:
    if folder == f"{METADATA_FOLDER}/":
        return path in (MARK, WHEELS) or name in ("frozen", "history") or name.endswith(".json")
    if path in _OWN_FILES or (name == "EXTERNALLY-MANAGED" and _OWN_NOTICE.fullmatch(path)):
        return True
    if name.endswith(".pyc") and folder.endswith("__pycache__/"):
        return folder[: -len("__pycache__/")] + name.split(".", 1)[0] + ".py" in known
    return False
