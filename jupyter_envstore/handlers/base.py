"""What all handlers have in common: whom they let in, and how an error is answered."""

from __future__ import annotations

import json
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, cast

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.schemas.base import Schema

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore

_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid_input",
    HTTPStatus.UNAUTHORIZED: "not_logged_in",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}


class EnvStoreHandler(APIHandler):
    """The base of all handlers.

    Every method of a subclass that answers a request is decorated with `@authenticated` and, below it,
    `@authorized`: the authorizer of the server is then asked about the resource ``envstore``.
    """

    auth_resource: ClassVar[str] = "envstore"

    @property
    def store(self) -> EnvStore:
        """The store that this server works on."""
        return cast("EnvStore", self.settings["envstore"])

    def answer(self, schema: Schema, status: int = HTTPStatus.OK) -> None:
        """Send ``schema`` as JSON and end the request."""
        self.set_status(status)
        self.finish(schema.model_dump_json())

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error as ``{"message", "code", "details"}``, also those that tornado raises."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, EnvStoreError):
            self.set_status(error.http_status)
            body = error.to_dict()
        else:
            body = _body(status_code, error)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

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
    status = HTTPStatus(status_code)
    if isinstance(error, HTTPError):
        message = error.log_message or error.reason or status.phrase
        if error.log_message and error.args:
            message = error.log_message % error.args
    elif error is None:
        message = status.phrase
    else:
        # The text of an unforeseen exception may hold anything, so it goes to the log and not to the client.
        message = f"The server failed on an unexpected {type(error).__name__}. Its log has the details."
    return {"message": message, "code": _CODES.get(status, "internal" if status >= 500 else "error"), "details": {}}
