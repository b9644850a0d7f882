"""``jupyter envstore notebook embed, strip, state`` and ``restore``."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import small_home
from fixtures.store import StoreHome
from kernel_channel import SPECIFICATION, write_kernel_channel

from jupyter_envstore.cli.notebook_words import state_lines
from jupyter_envstore.schemas import NotebookState, PackageChange, PlatformChanges, Why

KERNEL = "envstore-local--analysis"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> StoreHome:
    """A home whose store has the environment ``analysis``."""
    folder = tmp_path_factory.mktemp("notebooks")
    place = small_home(folder)
    place.settings["default_channels"] = [write_kernel_channel(folder / "kernel-channel")]
    (place.root / "environment.yml").write_text(SPECIFICATION)
    place.json("create", "-f", "environment.yml")
    return place


@pytest.fixture
def other(tmp_path: Path, home: StoreHome) -> StoreHome:
    """Another person's home, whose store is empty."""
    place = StoreHome(tmp_path / "other", dict(home.settings, conda_environments_file=""))
    place.root.mkdir()
    return place


def write(path: Path, **metadata: Any) -> Path:
    document = {"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    return path


def test_embed_state_and_strip(home: StoreHome, tmp_path: Path) -> None:
    path = write(tmp_path / "report.ipynb", kernelspec={"name": KERNEL, "language": "python"})
    before = path.read_bytes()
    none = home.run("notebook", "state", str(path), "--check")
    assert (none.returncode, none.stdout) == (1, f"{path} carries no environment.\n")
    done = home.run("notebook", "embed", str(path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{path} carries local/analysis@1, for linux-64 (")
    told = home.json("notebook", "embed", str(path))
    assert (told["changed"], told["environment"], told["path"]) == (False, "local/analysis@1", str(path))
    agrees = home.run("notebook", "state", str(path), "--check")
    assert (agrees.returncode, agrees.stdout) == (
        0,
        f"{path} carries local/analysis@1, which is what its kernel starts.\n",
    )
    assert home.json("notebook", "state", str(path), "--kernel", "python3")["state"] == "differs"
    elsewhere = tmp_path / "stripped.ipynb"
    assert home.json("notebook", "strip", str(path), "-o", str(elsewhere))["changed"]
    assert elsewhere.read_bytes() == before != path.read_bytes()


def test_git_keeps_notebooks_without_it(home: StoreHome, tmp_path: Path) -> None:
    """The filter that the guide describes."""
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / ".gitattributes").write_text("*.ipynb filter=envstore\n")
    path = write(repository / "report.ipynb")
    before = path.read_bytes()
    assert home.run("notebook", "embed", str(path), "--environment", "analysis").returncode == 0
    command = " ".join(home.command("notebook", "strip", "-"))
    environ = {**os.environ, "HOME": str(tmp_path), "JUPYTER_ENVSTORE_DIR": str(tmp_path / "there-is-no-store")}

    def git(*arguments: str) -> bytes:
        done = subprocess.run(["git", *arguments], cwd=repository, env=environ, capture_output=True, check=True)
        return done.stdout

    git("init", "--quiet")
    git("config", "filter.envstore.clean", command)
    git("config", "filter.envstore.required", "true")
    git("add", ".")
    assert git("show", ":report.ipynb") == before
    assert b"lockfile" in path.read_bytes()
    assert not (tmp_path / "there-is-no-store").exists()


def test_restore_says_what_it_carries_and_builds_it_once(home: StoreHome, other: StoreHome, tmp_path: Path) -> None:
    path = write(tmp_path / "my report.ipynb", kernelspec={"name": "ir", "language": "R"})
    assert home.run("notebook", "embed", str(path), "--environment", "analysis").returncode == 0
    before = path.read_bytes()
    missing = other.run("notebook", "state", str(path), "--store", str(tmp_path / "none"))
    way = f"jupyter envstore --store {tmp_path / 'none'} notebook restore '{path}'"
    assert missing.stdout == f"{path} carries local/analysis@1, which is not here. To have it: {way}\n"
    told = other.run("notebook", "restore", str(path), "--dry-run")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[0].startswith("It carries local/analysis@1, locked 20")
    assert "  packages   1 package for linux-64" in told.stdout
    assert re.search(r"^  download   \d.* k?B, 0 of 1 packages are already here$", told.stdout, re.MULTILINE)
    assert re.search(r"^  on disk    about \d.* k?B$", told.stdout, re.MULTILINE)
    assert f"  channel    {home.settings['default_channels'][0]}" in told.stdout
    assert path.read_bytes() == before

    done = other.run("notebook", "restore", str(path))
    assert done.returncode == 0, done.stderr
    assert f"local/analysis@1 is what {path} carries." in done.stdout
    assert f"  run      jupyter envstore notebook run '{path}'\n" in done.stdout
    assert re.search(r"^  download   \d.* k?B, 0 of 1 packages", done.stderr, re.MULTILINE)
    assert json.loads(path.read_bytes())["metadata"]["kernelspec"]["name"] == f"{KERNEL}--v1--ir"
    again = other.json("notebook", "restore", str(path), "--no-pin")
    assert (again["build"], again["environment"], again["kernel"]) == (None, "local/analysis@1", f"{KERNEL}--v1--ir")
    assert other.json("builds")["total"] == 1
    whole = other.run("notebook", "restore", str(path), "--dry-run").stdout
    assert "  download   nothing, all packages are already here" in whole
    assert "  on disk    about" not in whole


def test_an_environment_is_created_from_a_notebook(home: StoreHome, other: StoreHome, tmp_path: Path) -> None:
    path = write(tmp_path / "my report.ipynb")
    assert home.run("notebook", "embed", str(path), "--environment", "analysis").returncode == 0
    made = other.json("create", "-f", str(path), "-n", "team/copy")
    assert (made["namespace"], made["name"], made["build"]["kind"]) == ("team", "copy", "restore")
    assert made["lock"] == home.json("show", "analysis")["lock"]
    called = "team/copy@1 (called local/analysis@1 where it was made)"
    state = other.run("notebook", "state", str(path), "--kernel", "envstore-team--copy")
    assert state.stdout == f"{path} carries {called}, which is what its kernel starts.\n"
    assert other.run("notebook", "state", str(path), "--kernel", "ir").stdout.startswith(f"{path} carries {called}; ")
    assert other.run("notebook", "restore", str(path), "--dry-run").stdout.startswith(f"It carries {called}, locked 2")
    imported = other.json("import", str(path))
    assert (imported["name"], imported["lock"]) == ("analysis", made["lock"])
    refused = other.run("create", "-f", str(path), "numpy")
    assert refused.returncode == 2
    assert "nothing can be added" in refused.stderr


def test_what_is_in_the_way_is_said_once_and_in_the_terms_of_a_terminal(
    home: StoreHome, other: StoreHome, tmp_path: Path
) -> None:
    path = write(tmp_path / "report.ipynb")
    assert home.run("notebook", "embed", str(path), "--environment", "analysis").returncode == 0
    other.settings["default_channels"] = ["https://packages.example/lab"]
    refused = other.run("notebook", "restore", str(path))
    assert refused.returncode == 1
    assert refused.stderr.count("--allow-channel") == 1
    dry = other.run("notebook", "restore", str(path), "--dry-run")
    assert "  problem    " in dry.stdout
    assert "--allow-channel" in dry.stdout
    assert "in a request" not in refused.stderr + dry.stdout


def test_a_package_on_one_side_has_one_version() -> None:
    packages = [
        PackageChange(name="six", why=Why(code="chosen", text=""), kind="removed", before="1.16.0"),
        PackageChange(name="idna", why=Why(code="chosen", text=""), kind="added", after="3.6"),
        PackageChange(name="pip", why=Why(code="chosen", text=""), kind="upgraded", before="24.0", after="24.1"),
    ]
    changes = [PlatformChanges(platform="linux-64", same=1, changes=packages)]
    state = NotebookState(state="differs", kernel=KERNEL, carried="local/analysis@1", changes=changes)
    assert list(state_lines("report.ipynb", state))[1:] == [
        "  removed    six 1.16.0",
        "  added      idna 3.6",
        "  upgraded   pip 24.0 → 24.1",
    ]


def test_what_a_stranger_wrote_cannot_disturb_a_terminal(home: StoreHome, other: StoreHome, tmp_path: Path) -> None:
    path = write(tmp_path / "report.ipynb")
    assert home.run("notebook", "embed", str(path), "--environment", "analysis").returncode == 0
    document = json.loads(path.read_bytes())
    document["metadata"]["envstore"]["recorded"] = "\x1b[2J"
    document["metadata"]["envstore"]["environment"]["namespace"] = "a\x07b\nError: fake"
    path.write_text(json.dumps(document))
    told = other.run("notebook", "restore", str(path), "--dry-run")
    assert told.returncode == 0, told.stderr
    assert not set(told.stdout + told.stderr) & {"\x1b", "\x07"}
    assert not any(line.startswith("Error") for line in told.stdout.splitlines())


def test_what_is_no_notebook_is_told(home: StoreHome, tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text("{")
    for command in ("embed", "strip", "state", "restore", "run"):
        failed = home.run("notebook", command, str(path))
        assert failed.returncode == 1
        assert f"{path} is no Jupyter notebook: it is not JSON" in failed.stderr
    assert path.read_text() == "{"
    missing = home.run("notebook", "strip", str(tmp_path / "none.ipynb"), "--json")
    assert (missing.returncode, json.loads(missing.stdout)["code"]) == (1, "invalid_notebook")
