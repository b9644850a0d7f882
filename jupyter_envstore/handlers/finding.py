"""Where a package is."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler


class FindHandler(EnvStoreHandler):
    """``/envstore/find``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer a page of the versions that have a package."""
        await self.answer(lambda asked: self.store.environments.find(**asked.query))
