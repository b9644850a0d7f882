"""Modules that code could not import, and the packages that supply them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import ModuleSupplier


class ModuleHandler(EnvStoreHandler):
    """``/envstore/modules/{module}``."""

    @authenticated
    @authorized
    async def get(self, module: str) -> None:
        """Answer which package supplies a module."""
        await self.answer(lambda asked: self._supplier(asked, module), pool="disk")

    def _supplier(self, asked: Asked, module: str) -> ModuleSupplier:
        return self.store.reports.supplier(module, asked.query["environment"])
