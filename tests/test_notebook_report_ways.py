"""The report on the command line, with a threshold for CI, and over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config
from fixtures.reports import ReportLab
from fixtures.store import StoreHome
from report_channel import code, notebook, report_home


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return report_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


def write(path: Path, *cells: str, **options: Any) -> Path:
    path.write_text(json.dumps(notebook(*cells, **options)))
    return path


# ---------------------------------------------------------------- command line


def test_a_report_needs_no_store_and_fails_for_ci(home: StoreHome, lab: ReportLab) -> None:
    bare = write(home.root / "bare.ipynb", "!pip install shap")
    done = home.run("notebook", "report", str(bare))
    assert done.returncode == 1, done.stderr
    assert "✕ Carries no lock." in done.stdout
    assert "✕ A cell installs packages. pip install shap (cell 1)." in done.stdout
    assert "Not checked: kernel, python, imports" in done.stdout
    assert "fetchable, age.\n" in done.stdout
    assert home.run("notebook", "report", str(bare), "--fail-on", "never").returncode == 0
    write(home.root / "carried.ipynb", "import frames\nimport own", carried=lab.carried)
    (home.root / "own.py").write_text("x = 1")
    done = home.run("notebook", "report", "carried.ipynb", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["grade"], report["failed"]) == (0, "look", 0)
    assert "Imports a file beside it" in [check["title"] for check in report["checks"]]
    assert home.run("notebook", "report", "carried.ipynb", "--fail-on", "look").returncode == 1
    idle = {**notebook(carried=lab.carried), "cells": [code("x = 1", None)]}
    (home.root / "idle.ipynb").write_text(json.dumps(idle))
    told = home.run("notebook", "report", "idle.ipynb").stdout
    assert "jupyter envstore notebook run idle.ipynb -o idle.ipynb\n" in told  # or the outputs are kept nowhere
    assert "fetchable (--fetch).\n" in told
    assert not home.store_dir.exists()


def test_each_repair_is_shown_as_a_command(home: StoreHome) -> None:
    assert home.run("create", "python-stub", "-n", "lab").returncode == 0
    write(home.root / "n.ipynb", "import shap, own, tools.maps", "open('/home/mira/x')")
    (home.root / "own.py").touch()
    (home.root / "tools").mkdir()
    done = home.run("notebook", "report", "n.ipynb")
    assert "jupyter envstore notebook embed n.ipynb --environment local/lab@1" in done.stdout
    assert "own (cell 1), tools.maps (cell 1) may be files of your own" in done.stdout
    assert "jupyter envstore edit local/lab --add shap\n" in done.stdout
    assert "jupyter envstore repair local/lab@1\n" in told_after_loss(home)
    written = {**notebook(), "cells": [code("x", 2)]}
    (home.root / "n.ipynb").write_text(json.dumps(written))
    assert "notebook run" not in home.run("notebook", "report", "n.ipynb").stdout  # on what, nobody can tell


def told_after_loss(home: StoreHome) -> str:
    """Return what the terminal says while the files of the kernel's version are gone."""
    prefix = Path(home.json("show", "lab")["prefix"])
    prefix.rename(prefix.with_name("elsewhere"))
    try:
        return home.run("notebook", "report", "n.ipynb").stdout
    finally:
        prefix.with_name("elsewhere").rename(prefix)


def test_what_is_no_notebook_is_said_in_words(home: StoreHome) -> None:
    (home.root / "x.ipynb").write_text("x")
    done = home.run("notebook", "report", "x.ipynb")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "x.ipynb is no Jupyter notebook: it is not JSON." in done.stderr
    missing = home.run("notebook", "report", "missing.ipynb", "--json")
    assert json.loads(missing.stdout)["code"] == "invalid_notebook"


# ---------------------------------------------------------------- HTTP


async def test_a_notebook_among_the_contents_is_reported_on(api: Api, jp_root_dir: Path, lab: ReportLab) -> None:
    folder = jp_root_dir / "work"
    folder.mkdir()
    write(folder / "n.ipynb", "import frames\nimport own", carried=lab.carried)
    (folder / "own.py").write_text("x = 1")
    answer = await api.ask("POST", "notebooks", "report", body={"path": "work/n.ipynb"})
    assert answer.status == 200, answer
    titles = {check["code"]: check["title"] for check in answer.body["checks"]}
    assert titles["imports"] == "Imports a file beside it"
    assert titles["carried"] == "Carries a lock"


async def test_a_notebook_that_is_being_edited_is_reported_on(api: Api, jp_root_dir: Path, lab: ReportLab) -> None:
    (jp_root_dir / "own").mkdir()
    content = notebook("!pip install shap\nimport own", carried=lab.carried)
    body = {"content": content, "folder": "", "kernel": "python3", "verify": True}
    answer = await api.ask("POST", "notebooks", "report", body=body)
    assert (answer.status, answer.body["grade"]) == (200, "fail")
    checks = {check["code"]: check for check in answer.body["checks"]}
    assert (checks["installs"]["grade"], checks["kernel"]["grade"]) == ("fail", "look")
    assert checks["imports"]["title"] == "Imports a file beside it"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_input"),
        ({"path": "", "content": {}}, "invalid_input"),
        ({"content": {}, "verify": 1}, "invalid_input"),
        ({"path": "missing.ipynb", "folder": ""}, "contents_unreadable"),
        ({"content": {}}, "invalid_notebook"),
        ({"path": "missing.ipynb"}, "contents_unreadable"),
    ],
)
async def test_bad_requests_are_answered_in_words(api: Api, body: Any, code: str) -> None:
    answer = await api.ask("POST", "notebooks", "report", body=body)
    assert (answer.status, answer.body["code"]) == (400, code)
