"""The command line as a person and a script use it: output, exit statuses, errors in words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from fixtures.store import StoreHome

SPECIFICATION = "# for the course\nname: course\ndependencies:\n  - python=3.12\n  - calc-kernel\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> StoreHome:
    """A home in which `course` was created by the command line."""
    home = StoreHome(tmp_path_factory.mktemp("cli"))
    home.settings = {"default_channels": [channel_url], "conda_environments_file": str(home.conda_list)}
    (home.root / "environment.yml").write_text(SPECIFICATION)
    (home.root / "empty.yml").write_text("name: empty\ndependencies: []\n")
    done = home.run("create", "-f", "environment.yml", "-m", "For the autumn")
    assert done.returncode == 0, done.stderr
    assert "local/course v1 is ready" in done.stdout
    assert "Waiting" in done.stderr
    return home


def test_create_prints_version_and_prefix_as_json(course: StoreHome) -> None:
    answer = course.json("create", "-f", "environment.yml", "-n", "team/again")
    assert answer["version"] == 1
    assert Path(answer["prefix"], "bin", "python").exists()
    assert answer["build"]["state"] == "ready"


def test_every_reading_command_prints_json_that_says_the_same(course: StoreHome) -> None:
    listed = {item["name"]: item for item in course.json("list")["items"]}
    assert listed["course"]["state"] == "ready"
    shown = course.json("show", "course")
    assert shown["specification"] == SPECIFICATION
    assert shown["message"] == "For the autumn"
    assert course.json("versions", "course")["items"] == [shown]
    assert course.json("packages", "course")["total"] == shown["package_count"]
    assert course.json("builds")["items"][-1]["name"] == "course"
    assert course.json("verify", "course")["problems"] == []
    assert course.json("search", "calc")["items"][0]["name"] == "calc-kernel"
    lockfile = json.loads(course.run("show", "course", "--lockfile").stdout)
    assert lockfile["version"] == 1
    assert {item["name"] for item in lockfile["package"]} == {
        item["name"] for item in course.json("packages", "course")["items"]
    }


def test_tables_are_for_people(course: StoreHome) -> None:
    table = course.run("list").stdout
    assert "local/course" in table
    assert "v1" in table
    assert "ready" in table
    assert "calc-kernel" in course.run("packages", "course").stdout
    assert "All of them agree" in course.run("verify", "course").stdout


def test_lists_can_be_paged(course: StoreHome) -> None:
    course.json("create", "-f", "environment.yml", "-n", "page")
    first = course.json("list", "--limit", "1")
    second = course.json("list", "--limit", "1", "--cursor", first["next"])
    assert first["items"][0]["name"] != second["items"][0]["name"]
    bad = course.run("list", "--cursor", "nonsense")
    assert bad.returncode == 2
    assert "cursor" in bad.stderr


def test_run_has_the_environment_and_the_commands_status(course: StoreHome) -> None:
    prefix = course.json("show", "course")["prefix"]
    program = "import os, sys; print(sys.prefix, os.environ['CONDA_DEFAULT_ENV']); sys.exit(7)"
    for dashes in ([], ["--"]):
        done = course.run(
            "run", "course", *dashes, "python", "-c", program, PYTHONPATH="/nowhere", VIRTUAL_ENV="/nowhere"
        )
        assert done.stdout.split() == [prefix, "course"], done.stderr
        assert done.returncode == 7
    assert course.run("run", "course", "--", "no-such-program").returncode == 127
    assert course.run("run", "course@1", "--", "true").returncode == 0


def test_shell_opens_the_persons_own_shell_there(course: StoreHome, tmp_path: Path) -> None:
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\ncommand -v python\n")
    shell.chmod(0o755)
    done = course.run("shell", "course", SHELL=str(shell))
    assert done.stdout.strip() == course.json("show", "course")["prefix"] + "/bin/python"


def test_lock_writes_what_conda_lock_reads_and_builds_nothing(course: StoreHome) -> None:
    before = course.json("builds")["total"]
    answer = course.json("lock", "-f", "environment.yml", "--platform", "osx-arm64", "-o", "out-lock.yml")
    assert answer["platforms"] == ["linux-64", "osx-arm64"] or "osx-arm64" in answer["unsolved"]
    document = json.loads((course.root / "out-lock.yml").read_text())
    assert document["metadata"]["platforms"] == answer["platforms"]
    assert course.json("builds")["total"] == before
    printed = course.run("lock", "-f", "environment.yml", "-o", "-")
    assert json.loads(printed.stdout)["version"] == 1


def test_a_specification_can_come_through_a_pipe(course: StoreHome) -> None:
    import subprocess

    done = subprocess.run(
        course.command("lock", "-f", "-", "-o", "-"),
        input="dependencies: [idna]\n",
        env={**os.environ, **course.environ()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [item["name"] for item in json.loads(done.stdout)["package"] if item["name"] == "idna"] == ["idna"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["show", "nothing"], 1, "nothing"),
        (["show", "course@99"], 1, "99"),
        (["show", "a/b/c"], 2, "namespace/name"),
        (["create", "-n", "../etc", "python"], 2, "'..'"),
        (["create", "-n", "a\x1b[31m", "python"], 2, "cannot be used"),
        (["create", "-n", "course", "python"], 1, "already"),
        (["create", "-n", "new", "python >1.0<2"], 2, ">1.0,<2"),
        (["find", "numpy>>2"], 2, "`>>` is no comparison"),
        (["edit", "course", "--add", "numpy>>2"], 2, "`>>` is no comparison"),
        (["edit", "course", "--remove", "nothing"], 1, "not among the dependencies"),
        (["edit", "course", "--pin", "nothing"], 1, "jupyter envstore edit local/course --add nothing"),
        (["update", "course", "nothing"], 1, "has no package 'nothing'"),
        (["undelete", "course"], 1, "local/course is not removed."),
        (["create", "-n", "new", "-f", "empty.yml"], 1, "Add a package"),
        (["create", "-n", "new", "-f", "missing.yml"], 1, "missing.yml"),
        (["create", "-n", "new"], 2, "Name packages"),
        (["create", "-n", "new", "--platform", "amiga-68k", "python"], 1, "amiga-68k"),
        (["create", "-n", "new", "pyhton"], 1, "python"),
        (["logs", "9999"], 1, "9999"),
        (["cancel", "9999"], 1, "9999"),
        (["retry", "1"], 1, "succeeded"),
        (["remove", "course@1"], 1, "is the active version"),
        (["undelete", "course"], 1, "course"),
        (["crate", "x"], 2, "Did you mean 'create'?"),
        (["create", "-n", "new", "--no-wait", "python"], 1, "--no-wait"),
    ],
)
def test_what_goes_wrong_is_told_in_words(course: StoreHome, arguments: list[str], status: int, words: str) -> None:
    done = course.run(*arguments)
    assert words in done.stderr
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "\x1b[31m" not in done.stderr


def test_errors_are_json_for_who_asks_for_json(course: StoreHome) -> None:
    done = course.run("show", "nothing", "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert set(answer) == {"message", "code", "details"}
    assert answer["code"] == "environment_not_found"


def test_remove_undelete_uninstall(course: StoreHome) -> None:
    course.json("create", "-f", "environment.yml", "-n", "gone")
    assert "undelete" in course.run("remove", "gone").stdout
    assert "gone" not in {item["name"] for item in course.json("list")["items"]}
    course.json("undelete", "gone")
    assert list(course.kernels_dir.glob("envstore-local--gone--*"))

    foreign = course.kernels_dir / "mine"
    foreign.mkdir()
    course.conda_list.write_text(course.conda_list.read_text() + "/somebody/elses\n")
    removed = course.json("uninstall")["kernels"]
    assert "envstore-local--gone--calc" in removed
    assert [path.name for path in course.kernels_dir.iterdir()] == ["mine"]
    assert course.conda_list.read_text() == "/somebody/elses\n"
    assert course.json("verify", "course")["problems"] == []


def test_help_of_every_command_can_be_read_fast_and_without_the_catalog(course: StoreHome) -> None:
    listed = course.run("--help").stdout
    for name in ("lock", "create", "list", "show", "run", "uninstall"):
        assert f"\n  {name} " in listed
        assert "Usage:" in course.run(name, "--help").stdout


def test_a_broken_configuration_file_is_told_with_its_name(course: StoreHome, tmp_path: Path) -> None:
    (tmp_path / "jupyter_envstore_config.py").write_text("c.EnvStore.max_parallel_builds = oops\n")
    done = course.run("list", JUPYTER_CONFIG_PATH=str(tmp_path))
    assert done.returncode == 1
    assert "jupyter_envstore_config.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_lock_fails_when_a_platform_that_was_asked_for_has_no_solution(course: StoreHome) -> None:
    (course.root / "linux-only.yml").write_text("dependencies: [xxhash]\n")  # the channel lacks it on osx-arm64
    done = course.run("lock", "-f", "linux-only.yml", "--platform", "osx-arm64", "-o", "linux-only-lock.yml")
    assert done.returncode == 1
    assert "Not locked for osx-arm64" in done.stderr
    assert json.loads((course.root / "linux-only-lock.yml").read_text())["metadata"]["platforms"] == ["linux-64"]


def test_a_specification_without_packages_is_never_queued(course: StoreHome) -> None:
    before = course.json("builds")["total"]
    assert course.run("create", "-f", "empty.yml").returncode == 1
    assert course.json("builds")["total"] == before
    assert "empty" not in [item["name"] for item in course.json("list")["items"]]


def test_what_is_made_of_packages_says_where_they_come_from(course: StoreHome, channel_url: str) -> None:
    shown = course.json("create", "-n", "named", "python=3.12")["specification"]
    assert shown == f"name: named\nchannels:\n  - {channel_url}\ndependencies:\n  - python=3.12\n"


def test_a_mistake_in_a_file_is_told_with_its_own_line(course: StoreHome, channel_url: str) -> None:
    (course.root / "pip.yml").write_text("dependencies:\n  - python=3.12\n  - pip:\n      - flask ==\n")
    for channel in ((), ("-c", channel_url, "-c", "other")):
        for command in (("create", "-n", "piped"), ("lock",)):
            done = course.run(*command, "-f", "pip.yml", *channel)
            assert done.returncode == 1
            assert done.stderr.startswith("Error: pip.yml: Line 4: "), done.stderr


def test_lock_takes_channels_instead_of_the_files(course: StoreHome, channel_url: str) -> None:
    (course.root / "strange.yml").write_text("channels: [nowhere-at-all]\ndependencies: [python=3.12]\n")
    done = course.run("lock", "-f", "strange.yml", "-c", channel_url, "-o", "strange-lock.yml")
    assert done.returncode == 0, done.stderr


def test_a_log_can_be_had_as_json(course: StoreHome) -> None:
    answer = course.json("logs", "course")
    assert answer["text"] == course.run("logs", "course").stdout
    assert answer["ended"] is True
    both = course.run("logs", "course", "--follow", "--json")
    assert (both.returncode, json.loads(both.stdout)["code"]) == (2, "wrong_usage")


def test_a_failed_build_is_listed_with_the_reason(course: StoreHome) -> None:
    course.run("create", "-n", "misspelt", "pyhton")
    listed = course.run("builds", "--limit", "1", COLUMNS="200").stdout
    assert "Failed: There is no package “pyhton”" in listed


def test_what_is_not_solved_is_not_said_to_be(course: StoreHome) -> None:
    done = course.run("clone", "course", "twin")
    assert "Reading the lock" in done.stderr
    assert course.json("logs", "twin")["text"].count("Finding versions") == 0


def test_help_fits_and_says_what_a_reference_is(course: StoreHome) -> None:
    listed = course.run("--help", COLUMNS="80").stdout
    assert "..." not in listed.partition("Commands:")[2]
    for command in ("show", "edit", "activate", "clone"):
        assert "REF" in course.run(command, "--help").stdout.splitlines()[-1]
    assert "How many to show" in course.run("list", "--help").stdout


def test_nothing_is_offered_where_nothing_can_be_freed(course: StoreHome) -> None:
    course.run("collect", "--unused-for", "0")
    assert course.run("collect", "--dry-run", "--unused-for", "0").stdout.rstrip().endswith("Nothing was changed.")
