"""Keeping a finished prefix as it is, in the ways the ecosystem knows.

``conda-meta/frozen`` (CEP 22; conda obeys), ``EXTERNALLY-MANAGED`` (PEP 668; pip and uv obey) and no write
permission (all but root obey). Each tells the person how a package is added here.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from jupyter_envstore.prefixes.permissions import COUNTED, READ
from jupyter_envstore.prefixes.records import METADATA_FOLDER, InstalledPackage

_LANDMARK = re.compile(r"lib/python3\.\d+t?/os\.py")
_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Census(NamedTuple):
    """Number of files and links, the bytes of the files, and the permissions of those that are not just readable."""

    files: int
    size: int
    permissions: dict[str, int]


def write_notices(prefix: Path, message: str, installed: Sequence[InstalledPackage]) -> None:
    """Tell conda and pip that this prefix is not theirs to change, with the message for the person who tries."""
    (prefix / METADATA_FOLDER / "frozen").write_text(json.dumps({"message": message}), encoding="utf-8")
    for folder in standard_libraries(installed):
        (prefix / folder / "EXTERNALLY-MANAGED").write_text(_externally_managed(message), encoding="utf-8")


def standard_libraries(installed: Iterable[InstalledPackage]) -> list[str]:
    """Return the folders of Python's standard library, relative to the prefix; there is one or none."""
    folders = set()
    for package in installed:
        if package.name == "python":
            for file in package.files:
                # os.py is what Python itself looks for to find its library.
                if _LANDMARK.fullmatch(file.path):
                    folders.add(file.path[: -len("/os.py")])
    return sorted(folders)


def write_history(prefix: Path, installed: Sequence[InstalledPackage], root_names: Iterable[str]) -> None:
    """Write conda's history: what was asked for, so that conda lists the prefix and exports the requests."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    conda = [package for package in installed if package.manager == "conda"]
    roots = sorted({package.name for package in conda} & set(root_names))
    lines = [f"==> {now} <==", "# cmd: jupyter envstore", f"# update specs: {roots!r}"]
    lines += [f"+{package.stem}" for package in conda]
    (prefix / METADATA_FOLDER / "history").write_text("\n".join(lines) + "\n", encoding="utf-8")


def protect_files(prefix: Path, states: Mapping[str, os.stat_result] = MappingProxyType({})) -> Census:
    """Take write permission from everybody on everything but ``conda-meta`` and the prefix's own folder; count all.

    Links are not followed. What is left out is for `protect_metadata`, after the last note has been written.

    Parameters
    ----------
    states
        What is known of files already, by path, and still holds: asking again takes longer than all the rest.
    """
    files = size = 0
    permissions: dict[str, int] = {}
    start = len(os.fspath(prefix)) + 1
    metadata = f"{prefix}/{METADATA_FOLDER}"
    waiting = [os.fspath(prefix)]
    while waiting:
        folder = waiting.pop()
        kept = folder == metadata
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    continue
                state = states.get(entry.path[start:]) or entry.stat(follow_symlinks=False)
                files += 1
                if stat.S_ISREG(state.st_mode):
                    size += state.st_size
                    if not kept:
                        _set_mode(entry.path, state.st_mode, 0)
                        if state.st_mode & COUNTED != READ:
                            permissions[entry.path[start:]] = state.st_mode & COUNTED
        if not kept and folder != os.fspath(prefix):
            _set_mode(folder, os.lstat(folder).st_mode, 0)
    return Census(files, size, permissions)


def protect_metadata(prefix: Path) -> None:
    """Protect ``conda-meta`` and the prefix's own folder, and make the metadata readable for all.

    The installer writes it for its owner only, and then a colleague's conda could not list the environment.
    """
    folder = prefix / METADATA_FOLDER
    with os.scandir(folder) as entries:
        for entry in entries:
            state = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(state.st_mode):
                _set_mode(entry.path, state.st_mode, READ)
    for path in (folder, prefix):
        _set_mode(os.fspath(path), path.lstat().st_mode, 0)


def _set_mode(path: str, mode: int, readable: int) -> None:
    wanted = (stat.S_IMODE(mode) | readable) & ~_WRITE
    # Most files are shared with the package cache and were protected with the first prefix that had them.
    if wanted != stat.S_IMODE(mode):
        os.chmod(path, wanted)  # noqa: PTH101  twelve thousand Path objects would cost more than the work


def _externally_managed(message: str) -> str:
    # The file is read as INI: further lines must be indented, and an empty one would end the value.
    lines = [line.strip() for line in message.splitlines() if line.strip()] or ["This environment is managed."]
    return "[externally-managed]\nError=" + "\n  ".join(lines) + "\n"
