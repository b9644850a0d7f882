"""Packages that the channels offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Page, SearchResult


class PackagesHandler(EnvStoreHandler):
    """``/envstore/packages``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer the packages whose name matches."""
        await self.answer(self._search, pool="slow")

    def _search(self, asked: Asked) -> Page[SearchResult]:
        query = asked.query
        return self.store.channels.search(
            query["q"], channels=query["channel"], platform=query["platform"], limit=query["limit"]
        )


class PackageHandler(EnvStoreHandler):
    """``/envstore/packages/{package}``."""

    @authenticated
    @authorized
    async def get(self, package: str) -> None:
        """Answer the versions of one package."""
        await self.answer(lambda asked: self._package(asked, package), pool="slow")

    def _package(self, asked: Asked, package: str) -> SearchResult:
        return self.store.channels.package(package, channels=asked.query["channel"], platform=asked.query["platform"])
