"""Addresses below ``/envstore/`` at which there is nothing."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import HTTPError, authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler


class MissingHandler(EnvStoreHandler):
    """Answers 404 in our form, where the server would send a page of HTML."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Say that there is nothing here."""
        raise HTTPError(404, "There is nothing at this address. /envstore/openapi.json describes what there is.")

    post = put = patch = delete = get
