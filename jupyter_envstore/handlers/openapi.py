"""The description of the API, made from the table of endpoints and the schemas that it names."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler


class OpenApiHandler(EnvStoreHandler):
    """``/envstore/openapi.json``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer the OpenAPI document."""
        await self.answer(lambda asked: self._document())

    def _document(self) -> dict[str, Any]:
        from jupyter_envstore.handlers.describing import describe

        return describe(self.base_url)
