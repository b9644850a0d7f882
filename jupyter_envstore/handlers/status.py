"""Whether the server extension is there, which version it is, and which store it works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Status


class StatusHandler(EnvStoreHandler):
    """``/envstore/status``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer the `Status` of this server; the store is not opened for it."""
        await self.answer(lambda asked: self._status())

    def _status(self) -> Status:
        from jupyter_envstore.background import status_of

        return status_of(self.store, self.settings["envstore_background"].problem)
