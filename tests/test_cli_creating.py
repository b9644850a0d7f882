"""``jupyter envstore create`` with files: lockfiles, and what people give by mistake."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from fixtures.store import StoreHome

SPECIFICATION = "name: origin\ndependencies: [python=3.12]\n"
STRANGE = "https://packages.example/lab"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> StoreHome:
    """A home whose folder ``geo`` has a lockfile."""
    home = StoreHome(tmp_path_factory.mktemp("creating"))
    home.settings = {"default_channels": [channel_url], "conda_environments_file": str(home.conda_list)}
    (home.root / "environment.yml").write_text(SPECIFICATION)
    (home.root / "geo").mkdir()
    done = home.run("lock", "-f", "environment.yml", "-o", "geo/conda-lock.yml")
    assert done.returncode == 0, done.stderr
    return home


def lock(home: StoreHome) -> Path:
    return home.root / "geo" / "conda-lock.yml"


def test_a_lockfile_is_told_by_its_content_and_named_after_its_folder(course: StoreHome) -> None:
    answer = course.json("create", "-f", "geo/conda-lock.yml", "-m", "From the course")
    assert (answer["namespace"], answer["name"], answer["build"]["kind"]) == ("local", "geo", "import")
    assert answer["message"] == "From the course"
    (course.root / "any.txt").write_text(lock(course).read_text())
    again = course.json("create", "-f", "any.txt", "-n", "team/other")
    assert (again["namespace"], again["prefix"]) == ("team", answer["prefix"]), "the same lock is the same files"


def test_a_lockfile_may_come_through_a_pipe(course: StoreHome) -> None:
    command = course.command("create", "-f", "-", "-n", "piped", "--json")
    course.write_configuration()
    done = subprocess.run(
        command,
        input=lock(course).read_text(),
        env={**course.environ(), "PATH": "/usr/bin:/bin", "HOME": str(course.root)},
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["build"]["kind"] == "import"


def test_a_strange_channel_has_to_be_allowed(course: StoreHome, channel_url: str) -> None:
    (course.root / "strange-lock.yml").write_text(lock(course).read_text().replace(f'"{channel_url}/', f'"{STRANGE}/'))
    refused = course.run("create", "-f", "strange-lock.yml")
    assert refused.returncode == 1
    assert STRANGE in refused.stderr
    assert "--allow-channel" in refused.stderr
    # Allowed, it goes on. Nobody answers at that address: the very same files have to be here already.
    course.json("create", "-f", "geo/conda-lock.yml", "-n", "before")
    allowed = course.json("create", "-f", "strange-lock.yml", "--allow-channel", STRANGE)
    assert allowed["build"]["state"] == "ready"
    assert STRANGE in allowed["specification"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["environment.yml"], 2, "environment.yml is a file.*-f environment.yml"),
        (["-n", "x", "any-list.txt"], 2, "any-list.txt is a file"),
        (["-n", "x", "python", "3.11"], 2, "one word: python=3.11"),
        (["-n", "x", "numpy", "python", ">=3.11"], 2, "one word: 'python>=3.11'"),
        (["-n", "x", "3.11"], 2, "looks like a version"),
        (["-f", "any-list.txt"], 1, "any-list.txt: Line 3: “-r” names another file"),
        (["-f", "some.ipynb"], 1, "carries no"),
        (["-f", "missing.yml"], 1, "no such file"),
        (["-f", "geo/conda-lock.yml", "numpy"], 2, "is a lockfile: it says all"),
        (["-f", "environment.yml", "--allow-channel", STRANGE], 2, "goes with a lockfile"),
    ],
)
def test_what_was_probably_meant_is_said(course: StoreHome, arguments: list[str], status: int, words: str) -> None:
    import re

    (course.root / "any-list.txt").write_text("numpy==1.2\npandas\n-r other.txt\n")
    (course.root / "some.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
    done = course.run("create", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert re.search(words, done.stderr), done.stderr


def test_a_package_may_be_called_like_a_file_or_begin_with_a_digit(course: StoreHome) -> None:
    done = course.run("create", "-n", "odd", "ruamel.yaml", "7zip")
    assert "is a file" not in done.stderr
    assert "no package. Write" not in done.stderr
    assert done.returncode == 1, "the local channel has no 7zip"
    assert "7zip" in done.stderr


def test_lock_wants_no_lockfile(course: StoreHome) -> None:
    done = course.run("lock", "-f", "geo/conda-lock.yml", "-o", "-")
    assert done.returncode == 1
    assert "create -f geo/conda-lock.yml" in done.stderr
