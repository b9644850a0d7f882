"""Which version a kernel runs: the one it was started with, whatever became active since."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import PATIENCE, Api, Fetch, server_config
from fixtures.store import StoreHome
from jupyter_server.serverapp import ServerApp
from kernel_channel import LASTING_PROGRAM, SPECIFICATION, write_kernel_channel

ENVIRONMENT = ("environments", "local", "analysis")
KERNEL = "envstore-local--analysis"


@pytest.fixture
def jp_server_config(home: StoreHome, tmp_path: Path) -> dict[str, Any]:
    home.settings["default_channels"] = [write_kernel_channel(tmp_path / "kernel-channel", LASTING_PROGRAM)]
    return server_config(home)


@pytest.fixture
def api(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Api]:
    """The API; the programs that stand for kernels know no request to end, so they are killed."""
    yield api
    jp_asyncio_loop.run_until_complete(api.app.kernel_manager.shutdown_all(now=True))  # type: ignore[arg-type]


async def start(jp_fetch: Fetch, name: str) -> str:
    """Start a kernel and return its id."""
    answer = await jp_fetch("api", "kernels", method="POST", body=json.dumps({"name": name}))
    kernel: str = json.loads(answer.body)["id"]
    return kernel


async def running(api: Api, count: int) -> dict[str, tuple[str, int]]:
    """Return environment and version of all kernels by id, once so many have come so far as to tell theirs."""
    end = time.monotonic() + PATIENCE
    while True:
        page = await api.get("kernels")
        if page["total"] >= count:
            return {item["id"]: (item["environment"], item["version"]) for item in page["items"]}
        assert time.monotonic() < end, page
        await asyncio.sleep(0.05)


async def test_a_kernel_keeps_its_version_until_it_is_started_anew(api: Api, jp_fetch: Fetch) -> None:
    assert await api.get("kernels") == {"items": [], "next": None, "total": 0}
    await api.built("environments", body={"name": "analysis", "specification": SPECIFICATION})
    first = await start(jp_fetch, KERNEL)
    assert await running(api, 1) == {first: ("local/analysis", 1)}

    await api.built(*ENVIRONMENT, "versions", body={"add": ["demo=2"]})
    assert (await api.get(*ENVIRONMENT))["active_version"] == 2
    assert await running(api, 1) == {first: ("local/analysis", 1)}, "it still runs on what it was started with"

    second = await start(jp_fetch, f"{KERNEL}--ir")
    pinned = await start(jp_fetch, f"{KERNEL}--v1")
    versions = {kernel: version for kernel, (_, version) in (await running(api, 3)).items()}
    assert versions == {first: 1, second: 2, pinned: 1}


async def test_other_kernels_are_not_told_of(
    api: Api, jp_fetch: Fetch, jp_serverapp: ServerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.built("environments", body={"name": "analysis", "specification": SPECIFICATION})
    own = await start(jp_fetch, KERNEL)
    await running(api, 1)
    # A server that was started in a kernel of this store hands on that one's variables.
    prefix = (await api.get(*ENVIRONMENT, "versions", "1"))["prefix"]
    monkeypatch.setenv("CONDA_PREFIX", prefix)
    monkeypatch.setenv("JUPYTER_ENVSTORE_VERSION", "local/analysis@1")
    await start(jp_fetch, "python3")
    assert list(await running(api, 1)) == [own]

    await jp_serverapp.kernel_manager.shutdown_kernel(own, now=True)  # type: ignore[no-untyped-call]
    assert (await api.get("kernels"))["items"] == [], "it has ended"
