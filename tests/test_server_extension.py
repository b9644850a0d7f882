"""The server extension: enabled by being installed, closed to strangers, with one form for all errors."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.store import finish
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import User
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import JupyterServerAuthWarning
from kernel_channel import SPECIFICATION, write_kernel_channel
from tornado.httpclient import HTTPClientError, HTTPResponse

import jupyter_envstore
from jupyter_envstore.background import command_for
from jupyter_envstore.errors import NameTakenError
from jupyter_envstore.handlers.status import StatusHandler
from jupyter_envstore.store import EnvStore

Fetch = Callable[..., Awaitable[HTTPResponse]]


class NobodyMayUseTheStore(Authorizer):
    """Lets every user do everything but use the store."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Refuse the resource of this extension."""
        return resource != "envstore"


@pytest.fixture
def server_settings() -> dict[str, Any]:
    return {}


@pytest.fixture
def jp_server_config(tmp_path: Path, server_settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyter_envstore": True},
            "allow_unauthenticated_access": False,
            **server_settings,
        },
        "EnvStore": {"root_dir": str(tmp_path / "store")},
    }


async def test_the_status_names_version_and_store(jp_fetch: Fetch, tmp_path: Path) -> None:
    response = await jp_fetch("envstore", "status")

    status = json.loads(response.body)
    assert (status["version"], status["store"]) == (jupyter_envstore.__version__, str(tmp_path / "store"))
    assert status["platform"] in status["platforms"]
    assert (status["default_namespace"], status["default_channels"]) == ("local", ["conda-forge"])
    assert status["problem"] is None
    assert response.headers["Content-Type"].startswith("application/json")


async def test_the_status_has_a_command_for_a_shell_that_knows_nothing(jp_fetch: Fetch, tmp_path: Path) -> None:
    status = json.loads((await jp_fetch("envstore", "status")).body)

    assert status["command"][1:] == ["--store", str(tmp_path / "store")]
    done = subprocess.run(
        [*status["command"], "list"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert f"There is no store in {tmp_path / 'store'}." in done.stderr


def test_the_command_names_no_store_where_that_is_the_usual_one(data_dir: Path, tmp_path: Path) -> None:
    assert command_for(EnvStore()) == [str(Path(sys.executable).parent / "jupyter-envstore")]
    assert command_for(EnvStore(root_dir=str(data_dir / "envstore")))[1:] == []
    assert command_for(EnvStore(root_dir=str(tmp_path / "a b")))[1:] == ["--store", str(tmp_path / "a b")]


async def test_a_server_whose_user_never_asks_for_it_makes_no_store(
    jp_fetch: Fetch, jp_serverapp: ServerApp, tmp_path: Path
) -> None:
    await jp_serverapp.extension_manager.start_all_extensions()  # type: ignore[no-untyped-call]
    await jp_fetch("envstore", "status")
    await jp_fetch("envstore", "openapi.json")

    assert not (tmp_path / "store").exists()


async def test_nobody_is_let_in_without_login(jp_fetch: Fetch) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("envstore", "status", headers={"Authorization": "token wrong"})

    assert caught.value.code == 403
    assert caught.value.response is not None
    answer = json.loads(caught.value.response.body)
    assert answer["code"] == "not_logged_in"
    assert "Log in again" in answer["message"]
    assert set(answer) == {"message", "code", "details"}


@pytest.mark.parametrize("server_settings", [{"authorizer_class": NobodyMayUseTheStore}])
async def test_the_authorizer_is_asked_about_the_store(jp_fetch: Fetch) -> None:
    await jp_fetch("api", "contents")
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("envstore", "status")

    assert caught.value.code == 403
    assert caught.value.response is not None
    assert json.loads(caught.value.response.body)["code"] == "not_allowed"


async def test_an_error_of_the_store_keeps_its_code_status_and_details(
    jp_fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: StatusHandler, *_: object) -> None:
        raise NameTakenError("local/geo exists. Choose another name.", name="geo")

    monkeypatch.setattr(StatusHandler, "answer", fail)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("envstore", "status")

    assert caught.value.code == 409
    assert caught.value.response is not None
    assert json.loads(caught.value.response.body) == {
        "message": "local/geo exists. Choose another name.",
        "code": "name_taken",
        "details": {"name": "geo"},
    }


async def test_an_unforeseen_exception_tells_the_client_no_secret(
    jp_fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: StatusHandler, *_: object) -> None:
        raise RuntimeError("password hunter2")

    monkeypatch.setattr(StatusHandler, "answer", fail)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("envstore", "status")

    assert caught.value.code == 500
    assert caught.value.response is not None
    body = caught.value.response.body.decode()
    assert "hunter2" not in body
    assert json.loads(body)["code"] == "internal"


def test_every_endpoint_requires_authentication(jp_environ: None) -> None:
    app = ServerApp(
        allow_unauthenticated_access=False,
        jpserver_extensions={"jupyter_envstore": True},
        reraise_server_extension_failures=True,
    )
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        app.initialize(argv=[], find_extensions=False, new_httpserver=False)

    assert [str(item.message) for item in seen if issubclass(item.category, JupyterServerAuthWarning)] == []


async def test_a_kernel_that_is_asked_for_by_name_is_set_up(
    jp_fetch: Fetch, jp_serverapp: ServerApp, tmp_path: Path
) -> None:
    async def status(kernel: str) -> int:
        try:
            return (await jp_fetch("api", "kernelspecs", kernel)).code
        except HTTPClientError as error:
            return error.code

    pinned = "envstore-local--analysis--v1"
    assert await status(pinned) == 404
    assert not (tmp_path / "store").exists(), "asking makes no store"
    store: EnvStore = jp_serverapp.web_app.settings["envstore"]
    store.default_channels = [write_kernel_channel(tmp_path / "channel")]
    assert finish(store, store.builds.create("analysis", SPECIFICATION)).state == "ready"
    assert await status(pinned) == 200
    assert await status("envstore-local--analysis--v2") == 404
    (Path(store.kernels_dir) / "envstore-local--analysis--v1" / "kernel.json").write_text("{}")
    assert await status("envstore-local--analysis--v1--ir") == 200, "other kernels of the version are still there"
