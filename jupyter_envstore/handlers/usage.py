"""The disk: what the store costs, and what of it can be freed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Collection


class UsageHandler(EnvStoreHandler):
    """``/envstore/usage``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer what everything costs."""
        await self.answer(lambda asked: self.store.disk.usage(), pool="disk")


class CollectHandler(EnvStoreHandler):
    """``/envstore/collect``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Free what nobody needs, or say what that would be."""
        author = self.author
        await self.answer(lambda asked: self._collect(asked, author), pool="disk")

    def _collect(self, asked: Asked, author: str | None) -> Collection:
        return self.store.disk.collect(dry_run=asked.body.dry_run, by=author)
