"""Notebooks: put an environment into one, take it out, say how it stands, have it here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.errors import KernelNotRegisteredError
from jupyter_envstore.handlers.base import Accepted, EnvStoreHandler
from jupyter_envstore.handlers.contents import MAX_NOTEBOOK, read_contents, require_closed, write_contents

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.notebooks.text import NotebookText
    from jupyter_envstore.schemas import NotebookEdit, NotebookState, Restoration
    from jupyter_envstore.schemas.requests import (
        EmbedRequest,
        NotebookRequest,
        RecordRequest,
        RestoreRequest,
        StateRequest,
    )

    Change = Callable[[NotebookText, Any], tuple[NotebookText, NotebookEdit]]


class _NotebookHandler(EnvStoreHandler):
    """What the requests about notebooks have in common: where the notebook comes from, and where it goes to."""

    async def file(self) -> bytes | None:
        """Return the bytes of the notebook that the request names by its path, or None."""
        return await read_contents(self, MAX_NOTEBOOK, "a notebook")

    def given(self, wanted: NotebookRequest, file: bytes | None) -> NotebookText:
        """Return the notebook that a request is about.

        Raises
        ------
        NotebookError
        """
        from jupyter_envstore.notebooks.text import NotebookText

        if file is not None:
            return NotebookText.read(file, wanted.path or "The file")
        values = wanted.content
        if values is None:
            values = {"cells": [], "metadata": wanted.metadata, "nbformat": 4, "nbformat_minor": 5}
        return NotebookText.read(json.dumps(values).encode(), "The notebook")

    async def edit(self, change: Change) -> None:
        """Change the notebook, write it where it lies among the contents, and answer what was done."""
        file = await self.file()
        if file is None:
            await self.answer(lambda asked: self._changed(asked, None, change)[1])
            return
        path: str = json.loads(self.request.body)["path"]
        await require_closed(self, path)
        after, edit = await self.in_thread(lambda: self._changed(self.asked(), file, change))
        if edit.changed:
            await write_contents(self, path, after.data, file)
        await self.answer(lambda asked: edit)

    def _changed(self, asked: Asked, file: bytes | None, change: Change) -> tuple[NotebookText, NotebookEdit]:
        wanted: NotebookRequest = asked.body
        after, edit = change(self.given(wanted, file), wanted)
        if wanted.content is not None:
            edit = edit.model_copy(update={"content": after.values})
        return after, edit


class EmbedHandler(_NotebookHandler):
    """``/envstore/notebooks/embed``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Let a notebook carry a version."""
        await self.edit(self._embed)

    def _embed(self, notebook: NotebookText, wanted: EmbedRequest) -> tuple[NotebookText, NotebookEdit]:
        return self.store.notebooks.embed(notebook, wanted.environment, platforms=wanted.platforms)


class RecordHandler(_NotebookHandler):
    """``/envstore/notebooks/record``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Let a notebook say that it was run as a whole."""
        await self.edit(self._record)

    def _record(self, notebook: NotebookText, wanted: RecordRequest) -> tuple[NotebookText, NotebookEdit]:
        return self.store.notebooks.record(notebook, wanted.environment, wanted.counts)


class StripHandler(_NotebookHandler):
    """``/envstore/notebooks/strip``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Take out of a notebook what was put into it."""
        await self.edit(lambda notebook, wanted: self.store.notebooks.strip(notebook))


class StateHandler(_NotebookHandler):
    """``/envstore/notebooks/state``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer how what a notebook carries stands to its kernel."""
        file = await self.file()
        await self.answer(lambda asked: self._state(asked, file))

    def _state(self, asked: Asked, file: bytes | None) -> NotebookState:
        wanted: StateRequest = asked.body
        return self.store.notebooks.state(
            self.given(wanted, file), kernel=wanted.kernel, environment=wanted.environment
        )


class RestoreHandler(_NotebookHandler):
    """``/envstore/notebooks/restore``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer what a notebook carries; where it is asked for, find the version or queue the build that makes it."""
        file = await self.file()
        author = self.author
        pinned = await self.in_thread(lambda: self._pinned(file))
        if file is not None and pinned is not None:
            await write_contents(self, *pinned, file)
        sizes = await self.in_thread(lambda: self.asked().body.sizes)
        await self.answer(lambda asked: self._restore(asked, file, author), pool="slow" if sizes else "fast")

    def _pinned(self, file: bytes | None) -> tuple[str, bytes] | None:
        """Return path and content of a file that is to name the kernel of a version that is here, when it does not."""
        from jupyter_envstore.notebooks.kernelspec import kernelspec_of, with_kernelspec

        wanted: RestoreRequest = self.asked().body
        if not (wanted.build and wanted.pin and wanted.path):
            return None
        notebook = self.given(wanted, file)
        existing = self.store.notebooks.look_into(notebook, allow_channels=wanted.allow_channels).existing
        if not existing or wanted.relock or wanted.name:
            return None
        try:
            kernelspec = self.store.notebooks.kernelspec(existing[0], kernelspec_of(notebook).get("language"))
        except KernelNotRegisteredError:
            return None  # the environment is there all the same, and the answer says so
        after = with_kernelspec(notebook, kernelspec)
        return (wanted.path, after.data) if after is not notebook else None

    def _restore(self, asked: Asked, file: bytes | None, author: str | None) -> Restoration | Accepted:
        from jupyter_envstore.schemas import Restoration

        wanted: RestoreRequest = asked.body
        notebook, called = self.given(wanted, file), wanted.file or wanted.path
        if not wanted.build:
            told = self.store.notebooks.look_into(
                notebook, file=called, allow_channels=wanted.allow_channels, sizes=wanted.sizes
            )
            return Restoration(carried=told)
        done = self.store.notebooks.restore(
            notebook,
            wanted.name,
            file=called,
            relock=wanted.relock,
            allow_channels=wanted.allow_channels,
            by=author,
        )
        return done if done.build is None else Accepted(done, ("builds", str(done.build.id)))
