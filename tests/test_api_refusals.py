"""Odd requests: each gets the right status with words, a code and details, and leaves the server unharmed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fixtures.api import SMALL, Api, Fetch, server_config
from fixtures.store import StoreHome
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import User
from tornado.httpclient import HTTPClientError

from jupyter_envstore.handlers.status import StatusHandler

HUGE = "x" * 1_000_000
ENVIRONMENT = "environments/local/small"
QUERIES: list[tuple[str, str, str, int, str]] = [
    # method, path, query, status, code
    ("GET", "builds/999", "", 404, "build_not_found"),
    ("GET", "builds/999999999999999999", "", 404, "build_not_found"),
    ("GET", "builds/0", "", 400, "invalid_input"),
    ("GET", "builds/-1", "", 400, "invalid_input"),
    ("GET", "builds/99999999999999999999", "", 400, "invalid_input"),
    ("GET", "builds/one", "", 400, "invalid_input"),
    ("GET", "builds/1%2F2", "", 400, "invalid_input"),
    ("GET", "builds/%D9%A1", "", 400, "invalid_input"),
    ("DELETE", "builds/999", "", 404, "build_not_found"),
    ("POST", "builds/999/retry", "", 404, "build_not_found"),
    ("GET", "builds/999/log", "", 404, "build_not_found"),
    ("GET", "builds/999/log", "offset=-1", 400, "invalid_input"),
    ("GET", "builds/999/log", "offset=99999999999999999999999", 400, "invalid_input"),
    ("GET", "builds", "state=asleep", 400, "invalid_input"),
    ("GET", "builds", "environment=a/b/c", 400, "invalid_reference"),
    ("GET", "builds", "environment=gone", 404, "environment_not_found"),
    ("GET", "builds", "environment=gone@1", 400, "invalid_reference"),
    ("GET", "builds", "limit=-1", 400, "invalid_input"),
    ("GET", "environments", "limit=0", 400, "invalid_input"),
    ("GET", "environments", "limit=501", 400, "invalid_input"),
    ("GET", "environments", "limit=ten", 400, "invalid_input"),
    ("GET", "environments", "limit=", 400, "invalid_input"),
    ("GET", "environments", "limit=1e400", 400, "invalid_input"),
    ("GET", "environments", "limit=1&limit=2", 400, "invalid_input"),
    ("GET", "environments", "cursor=nonsense", 400, "invalid_input"),
    ("GET", "environments", "cursor=WzFd", 400, "invalid_input"),
    ("GET", "environments", "cursor=" + "W" * 300, 400, "invalid_input"),
    ("GET", "environments", "serach=small", 400, "invalid_input"),
    ("GET", "environments", "search=" + "x" * 50_000, 400, "invalid_input"),
    ("GET", "environments", "search=%FF", 400, "invalid_input"),
    ("GET", "environments/local/gone", "", 404, "environment_not_found"),
    ("GET", "environments/local/a%2F..%2Fb", "", 400, "invalid_name"),
    ("GET", "environments/local/a@1", "", 400, "invalid_name"),
    ("GET", "environments/local/%00", "", 400, "invalid_name"),
    ("GET", "environments/local/" + "x" * 20_000, "", 400, "invalid_name"),
    ("GET", "environments/lo--cal/small", "", 400, "invalid_name"),
    ("GET", "environments/local/%FF", "", 400, "invalid_input"),
    ("DELETE", "environments/local/gone", "", 404, "environment_not_found"),
    ("POST", "environments/local/gone/undelete", "", 404, "environment_not_found"),
    ("GET", "environments/local/gone/versions", "", 404, "environment_not_found"),
    ("GET", "environments/local/gone/versions/1", "", 404, "environment_not_found"),
    ("GET", "environments/local/gone/versions/zero", "", 400, "invalid_input"),
    ("GET", f"{ENVIRONMENT}/versions/7", "", 404, "version_not_found"),
    ("GET", f"{ENVIRONMENT}/versions/7/packages", "", 404, "version_not_found"),
    ("GET", f"{ENVIRONMENT}/versions/7/packages", "platform=amiga", 422, "platform_not_supported"),
    ("GET", f"{ENVIRONMENT}/versions/7/lockfile", "", 404, "version_not_found"),
    ("GET", f"{ENVIRONMENT}/versions/7/export/yaml", "", 404, "version_not_found"),
    ("GET", f"{ENVIRONMENT}/versions/7/export/floppy", "", 404, "not_found"),
    ("GET", "packages", "", 400, "invalid_input"),
    ("GET", "packages", "q=", 400, "invalid_input"),
    ("GET", "packages", "q=" + "x" * 200, 400, "invalid_input"),
    ("GET", "packages", "q=numpy&platform=amiga", 422, "platform_not_supported"),
    ("GET", "status", "nonsense=1", 400, "invalid_input"),
    ("GET", "nothing", "", 404, "not_found"),
    ("GET", "", "", 404, "not_found"),
    ("POST", "nothing/at/all", "", 404, "not_found"),
    ("PUT", "status", "", 405, "method_not_allowed"),
    ("DELETE", "environments", "", 405, "method_not_allowed"),
]
BODIES: list[tuple[str, str, bytes, int, str]] = [
    ("POST", "environments", b"", 400, "invalid_input"),
    ("POST", "environments", b"{", 400, "invalid_input"),
    ("POST", "environments", b"name: yaml\n", 400, "invalid_input"),
    ("POST", "environments", b"[]", 400, "invalid_input"),
    ("POST", "environments", b"null", 400, "invalid_input"),
    ("POST", "environments", b"\xff\xfe\x00", 400, "invalid_input"),
    ("POST", "environments", b"[" * 100_000, 400, "invalid_input"),
    ("POST", "environments", b'{"a":' * 100_000, 400, "invalid_input"),
    ("POST", "environments", b"{}", 400, "invalid_input"),
    ("POST", "environments", b'{"name": 1, "specification": ""}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "specification": 1}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "packages": "python"}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "packages": [["python"]]}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "packages": []}', 400, "invalid_specification"),
    ("POST", "environments", b'{"name": "x", "packages": ["python"], "specification": ""}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "specification": "", "channels": ["a"]}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "packages": ["python"], "colour": "red"}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "\\ud800", "packages": ["python"]}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "packages": ["python"], "message": "\\u0000"}', 400, "invalid_input"),
    ("POST", "environments", b'{"name": "x", "packages": ["python >>> 3"]}', 400, "invalid_specification"),
    ("POST", "environments", b'{"name": "x", "packages": ["python"], "platforms": ["amiga"]}', 422,
     "platform_not_supported"),
    ("POST", "environments", b'{"packages": ["python"]}', 400, "invalid_name"),
    ("POST", "environments", b'{"name": "a--b", "packages": ["python"]}', 400, "invalid_name"),
    ("POST", "environments", b'{"name": "x@3", "packages": ["python"]}', 400, "invalid_reference"),
    ("POST", "environments", b'{"name": "x", "specification": "not: [a, specification"}', 400,
     "invalid_specification"),
    ("POST", "environments", json.dumps({"name": HUGE, "packages": ["python"]}).encode(), 400, "invalid_input"),
    ("POST", "environments", json.dumps({"name": "x", "packages": ["python"] * 501}).encode(), 400, "invalid_input"),
    ("POST", "environments", json.dumps({"name": "x", "specification": HUGE * 2}).encode(), 400, "invalid_input"),
    ("POST", "environments", b" " * 5_000_000, 413, "too_large"),
    ("PATCH", ENVIRONMENT, b'{"description": "x"}', 404, "environment_not_found"),
    ("PATCH", ENVIRONMENT, b'{"active_version": 2}', 404, "environment_not_found"),
    ("PATCH", ENVIRONMENT, b'{"active_version": "2"}', 400, "invalid_input"),
    ("PATCH", ENVIRONMENT, b'{"active_version": 0}', 400, "invalid_input"),
    ("PATCH", ENVIRONMENT, b'{"active_version": 99999999999}', 400, "invalid_input"),
    ("PATCH", ENVIRONMENT, b'{"schedule": "daily"}', 400, "invalid_input"),
    ("PATCH", ENVIRONMENT, b'{}', 400, "invalid_input"),
    ("PATCH", ENVIRONMENT, b'{"description": null}', 400, "invalid_input"),
    ("POST", "specification/check", b'{"specification": null}', 400, "invalid_input"),
]  # fmt: skip


class OnlyTheStore(Authorizer):
    """Lets users use the store, and not read files."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Refuse contents."""
        return resource != "contents"


@pytest.fixture
def server_settings() -> dict[str, Any]:
    return {}


@pytest.fixture
def jp_server_config(home: StoreHome, server_settings: dict[str, Any]) -> dict[str, Any]:
    return server_config(home, **server_settings)


async def _send(fetch: Fetch, method: str, path: str, query: str, body: bytes | None) -> tuple[int, Any]:
    # The fixture would encode the path once more: what is tested must arrive as it is written.
    sent = b"" if body is None and method in ("POST", "PATCH", "PUT") else body
    try:
        response = await fetch(f"envstore/{path}?{query}", method=method, body=sent)
    except HTTPClientError as error:
        assert error.response is not None, error
        response = error.response
    return response.code, json.loads(response.body)


@pytest.fixture
def raw_fetch(http_server_client: Any, jp_auth_header: dict[str, str], jp_base_url: str) -> Fetch:
    """Fetch a path below the base URL that is encoded already."""

    def fetch(path: str, **options: Any) -> Any:
        return http_server_client.fetch(f"{jp_base_url}{path}", headers=jp_auth_header, **options)

    return fetch


async def test_odd_addresses_and_queries(api: Api, raw_fetch: Fetch) -> None:
    await api.create("small", "dependencies: [no-such-package]\n")
    for method, path, query, status, code in QUERIES:
        what = f"{method} {path[:60]}?{query[:60]}"
        got, body = await _send(raw_fetch, method, path, query, None)
        assert (got, body.get("code")) == (status, code), (what, body)
        assert set(body) == {"message", "code", "details"}, what
        assert len(body["message"].split()) > 3, (what, body)
        assert len(body["message"]) < 1000, what
    assert (await api.get("environments"))["total"] == 1


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), BODIES, ids=range(len(BODIES)))
async def test_odd_bodies(
    raw_fetch: Fetch, api: Api, method: str, path: str, body: bytes, status: int, code: str
) -> None:
    got, answer = await _send(raw_fetch, method, path, "", body)
    assert (got, answer.get("code", "")) == (status, code), answer
    if status >= 400:
        assert set(answer) == {"message", "code", "details"}
        assert len(json.dumps(answer)) < 5000
    assert (await api.get("environments"))["total"] == (1 if status == 202 else 0)


async def test_what_a_browser_and_a_proxy_add_to_a_query_is_ignored(raw_fetch: Fetch, api: Api) -> None:
    got, _ = await _send(raw_fetch, "GET", "environments", "1732271223123&_=5&no_track_activity=1", None)
    assert got == 200


async def test_an_unforeseen_exception_is_told_without_its_text_or_traceback(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: StatusHandler) -> None:
        raise RuntimeError("password hunter2")

    monkeypatch.setattr(StatusHandler, "_status", fail)
    answer = await api.ask("GET", "status")
    assert (answer.status, answer.body["code"]) == (500, "internal")
    assert "hunter2" not in json.dumps(answer.body)
    assert "Traceback" not in json.dumps(answer.body)
    assert "log" in answer.body["message"]


@pytest.mark.parametrize("server_settings", [{"authorizer_class": OnlyTheStore}])
async def test_who_may_not_read_files_may_not_read_them_through_the_store(api: Api, jp_root_dir: Any) -> None:
    (jp_root_dir / "environment.yml").write_text(SMALL)
    answer = await api.ask("POST", "environments", body={"path": "environment.yml"})
    assert (answer.status, answer.body["code"]) == (403, "not_allowed")
    assert (await api.get("environments"))["total"] == 0


async def test_a_store_that_cannot_be_used_is_told_in_words(home: StoreHome, api: Api) -> None:
    home.store_dir.write_text("a file is in the way")
    answer = await api.ask("GET", "environments")
    assert answer.status == 500
    assert answer.body["code"].startswith("store_")
    assert str(home.store_dir) in answer.body["message"]
    assert (await api.get("status"))["store"] == str(home.store_dir)
