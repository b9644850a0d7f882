"""What a request asks for, checked against the schemas of its endpoint. Runs in a thread: it loads the schemas."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import InvalidInputError, TooLargeError
from jupyter_envstore.handlers.endpoint import Endpoint, schema_named

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

MAX_BODY = 4_000_000
"""Bytes of a request's body. A specification may have a million, and JSON writes some characters with six."""
NOT_OURS = {"token", "_xsrf", "no_track_activity", "_"}
"""Names in a query that belong to the server, or keep a cache from answering."""


@dataclass(frozen=True)
class Asked:
    """A request as values.

    Attributes
    ----------
    query
        The values of the query, by name, with defaults.
    body
        The body as the endpoint's schema, or None where the endpoint has none.
    """

    query: dict[str, Any]
    body: Any


def read_request(endpoint: Endpoint, query: Mapping[str, Sequence[str]], body: bytes) -> Asked:
    """Check query and body of a request.

    Raises
    ------
    InvalidInputError
        With all that is wrong.
    TooLargeError
    """
    return Asked(_read_query(endpoint, query), _read_body(endpoint, body))


def _read_query(endpoint: Endpoint, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    # A bare number is what JupyterLab appends to keep a browser's cache from answering.
    values = {name: list(texts) for name, texts in given.items() if name not in NOT_OURS and not name.isdigit()}
    if endpoint.query is None:
        if values:
            raise InvalidInputError(f"There is nothing to choose with {_listed(values)} here: leave it out.")
        return {}
    schema = schema_named(endpoint.query)
    several = {name for name, field in schema.model_fields.items() if typing.get_origin(field.annotation) is list}
    for name, texts in values.items():
        if len(texts) > 1 and name not in several:
            raise InvalidInputError(f"{name[:80]!a} is given {len(texts)} times; give it once.", name=name[:80])
    checked = _check(
        schema,
        lambda: schema.model_validate({name: texts if name in several else texts[0] for name, texts in values.items()}),
    )
    return {name: getattr(checked, name) for name in schema.model_fields}


def _read_body(endpoint: Endpoint, body: bytes) -> Any:
    if len(body) > MAX_BODY:
        raise TooLargeError(
            f"The request has {len(body):,} bytes; at most {MAX_BODY:,} are read. Was another file meant?",
            size=len(body),
            limit=MAX_BODY,
        )
    if endpoint.body is None:
        return None
    schema = schema_named(endpoint.body)
    return _check(schema, lambda: schema.model_validate_json(body))


def _check(schema: type[BaseModel], read: typing.Callable[[], BaseModel]) -> BaseModel:
    from pydantic import ValidationError

    try:
        return read()
    except ValidationError as error:
        raise _refusal(error, list(schema.model_fields)) from None


def _refusal(error: ValidationError, known: list[str]) -> InvalidInputError:
    problems = [
        {"where": ".".join(str(part)[:80] for part in problem["loc"]), "what": _words(problem, known)}
        for problem in error.errors(include_url=False, include_context=False, include_input=False)[:20]
    ]
    sentences = "; ".join(f"{p['where']!a}: {p['what']}" if p["where"] else p["what"] for p in problems[:3])
    more = f" (and {error.error_count() - 3} more)" if error.error_count() > 3 else ""
    return InvalidInputError(f"The request cannot be understood. {sentences}{more}.", problems=problems)


def _words(problem: Mapping[str, Any], known: list[str]) -> str:
    if problem["type"] == "json_invalid":
        return f"the body is not JSON: {problem['msg'].removeprefix('Invalid JSON: ')}"
    if problem["type"] == "extra_forbidden":
        return f"it is not known here; known are {', '.join(known)}"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(ascii(name[:80]) for name in list(values)[:5])
