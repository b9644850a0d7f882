"""Bad notebooks over HTTP: each gets an answer in words, and every other byte of the file stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bad_notebooks import FILES
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome

from jupyter_envstore.notebooks.text import NotebookText

ASKED: dict[str, dict[str, Any]] = {
    "embed": {"environment": "small"},
    "strip": {},
    "state": {},
    "restore": {"build": True, "pin": True},
    "report": {},
}


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def test_what_is_refused_in_a_terminal_is_refused_here(api: Api, jp_root_dir: Path) -> None:
    await api.built("environments", body={"name": "small", "specification": "dependencies: [tool]"})
    path = jp_root_dir / "n.ipynb"
    for name, (content, refused) in FILES.items():
        for what, more in ASKED.items():
            path.write_bytes(content)
            answer = await api.ask("POST", "notebooks", what, body={"path": path.name, **more})
            if what in refused:
                assert (400 <= answer.status < 500, path.read_bytes()) == (True, content), (name, what, answer)
                assert refused[what] in answer.body["message"], (name, what, answer)
                continue
            assert answer.status == 200, (name, what, answer)
            if what != "embed":
                assert path.read_bytes() == content, (name, what)
                continue
            stripped = NotebookText.read(path.read_bytes()).without_metadata("envstore")
            assert stripped.data == NotebookText.read(content).without_metadata("envstore").data, name


async def test_what_is_posted_is_never_a_servers_fault(api: Api) -> None:
    await api.built("environments", body={"name": "small", "specification": "dependencies: [tool]"})
    for content, _ in FILES.values():
        try:
            values = json.loads(content)
        except (ValueError, RecursionError):
            continue
        for what, more in {**ASKED, "record": {"environment": "small"}}.items():
            for part in ({"content": values}, {"metadata": values.get("metadata")} if isinstance(values, dict) else {}):
                answer = await api.ask("POST", "notebooks", what, body={**part, **more})
                assert answer.status < 500, (what, part, answer)
                assert answer.status == 200 or answer.body["code"], (what, part, answer)


async def test_an_environment_without_a_kernel_is_there_all_the_same(api: Api, jp_root_dir: Path) -> None:
    await api.built("environments", body={"name": "small", "specification": "dependencies: [tool]"})
    path = jp_root_dir / "n.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    await api.ask("POST", "notebooks", "embed", body={"path": path.name, "environment": "small"})
    before = path.read_bytes()
    done = await api.ask("POST", "notebooks", "restore", body={"path": path.name, "build": True, "pin": True})
    assert (done.status, done.body["environment"], done.body["kernel"]) == (200, "local/small@1", ""), done
    assert [remark["code"] for remark in done.body["carried"]["remarks"]] == ["kernel_not_registered"]
    assert path.read_bytes() == before
