"""Who runs the builds of a store, as one process sees it: itself, for all or for one build, or a server elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from jupyter_envstore.builds.holder import is_alive
from jupyter_envstore.builds.presence import is_attended, is_served
from jupyter_envstore.builds.recovery import sweep
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.runner import BuildRunner
from jupyter_envstore.builds.surroundings import StoreSurroundings
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import NoRunnerError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.schemas import ACTIVE_STATES, Build

WATCH_SECONDS = 0.05
NEW = timedelta(seconds=15)
"""A build that was never begun is left this long to whoever asked for it."""
SERVED_SECONDS = 1.0
"""How often a process that waits for a build asks whether some runner still lives."""


class BuildService:
    """Runs and watches builds in this process.

    Parameters
    ----------
    resolver
        Gives the resolver when it is needed.
    before
        Called before this process begins to run builds, to bring what it shows into line with the catalog.
    """

    def __init__(
        self,
        catalog: Catalog,
        layout: StoreLayout,
        resolver: Callable[[], Resolver],
        surroundings: StoreSurroundings,
        *,
        max_parallel: int,
        before: Callable[[], None],
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._resolver = resolver
        self._surroundings = surroundings
        self._max_parallel = max_parallel
        self._before = before
        self._runners: list[BuildRunner] = []
        self._changing = threading.Lock()
        self.serving = False

    @property
    def busy(self) -> bool:
        """Whether a build runs in this process right now."""
        return any(runner.busy for runner in list(self._runners))

    def serve(self) -> None:
        """Begin to run whatever is queued, until `stop`."""
        self._start()
        self.serving = True

    def stop(self) -> None:
        """Stop what runs here; builds that are under way go back to the queue."""
        self.serving = False
        for runner in list(self._runners):
            self._end(runner)

    def wake(self) -> None:
        """Look for queued builds now."""
        for runner in list(self._runners):
            runner.wake()

    def require_runner(self) -> None:
        """Raise `NoRunnerError` when what is queued would stay there: nobody runs the builds of this store."""
        if not self.serving and not is_served(self._layout):
            raise NoRunnerError(
                "Nobody would build it: no Jupyter server with this store is running. Leave --no-wait out to build it "
                "here, or start JupyterLab first."
            )

    def recover(self) -> None:
        """Take builds from processes that are dead, so that what is shown of them is true."""
        self._catalog.builds.recover(is_alive)

    def is_abandoned(self, build: Build) -> bool:
        """Whether nobody will ever run a build that has not ended: the process that waited for it is gone."""
        if build.state != "queued" or self.serving:
            return False
        if build.started is None and datetime.now(timezone.utc) - build.created < NEW:
            return False  # whoever asked for it may be about to run it
        return not is_attended(self._layout, build.id)

    def watch(self, build_id: int, *, run: bool = True) -> Iterator[Build]:
        """Yield the build now and after each change until it has ended.

        Parameters
        ----------
        run
            Run it here when nobody else does; otherwise stop watching what nobody runs.

        Raises
        ------
        BuildNotFoundError
        EnvStoreError
            When the build ended here and that could not be recorded.
        """
        build = self._catalog.builds.get(build_id)
        yield build
        runner: BuildRunner | None = None
        asked = float("-inf")
        try:
            while build.state in ACTIVE_STATES:
                if runner is None and not self.serving and time.monotonic() - asked >= SERVED_SECONDS:
                    asked = time.monotonic()
                    if run and not is_served(self._layout):
                        runner = self._start(only=build_id)
                    elif not run:
                        self.recover()
                        if self.is_abandoned(self._catalog.builds.get(build_id)):
                            return
                if runner is not None:
                    runner.raise_unrecorded()
                time.sleep(WATCH_SECONDS)
                now = self._catalog.builds.get(build_id)
                if now.sequence != build.sequence:
                    build = now
                    yield build
        finally:
            # Who looks away before the end, by Ctrl-C for example, leaves the build in the queue.
            if runner is not None:
                self._end(runner)

    def _start(self, only: int | None = None) -> BuildRunner:
        sweep(self._layout)
        self._before()
        runner = BuildRunner(
            self._catalog,
            self._layout,
            self._resolver(),
            self._surroundings,
            max_parallel=self._max_parallel,
            only=only,
        )
        with self._changing:
            self._runners.append(runner)
        runner.start()
        return runner

    def _end(self, runner: BuildRunner) -> None:
        with self._changing:
            if runner not in self._runners:
                return
            self._runners.remove(runner)
        runner.stop()
