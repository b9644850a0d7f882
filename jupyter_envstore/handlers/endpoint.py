"""One endpoint of the API as data: what it takes and what it answers, by the names of schemas.

Both the server's routes and the OpenAPI document come from these. Schemas are named and not imported, so that a
server whose user never opens the panel does not load them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_envstore.handlers.base import EnvStoreHandler

if TYPE_CHECKING:
    from pydantic import BaseModel

_PART = re.compile(r"\{(\w+)\}")
_PAGE = re.compile(r"Page\[(\w+)\]")


@dataclass(frozen=True)
class Endpoint:
    """What one method of one path does.

    Attributes
    ----------
    method, path
        ``GET`` and the like; the path below the server's base URL, with its variable parts in braces.
    handler
        Its class, which has a method of that name.
    summary
        What it is for, in one line.
    answer
        Name of the answer's schema, ``Page[Name]``, or None when the answer is no fixed schema.
    status
        Of an answer that is no error.
    accepted
        Name of the schema of an answer 202, which may be given instead: the work goes on. None when it never is.
    query, body
        Names of the schemas of the query and of the body.
    media
        Media type of the answer.
    """

    method: str
    path: str
    handler: type[EnvStoreHandler]
    summary: str
    answer: str | None = None
    status: int = 200
    query: str | None = None
    body: str | None = None
    media: str = "application/json"
    accepted: str | None = None

    @property
    def parts(self) -> list[str]:
        """The names of the path's variable parts."""
        return _PART.findall(self.path)

    @property
    def pattern(self) -> str:
        """The path as a regular expression; each variable part is one segment of the URL."""
        return _PART.sub(r"(?P<\1>[^/]+)", self.path.replace(".", r"\."))


def schema_named(name: str) -> type[BaseModel]:
    """Return the schema of that name; the first call loads all of them."""
    from jupyter_envstore import schemas
    from jupyter_envstore.schemas import queries, requests

    page = _PAGE.fullmatch(name)
    if page:
        item: Any = schema_named(page[1])
        return schemas.Page[item]
    module = next(module for module in (queries, requests, schemas) if hasattr(module, name))
    found: type[BaseModel] = getattr(module, name)
    return found


def routes_of(endpoints: list[Endpoint]) -> list[tuple[str, type[EnvStoreHandler], dict[str, Any]]]:
    """Return what the server wants: a pattern, its handler, and for this one the endpoints by method."""
    routes: dict[str, tuple[str, type[EnvStoreHandler], dict[str, Any]]] = {}
    for endpoint in endpoints:
        _, _, given = routes.setdefault(endpoint.path, (endpoint.pattern, endpoint.handler, {"endpoints": {}}))
        given["endpoints"][endpoint.method] = endpoint
    return list(routes.values())
