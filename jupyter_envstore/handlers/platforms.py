"""Platforms and machines of versions: what is known of them, and checks of other platforms."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.versions import version_reference
from jupyter_envstore.handlers.waiting import answer_soon


class PlatformsHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/platforms``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer what is known."""
        await self.answer(lambda asked: self.store.coverage.known(version_reference(namespace, name, version)))

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str, version: str) -> None:
        """Begin a check; answer it when it ends within a second, else where to read it."""

        def begin() -> str:
            return self.store.coverage.begin(version_reference(namespace, name, version), self.asked().body.platforms)

        await answer_soon(self, self.store.coverage, begin, "platform-checks")


class PlatformCheckHandler(EnvStoreHandler):
    """``/envstore/platform-checks/{check}``."""

    @authenticated
    @authorized
    async def get(self, check: str) -> None:
        """Answer how the check stands."""
        await self.answer(lambda asked: self.store.coverage.get(check))

    @authenticated
    @authorized
    async def delete(self, check: str) -> None:
        """Give the check up and answer how it stands."""
        await self.answer(lambda asked: self.store.coverage.cancel(check))


class MachinesHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/machines``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer on what machines the version was locked and built."""
        await self.answer(lambda asked: self.store.versions.machines(version_reference(namespace, name, version)))
