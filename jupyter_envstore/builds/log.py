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
        self._file = path.open("a", encoding="utf-8", errors="backslashreplace")
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Append a line with the time (UTC) before it; visible to readers at once."""
        now = datetime.now(timezone.utc).strftime("%H:%M:%S.%f")[:-3]
        # A full disk must not keep the end of the build from being told where it counts.
        with self._lock, contextlib.suppress(OSError):
            if not self._file.closed:
                self._file.write(f"{now} {line}\n")
                self._file.flush()

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
