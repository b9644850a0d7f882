"""Each list of the API costs the same number of statements, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, Fetch, server_config, small_home
from fixtures.catalog import build_version, queue
from fixtures.store import StoreHome
from jupyter_server.serverapp import ServerApp
from sqlalchemy import event

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.handlers.table import ENDPOINTS
from jupyter_envstore.store import EnvStore

ONE = ("environments", "local", "env0")
LISTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "environments": (("environments",), {}),
    "environments by name": (("environments",), {"search": "env"}),
    "environments by package": (("environments",), {"package": "python"}),
    "environments by range": (("environments",), {"package": "python >=1"}),
    "versions": ((*ONE, "versions"), {}),
    "packages of a version": ((*ONE, "versions", "1", "packages"), {"platform": "linux-64"}),
    "builds": (("builds",), {}),
    "builds of one environment": (("builds",), {"environment": "env0"}),
    "find": (("find",), {"package": "python"}),
    "find a range": (("find",), {"package": "python >=1"}),
}
ONES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "one environment": (ONE, {}),
    "one version": ((*ONE, "versions", "1"), {}),
}
ELSEWHERE = {
    "/envstore/packages",
    "/envstore/kernels",
    "/envstore/environments/{namespace}/{name}/versions/{version}/formats",
}
"""Lists that do not come out of the catalog: what channels have, which kernels run, and the formats that there are."""


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def quiet(jp_serverapp: ServerApp, jp_fetch: Fetch) -> Api:
    """The API of a server that does nothing but answer: it would build what is queued here, and ask for itself."""
    return Api(jp_fetch, jp_serverapp)


@contextmanager
def counted(catalog: Catalog) -> Iterator[list[str]]:
    """Collect the statements that run within the block, but for those that begin and end transactions."""
    engine = catalog._database.engine
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def count(api: Api, catalog: Catalog, path: tuple[str, ...], query: dict[str, str]) -> tuple[int, int]:
    """Return how many statements a request runs, and how many entries its answer has."""
    with counted(catalog) as seen:
        answer = await api.get(*path, **query)
    return len(seen), len(answer.get("items", [None]))


async def test_the_number_of_statements_does_not_depend_on_the_rows(quiet: Api) -> None:
    store: EnvStore = quiet.app.web_app.settings["envstore"]
    catalog = store.catalog
    build_version(catalog, "env0", names=("python", "numpy"))
    queue(catalog, "env0", kind="edit")
    few = {what: await count(quiet, catalog, *asked) for what, asked in {**LISTS, **ONES}.items()}
    for number in range(1, 12):
        build_version(catalog, f"env{number}", names=("python", f"package{number}"))
        build_version(catalog, "env0", kind="edit", names=("python", f"package{number}"))
        queue(catalog, f"env{number}", kind="edit")
    for what, asked in {**LISTS, **ONES}.items():
        statements, entries = await count(quiet, catalog, *asked)
        assert 1 <= statements == few[what][0] <= 6, what
        if what in LISTS and what != "packages of a version":
            assert entries > few[what][1], what


def test_every_list_of_the_api_is_counted() -> None:
    pages = {endpoint.path for endpoint in ENDPOINTS if endpoint.answer and endpoint.answer.startswith("Page[")}
    values = {"{namespace}": "local", "{name}": "env0", "{version}": "1"}
    concrete = {"/".join(values.get(part, part) for part in path.split("/")[2:]) for path in pages - ELSEWHERE}
    assert concrete == {"/".join(path) for path, _ in LISTS.values()}
