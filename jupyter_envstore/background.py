"""What a server does for its store besides answering: run builds, prepare updates, notice changes, set up kernels.

All of it happens in one background thread that begins after the server has started, so that a server whose user
never opens the panel neither waits nor makes a store. It knows no Jupyter server: whoever starts it is called back.
"""

from __future__ import annotations

import logging
import os
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_envstore.errors import EnvStoreError, PlatformError, StoreError
from jupyter_envstore.store import EnvStore

if TYPE_CHECKING:
    from jupyter_envstore.catalog import Changes
    from jupyter_envstore.schemas import Status

POLL_SECONDS = 0.15
"""How often the catalog is asked whether anything changed; costs microseconds when nothing did."""
SCHEDULE_SECONDS = 60.0
"""How often it is looked whether a planned update is due."""
RETRY_SECONDS = 10.0
"""How often a store that could not be opened is tried again."""


class Background:
    """The background work of one server.

    Parameters
    ----------
    on_changes
        Called, from the background thread, with what changed in the catalog, by whomever; bursts come as one.
    on_building
        Called again and again, from the background thread, while a build runs in this process.
    """

    def __init__(
        self,
        store: EnvStore,
        *,
        on_changes: Callable[[Changes], None],
        on_building: Callable[[], None],
        log: logging.Logger,
    ) -> None:
        self._store = store
        self._on_changes = on_changes
        self._on_building = on_building
        self._log = log
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="envstore-background", daemon=True)
        self._sequence = 0
        self._seen: int | None = None
        self._next_try = self._next_schedule = float("-inf")
        self.problem: EnvStoreError | None = None

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End, put running builds back into the queue, and close the store. Takes seconds at most."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=20)
        self._store.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except EnvStoreError as error:
                self._note(error)
            except Exception as error:  # noqa: BLE001
                # The thread must outlive a fault, or builds and events would stop without a word until a restart.
                self._log.exception("The store's background work failed")
                words = f"The server's background work failed on an unexpected {type(error).__name__}."
                self._note(StoreError(f"{words} Its log has the details."))
            self._stopping.wait(POLL_SECONDS)

    def _turn(self) -> None:
        if self._store.builds.serving and self.problem is None:
            if self._store.builds.busy:
                self._on_building()
            self._look()
            if time.monotonic() >= self._next_schedule:
                self._next_schedule = time.monotonic() + SCHEDULE_SECONDS
                self._store.builds.queue_due()
            self._store.disk.automatic.tick()
        elif time.monotonic() >= self._next_try and self._exists():
            self._next_try = time.monotonic() + RETRY_SECONDS
            self._begin()
            self.problem = None

    def _exists(self) -> bool:
        # A store is made by the first request that needs one, not by every server that happens to start.
        return self._store.exists

    def _begin(self) -> None:
        if not self._sequence:
            self._sequence = self._store.catalog.sequence()
        if not self._store.builds.serving:
            self._store.builds.serve()

    def _look(self) -> None:
        version = self._store.catalog.data_version()
        if version == self._seen:
            return
        changes = self._store.catalog.changes_since(self._sequence)
        if changes.sequence != self._sequence:
            # Kernels first: who is told that an environment is ready may ask for its kernel at once.
            for note in self._store.presentation.refresh(changes.environments):
                self._log.warning(note)
            self._on_changes(changes)
        self._sequence, self._seen = changes.sequence, version

    def _note(self, error: EnvStoreError) -> None:
        if self.problem is None or self.problem.message != error.message:
            self._log.warning("%s", error.message)
        self.problem = error


def status_of(store: EnvStore, problem: EnvStoreError | None) -> Status:
    """Return what a server says about itself; opens nothing."""
    import jupyter_envstore
    from jupyter_envstore.lock.platforms import KNOWN_PLATFORMS, current_platform
    from jupyter_envstore.schemas import ErrorReport, Status

    try:
        platform: str | None = current_platform()
    except PlatformError as error:
        platform, problem = None, problem or error
    return Status(
        version=jupyter_envstore.__version__,
        store=store.root_dir,
        default_namespace=store.default_namespace,
        default_channels=store.default_channels,
        platform=platform,
        platforms=list(KNOWN_PLATFORMS),
        command=command_for(store),
        problem=ErrorReport.model_validate(problem.to_dict()) if problem else None,
    )


def command_for(store: EnvStore) -> list[str]:
    """Return the beginning of a command line that works on ``store`` wherever it is typed on this machine.

    The store's folder is named when it is not the usual one: what names it to this server, its own command line for
    example, need not reach a terminal.
    """
    folders = [Path(sys.executable).parent, *(Path(sysconfig.get_path("scripts", scheme)) for scheme in _schemes())]
    programs = [folder / "jupyter-envstore" for folder in folders]
    program = next((str(program) for program in programs if os.access(program, os.X_OK)), "jupyter-envstore")
    return [program] if store.is_usual else [program, "--store", store.root_dir]


def _schemes() -> list[str]:
    """The ways in which this Python's programs are installed: for everybody, and for this account alone."""
    return [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
