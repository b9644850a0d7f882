"""The log of one build: appended line by line while it runs, read from an offset by whoever watches."""

from __future__ import annotations

import contextlib
import os
import threading
import traceback
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType


class BuildLog:
    """Appends to a log file. May be written from several threads; a second attempt goes on where the first ended."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without a buffer: what one cannot write it would keep, and try again at a moment that nobody expects.
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()
        self._torn = False
        self._lost = 0
        self._reason = ""

    def write(self, line: str) -> None:
        """Append a line with the time (UTC) before it; visible to readers at once.

        A full disk must not keep the end of the build from being told where it counts: a line that cannot be written
        is only counted, and the number is told as soon as there is room again.
        """
        with self._lock:
            if not self._file.closed:
                self._tell_lost()
                self._lost += not self._append(line)

    def _tell_lost(self) -> None:
        if self._lost:
            lines = "1 line" if self._lost == 1 else f"{self._lost} lines"
            if self._append(f"{lines} could not be written: {self._reason}"):
                self._lost = 0

    def _append(self, line: str) -> bool:
        now = datetime.now(timezone.utc).strftime("%H:%M:%S.%f")[:-3]
        # A line of which only the beginning could be written is ended first.
        data = ("\n" * self._torn + f"{now} {line}\n").encode("utf-8", "backslashreplace")
        left = data
        try:
            while left:
                left = left[self._file.write(left) or 0 :]
        except OSError as error:
            self._reason = error.strerror or type(error).__name__
            self._torn = self._torn or len(left) < len(data)
            return False
        self._torn = False
        return True

    def write_traceback(self) -> None:
        """Append the traceback of the exception that is being handled."""
        for line in traceback.format_exc().splitlines():
            self.write(line)

    def __enter__(self) -> BuildLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._tell_lost()
            self._file.close()


def read_log(path: Path, offset: int = 0, limit: int = 1_000_000) -> tuple[str, int]:
    """Return the text from byte ``offset`` on (at most ``limit`` bytes, whole lines) and the offset to go on from.

    A log that does not exist yet is empty.
    """
    try:
        with path.open("rb") as file:
            if offset >= os.fstat(file.fileno()).st_size:
                return "", offset
            file.seek(offset)
            data = file.read(limit)
    except FileNotFoundError:
        return "", offset
    whole = data[: data.rfind(b"\n") + 1] if len(data) < limit or b"\n" in data else data
    return whole.decode("utf-8", "replace"), offset + len(whole)
