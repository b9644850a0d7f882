"""Specifications while they are being written."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler


class CheckHandler(EnvStoreHandler):
    """``/envstore/specification/check``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer how a text is understood, and what is wrong with it."""
        await self.answer(lambda asked: self.store.drafts.check(asked.body.specification))
