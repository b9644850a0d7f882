"""Specifications while they are being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import EditedSpecification
    from jupyter_envstore.schemas.requests import EditTextRequest


class CheckHandler(EnvStoreHandler):
    """``/envstore/specification/check``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer how a text is understood, and what is wrong with it."""
        await self.answer(lambda asked: self.store.drafts.check(asked.body.specification))


class EditHandler(EnvStoreHandler):
    """``/envstore/specification/edit``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer a text with its change made, and how it is understood."""
        await self.answer(self._edit)

    def _edit(self, asked: Asked) -> EditedSpecification:
        wanted: EditTextRequest = asked.body
        return self.store.drafts.edit_text(
            wanted.specification,
            add=wanted.add,
            remove=wanted.remove,
            add_pip=wanted.add_pip,
            remove_pip=wanted.remove_pip,
            channels=wanted.channels,
            variables=wanted.variables,
            name=wanted.name,
        )
