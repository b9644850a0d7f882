"""The server extension: configuration → store → routes. The only file that knows all parts.

It must never do more than put them together: what happens on a request stands in `handlers`, and what that
means in the store. Importing it loads neither catalog nor schemas; they come with the first request, in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_server._tz import utcnow
from jupyter_server.extension.application import ExtensionApp

from jupyter_envstore.background import Background
from jupyter_envstore.errors import EnvStoreError, StoreError
from jupyter_envstore.handlers import ROUTES
from jupyter_envstore.kernels.on_demand import answer_missing
from jupyter_envstore.store import EnvStore

if TYPE_CHECKING:
    from jupyter_events import EventLogger
    from jupyter_server.serverapp import ServerApp

    from jupyter_envstore.catalog import Changes

EVENTS = Path(__file__).parent / "events"
BUILD_EVENT = "https://schema.jupyter.org/jupyter_envstore/build/v1"
STORE_EVENT = "https://schema.jupyter.org/jupyter_envstore/store/v1"
MOST_EVENTS = 50
"""After a burst with more builds than these, only the event about the whole store is sent."""
ACTIVITY = "jupyter_envstore_last_activity"
"""jupyter_server takes each setting whose name ends so into account when it says when it was last used."""


class EnvStoreApp(ExtensionApp):
    """Environments for notebooks: immutable, locked versions with a kernel each."""

    name = "jupyter_envstore"
    extension_url = "/envstore/status"
    classes = [EnvStore]  # noqa: RUF012  traitlets reads it so

    # A configuration file that cannot be read may hold a policy: better no extension than one without it.
    raise_config_file_errors = True

    def _config_file_name_default(self) -> str:
        """Name the file that the command line reads too; the server would put another ``jupyter_`` before it."""
        return "jupyter_envstore_config"

    def initialize_settings(self) -> None:
        """Set the store up where all handlers find it; nothing is opened before it is used.

        Raises
        ------
        StoreError
            When the configuration could not be read; the server's log has said why.
        """
        if not self._linked:
            raise StoreError("The store's configuration cannot be read, so its extension is not loaded.")
        self.store = EnvStore(parent=self)
        self.background = Background(self.store, on_changes=self._tell, on_building=self._keep_alive, log=self.log)
        self.threads = {
            "fast": ThreadPoolExecutor(max_workers=8, thread_name_prefix="envstore-api"),
            "slow": ThreadPoolExecutor(max_workers=2, thread_name_prefix="envstore-search"),
            "disk": ThreadPoolExecutor(max_workers=2, thread_name_prefix="envstore-disk"),
        }
        self.settings["envstore"] = self.store
        self.settings["envstore_background"] = self.background
        self.settings["envstore_threads"] = self.threads
        self._loop: asyncio.AbstractEventLoop | None = None
        server = self._server()
        self.events = cast("EventLogger", server.event_logger)
        for schema in sorted(EVENTS.glob("*.yaml")):
            self.events.register_event_schema(schema)
        hide_from_conda_kernels(server.kernel_spec_manager, self.store)
        answer_missing(server.kernel_spec_manager, self._ensure_kernel)
        self.log.info("The store of environments is %s", self.store.root_dir)

    def initialize_handlers(self) -> None:
        """Add the routes to the server."""
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Begin what happens in the background; the server is up by now."""
        self._loop = asyncio.get_running_loop()
        self.background.start()

    async def stop_extension(self) -> None:
        """Put running builds back into the queue and give back what the store holds."""
        self._loop = None
        await asyncio.to_thread(self.background.stop)
        for threads in self.threads.values():
            threads.shutdown(wait=False, cancel_futures=True)

    def _server(self) -> ServerApp:
        server: ServerApp | None = self.serverapp
        assert server is not None, "an extension is initialized by a server"
        return server

    def _ensure_kernel(self, kernel: str) -> bool:
        """Set up a kernel that is asked for by name and not there; without a store there is none of its names."""
        try:
            return self.store.exists and self.store.presentation.ensure_kernel(kernel)
        except EnvStoreError as error:
            self.log.warning("The kernel %s could not be set up: %s", kernel, error.message)
            return False

    def _keep_alive(self) -> None:
        self._in_loop(lambda: self._server().web_app.settings.update({ACTIVITY: utcnow()}))

    def _tell(self, changes: Changes) -> None:
        """Tell all clients that something changed. What, they read over HTTP: everybody can read the bus."""
        sequence = changes.sequence
        builds = changes.builds if len(changes.builds) <= MOST_EVENTS else ()
        events = [(BUILD_EVENT, {"build": build, "sequence": sequence}) for build in builds]
        if changes.environments or not builds:
            events.append((STORE_EVENT, {"sequence": sequence}))
        self._in_loop(lambda: self._emit(events))

    def _emit(self, events: list[tuple[str, dict[str, Any]]]) -> None:
        for schema, data in events:
            self.events.emit(schema_id=schema, data=data)

    def _in_loop(self, call: Any) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed in this moment: nobody listens any more
                loop.call_soon_threadsafe(call)


def hide_from_conda_kernels(manager: Any, store: EnvStore) -> None:
    """Leave the store's environments out of the list that nb_conda_kernels makes: their kernels stand there already."""
    if not any(kind.__module__.split(".")[0] == "nb_conda_kernels" for kind in type(manager).__mro__):
        return
    ours = re.escape(f"{store.layout.environments}/")
    before = manager.env_filter
    manager.env_filter = f"(?:{before})|{ours}" if before else ours
    # It compiles its filter when it is made, which was before us.
    manager._env_filter_regex = re.compile(manager.env_filter)
    manager._conda_kernels_cache_expiry = None  # what it listed until now was not filtered
