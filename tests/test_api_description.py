"""The OpenAPI document, the routes, the schemas and the TypeScript types say the same; nothing is open to strangers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, Fetch, server_config, small_home
from fixtures.store import StoreHome
from small_packages_channel import SMALL
from tornado.httpclient import HTTPClientError, HTTPResponse
from tornado.web import RequestHandler

from jupyter_envstore.handlers import ROUTES
from jupyter_envstore.handlers.describing import describe
from jupyter_envstore.handlers.endpoint import schema_named
from jupyter_envstore.handlers.table import ENDPOINTS

CHECKOUT = Path(__file__).resolve().parent.parent
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPERATIONS = [(method.upper(), path) for path, item in describe()["paths"].items() for method in item]


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def test_the_document_is_what_the_server_gives_out(api: Api, jp_base_url: str) -> None:
    document = await api.get("openapi.json")
    assert document == describe(jp_base_url)
    assert document["openapi"] == "3.1.0"


def test_each_operation_has_a_handler_and_each_handler_an_operation() -> None:
    described = set(OPERATIONS)
    assert described == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    offered = set()
    for endpoint in ENDPOINTS:
        for method in METHODS:
            own = getattr(endpoint.handler, method.lower())
            if own is not getattr(RequestHandler, method.lower()):
                offered.add((method, endpoint.path))
    assert offered == described
    patterns = [pattern for pattern, _, _ in ROUTES]
    for method, path in OPERATIONS:
        concrete = re.sub(r"\{\w+\}", "1", path)
        first = next(number for number, pattern in enumerate(patterns) if re.fullmatch(pattern, concrete))
        assert method in ROUTES[first][2]["endpoints"], f"{method} {path} is hidden by {patterns[first]}"


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = describe()
    known = document["components"]["schemas"]
    for reference in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)):
        assert reference in known
    identifiers = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(identifiers)) == len(identifiers)


def test_every_schema_that_the_table_names_exists() -> None:
    for endpoint in ENDPOINTS:
        for name in (endpoint.answer, endpoint.query, endpoint.body):
            assert name is None or schema_named(name)


REFUSED = {
    ("POST", "/envstore/environments/{namespace}/{name}/versions/{version}/kernel"): "kernel_not_registered",
}
"""What cannot be done in the store below: its packages have no kernel."""


async def test_answers_are_what_the_document_says(api: Api) -> None:
    environment = ("environments", "local", "small")
    await api.built("environments", body={"name": "small", "specification": SMALL})
    await api.built(*environment, "versions", body={"add": ["extra"]})
    build = await api.create("broken", "dependencies: [no-such-package]\n")
    await api.ended(build["id"])
    preview = await api.ask("POST", "preview", body={"environment": "small", "add": ["other"]})
    check = await api.ask("POST", *environment, "versions", "1", "platforms", body={"platforms": ["osx-arm64"]})
    lockfile = await api.get(*environment, "versions", "1", "lockfile")
    held = await api.ask("POST", "notebooks", "embed", body={"metadata": {}, "environment": "small@1"})
    carrying = {"metadata": {"envstore": held.body["metadata"]}}
    await api.ask("DELETE", *environment)
    values = {
        "namespace": "local", "name": "small", "version": "1", "build": str(build["id"]), "format": "yaml",
        "package": "tool", "preview": preview.body["id"], "check": check.body["id"],
        "module": "tool",
    }  # fmt: skip
    one = "/envstore/environments/{namespace}/{name}"
    queries = {
        "/envstore/packages": {"q": "too"},
        "/envstore/find": {"package": "tool"},
        f"{one}/versions/{{version}}/diff": {"against": "2"},
    }
    bodies: dict[tuple[str, str], Any] = {
        ("POST", "/envstore/environments"): {"name": "other", "packages": ["tool"]},
        ("PATCH", one): {"description": "x"},
        ("POST", f"{one}/clone"): {"name": "copy"},
        ("POST", f"{one}/rename"): {"name": "Small"},
        ("POST", f"{one}/versions"): {"add": ["lib"]},
        ("PATCH", f"{one}/versions/{{version}}"): {"message": "x"},
        ("POST", f"{one}/versions/{{version}}/platforms"): {"platforms": ["osx-64"]},
        ("POST", "/envstore/preview"): {"environment": "small", "add": ["lib"]},
        ("POST", "/envstore/collect"): {},
        ("POST", "/envstore/specification/check"): {"specification": "dependencies: [tool]"},
        ("POST", "/envstore/specification/edit"): {"specification": "dependencies: [tool]", "add": ["lib"]},
        ("POST", "/envstore/lockfile/check"): {"lockfile": lockfile},
        ("POST", "/envstore/import"): {"name": "imported", "content": lockfile},
        ("POST", "/envstore/notebooks/report"): {"content": {"cells": [], "metadata": {}, "nbformat": 4}},
        ("POST", "/envstore/notebooks/embed"): {"metadata": {}, "environment": "small@1"},
        ("POST", "/envstore/notebooks/strip"): carrying,
        ("POST", "/envstore/notebooks/record"): {**carrying, "environment": "small@1", "counts": [1]},
        ("POST", "/envstore/notebooks/state"): carrying,
        ("POST", "/envstore/notebooks/restore"): carrying,
    }
    order = sorted(ENDPOINTS, key=lambda endpoint: (endpoint.method == "DELETE", "undelete" not in endpoint.path))
    order.sort(key=lambda endpoint: (endpoint.method, endpoint.path) == ("DELETE", one))
    for endpoint in order:
        path = [values[part[1:-1]] if part.startswith("{") else part for part in endpoint.path.split("/")[2:]]
        what = (endpoint.method, endpoint.path)
        if endpoint.method == "DELETE":  # which is refused while a build works with it
            for begun in (await api.get("builds"))["items"]:
                await api.ended(begun["id"])
        answer = await api.ask(endpoint.method, *path, body=bodies.get(what), **queries.get(endpoint.path, {}))
        if what in REFUSED:
            assert schema_named("ErrorReport").model_validate(answer.body).code == REFUSED[what]  # type: ignore[attr-defined]
            continue
        later = endpoint.accepted is not None and answer.status == 202
        assert later or answer.status == endpoint.status, (what, answer)
        named = endpoint.accepted if later else endpoint.answer
        if named:
            schema_named(named).model_validate(answer.body)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_nobody_is_let_in_without_login(jp_fetch: Fetch, method: str, path: str) -> None:
    sent = "{}" if method in ("POST", "PUT", "PATCH") else None
    parts = re.sub(r"\{\w+\}", "1", path)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(parts, method=method, body=sent, headers={"Authorization": "token wrong"})
    assert caught.value.code in (401, 403)
    assert caught.value.response is not None
    assert set(json.loads(caught.value.response.body)) == {"message", "code", "details"}


async def test_nothing_below_our_address_is_open_to_strangers(jp_fetch: Fetch) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("envstore", "nothing", headers={"Authorization": "token wrong"})
    assert caught.value.code == 403


async def test_a_browser_that_logged_in_needs_the_token_against_forgery(
    jp_serverapp: Any, http_server_client: Any, jp_base_url: str
) -> None:
    """As a browser does it: log in, keep the cookies, send the one against forgery as a header too."""
    token = jp_serverapp.identity_provider.token

    async def send(path: str, **options: Any) -> HTTPResponse:
        answer: HTTPResponse = await http_server_client.fetch(f"{jp_base_url}{path}", raise_error=False, **options)
        return answer

    cookies: dict[str, str] = {}
    for answer in [
        await send("login", follow_redirects=False),
        await send(f"login?token={token}", follow_redirects=False),
    ]:
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            cookies[name] = value
    jar = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = json.dumps({"specification": "dependencies: [python]"})

    async def check(headers: dict[str, str]) -> tuple[int, str | None]:
        answer = await send("envstore/specification/check", method="POST", body=body, headers=headers)
        return answer.code, json.loads(answer.body).get("code")

    assert (await send("envstore/environments", headers=jar)).code == 200
    assert await check(jar) == (403, "stale_page")
    assert await check({**jar, "X-XSRFToken": cookies["_xsrf"]}) == (200, None)
    assert await check({"Cookie": f"_xsrf={cookies['_xsrf']}", "X-XSRFToken": cookies["_xsrf"]}) == (
        403,
        "not_logged_in",
    )


def test_the_types_of_the_front_end_are_those_of_the_server() -> None:
    command = [sys.executable, str(CHECKOUT / "tools" / "generate_types.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
