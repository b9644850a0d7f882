"""Whether the server extension is there, which version it is, and which store it works on."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

import jupyter_envstore
from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.schemas.status import Status


class StatusHandler(EnvStoreHandler):
    """``GET /envstore/status``."""

    @authenticated
    @authorized
    def get(self) -> None:
        """Answer the `Status` of this server."""
        self.answer(Status(version=jupyter_envstore.__version__, store=self.store.root_dir))
