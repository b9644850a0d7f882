"""Builds: list, look at, cancel, try again, and read their logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.numbers import number

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Build, Page


class BuildsHandler(EnvStoreHandler):
    """``/envstore/builds``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer a page of builds."""
        await self.answer(self._builds)

    def _builds(self, asked: Asked) -> Page[Build]:
        query = asked.query
        return self.store.builds.list(
            states=query["state"], ref=query["environment"], limit=query["limit"], cursor=query["cursor"]
        )


class BuildHandler(EnvStoreHandler):
    """``/envstore/builds/{build}``."""

    @authenticated
    @authorized
    async def get(self, build: str) -> None:
        """Answer the build."""
        await self.answer(lambda asked: self.store.builds.get(number(build, "build")))

    @authenticated
    @authorized
    async def delete(self, build: str) -> None:
        """Ask for the build's end and answer it as it is now."""
        await self.answer(lambda asked: self.store.builds.cancel(number(build, "build")))


class RequestHandler(EnvStoreHandler):
    """``/envstore/builds/{build}/request``."""

    @authenticated
    @authorized
    async def get(self, build: str) -> None:
        """Answer what the build was asked to do."""
        await self.answer(lambda asked: self.store.builds.request(number(build, "build")))


class RetryHandler(EnvStoreHandler):
    """``/envstore/builds/{build}/retry``."""

    @authenticated
    @authorized
    async def post(self, build: str) -> None:
        """Queue the build's request again and answer the new build."""
        author = self.author
        await self.answer(lambda asked: self.store.builds.retry(number(build, "build"), by=author))


class LogHandler(EnvStoreHandler):
    """``/envstore/builds/{build}/log``."""

    @authenticated
    @authorized
    async def get(self, build: str) -> None:
        """Answer a part of the build's log."""
        await self.answer(lambda asked: self.store.builds.log_part(number(build, "build"), **asked.query))
