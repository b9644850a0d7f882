"""Which processes use which prefixes at this moment: whoever started them, from wherever, by whatever path.

Looked at is all that the operating system tells of a process: its program, command, working folder, open and mapped
files, and the variables that it was started with. A path through an environment's link counts for the prefix that the
link leads to now; a process that was started through it before shows the real prefix in its program or its files.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from jupyter_envstore.layout import PREFIX_NAME_LENGTH, StoreLayout
from jupyter_envstore.prefixes.removal import DISCARDED

_FIRST_PERSON = 1000 if sys.platform == "linux" else 500
"""User ids below this belong to the system's own services."""


@dataclass
class Holders:
    """Who uses what.

    Attributes
    ----------
    found
        By the name of a prefix, the processes in words: ``python (process 4711)``.
    unread
        How many processes of other people hide what they use; only their command was looked at.
    """

    found: dict[str, list[str]] = field(default_factory=dict)
    unread: int = 0


def find_holders(layout: StoreLayout) -> Holders:
    """Look at all processes of this machine."""
    holders = Holders()
    pattern = _Pattern(layout)
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            texts, hidden = _told(process)
            names = {name for text in texts for name in pattern.names_in(text)}
            for name in names:
                holders.found.setdefault(name, []).append(f"{process.name()} (process {process.pid})")
            if hidden and not names and _is_other_person(process):
                holders.unread += 1
    return holders


class _Pattern:
    """Finds prefixes in texts."""

    def __init__(self, layout: StoreLayout) -> None:
        prefixes, links = re.escape(os.fspath(layout.prefixes)), re.escape(os.fspath(layout.environments))
        digits = f"[0-9a-f]{{{PREFIX_NAME_LENGTH}}}"
        # One that is being removed counts too, for a process that was faster than the removal.
        self._name = re.compile(rf"{prefixes}/({digits})(?:{re.escape(DISCARDED)})?(?![0-9A-Za-z._-])")
        self._link = re.compile(rf"{links}/([A-Za-z0-9][A-Za-z0-9._-]*)")
        self._root = os.fspath(layout.root)
        self._environments = layout.environments
        self._prefixes = layout.prefixes
        self._targets: dict[str, str | None] = {}

    def names_in(self, text: str) -> set[str]:
        """Return the names of the prefixes that a text speaks of."""
        if self._root not in text:
            return set()
        names = set(self._name.findall(text))
        return names | {name for link in self._link.findall(text) if (name := self._target(link)) is not None}

    def _target(self, link: str) -> str | None:
        if link not in self._targets:
            self._targets[link] = None
            with contextlib.suppress(OSError):
                target = (self._environments / link).readlink()
                self._targets[link] = target.name if target.parent == self._prefixes else None
        return self._targets[link]


def _told(process: psutil.Process) -> tuple[list[str], bool]:
    """Return all texts that tell what a process uses, and whether some were refused."""
    texts: list[str] = []
    hidden = False
    for tell in (_command, _program, _folder, _variables, _mapped, _open):
        try:
            texts += tell(process)
        except (psutil.AccessDenied, PermissionError):
            hidden = True
        except (FileNotFoundError, ProcessLookupError, OSError):
            continue  # it has ended, or is a part of the operating system's core
    return texts, hidden


def _command(process: psutil.Process) -> list[str]:
    return process.cmdline()


def _program(process: psutil.Process) -> list[str]:
    return [process.exe()]


def _folder(process: psutil.Process) -> list[str]:
    return [process.cwd()]


def _variables(process: psutil.Process) -> list[str]:
    return list(process.environ().values())


def _mapped(process: psutil.Process) -> list[str]:
    # The library sums up each region of memory, which takes a hundred times longer than reading the names.
    file = Path(f"/proc/{process.pid}/maps")
    return [file.read_text(errors="surrogateescape")] if sys.platform == "linux" else []


def _open(process: psutil.Process) -> list[str]:
    if sys.platform != "linux":
        return [file.path for file in process.open_files()]
    return list(_descriptors(process.pid))


def _descriptors(pid: int) -> Iterator[str]:
    # The library asks for more about each file, and leaves folders out.
    with os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                yield os.readlink(entry.path)  # noqa: PTH115  there may be thousands


def _is_other_person(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.uids().real >= _FIRST_PERSON and process.uids().real != os.getuid()
    return False
