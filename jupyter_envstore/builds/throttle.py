"""Let something happen only so often."""

from __future__ import annotations

import time


class Throttle:
    """`passes` is true at most once in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = float("-inf")

    def passes(self) -> bool:
        """Whether enough time went by since it last was true."""
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True
