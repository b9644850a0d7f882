"""What a builder tells while it works: events for programs, lines for people.

Events come in bursts of thousands from native threads; about ten a second are passed on, and always the first and
the last of a step, because the first marks where the work is.
"""

from __future__ import annotations

import sys
import threading
import time

from jupyter_envstore.workers.protocol import Emit
from jupyter_envstore.workers.redaction import redact

_INTERVAL = 0.1


class Progress:
    """The progress of one build. Safe to call from any thread."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._lock = threading.Lock()
        self._last = 0.0
        self._step = ""
        self._started = time.monotonic()
        self.seconds: dict[str, float] = {}
        """Wall time of each step that ended."""

    def begin(self, step: str, total: int = 0, bytes_total: int = 0) -> None:
        """A step is about to start."""
        with self._lock:
            self._close_step()
            self._step, self._started = step, time.monotonic()
        self._send(step, 0, total, 0, bytes_total)

    def advance(self, done: int, total: int, bytes_done: int = 0, bytes_total: int = 0) -> None:
        """The current step went on; passed on if it is the end, or some time after the last event."""
        now = time.monotonic()
        with self._lock:
            step = self._step
            if now - self._last < _INTERVAL and done < total:
                return
            self._last = now
        self._send(step, done, total, bytes_done, bytes_total)

    def end(self) -> None:
        """The last step ended."""
        with self._lock:
            self._close_step()
            self._step = ""

    def log(self, line: str) -> None:
        """Write one line to the build's log, without credentials and control characters."""
        clean = "".join(c if c.isprintable() else " " for c in redact(line))
        with self._lock:
            sys.stderr.write(clean + "\n")
            sys.stderr.flush()

    def _close_step(self) -> None:
        if self._step:
            spent = time.monotonic() - self._started
            self.seconds[self._step] = round(self.seconds.get(self._step, 0.0) + spent, 4)

    def _send(self, step: str, done: int, total: int, bytes_done: int, bytes_total: int) -> None:
        self._emit({"step": step, "done": done, "total": total, "bytes_done": bytes_done, "bytes_total": bytes_total})


def readable_size(size: int) -> str:
    """Return a number of bytes for people: ``12.3 MB``."""
    number = float(size)
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
