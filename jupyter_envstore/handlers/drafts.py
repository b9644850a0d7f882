"""Drafts: changes of a version, to be looked at or built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.waiting import answer_soon

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft
    from jupyter_envstore.schemas.requests import EditRequest
    from jupyter_envstore.store import EnvStore


def draft_of(store: EnvStore, environment: str, wanted: EditRequest) -> Draft:
    """Return the draft that a request asks for.

    Raises
    ------
    EnvironmentNotFoundError, VersionNotFoundError, SpecificationError, InvalidInputError
    """
    ref = environment if wanted.parent is None else f"{store.environment_reference(environment)}@{wanted.parent}"
    if wanted.update is not None:
        return store.drafts.update(
            ref,
            wanted.update,
            as_of=wanted.as_of,
            platforms=wanted.platforms,
            allow_source=wanted.allow_source,
            message=wanted.message,
        )
    return store.drafts.edit(
        ref,
        add=wanted.add,
        remove=wanted.remove,
        add_pip=wanted.add_pip,
        remove_pip=wanted.remove_pip,
        specification=wanted.specification,
        channels=wanted.channels,
        variables=wanted.variables,
        platforms=wanted.platforms,
        virtual_packages=wanted.virtual_packages,
        allow_source=wanted.allow_source,
        message=wanted.message,
    )


class PreviewsHandler(EnvStoreHandler):
    """``/envstore/preview``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Begin a preview; answer it when it ends within a second, else where to read it."""
        await answer_soon(self, self.store.previews, self._begin, "previews")

    def _begin(self) -> str:
        wanted = self.asked().body
        return self.store.previews.begin(draft_of(self.store, wanted.environment, wanted))


class PreviewHandler(EnvStoreHandler):
    """``/envstore/previews/{preview}``."""

    @authenticated
    @authorized
    async def get(self, preview: str) -> None:
        """Answer how the preview stands."""
        await self.answer(lambda asked: self.store.previews.get(preview))

    @authenticated
    @authorized
    async def delete(self, preview: str) -> None:
        """Give the preview up and answer how it stands."""
        await self.answer(lambda asked: self.store.previews.cancel(preview))
