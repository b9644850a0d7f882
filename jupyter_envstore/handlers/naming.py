"""Environments under another name: a copy, or the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.environments import reference

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Build
    from jupyter_envstore.schemas.requests import CloneRequest


class CloneHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/clone``."""

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str) -> None:
        """Queue the build of a new environment with the lock of this one and answer it."""
        author = self.author
        await self.answer(lambda asked: self._clone(asked, reference(namespace, name), author))

    def _clone(self, asked: Asked, ref: str, author: str | None) -> Build:
        wanted: CloneRequest = asked.body
        version = ref if wanted.version is None else f"{ref}@{wanted.version}"
        return self.store.builds.clone(version, wanted.name, by=author)


class RenameHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/rename``."""

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str) -> None:
        """Give the environment another name and answer it."""
        author = self.author
        await self.answer(
            lambda asked: self.store.environments.rename(reference(namespace, name), asked.body.name, by=author)
        )
