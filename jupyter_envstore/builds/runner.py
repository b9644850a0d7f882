"""The background threads that run queued builds: one that looks after them all, and one a build.

The looking-after thread claims builds while there is room, keeps their leases alive, notices that somebody
cancelled one, and finds builds whose process died. Several runners, in several processes, share one store.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import dataclass

from jupyter_envstore.builds.holder import is_alive, new_holder
from jupyter_envstore.builds.job import Job
from jupyter_envstore.builds.presence import Presence
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.task import Surroundings, Task
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.layout import StoreLayout

POLL_SECONDS = 0.1
HEARTBEAT_SECONDS = 5.0
LEASE_SECONDS = 30.0
RECOVER_SECONDS = 10.0
CLAIM_SECONDS = 2.0
"""How often the queue is looked at though nothing was written: a lease may have run out."""


@dataclass
class _Running:
    job: Job
    thread: threading.Thread


class BuildRunner:
    """Runs the builds of one store in this process.

    Parameters
    ----------
    max_parallel
        How many builds may run at once in the store, counted over all processes.
    only
        Run only the build of this id, for a command that waits for its own; None: all that are queued.
    """

    def __init__(
        self,
        catalog: Catalog,
        layout: StoreLayout,
        resolver: Resolver,
        surroundings: Surroundings,
        *,
        max_parallel: int,
        only: int | None = None,
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._resolver = resolver
        self._surroundings = surroundings
        self._max_parallel = max_parallel
        self._only = only
        self._holder = new_holder()
        self._running: dict[int, _Running] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._presence = Presence(layout, only)
        self._failures: list[EnvStoreError] = []
        self._thread = threading.Thread(target=self._look_after, name="envstore-builds", daemon=True)
        self._log = logging.getLogger("jupyter_envstore.builds")

    def start(self) -> None:
        """Begin to run builds in the background."""
        self._thread.start()

    def wake(self) -> None:
        """Look for queued builds now instead of at the next turn."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether a build runs in this process right now."""
        return bool(self._running)

    def raise_unrecorded(self) -> None:
        """Raise the error of a build that ended here and whose end could not be written into the catalog."""
        if self._failures:
            raise self._failures[-1]

    def stop(self) -> None:
        """Put the running builds back into the queue, end their workers, and return when all threads ended."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        for running in self._running.values():
            running.job.task.stopping.set()
        for running in self._running.values():
            running.thread.join()
        self._presence.withdraw()

    def _look_after(self) -> None:
        last_heartbeat = time.monotonic()
        last_recovery = last_claim = float("-inf")
        seen = None
        while not self._stopping:
            now = time.monotonic()
            try:
                if now - last_recovery >= RECOVER_SECONDS:
                    last_recovery = now
                    self._catalog.builds.recover(is_alive)
                if now - last_heartbeat >= HEARTBEAT_SECONDS:
                    last_heartbeat = now
                    self._heartbeat()
                version = self._catalog.data_version()
                changed = version != seen
                seen = version
                if changed:
                    self._notice_cancelled()
                # What was written since, here or elsewhere, may be a build, or the end of one that took the room.
                if self._forget_ended() or changed or now - last_claim >= CLAIM_SECONDS:
                    last_claim = now
                    self._claim()
            except EnvStoreError as error:
                # A locked or full catalog now is not one for ever: say it and go on.
                self._log.warning("The build queue could not be read: %s", error.message)
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def _claim(self) -> None:
        while not self._stopping:
            build = self._catalog.builds.claim(
                self._holder, max_running=self._max_parallel, lease_seconds=LEASE_SECONDS, only=self._only
            )
            if build is None:
                return
            task = Task(build, self._holder, self._catalog, self._layout, self._resolver, self._surroundings)
            job = Job(task)
            thread = threading.Thread(target=job.run, name=f"envstore-build-{build.id}", daemon=True)
            self._running[build.id] = _Running(job, thread)
            thread.start()

    def _heartbeat(self) -> None:
        for build_id, running in self._running.items():
            if not self._catalog.builds.heartbeat(build_id, self._holder, lease_seconds=LEASE_SECONDS):
                running.job.task.lost.set()

    def _notice_cancelled(self) -> None:
        for build_id in self._catalog.builds.cancel_requested(list(self._running)):
            with contextlib.suppress(KeyError):
                self._running[build_id].job.task.cancelled.set()

    def _forget_ended(self) -> bool:
        """Forget builds whose thread has ended; return whether there were any."""
        ended = [key for key, running in self._running.items() if not running.thread.is_alive()]
        for build_id in ended:
            job = self._running.pop(build_id).job
            if job.unrecorded is not None:
                self._failures.append(job.unrecorded)
        return bool(ended)
