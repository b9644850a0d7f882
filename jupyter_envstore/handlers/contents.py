"""A file among the server's contents, by way of the contents manager: it alone knows where contents are."""

from __future__ import annotations

import asyncio
import base64
import json
import posixpath
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import ensure_async
from tornado.web import HTTPError

from jupyter_envstore.errors import ContentsError, NotebookChangedError, NotebookOpenError
from jupyter_envstore.handlers.asked import MAX_BODY
from jupyter_envstore.lock.recognition import NOTEBOOK

if TYPE_CHECKING:
    from jupyter_envstore.handlers.base import EnvStoreHandler
    from jupyter_envstore.notebooks.report.beside import Beside

MAX_NOTEBOOK = 100_000_000
MAX_FILE = 16_000_000
"""Bytes of a file that is read. A lockfile of 3,000 packages has 1.4 million; a specification's reader says its own."""


async def read_contents(
    handler: EnvStoreHandler, most: int | None = None, wanted: str = "an environment.yml or a conda-lock.yml"
) -> bytes | None:
    """Return the file that the body's ``path`` names; None when it names none.

    Who may not read contents may not read them this way either.

    Parameters
    ----------
    most
        Bytes that are read; when None, of a notebook more than of other files.
    wanted
        What messages say that should be named instead of a folder.

    Raises
    ------
    ContentsError
        When it is not there, too large, or no file.
    """
    path = await asyncio.to_thread(_text_in, handler.request.body, "path")
    if not path:
        return None
    if not await _may_read(handler):
        raise HTTPError(403, "You are not allowed to read files on this server.")
    manager: Any = handler.contents_manager
    if most is None:
        most = MAX_NOTEBOOK if path.lower().endswith(NOTEBOOK) else MAX_FILE
    try:
        about: dict[str, Any] = await ensure_async(manager.get(path, content=False))
        if about["type"] == "directory":
            raise ContentsError(f"{path!a} is a folder. Name {wanted}.", path=path)
        if (about.get("size") or 0) > most:
            raise ContentsError(
                f"{path!a} has {about['size']:,} bytes; at most {most:,} are read. Was another file meant?",
                path=path,
            )
        return await _bytes_of(manager, path)
    except HTTPError as error:
        raise ContentsError(f"{path!a} cannot be read: {error.log_message or error.reason}", path=path) from error


async def modules_beside(handler: EnvStoreHandler) -> Beside | None:
    """Return the modules in the body's ``folder``, or in that of its ``path``.

    None when it names neither, or the folder cannot be listed.
    """
    path = await asyncio.to_thread(_text_in, handler.request.body, "path")
    folder = path.rpartition("/")[0] if path else await asyncio.to_thread(_text_in, handler.request.body, "folder")
    if folder is None or not await _may_read(handler):
        return None
    from jupyter_envstore.notebooks.report.beside import MOST_ENTRIES, Beside

    manager: Any = handler.contents_manager
    try:
        listed = await ensure_async(manager.get(folder, content=True, type="directory"))
    except HTTPError:
        return None
    entries = listed["content"][:MOST_ENTRIES]
    folders = [entry["name"] for entry in entries if entry["type"] == "directory"]
    return Beside.of((entry["name"] for entry in entries if entry["type"] != "directory"), folders)


async def require_closed(handler: EnvStoreHandler, path: str) -> None:
    """Return when nobody has the file open: what is written to it would be lost, or what they have not saved would.

    Raises
    ------
    NotebookOpenError
    """
    manager: Any = handler.session_manager
    sessions: list[dict[str, Any]] = await ensure_async(manager.list_sessions())
    if any(_plain(str(session.get("path", ""))) == _plain(path) for session in sessions):
        raise NotebookOpenError(
            f"{path!a} is open with a kernel. Do this in the notebook itself, or close it with its kernel first.",
            path=path,
        )


def _plain(path: str) -> str:
    """Return a path as it is most plainly written: the same file may be named in several ways."""
    return posixpath.normpath(path.strip("/"))


async def write_contents(handler: EnvStoreHandler, path: str, content: bytes, before: bytes) -> None:
    """Write a file's bytes as they are, through the contents manager.

    Who may not write contents may not write them this way either.

    Parameters
    ----------
    before
        What was read. A contents manager writes whatever was there before, so this is looked at right before.

    Raises
    ------
    NotebookOpenError
        When somebody has it open.
    NotebookChangedError
        When something else is there by now.
    ContentsError
        When it cannot be written.
    """
    allowed = await ensure_async(handler.authorizer.is_authorized(handler, handler.current_user, "write", "contents"))
    if not allowed:
        raise HTTPError(403, "You are not allowed to change files on this server.")
    await require_closed(handler, path)
    manager: Any = handler.contents_manager
    if not await _is_still(manager, path, before):
        raise NotebookChangedError.of(repr(path))
    model = {"type": "file", "format": "base64", "content": base64.b64encode(content).decode()}
    try:
        await ensure_async(manager.save(model, path))
    except HTTPError as error:
        raise ContentsError(f"{path!a} cannot be written: {error.log_message or error.reason}", path=path) from error


async def _is_still(manager: Any, path: str, content: bytes) -> bool:
    """Whether a file has that content. Not all contents managers tell its hash, and its time may be too coarse."""
    try:
        about = await ensure_async(manager.get(path, content=False))
        size = about.get("size")
        return size in (None, len(content)) and await _bytes_of(manager, path) == content
    except HTTPError:  # it was moved or removed
        return False


async def _bytes_of(manager: Any, path: str) -> bytes:
    model: dict[str, Any] = await ensure_async(manager.get(path, content=True, type="file", format="base64"))
    return base64.b64decode(model["content"])


async def _may_read(handler: EnvStoreHandler) -> bool:
    user = handler.current_user
    return bool(await ensure_async(handler.authorizer.is_authorized(handler, user, "read", "contents")))


def _text_in(body: bytes, name: str) -> str | None:
    # The whole request is checked later, where the schemas are; whatever is wrong with it is said there.
    if len(body) > MAX_BODY:
        return None
    try:
        text = json.loads(body).get(name)
    except (ValueError, AttributeError, RecursionError):
        return None
    return text if isinstance(text, str) and len(text) <= 4096 and "\0" not in text else None
