"""One claimed build, from its request to its end.

Each step is recorded in the catalog before the next begins, so that another process can take over from any of
them. A job ends in exactly one of: ready, failed, cancelled, or given up because another process has the build.
"""

from __future__ import annotations

from collections.abc import Callable

from jupyter_envstore.builds.locking import lock
from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.making import make
from jupyter_envstore.builds.meter import Meter
from jupyter_envstore.builds.recovery import sweep
from jupyter_envstore.builds.task import Task
from jupyter_envstore.errors import (
    BuildCancelledError,
    BuildError,
    DiskFullError,
    EnvStoreError,
    LeaseLostError,
    NothingToBuildError,
    WorkerDiedError,
)

RECORD_ATTEMPTS = 10
RECORD_SECONDS = 0.5


class Job:
    """The work of one `Task`, done in the thread that calls `run`."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.unrecorded: EnvStoreError | None = None
        """Why the end of the build does not stand in the catalog, or None."""

    def run(self) -> None:
        """Do the build. Never raises: how it ended stands in the catalog and in the log."""
        with BuildLog(self.task.layout.log(self.task.build.id)) as log:
            try:
                self._run(log)
            except LeaseLostError:
                log.write("Another process has taken this build over.")
            except BuildCancelledError:
                self._end_early(log)
            except NothingToBuildError as reason:
                self._end_without_version(reason, log)
            except EnvStoreError as error:
                self._fail(error, log)
            except Exception as error:  # noqa: BLE001  a thread's exception would vanish and the build hang
                log.write_traceback()
                words = f"The build stopped on an unexpected {type(error).__name__}: {error}. Nothing that was ready is"
                self._fail(BuildError(f"{words} harmed. The log has the details."), log)

    def _run(self, log: BuildLog) -> None:
        task, build = self.task, self.task.build
        log.write(f"Build {build.id}: {build.kind} {build.namespace}/{build.name}, attempt {build.attempt}")
        task.surroundings.check_before_build()
        meter = Meter(task, log)
        version = make(task, lock(task, log, meter), log, meter)
        log.write(f"Version {version.number} is ready.")  # before its end: who sees that need not look here again
        self._record(log, lambda: task.catalog.builds.finish(build.id, task.holder))

    def _end_early(self, log: BuildLog) -> None:
        task = self.task
        if task.lost.is_set():
            log.write("Another process has taken this build over.")
        elif task.cancelled.is_set():
            log.write("Cancelled.")
            self._record(log, lambda: task.catalog.builds.finish_cancelled(task.build.id, task.holder))
        else:
            log.write("This process is stopping: back to the queue.")
            self._record(log, lambda: task.catalog.builds.requeue(task.build.id, task.holder))
            return  # who takes it up goes on from what is there
        self._sweep(log)

    def _end_without_version(self, reason: NothingToBuildError, log: BuildLog) -> None:
        """End well, though no version was made: what was asked for is there."""
        builds, build = self.task.catalog.builds, self.task.build

        def finish() -> None:
            with self.task.catalog.transaction():
                builds.add_warning(build.id, self.task.holder, reason.code, reason.message, **reason.details)
                builds.finish(build.id, self.task.holder)

        log.write(reason.message)
        self._record(log, finish)

    def _fail(self, error: EnvStoreError, log: BuildLog) -> None:
        task = self.task
        log.write(f"Failed ({error.code}): {error.message}")
        if isinstance(error, (DiskFullError, WorkerDiedError)):
            self._sweep(log)  # what the dead worker left may be just the room that is missing
        self._record(log, lambda: task.catalog.builds.fail(task.build.id, task.holder, error))

    def _sweep(self, log: BuildLog) -> None:
        """Remove what a worker left that was killed in the middle of its work; what cannot be is left for the next."""
        try:
            sweep(self.task.layout)
        except OSError as error:
            log.write(f"What the build left on disk could not be removed: {error}")

    def _record(self, log: BuildLog, write: Callable[[], object]) -> None:
        """Write how it ended, again and again for a while: a disk that was full may have room in a moment."""
        for attempt in range(RECORD_ATTEMPTS):
            try:
                write()
            except LeaseLostError:
                return
            except EnvStoreError as error:
                self.unrecorded = error
                if attempt == 0:
                    log.write(f"The end of the build could not be recorded yet: {error.message}")
                if self.task.stopping.wait(RECORD_SECONDS):
                    return
            else:
                self.unrecorded = None
                return
