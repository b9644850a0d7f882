"""Files from outside: looked into before anything is made from them, and made into environments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.contents import read_contents

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Build, LockfileReport
    from jupyter_envstore.schemas.requests import ImportRequest, LockfileRequest


def document_of(lockfile: str | dict[str, Any]) -> bytes | dict[str, Any]:
    """Return a lockfile as the store takes it: bytes of a text, or values."""
    return lockfile.encode() if isinstance(lockfile, str) else lockfile


def bytes_of(content: str | dict[str, Any]) -> bytes:
    """Return a file of whatever format that was sent as a text, or as the values of its JSON."""
    return content.encode() if isinstance(content, str) else json.dumps(content).encode()


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
            document_of(wanted.lockfile),
            file=wanted.file,
            allow_channels=wanted.allow_channels,
            allow_source=wanted.allow_source,
            environment=wanted.environment,
            sizes=wanted.sizes,
        )


class ImportHandler(EnvStoreHandler):
    """``/envstore/import``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Queue the build of an environment from a file and answer it."""
        file = await read_contents(self, wanted="a file to make an environment from")
        author = self.author
        await self.answer(lambda asked: self._import(asked, file, author))

    def _import(self, asked: Asked, file: bytes | None, author: str | None) -> Build:
        wanted: ImportRequest = asked.body
        return self.store.sharing.import_file(
            wanted.name,
            bytes_of(wanted.content) if wanted.content is not None else file or b"",
            file=wanted.file or wanted.path,
            environment=wanted.environment,
            python=wanted.python,
            allow_channels=wanted.allow_channels,
            allow_source=wanted.allow_source,
            message=wanted.message,
            description=wanted.description,
            by=author,
        )
