"""The server extension: configuration → store → routes. The only file that knows all parts.

It must never do more than put them together: what happens on a request stands in `handlers`, and what that
means in the store.
"""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp

from jupyter_envstore.handlers import ROUTES
from jupyter_envstore.store import EnvStore


class EnvStoreApp(ExtensionApp):
    """Environments for notebooks: immutable, locked versions with a kernel each."""

    name = "jupyter_envstore"
    extension_url = "/envstore/status"
    classes = [EnvStore]  # noqa: RUF012  traitlets reads it so

    def initialize_settings(self) -> None:
        """Set the store up where all handlers find it; nothing is opened before it is used."""
        self.store = EnvStore(parent=self)
        self.settings["envstore"] = self.store
        self.log.info("The store of environments is %s", self.store.root_dir)

    def initialize_handlers(self) -> None:
        """Add the routes to the server."""
        self.handlers.extend(ROUTES)

    async def stop_extension(self) -> None:
        """Give back what the store holds."""
        self.store.close()
