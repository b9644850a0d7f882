"""Lockfiles from outside, before anything is made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import LockfileReport
    from jupyter_envstore.schemas.requests import LockfileRequest


def document_of(lockfile: str | dict[str, Any]) -> bytes | dict[str, Any]:
    """Return a lockfile as the store takes it: bytes of a text, or values."""
    return lockfile.encode() if isinstance(lockfile, str) else lockfile


class LockfileCheckHandler(EnvStoreHandler):
    """``/envstore/lockfile/check``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer what a lockfile holds, and what is in the way of an environment from it."""
        await self.answer(self._look, pool="slow")

    def _look(self, asked: Asked) -> LockfileReport:
        wanted: LockfileRequest = asked.body
        return self.store.channels.look_into(
            document_of(wanted.lockfile), file=wanted.file, allow_channels=wanted.allow_channels, sizes=wanted.sizes
        )
