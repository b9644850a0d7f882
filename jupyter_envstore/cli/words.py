"""Numbers, times and states in the words that the terminal shows; the panel uses the same ones."""

from __future__ import annotations

from datetime import datetime

from jupyter_envstore.schemas import Build, Machine

_LOCKED = ("import", "repair", "rebuild", "restore")
"""Kinds of builds that begin with a lock."""
_UNITS = ("B", "kB", "MB", "GB", "TB")


def size(count: int) -> str:
    """Return bytes as people say them, in powers of 1000: ``612 MB``, ``1.9 GB``."""
    value = float(count)
    for unit in _UNITS:
        if value < 999.5 or unit == _UNITS[-1]:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError


def moment(time: datetime | None) -> str:
    """Return a time in the local zone to the minute; empty for None."""
    return "" if time is None else time.astimezone().strftime("%Y-%m-%d %H:%M")


def counted(number: int, noun: str) -> str:
    """Return ``1 package``, ``2 packages``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def printable(text: str) -> str:
    """Return a person's text so that it cannot disturb a terminal: one line, control characters as spaces."""
    return "".join(character if character.isprintable() else " " for character in text)


def in_terminal(sentence: str) -> str:
    """Return a sentence without what one would write in a request: here one has options."""
    return sentence.replace("; allow_channels in a request", "")


def shortened(text: str, most: int = 60) -> str:
    """Return the first sentence of a text, or its beginning."""
    sentence = text.partition(". ")[0].rstrip(".")
    return sentence if len(sentence) <= most else f"{sentence[: most - 1].rstrip()}…"


def duration(seconds: float) -> str:
    """Return ``0.4 s``, ``12 s``, ``3:05 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"


def machine(facts: Machine) -> str:
    """Return a kind of machine: ``Debian GNU/Linux 12, kernel 6.1.0, glibc 2.36, x86-64-v4``."""
    parts = [
        f"{facts.system} {facts.system_version}".strip(),
        f"kernel {facts.kernel}" if facts.kernel else "",
        f"glibc {facts.libc}" if facts.libc else "",
        facts.level,
        f"CUDA {facts.cuda} (driver {facts.driver})" if facts.cuda and facts.driver else "",
    ]
    return printable(", ".join(part for part in parts if part))


def stage(build: Build) -> str:
    """Return what a build is doing, in the panel's words."""
    progress = build.progress
    match build.state:
        case "queued":
            return "Waiting"
        case "locking" if progress.step == "read-lock" or build.kind in _LOCKED:
            return "Reading the lock"
        case "locking":
            return "Writing the lock" if progress.step == "write-lock" else "Finding versions"
        case "fetching":
            counted = f"Fetching {progress.done} of {progress.total}" if progress.total else "Fetching"
            if progress.bytes_total:
                return f"{counted}, {size(progress.bytes_done)} of {size(progress.bytes_total)}"
            return counted
        case "installing":
            if progress.step == "bytecode":
                return "Compiling"
            if progress.step in ("verify", "publish"):
                return "Checking every file"
            return f"Installing {progress.done} of {progress.total}" if progress.total else "Installing"
        case "registering":
            return "Setting up the kernel"
        case "ready":
            return "Nothing new" if any(note.code == "nothing_to_build" for note in build.warnings) else "Ready"
        case "failed":
            return "Failed"
        case "cancelled":
            return "Cancelled"
