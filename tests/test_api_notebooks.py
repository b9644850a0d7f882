"""Notebooks over HTTP: on a contents path, posted whole, or their metadata alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, Fetch, server_config, small_home
from fixtures.store import StoreHome
from kernel_channel import SPECIFICATION, write_kernel_channel

KERNEL = "envstore-local--analysis"


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    place = small_home(tmp_path)
    place.settings["default_channels"] = [write_kernel_channel(tmp_path / "kernel-channel")]
    place.settings["kernels_dir"] = str(place.kernels_dir)
    return place


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def make(api: Api) -> None:
    """Build the environment ``analysis``."""
    await api.built("environments", body={"name": "analysis", "specification": SPECIFICATION})


def notebook(**metadata: Any) -> dict[str, Any]:
    return {"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def as_nbformat(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


async def test_a_file_is_embedded_looked_at_and_stripped(api: Api, jp_root_dir: Path) -> None:
    await make(api)
    file = jp_root_dir / "work" / "report.ipynb"
    file.parent.mkdir()
    before = as_nbformat(notebook(kernelspec={"name": KERNEL, "language": "R"}, title="é"))
    file.write_bytes(before)
    where = {"path": "work/report.ipynb"}
    none = await api.ask("POST", "notebooks", "state", body=where)
    assert (none.status, none.body["state"], none.body["environment"]) == (200, "none", "local/analysis@1")

    done = await api.ask("POST", "notebooks", "embed", body=where)
    assert done.status == 200, done
    held = json.loads(file.read_bytes())["metadata"]["envstore"]
    assert (done.body["changed"], done.body["environment"]) == (True, "local/analysis@1")
    assert done.body["metadata"] == held
    assert done.body["content"] is None
    state = await api.ask("POST", "notebooks", "state", body=where)
    assert state.body["state"] == "agrees"
    first = file.stat().st_mtime_ns
    again = await api.ask("POST", "notebooks", "embed", body=where)
    assert (again.status, again.body["changed"], file.stat().st_mtime_ns) == (200, False, first)

    pinned = await api.ask("POST", "notebooks", "restore", body={**where, "build": True, "pin": True})
    assert (pinned.status, pinned.body["build"]) == (200, None)
    assert (pinned.body["environment"], pinned.body["kernel"]) == ("local/analysis@1", f"{KERNEL}--v1--ir")
    assert json.loads(file.read_bytes())["metadata"]["kernelspec"]["name"] == f"{KERNEL}--v1--ir"

    stripped = await api.ask("POST", "notebooks", "strip", body=where)
    assert (stripped.status, stripped.body["changed"], stripped.body["metadata"]) == (200, True, None)
    assert "envstore" not in json.loads(file.read_bytes())["metadata"]


async def test_a_notebook_that_is_open_is_not_written(api: Api, jp_root_dir: Path, jp_fetch: Fetch) -> None:
    await make(api)
    held = await api.ask("POST", "notebooks", "embed", body={"metadata": {}, "environment": "analysis"})
    file = jp_root_dir / "course" / "report.ipynb"
    file.parent.mkdir()
    before = as_nbformat(notebook(envstore=held.body["metadata"], kernelspec={"name": "python3"}))
    file.write_bytes(before)
    session = {"path": "course/report.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}}
    opened = json.loads((await jp_fetch("api", "sessions", method="POST", body=json.dumps(session))).body)
    try:
        for what, more in (
            ("embed", {"environment": "analysis"}),
            ("strip", {}),
            ("restore", {"build": True, "pin": True}),
        ):
            for path in ("/course/report.ipynb", "course//report.ipynb"):
                refused = await api.ask("POST", "notebooks", what, body={"path": path, **more})
                assert (refused.status, refused.body["code"]) == (409, "notebook_open"), refused
                assert file.read_bytes() == before
        assert (await api.ask("POST", "notebooks", "state", body={"path": "course/report.ipynb"})).status == 200
    finally:
        await jp_fetch("api", "sessions", opened["id"], method="DELETE")
    stripped = await api.ask("POST", "notebooks", "strip", body={"path": "course/report.ipynb"})
    assert (stripped.status, stripped.body["changed"]) == (200, True)


async def test_metadata_alone_is_enough_for_one_that_is_open(api: Api) -> None:
    await make(api)
    done = await api.ask("POST", "notebooks", "embed", body={"metadata": {"kernelspec": {"name": KERNEL}}})
    assert done.status == 200, done
    held = done.body["metadata"]
    assert held["environment"] == {"namespace": "local", "name": "analysis", "version": 1}
    state = await api.ask("POST", "notebooks", "state", body={"metadata": {"envstore": held}, "kernel": KERNEL})
    assert state.body["state"] == "agrees"
    posted = await api.ask("POST", "notebooks", "strip", body={"content": notebook(envstore=held, a=1)})
    assert posted.body["content"] == notebook(a=1)


async def test_another_server_builds_what_is_carried(api: Api) -> None:
    await make(api)
    held = (await api.ask("POST", "notebooks", "embed", body={"metadata": {}, "environment": "analysis"})).body
    removed = await api.ask("DELETE", "environments", "local", "analysis")
    assert removed.status == 200
    body = {"metadata": {"envstore": held["metadata"]}, "file": "work/report.ipynb"}
    told = await api.ask("POST", "notebooks", "restore", body=body)
    assert (told.status, told.body["build"]) == (200, None)
    carried = told.body["carried"]
    assert (carried["name"], carried["locked"], carried["valid"], carried["existing"]) == ("analysis", True, True, [])
    costs = {name: carried[name] for name in ("here", "download", "unknown_sizes", "size_is_estimated")}
    assert costs == {"here": 1, "download": 0, "unknown_sizes": 0, "size_is_estimated": False}
    assert carried["size_on_disk"] > carried["size"] > 0
    sized = await api.ask("POST", "notebooks", "restore", body={**body, "sizes": True})
    assert (sized.status, sized.body) == (200, told.body)
    asked = await api.ask("POST", "notebooks", "restore", body={**body, "build": True, "name": "again"})
    assert asked.status == 202, asked
    build = asked.body["build"]
    assert asked.headers["Location"].endswith(f"/envstore/builds/{build['id']}")
    assert build["kind"] == "restore"
    await api.until(build["id"], "ready")
    found = await api.ask("POST", "notebooks", "restore", body={**body, "build": True})
    assert (found.status, found.body["environment"], found.body["kernel"]) == (
        200, "local/again@1", "envstore-local--again--v1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid_input"),
        ({"path": "x.ipynb", "metadata": {}}, 400, "contents_unreadable"),
        ({"content": {"nbformat": 4}}, 400, "invalid_notebook"),
        ({"content": {}, "metadata": {}}, 400, "invalid_input"),
        ({"path": "../x.ipynb"}, 400, "contents_unreadable"),
        ({"path": "work"}, 400, "contents_unreadable"),
        ({"path": "broken.ipynb"}, 400, "invalid_notebook"),
        ({"metadata": {}}, 422, "nothing_carried"),
        ({"metadata": {"envstore": {"schema": 1, "lockfile": {}, "sha256": "0"}}}, 400, "lock_changed"),
        ({"metadata": {"uv": {"dependencies": ["x @ https://h.example/x.whl"]}}}, 400, "invalid_specification"),
        ({"metadata": {"conda": {"dependencies": ["a"], "channels": ["h"]}}, "build": True}, 422, "not_allowed"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(
    api: Api, jp_root_dir: Path, body: Any, status: int, code: str
) -> None:
    (jp_root_dir / "work").mkdir()
    (jp_root_dir / "broken.ipynb").write_text("{")
    refused = await api.ask("POST", "notebooks", "restore", body=body)
    assert (refused.status, refused.body["code"]) == (status, code), refused
    assert (await api.get("builds"))["total"] == 0


# ---------------------------------------------------------------- the record of a run


async def test_a_run_is_recorded_with_the_version_that_its_kernel_was_started_with(
    api: Api, home: StoreHome, jp_root_dir: Path
) -> None:
    await make(api)
    body = {"metadata": {"title": "a"}, "environment": "analysis@1", "counts": [1, 2]}
    done = await api.ask("POST", "notebooks", "record", body=body)
    assert (done.status, done.body["changed"], done.body["environment"]) == (200, True, ""), done
    lock = home.json("show", "analysis@1")["lock"]
    run = done.body["metadata"]["run"]
    assert set(done.body["metadata"]) == {"schema", "run"}
    assert (run["lock"], run["in_order"], run["machine"]["platform"]) == (lock, True, "linux-64")
    # It says nothing of what is carried, and is taken out with it.
    metadata = {"title": "a", "envstore": done.body["metadata"]}
    state = await api.ask("POST", "notebooks", "state", body={"metadata": metadata})
    assert state.body["state"] == "none"
    stripped = await api.ask("POST", "notebooks", "strip", body={"content": notebook(**metadata)})
    assert stripped.body["content"] == notebook(title="a")

    held = (await api.ask("POST", "notebooks", "embed", body={"metadata": metadata, "environment": "analysis"})).body
    assert held["metadata"]["run"] == run
    carrying = {"metadata": {"envstore": held["metadata"]}, "environment": "analysis"}
    again = await api.ask("POST", "notebooks", "record", body={**carrying, "counts": [1, 3]})
    assert (again.body["environment"], again.body["metadata"]["run"]["in_order"]) == ("local/analysis@1", False)
    assert again.body["metadata"]["lockfile"] == held["metadata"]["lockfile"]

    cells = [{"cell_type": "code", "source": "1", "execution_count": 1}, {"cell_type": "code", "source": []}]
    file = jp_root_dir / "ran.ipynb"
    file.write_bytes(as_nbformat({**notebook(), "cells": cells}))
    written = await api.ask("POST", "notebooks", "record", body={"path": "ran.ipynb", "environment": "analysis"})
    assert (written.status, written.body["changed"]) == (200, True), written
    assert json.loads(file.read_bytes())["metadata"]["envstore"]["run"]["in_order"] is True


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"metadata": {}, "counts": [1]}, 400, "invalid_input"),
        ({"metadata": {}, "environment": "analysis"}, 400, "invalid_input"),
        ({"metadata": {}, "environment": "analysis", "counts": ["1"]}, 400, "invalid_input"),
        ({"content": notebook(), "environment": "analysis", "counts": [1]}, 400, "invalid_input"),
        ({"metadata": {}, "environment": "no-such", "counts": [1]}, 404, "environment_not_found"),
    ],
)
async def test_what_cannot_be_recorded_is_refused_in_words(api: Api, body: Any, status: int, code: str) -> None:
    refused = await api.ask("POST", "notebooks", "record", body=body)
    assert (refused.status, refused.body["code"]) == (status, code), refused
