"""The resolver: one long-lived worker process that locks and searches, started when first needed.

It keeps the channels' metadata warm between calls. One call runs at a time; a cancelled one ends the process,
and the next call starts a new one, so nobody ever waits for a solver that nobody wants any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypedDict

from jupyter_envstore.builds.worker_process import OnEvent, OnLog, WorkerProcess
from jupyter_envstore.errors import BuildCancelledError
from jupyter_envstore.layout import StoreLayout

IDLE_SECONDS = 300.0


class Listening(TypedDict, total=False):
    """What a caller wants of a call while it goes on; see `Resolver.call`."""

    on_event: OnEvent
    on_log: OnLog | None
    cancelled: Callable[[], bool]


class Resolver:
    """The resolver process of one store in this process. All methods may be called from any thread."""

    def __init__(self, layout: StoreLayout, idle_seconds: float = IDLE_SECONDS) -> None:
        self._layout = layout
        self._idle_seconds = idle_seconds
        self._turn = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._log: OnLog = _drop
        self._idle_timer: threading.Timer | None = None
        self._last_used = time.monotonic()

    def start(self) -> None:
        """Start the process now, so that its imports run while the caller does other things."""
        with self._turn:
            self._running_worker()

    def call(
        self,
        name: str,
        arguments: dict[str, Any],
        *,
        on_event: OnEvent = lambda event: None,
        on_log: OnLog | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Ask for one thing; see `WorkerProcess.call`. A process found dead from before is replaced first.

        Raises
        ------
        BuildCancelledError
            When ``cancelled()`` became true; the process is ended then.
        EnvStoreError
            What the resolver answered, or `WorkerDiedError`.
        """
        while not self._turn.acquire(timeout=0.1):
            if cancelled():
                # Not our turn yet: nothing runs for us that would have to be ended.
                raise BuildCancelledError("The build was cancelled.")
        try:
            self._log = on_log or _drop
            return self._running_worker().call(name, arguments, on_event=on_event, cancelled=cancelled)
        finally:
            self._log = _drop
            self._drop_dead_worker()
            self._last_used = time.monotonic()
            self._end_when_idle()
            self._turn.release()

    def close(self) -> None:
        """End the process. The resolver may be used again afterwards."""
        with self._turn:
            if self._idle_timer is not None:
                self._idle_timer.cancel()
                self._idle_timer = None
            if self._worker is not None:
                self._worker.kill()
                self._worker = None

    def _running_worker(self) -> WorkerProcess:
        self._drop_dead_worker()
        if self._worker is None:
            self._worker = WorkerProcess("resolver", self._layout, lambda line: self._log(line))
        return self._worker

    def _drop_dead_worker(self) -> None:
        if self._worker is not None and not self._worker.alive:
            self._worker.kill()
            self._worker = None

    def _end_when_idle(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        self._idle_timer = threading.Timer(self._idle_seconds, self._close_if_idle)
        self._idle_timer.daemon = True
        self._idle_timer.start()

    def _close_if_idle(self) -> None:
        if time.monotonic() - self._last_used >= self._idle_seconds * 0.9:
            self.close()


def _drop(line: str) -> None:
    """Forget a line that belongs to no call."""
