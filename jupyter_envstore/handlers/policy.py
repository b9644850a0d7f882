"""What may be used here."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler


class PolicyHandler(EnvStoreHandler):
    """``/envstore/policy``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer the rules in force."""
        await self.answer(lambda asked: self.store.describe_policy())
