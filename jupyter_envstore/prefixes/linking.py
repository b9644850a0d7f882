"""Putting files from a cache into a prefix, and folders into a cache: by hard link where that is possible, in one step.

What a package calls a folder may be a link that another package put there: nothing is written where it leads.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_MUST_COPY = (errno.EXDEV, errno.EMLINK, errno.EPERM, errno.EOPNOTSUPP)


class FolderMaker:
    """Makes folders of a prefix, each once, and only where they truly lie in it."""

    def __init__(self, prefix: Path) -> None:
        self._prefix = prefix
        self._root = os.path.realpath(prefix)
        self._known: dict[str, bool] = {}

    def make(self, folder: str) -> bool:
        """Make the folder and say whether files may be put there: not if a link leads out of the prefix."""
        if folder not in self._known:
            path = os.path.join(self._prefix, folder)  # noqa: PTH118  speed: once for each folder of a prefix
            parent = os.path.realpath(os.path.dirname(path))  # noqa: PTH120
            inside = f"{parent}/".startswith(self._root + "/")
            if inside:
                os.makedirs(path, exist_ok=True)  # noqa: PTH103
                inside = f"{os.path.realpath(path)}/".startswith(self._root + "/")
            self._known[folder] = inside
        return self._known[folder]


def link_file(source: str, target: str) -> bool:
    """Give a file a second name, or copy it where the disk has no such thing; return whether it was copied.

    Raises
    ------
    FileExistsError
        When there is something at ``target``.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _MUST_COPY:
            raise
        copy_file(source, target)
        return True
    return False


def copy_file(source: str, target: str) -> None:
    """Copy content and permissions.

    Raises
    ------
    FileExistsError
        When there is something at ``target``.
    """
    with open(target, "xb") as copy, open(source, "rb") as original:  # noqa: PTH123  thousands of files
        shutil.copyfileobj(original, copy)
    shutil.copymode(source, target)


def keep_entry(workplace: Path, entry: Path) -> bool:
    """Make a finished folder an entry of a cache, in one step; return whether it is: another builder may be first.

    Raises
    ------
    OSError
        When there is no room, or no permission.
    """
    entry.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _moved_to_same_disk(workplace, entry.parent) as complete:
            complete.rename(entry)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return False
    return True


@contextlib.contextmanager
def _moved_to_same_disk(folder: Path, destination: Path) -> Iterator[Path]:
    if folder.stat().st_dev == destination.stat().st_dev:
        yield folder
        return
    import tempfile

    with tempfile.TemporaryDirectory(dir=destination, prefix=".", ignore_cleanup_errors=True) as temporary:
        yield Path(shutil.copytree(folder, Path(temporary) / folder.name))
