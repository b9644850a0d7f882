"""Byte-code for a prefix: compiled once a package and Python tag, kept in the cache, hard-linked into prefixes.

A kernel with byte-code is ready three times sooner. The files are unchecked-hash: a prefix never changes, so Python
need not compare them with their sources, and their times do not matter. A path inside a compiled file is put right
by Python on import, which is why prefixes can share it.

A cache entry appears in one step, complete: ``<cache>/<tag>/<digest of the package>/`` with numbered files and a
list that says where they go. Nothing here may fail a build: without byte-code a prefix is slow, not wrong. (What is
not as expected is told through ``log``.)
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from jupyter_envstore.prefixes.linking import FolderMaker, keep_entry, link_file
from jupyter_envstore.prefixes.records import InstalledPackage

LIST = "list.json"
_WORKPLACE = ".envstore-bytecode"
"""Inside the partial prefix, where entries are put together: what a kill leaves goes away with the partial."""
_SKIPPED_FOLDERS = frozenset({"test", "tests", "idle_test"})
_PYTHON_VERSION = re.compile(r"(3)\.(\d+)(?:\.\d+)*")
_DIGEST = re.compile(r"[0-9a-f]{32,64}")

Report = Callable[[int, int], None]
"""Called with files done and files in all."""


class Source(NamedTuple):
    """A Python file and its byte-code, both relative to the prefix; ``shared`` when all prefixes have the same."""

    path: str
    compiled: str
    shared: bool


@dataclass(frozen=True)
class PrefixPython:
    """The CPython of a prefix: how it names its byte-code, and where its library lies (relative, no end slash)."""

    tag: str
    cache_name: str
    library: str


@dataclass
class BytecodeReport:
    """What was done: files linked from the cache, compiled now, and not compilable."""

    linked: int = 0
    compiled: int = 0
    failed: int = 0
    copied: int = 0
    packages_compiled: list[str] = field(default_factory=list)


def find_python(installed: Iterable[InstalledPackage]) -> PrefixPython | None:
    """Return the prefix's CPython, or None when it has none (or another Python, or one older than 3.7)."""
    for package in installed:
        version = _PYTHON_VERSION.match(package.version)
        if package.name != "python" or version is None or int(version[2]) < 7:
            continue
        folders = [
            file.path[: -len("/os.py")]
            for file in package.files
            if re.fullmatch(r"lib/python3\.\d+t?/os\.py", file.path)
        ]
        if folders:
            tag = f"cpython-3{version[2]}"
            # The byte-code of a pre-release may differ from that of the release with the same tag.
            final = version[0] == package.version
            threads = "t" if folders[0].endswith("t") else ""
            name = f"{tag}{threads}" if final else f"{tag}{threads}-{re.sub(r'[^a-z0-9.]', '_', package.version)}"
            return PrefixPython(tag, name, folders[0])
    return None


def find_sources(package: InstalledPackage, python: PrefixPython) -> list[Source]:
    """Return the Python files of a package that are worth compiling and come without byte-code."""
    shipped = {file.path for file in package.files if file.path.endswith(".pyc")}
    root = python.library + "/"
    sources = []
    for file in package.files:
        if not file.path.endswith(".py") or not file.path.startswith(root) or file.kind != "file":
            continue
        folder, _, name = file.path.rpartition("/")
        compiled = f"{folder}/__pycache__/{name[:-3]}.{python.tag}.pyc"
        if compiled not in shipped and _SKIPPED_FOLDERS.isdisjoint(folder[len(root) :].split("/")):
            sources.append(Source(file.path, compiled, not file.patched))
    return sources


def add_bytecode(
    prefix: Path,
    cache: Path,
    installed: Sequence[InstalledPackage],
    *,
    report: Report = lambda done, total: None,
    log: Callable[[str], None] = lambda line: None,
) -> BytecodeReport:
    """Give a partial prefix its byte-code, from the cache where it is there, and into the cache where it is not.

    Parameters
    ----------
    cache
        The store's byte-code cache; made if missing.
    report
        Called with done and total numbers of files.
    """
    result = BytecodeReport()
    python = find_python(installed)
    if python is None:
        return result
    folder = cache / python.cache_name
    found = [(package, find_sources(package, python)) for package in installed]
    found = [(package, sources) for package, sources in found if sources]
    total = sum(len(sources) for _, sources in found)
    to_compile: list[Source] = []
    to_share: list[tuple[InstalledPackage, list[Source]]] = []
    maker = FolderMaker(prefix)
    for package, sources in found:
        shared = [source for source in sources if source.shared]
        to_compile += [source for source in sources if not source.shared]
        if shared and not _link_entry(_entry(folder, package), prefix, shared, maker, result):
            to_share.append((package, shared))
            to_compile += shared
        report(result.linked, total)
    if to_compile:

        def compiled(count: int) -> None:
            report(result.linked + count, total)

        done = _compile(prefix, python, to_compile, maker, result, compiled, log)
        for package, sources in to_share:
            if all(source.compiled in done for source in sources):
                _publish_entry(_entry(folder, package), prefix, sources, done, log)
                result.packages_compiled.append(package.stem)
        shutil.rmtree(prefix / _WORKPLACE, ignore_errors=True)
    return result


def _entry(folder: Path, package: InstalledPackage) -> Path | None:
    return folder / package.digest if _DIGEST.fullmatch(package.digest) else None


def _link_entry(
    entry: Path | None, prefix: Path, sources: Sequence[Source], maker: FolderMaker, result: BytecodeReport
) -> bool:
    """Link a cache entry's files into the prefix; False when there is no usable entry for these sources."""
    listed = _read_list(entry, sources)
    if entry is None or listed is None:
        return False
    for number, (compiled, size) in enumerate(listed):
        if size < 0 or not maker.make(compiled.rpartition("/")[0]):
            continue
        _link(f"{entry}/{number}", f"{prefix}/{compiled}", result)
        result.linked += 1
    return True


def _read_list(entry: Path | None, sources: Sequence[Source]) -> list[tuple[str, int]] | None:
    """Return the (path, bytes) of an entry's files, negative for one that cannot be compiled; None if unusable.

    An entry that is for other sources, or whose files are not as long as they were (a power failure), is removed.
    """
    if entry is None:
        return None
    try:
        listed = [(str(path), int(size)) for path, size in json.loads((entry / LIST).read_bytes())]
        sizes = {found.name: found.stat().st_size for found in os.scandir(entry)}
        good = [path for path, _ in listed] == [source.compiled for source in sources] and all(
            size < 0 or sizes.get(str(number)) == size for number, (_, size) in enumerate(listed)
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        good = False
    if not good:
        shutil.rmtree(entry, ignore_errors=True)
        return None
    return listed


def _link(source: str, target: str, result: BytecodeReport) -> None:
    with contextlib.suppress(FileExistsError):
        result.copied += link_file(source, target)


def _compile(
    prefix: Path,
    python: PrefixPython,
    sources: Sequence[Source],
    maker: FolderMaker,
    result: BytecodeReport,
    report: Callable[[int], None],
    log: Callable[[str], None],
) -> dict[str, bool]:
    """Compile into the prefix; return, by path of the byte-code, whether there is any. Untried ones are left out."""
    # Imported here: with a full cache nothing is compiled, and a builder lives for less than a second.
    from jupyter_envstore.prefixes.compilation import Job, compile_files

    jobs = [
        Job(f"{prefix}/{source.path}", f"{prefix}/{source.compiled}", source.path)
        for source in sources
        if maker.make(source.compiled.rpartition("/")[0])
    ]
    sizes = {job.target: size for job in jobs if (size := _size(job.source)) is not None}
    jobs = [job for job in jobs if job.target in sizes]
    outcome = compile_files(prefix / "bin/python", python.tag, jobs, sizes, report, log)
    result.compiled += sum(outcome.values())
    result.failed += len(outcome) - sum(outcome.values())
    start = len(os.fspath(prefix)) + 1
    return {target[start:]: good for target, good in outcome.items()}


def _size(path: str) -> int | None:
    try:
        return os.lstat(path).st_size
    except OSError:
        return None


def _publish_entry(
    entry: Path | None, prefix: Path, sources: Sequence[Source], done: dict[str, bool], log: Callable[[str], None]
) -> None:
    if entry is None:
        return
    workplace = prefix / _WORKPLACE / entry.name
    listed: list[tuple[str, int]] = []
    try:
        workplace.mkdir(parents=True)
        for number, source in enumerate(sources):
            size = -1
            if done[source.compiled]:
                compiled = prefix / source.compiled
                _link(os.fspath(compiled), f"{workplace}/{number}", BytecodeReport())
                size = compiled.stat().st_size
            listed.append((source.compiled, size))
        (workplace / LIST).write_text(json.dumps(listed), encoding="utf-8")
        keep_entry(workplace, entry)
    except OSError as error:
        # There is no room: the prefix has its byte-code all the same.
        log(f"byte-code of {entry.name[:12]} was not kept for other prefixes: {error}")
