"""``jupyter envstore export`` and ``import``."""

from __future__ import annotations

import json
import subprocess

import pytest
import yaml
from fixtures.api import small_home
from fixtures.store import StoreHome
from small_packages_channel import SMALL


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> StoreHome:
    """A home whose store has the environment ``small``, for two platforms."""
    place = small_home(tmp_path_factory.mktemp("share"))
    (place.root / "environment.yml").write_text(SMALL)
    place.json("create", "-f", "environment.yml", "--platform", "osx-arm64")
    return place


def test_a_version_is_written_and_imported_again(home: StoreHome) -> None:
    answer = home.json("export", "small", "--format", "conda-lock", "-o", "conda-lock.yml")
    written = (home.root / "conda-lock.yml").read_bytes()
    assert answer == {"format": "conda-lock", "output": "conda-lock.yml", "bytes": len(written)}
    imported = home.json("import", "conda-lock.yml", "-n", "team/copy")
    assert (imported["namespace"], imported["name"], imported["build"]["kind"]) == ("team", "copy", "import")
    assert imported["prefix"] == home.json("show", "small")["prefix"]

    refused = home.run("export", "small", "--format", "pixi", "-o", "conda-lock.yml")
    assert refused.returncode == 1
    assert "is there already. To write over it: --force" in refused.stderr
    assert (home.root / "conda-lock.yml").read_bytes() == written
    forced = home.run("export", "small", "--format", "pixi", "-o", "conda-lock.yml", "--force")
    assert forced.stdout == "Wrote conda-lock.yml.\n"
    assert "version: 6" in (home.root / "conda-lock.yml").read_text()


def test_a_file_goes_through_a_pipe(home: StoreHome) -> None:
    exported = home.run("export", "small", "--format", "explicit", "--platform", "linux-64")
    assert exported.returncode == 0, exported.stderr
    done = subprocess.run(
        home.command("import", "-", "-n", "piped", "--json"),
        input=exported.stdout,
        env={**home.environ(), "PATH": "/usr/bin:/bin", "HOME": str(home.root)},
        cwd=home.root,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["build"]["kind"] == "import"


def test_json_carries_the_text(home: StoreHome) -> None:
    answer = home.json("export", "small", "--format", "yaml")
    assert (answer["file"], answer["media"]) == ("small-v1.environment.yml", "application/yaml")
    assert yaml.safe_load(answer["text"])["name"] == "small"
    listed = home.json("export", "small", "--list")
    assert [item["format"] for item in listed["items"]][:2] == ["yaml", "conda-lock"]
    assert "For people" in home.run("export", "small", "--list").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["export", "small"], 2, "Name a format with --format; --list says what there is"),
        (["export", "small", "--format", "floppy"], 2, "none of yaml, conda-lock, explicit, pixi"),
        (["export", "small", "--format", "yaml", "--list"], 2, "--list writes no file"),
        (["export", "small", "--format", "requirements"], 1, "no packages of pip"),
        (["export", "small", "--format", "pixi", "--platform", "win-64"], 1, "not locked for win-64"),
        (["export", "small", "--format", "yaml", "-o", "."], 1, "is a folder"),
        (["export", "small", "--format", "yaml", "-o", "no/such/folder"], 1, "cannot be written"),
        (["export", "missing", "--format", "yaml"], 1, "missing"),
        (["import", "environment.yml", "--python", "3.12"], 2, "requirements.txt or a pylock.toml"),
        (["import", "environment.yml", "--allow-channel", "https://h.example/c"], 2, "go with a lockfile"),
        (["import", "missing.yml"], 1, "no such file"),
    ],
)
def test_what_does_not_work_is_said(home: StoreHome, arguments: list[str], status: int, words: str) -> None:
    done = home.run(*arguments)
    assert (done.returncode, done.stdout) == (status, ""), done
    assert words in done.stderr


def test_names_of_formats_are_completed(home: StoreHome) -> None:
    variables = {
        "COMP_WORDS": "jupyter-envstore export small --format p",
        "COMP_CWORD": "4",
        "_JUPYTER_ENVSTORE_COMPLETE": "bash_complete",
    }
    done = home.run(timeout=60, **variables)
    assert done.stdout.split() == ["plain,pixi", "plain,pylock"], done
