"""Removing prefixes: read-only trees, safely, and what dead builders left behind.

Must never follow a link: a package may hold one that points anywhere. A prefix is renamed before it is taken apart,
so that its final name never stands for half a prefix.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from jupyter_envstore.layout import PREFIX_NAME_LENGTH, StoreLayout
from jupyter_envstore.prefixes.locking import hold_if_free, hold_lock

_ATTEMPTS = 20
_SIDE_BY_SIDE = 8
DISCARDED = ".discarded"
"""Ending of a prefix that is being removed."""
_LEFT_BEHIND = re.compile(rf"([0-9a-f]{{{PREFIX_NAME_LENGTH}}})(\.partial|{re.escape(DISCARDED)})")


def remove_tree(path: Path) -> None:
    """Remove a file, link or folder with all it holds, write-protected or not; nothing there is fine.

    Links are removed, never followed. Folders are made writable and emptied through descriptors that refuse links, so
    an exchange of a folder for a link meanwhile leads nowhere.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        path.unlink()
        return
    _empty_folder(os.fspath(path), None)
    path.rmdir()


def remove_each(paths: Iterable[Path], remove: Callable[[Path], None]) -> Iterator[tuple[Path, OSError | None]]:
    """Remove several trees side by side; yield each one as soon as it is gone, or its error.

    A removal mostly waits: a file system strikes out each folder in its journal. Many that wait together are done up
    to ten times sooner than one after the other.

    Parameters
    ----------
    remove
        `remove_tree` or `remove_busy_tree`.
    """
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="envstore-removal") as threads:
        works: dict[Future[None], Path] = {threads.submit(remove, path): path for path in paths}
        for work in as_completed(works):
            error = work.exception()
            if error is not None and not isinstance(error, OSError):
                raise error
            yield works[work], error


def remove_busy_tree(path: Path) -> None:
    """Remove a tree in which threads of something that failed may go on writing for a moment.

    Raises
    ------
    OSError
        When they do not come to an end.
    """
    for attempt in range(_ATTEMPTS):
        try:
            remove_tree(path)
        except OSError:
            if attempt + 1 == _ATTEMPTS:
                raise
            time.sleep(0.05)
        else:
            return


def _empty_folder(name: str, parent: int | None) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        os.fchmod(descriptor, stat.S_IRWXU)
        with os.scandir(descriptor) as entries:
            # All of them first: a folder that is read while it changes may leave some out.
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for inner, is_folder in found:
            if is_folder:
                _empty_folder(inner, descriptor)
                os.rmdir(inner, dir_fd=descriptor)
            else:
                os.unlink(inner, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def remove_prefix(layout: StoreLayout, prefix_hash: str) -> bool:
    """Remove a prefix, published or partial, and return whether there was one; waits for whoever builds it."""
    with hold_lock(layout.prefix_lock(prefix_hash)):
        leftovers = [set_aside(layout, prefix_hash), layout.partial_prefix(prefix_hash)]
        found = [path for path in leftovers if path is not None and os.path.lexists(path)]
        for path in found:
            remove_tree(path)
        return bool(found)


def set_aside(layout: StoreLayout, prefix_hash: str) -> Path | None:
    """Take a prefix away from its final name; return where it is now, or None if there was none.

    The caller holds the prefix's lock and removes what was set aside; a sweep does it when the caller dies.
    """
    final = layout.prefix(prefix_hash)
    aside = final.with_name(final.name + DISCARDED)
    remove_tree(aside)
    try:
        final.rename(aside)
    except FileNotFoundError:
        return None
    return aside


def sweep_caches(layout: StoreLayout) -> list[str]:
    """Remove what dead builders left half unpacked in the caches; return the names that were removed.

    Nothing is removed while any prefix of the store is being built. What is listed before all locks were seen free
    belongs to nobody alive: a builder that came later made folders that are not in the list.
    """
    found: list[Path] = []
    for folder in (layout.package_cache, layout.wheel_cache, *_folders(layout.bytecode_cache)):
        found += [path for path in _folders(folder) if path.name.startswith(".")]
    return _remove_if_nobody_builds(layout, found)


def discard_packages(layout: StoreLayout, stems: Iterable[str]) -> list[str]:
    """Remove packages (name-version-build) from the package cache, to make room; return the names that were removed.

    Prefixes keep their files. As with `sweep_caches`, nothing is removed while a prefix is being built.
    """
    found = {path.name: path for path in _folders(layout.package_cache)}
    return _remove_if_nobody_builds(layout, [found[stem] for stem in stems if stem in found])


def discard_wheels(layout: StoreLayout, digests: Iterable[str]) -> list[str]:
    """Remove wheels from their cache, as `discard_packages` does with packages."""
    found = {path.name: path for path in _folders(layout.wheel_cache)}
    return _remove_if_nobody_builds(layout, [found[digest] for digest in digests if digest in found])


def _remove_if_nobody_builds(layout: StoreLayout, found: Sequence[Path]) -> list[str]:
    if not found:
        return []
    for path in sorted(layout.prefixes.glob("*.lock")):
        with hold_if_free(path) as held:
            if not held:
                return []
    for path in found:
        remove_busy_tree(path)
    return sorted(path.name for path in found)


def _folders(path: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def sweep_partials(layout: StoreLayout) -> list[str]:
    """Remove what builders and removals that ended too early left; return the names that were removed.

    What a living process works on is left alone: its lock is held.
    """
    removed: list[str] = []
    with contextlib.suppress(FileNotFoundError):
        for path in sorted(layout.prefixes.iterdir()):
            match = _LEFT_BEHIND.fullmatch(path.name)
            if match is None:
                continue
            with hold_if_free(layout.prefix_lock(match[1])) as held:
                if held:
                    remove_tree(path)
                    removed.append(path.name)
    return removed
