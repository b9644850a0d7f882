"""``jupyter envstore platforms``, and covering further platforms, from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.store import StoreHome
from platform_channel import TEXT, platform_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> StoreHome:
    """A home with `wide`, which was wanted for win-64 too and covers linux-64 only."""
    place = platform_home(tmp_path_factory.mktemp("cli-platforms"), platforms=["win-64"])
    (place.root / "environment.yml").write_text(TEXT)
    done = place.run("create", "-f", "environment.yml")
    assert done.returncode == 0, done.stderr
    return place


def standings(overview: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {one["platform"]: one["standing"] for one in overview["platforms"]}


def test_what_is_known_is_told_without_checking_anything(home: StoreHome) -> None:
    overview = home.json("platforms", "wide@1", "--known")
    assert standings(overview)["linux-64"] == "covered"
    assert standings(overview)["win-64"] == "unsolved"
    assert overview["seconds"] == {}
    win = next(one for one in overview["platforms"] if one["platform"] == "win-64")
    assert "tool" in win["explanation"]["summary"]
    assert overview["platforms"][0]["platform"] == overview["own"] == "linux-64"
    assert overview["configured"] == ["win-64"]


def test_check_says_where_else_it_can_be_had_and_is_remembered(home: StoreHome) -> None:
    done = home.run("platforms", "wide")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    assert "this machine" in lines[2]
    assert any(line.startswith("osx-64") and "can be added" in line and "base 1.1 for 1.0" in line for line in lines)
    assert "missing: tool >=2 (newest there 1.0)" in done.stdout
    assert "missing: tool >=2 (there is no tool at all)" in done.stdout
    assert "line 5: + - tool >=2  # what it is about [unix]" in done.stdout
    assert "Lock for osx-64 instead" in done.stdout
    assert "edit local/wide --platform osx-64" in done.stdout
    known = home.json("platforms", "wide", "--known")
    assert standings(known) == {
        "linux-64": "covered", "linux-aarch64": "unsolved", "osx-64": "solvable", "osx-arm64": "unsolved",
        "win-64": "unsolved",
    }  # fmt: skip
    arm = next(one for one in known["platforms"] if one["platform"] == "osx-arm64")
    assert [way["kind"] for way in arm["workarounds"]] == ["emulation", "emulation", "selector"]


def test_platform_that_was_named_and_has_no_solution_is_a_failure(home: StoreHome) -> None:
    assert home.run("platforms", "wide", "--platform", "osx-64").returncode == 0
    assert home.run("platforms", "wide", "--platform", "win-64").returncode == 1


def test_file_is_checked_without_a_store(home: StoreHome, tmp_path: Path) -> None:
    place = StoreHome(tmp_path)
    place.settings = home.settings
    (tmp_path / "environment.yml").write_text(TEXT)
    done = place.run("platforms", "-f", "environment.yml", "--platform", "osx-64", "--json")
    assert done.returncode == 0, done.stderr
    assert standings(json.loads(done.stdout)) == {"linux-64": "solvable", "osx-64": "solvable"}
    (tmp_path / "environment.yml").write_text(TEXT.replace("tool", "nothing"))
    assert place.run("platforms", "-f", "environment.yml", "--platform", "osx-64").returncode == 1


def test_workaround_makes_the_platform_solvable(home: StoreHome) -> None:
    done = home.run("platforms", "wide", "--platform", "win-64", "--json")
    overview = json.loads(done.stdout)
    win = next(one for one in overview["platforms"] if one["platform"] == "win-64")
    (way,) = [one for one in win["workarounds"] if one["kind"] == "version"]
    (home.root / "edited.yml").write_text(way["specification"])
    again = home.json("platforms", "-f", "edited.yml", "--platform", "win-64")
    assert standings(again) == {"linux-64": "solvable", "win-64": "solvable"}


def test_virtual_packages_of_other_machines_are_read_from_conda_locks_file(home: StoreHome) -> None:
    (home.root / "needs.yml").write_text("dependencies: [base, __glibc >=2.99]\n")
    (home.root / "virtual-packages.yml").write_text("subdirs:\n  linux-64:\n    packages:\n      __glibc: 2.100\n")
    assert home.run("platforms", "-f", "needs.yml", "--platform", "linux-64").returncode == 1
    done = home.run(
        "platforms", "-f", "needs.yml", "--platform", "linux-64", "--virtual-packages", "virtual-packages.yml"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lock = (
        "lock",
        "-f",
        "needs.yml",
        "--platform",
        "linux-64",
        "--virtual-packages",
        "virtual-packages.yml",
        "-o",
        "-",
    )
    locked = home.run(*lock)
    assert locked.returncode == 0, locked.stderr
    offered = json.loads(locked.stdout)["metadata"]["custom_metadata"]["envstore_virtual_packages"]
    assert json.loads(offered)["linux-64"] == {"__glibc": "2.100"}
    (home.root / "virtual-packages.yml").write_text("linux-64: {__glibc: 2.100}\n")
    refused = home.run(*lock)
    assert refused.returncode == 2
    assert "as conda-lock does" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [[], ["wide", "-f", "environment.yml"], ["-f", "environment.yml", "--known"], ["wide", "--virtual-packages", "x"]],
)
def test_wrong_usage(home: StoreHome, words: list[str]) -> None:
    assert home.run("platforms", *words).returncode == 2


def test_channels_that_are_not_allowed_are_not_asked(home: StoreHome) -> None:
    (home.root / "strange.yml").write_text(f"channels: ['https://strange.example/c']\n{TEXT}")
    place = StoreHome(home.root, {**home.settings, "allowed_channels": home.settings["default_channels"]})
    refused = place.run("platforms", "-f", "strange.yml")
    place.settings = home.settings
    assert refused.returncode == 1
    assert "strange.example" in refused.stderr
    assert "cannot be used" not in refused.stderr, "it would have been asked"


def test_unknown_platform_is_refused_in_words(home: StoreHome) -> None:
    done = home.run("platforms", "wide", "--platform", "amiga-68k")
    assert done.returncode == 1
    assert "amiga-68k" in done.stderr
    assert "no platform of conda's" in done.stderr
    assert "osx-arm64" in done.stderr
    done = home.run("platforms", "wide", "--platform", "win-arm64")
    assert done.returncode == 1
    assert "Nothing can be locked for win-arm64" in done.stderr
    assert "Lock for win-64: Windows on ARM runs it by emulation" in done.stderr
    (home.root / "other.yml").write_text(f"{TEXT}platforms: [linux-64, linux-s390x]\n")
    done = home.run("lock", "-f", "other.yml", "-o", "-")
    assert done.returncode == 1
    assert "Nothing can be locked for linux-s390x" in done.stderr


def test_platform_is_added_and_nothing_else_moves(home: StoreHome) -> None:
    before = home.json("show", "wide@1", "--lockfile")
    done = home.run("edit", "wide", "--platform", "osx-64")
    assert done.returncode == 0, done.stderr
    version = home.json("show", "wide@2")
    assert version["platforms"] == ["linux-64", "osx-64"]
    assert version["message"] == "Cover osx-64"
    assert version["specification"] == TEXT
    after = home.json("show", "wide@2", "--lockfile")
    assert [one for one in after["package"] if one["platform"] == "linux-64"] == before["package"]
    refused = home.run("edit", "wide", "--platform", "win-64")
    assert refused.returncode == 1
    assert "win-64" in refused.stderr


def test_platform_that_had_no_solution_is_covered_as_soon_as_it_has_one(tmp_path: Path) -> None:
    place = platform_home(tmp_path, platforms=["win-64"])
    (place.root / "environment.yml").write_text(TEXT)
    assert place.run("create", "-f", "environment.yml").returncode == 0
    assert place.json("show", "wide")["platforms"] == ["linux-64"]
    # It has none still: that is told, and fails neither an edit nor a change of what is no package.
    done = place.run("edit", "wide", "--variable", "A=1")
    assert done.returncode == 0, done.stderr
    assert "win-64" in done.stdout + done.stderr
    assert place.json("show", "wide")["platforms"] == ["linux-64"]
    assert place.run("edit", "wide", "--add", "tool").returncode == 0
    assert place.json("show", "wide@3")["platforms"] == ["linux-64", "win-64"]


def test_listed_platform_without_a_solution_does_not_fail_an_edit_of_something_else(tmp_path: Path) -> None:
    place = platform_home(tmp_path)
    (place.root / "environment.yml").write_text(f"{TEXT}platforms: [linux-64, win-64]\n")
    assert place.run("create", "-f", "environment.yml").returncode == 0
    done = place.run("edit", "wide", "--variable", "A=1")
    assert done.returncode == 0, done.stderr
    assert place.json("show", "wide@2")["platforms"] == ["linux-64"]
    refused = place.run("edit", "wide", "--platform", "win-64")
    assert refused.returncode == 1, "this one was asked for now"


def test_what_machines_offer_is_stated_once_and_kept(tmp_path: Path) -> None:
    place = platform_home(tmp_path)
    (place.root / "needs.yml").write_text("name: needs\ndependencies: [base, __glibc >=2.99]\n")
    (place.root / "virtual-packages.yml").write_text("subdirs:\n  linux-64:\n    packages:\n      __glibc: 2.100\n")
    assert place.run("create", "-f", "needs.yml").returncode == 1
    done = place.run("create", "-f", "needs.yml", "--virtual-packages", "virtual-packages.yml")
    assert done.returncode == 0, done.stderr
    done = place.run("edit", "needs", "--add", "tool")
    assert done.returncode == 0, done.stderr
    metadata = place.json("show", "needs@2", "--lockfile")["metadata"]["custom_metadata"]
    assert json.loads(metadata["envstore_virtual_packages"])["linux-64"] == {"__glibc": "2.100"}
    assert metadata["envstore_stated"] == "linux-64"
    (place.root / "virtual-packages.yml").write_text("subdirs:\n  linux-64:\n    packages:\n      __glibc: 2.28\n")
    refused = place.run("edit", "needs", "--virtual-packages", "virtual-packages.yml")
    assert refused.returncode == 1
    assert "__glibc" in refused.stderr
