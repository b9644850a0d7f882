"""What all handlers have in common: whom they let in, where the work is done, and how an error is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, cast

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError

from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.handlers.identity import author_of

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.handlers.endpoint import Endpoint
    from jupyter_envstore.schemas import Build, Schema
    from jupyter_envstore.store import EnvStore

_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid_input",
    HTTPStatus.UNAUTHORIZED: "not_logged_in",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}
_WORDS = {
    HTTPStatus.UNAUTHORIZED: "You are not logged in, or your login has ended. Log in again.",
    HTTPStatus.FORBIDDEN: "You are not allowed to do this. Ask who runs the server.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done at this address. /envstore/openapi.json says what can.",
}
_STALE = "This page does not fit your login any more, so that the request could be a forged one. Reload the page."

T = TypeVar("T")
Pool = Literal["fast", "slow", "disk"]
Work = Callable[["Asked"], "Schema | dict[str, Any] | str | Accepted | File"]


@dataclass(frozen=True)
class Accepted:
    """An answer 202 of an endpoint that else answers another status: the work goes on at ``location``."""

    body: Schema
    location: tuple[str, ...]


@dataclass(frozen=True)
class File:
    """An answer that is a file to be kept; its name holds only what a header can."""

    text: str
    name: str
    media: str


@dataclass(frozen=True)
class _Sent:
    """The text of an answer; with ``location`` it is a 202, with ``file`` something to be kept."""

    body: str
    location: tuple[str, ...] | None = None
    file: File | None = None


def accepted_build(build: Build) -> Accepted:
    """Return the answer for work that a build was queued for."""
    return Accepted(build, ("builds", str(build.id)))


class EnvStoreHandler(APIHandler):
    """The base of all handlers.

    Every method of a subclass that answers a request is decorated with `@authenticated` and, below it,
    `@authorized`: the authorizer of the server is then asked about the resource ``envstore``.
    """

    auth_resource: ClassVar[str] = "envstore"

    def initialize(self, endpoints: dict[str, Endpoint]) -> None:
        """Take what this handler's path offers, by method."""
        self.endpoints = endpoints
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when nobody waits for the answer any more."""

    @property
    def store(self) -> EnvStore:
        """The store that this server works on."""
        return cast("EnvStore", self.settings["envstore"])

    @property
    def author(self) -> str | None:
        """Who asks, or None when Jupyter does not know: whose account the server runs under is then taken."""
        return author_of(self.current_user)

    @property
    def endpoint(self) -> Endpoint:
        """What was asked for."""
        return self.endpoints[str(self.request.method)]

    def on_connection_close(self) -> None:
        """Remember that nobody waits for the answer any more."""
        if not self.gone.done():
            self.gone.set_result(None)
        super().on_connection_close()

    async def answer(self, work: Work, *, pool: Pool = "fast") -> None:
        """Check the request, do ``work`` in a thread, and send what it returns.

        Parameters
        ----------
        work
            Gets what the request asks for and calls the store.
        pool
            ``slow`` for what may wait for a worker process, ``disk`` for what reads or removes many files. Such work
            has threads of its own, and is left undone when the client has gone before its turn came (a search box asks
            again with each letter).
        """
        sent = await self.in_thread(lambda: self._work(work), pool=pool)
        if sent is None or self.gone.done():
            return
        self.set_status(self.endpoint.status if sent.location is None else HTTPStatus.ACCEPTED)
        self.set_header("Cache-Control", "no-cache")
        if sent.location is not None:
            self.set_header("Location", url_path_join(self.base_url, "envstore", *sent.location))
        if sent.file is not None:
            self.set_header("Content-Disposition", f'attachment; filename="{sent.file.name}"')
        media = sent.file.media if sent.file is not None else self.endpoint.media
        await self.finish(sent.body, set_content_type=media)

    async def in_thread(self, work: Callable[[], T], *, pool: Pool = "fast") -> T:
        """Do ``work`` in a thread and return what it returns: the event loop must never wait for a disk."""
        threads = cast("dict[str, Executor]", self.settings["envstore_threads"])
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads[pool], work)

    def asked(self) -> Asked:
        """Check the request and return it as values; to be called in a thread.

        Raises
        ------
        InvalidInputError, TooLargeError
        """
        from jupyter_envstore.handlers.asked import read_request

        given = {name: self.get_query_arguments(name, strip=False) for name in self.request.query_arguments}
        return read_request(self.endpoint, given, self.request.body)

    def _work(self, work: Work) -> _Sent | None:
        if self.gone.done():
            return None
        from jupyter_envstore.schemas import Build

        result = work(self.asked())
        if isinstance(result, Accepted):
            return _Sent(result.body.model_dump_json(), result.location)
        if isinstance(result, File):
            return _Sent(result.text, file=result)
        if isinstance(result, str):
            return _Sent(result)
        if isinstance(result, dict):
            return _Sent(json.dumps(result))
        if isinstance(result, Build) and self.endpoint.status == HTTPStatus.ACCEPTED:
            return _Sent(result.model_dump_json(), accepted_build(result).location)
        return _Sent(result.model_dump_json())

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error as ``{"message", "code", "details"}``, also those that tornado raises."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, EnvStoreError):
            self.set_status(error.http_status)
            body = error.to_dict()
        elif status_code == HTTPStatus.FORBIDDEN and getattr(self, "_jupyter_current_user", None) is None:
            # Jupyter answers who has not logged in with the same status as who may not, and no text.
            words, code = _WORDS[HTTPStatus.UNAUTHORIZED], _CODES[HTTPStatus.UNAUTHORIZED]
            body = {"message": words, "code": code, "details": {}}
        else:
            body = _body(status_code, error)
        self.finish(json.dumps(body, default=str))

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Leave the traceback out of the server's log where the error already says what happened."""
        if isinstance(value, EnvStoreError):
            self.log.info("%s %s: %s (%s)", self.request.method, self.request.path, value.message, value.code)
        else:
            super().log_exception(typ, value, tb)


def _body(status_code: int, error: BaseException | None) -> dict[str, Any]:
    try:
        status = HTTPStatus(status_code)
    except ValueError:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
    message = _WORDS.get(status, status.phrase)
    if isinstance(error, HTTPError):
        if "xsrf" in str(error.log_message).lower():
            # Tornado's words are for who wrote the page; who looks at it has logged in anew in another tab.
            return {"message": _STALE, "code": "stale_page", "details": {}}
        if error.log_message:
            message = error.log_message % error.args if error.args else error.log_message
        elif error.reason:
            message = error.reason
    elif error is not None:
        # The text of an unforeseen exception may hold anything, so it goes to the log and not to the client.
        message = f"The server failed on an unexpected {type(error).__name__}. Its log has the details."
    if not message.endswith((".", "?", "!")):
        message += "."
    return {"message": message, "code": _CODES.get(status, "internal" if status >= 500 else "error"), "details": {}}
