"""Formats: which there are, what a version is in each, and that nothing of this machine or a secret gets into one."""

from __future__ import annotations

import json

import pytest
import yaml
from fixtures.shared import SPECIFICATION, conda_package, shared_of, wheel

from jupyter_envstore.errors import FormatUnavailableError, NotFoundError, PlatformError
from jupyter_envstore.lock.document import read_lockfile
from jupyter_envstore.schemas import Package
from jupyter_envstore.share import conda_lock, environment_yml
from jupyter_envstore.share.formats import FORMATS, describe, format_named
from jupyter_envstore.specification import Specification


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_the_same_version_gives_the_same_bytes_and_says_what_it_is(known: object, two_platforms: list[Package]) -> None:
    write = format_named(known.name).write  # type: ignore[attr-defined]
    shared = shared_of(two_platforms)
    text = write(shared)
    assert text == write(shared_of(list(reversed(two_platforms))))
    assert text.endswith("\n")
    if known.name != "conda-lock-json":  # type: ignore[attr-defined]
        assert text.startswith(f"# Written by jupyter-envstore from team/origin, version 3.\n# Lock {shared.lock}\n")


def test_each_is_described_for_people(two_platforms: list[Package]) -> None:
    shared = shared_of(two_platforms)
    items = {item.format: item for item in describe(shared)}
    assert [item.format for item in describe(shared)] == [known.name for known in FORMATS]
    lock = items["conda-lock"]
    assert (lock.title, lock.file, lock.group) == ("conda-lock.yml", "conda-lock.yml", "rebuild")
    assert lock.description == "Exactly these packages, on 2 platforms. For conda-lock and micromamba."
    assert lock.platforms == ["linux-64", "osx-arm64"]
    assert items["explicit"].platforms == ["linux-64"]
    assert items["explicit"].description == "Exactly these packages, on linux-64. For plain conda."
    for name, item in items.items():
        assert item.available
        assert item.bytes == len(format_named(name).write(shared).encode())
    only = {item.format: item for item in describe(shared_of(two_platforms, platform="osx-arm64"))}
    assert only["pixi"].platforms == ["osx-arm64"]
    assert (only["pixi"].bytes or 0) < (items["pixi"].bytes or 0)


def test_what_cannot_be_written_says_why() -> None:
    items = {item.format: item for item in describe(shared_of([conda_package("tool", md5=None)]))}
    for name, words in (("conda-lock", "no md5 for tool 1.0"), ("requirements", "no packages of pip")):
        assert not items[name].available
        assert items[name].bytes is None
        assert words in (items[name].reason or "")
    assert items["pixi"].available


def test_a_format_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(NotFoundError, match=r"no format 'floppy'\. There are: yaml, conda-lock, explicit, pixi"):
        format_named("floppy")


@pytest.mark.parametrize("name", [known.name for known in FORMATS if known.covers != "none"])
def test_a_platform_that_is_not_locked_is_refused(name: str, two_platforms: list[Package]) -> None:
    with pytest.raises(PlatformError, match="not locked for win-64"):
        format_named(name).write(shared_of(two_platforms, platform="win-64"))


def test_a_file_of_this_machine_gets_into_no_lockfile() -> None:
    local = wheel("mine", "1.0").model_copy(update={"url": "file:///home/mira/mine-1.0-py3-none-any.whl"})
    for known in FORMATS:
        try:
            text = known.write(shared_of([conda_package("python", "3.12.1"), local]))
        except FormatUnavailableError as error:
            text = error.message
        assert "mira" not in text, known.name


# ---------------------------------------------------------------- environment.yml


def test_a_specification_is_written_as_it_was_asked_for(two_platforms: list[Package]) -> None:
    text = environment_yml.write(shared_of(two_platforms))
    assert text.endswith(f"\n\n{SPECIFICATION}")
    again = environment_yml.write(shared_of(two_platforms, specification=text))
    assert again == text, "the comment of the time before is replaced"
    assert Specification.parse(text).dependencies == ("python=3.12",)


@pytest.mark.parametrize(
    "prefix", ["prefix: /home/mira/env\n", '"prefix" : /home/mira/env\n', "prefix: >-\n  /home/mira\n"]
)
def test_the_folder_that_conda_writes_into_exports_stays_here(two_platforms: list[Package], prefix: str) -> None:
    for text in (f"name: a\n{prefix}dependencies:\n  - x\n", f"dependencies:\n  - x\n{prefix}"):
        written = environment_yml.write(shared_of(two_platforms, specification=text))
        assert "mira" not in written
        assert Specification.parse(written).dependencies == ("x",)


# ---------------------------------------------------------------- conda-lock


def test_yaml_and_json_say_the_same(two_platforms: list[Package]) -> None:
    shared = shared_of(two_platforms)
    assert yaml.safe_load(conda_lock.write(shared)) == shared.document
    assert json.loads(conda_lock.write_json(shared)) == shared.document
    assert read_lockfile(conda_lock.write(shared).encode()) == shared.document


def test_every_text_comes_back_as_itself(two_platforms: list[Package]) -> None:
    """Words that YAML, one version of it or the other, takes for numbers, dates, yes and no, or for its own signs."""
    texts = [
        *("1.0", "007", "1e5", "0x1f", "0b1", "0o17", "1:30", ".5", "2026-01-01", "yes", "Null", "y", "~", "=", "*"),
        *(
            "<3",
            "a: b",
            "a #b",
            "it's",
            "é",
            "a\\b",
            "tab\there",
            "- a",
            "[x]",
            "@x",
            "%x",
            "",
            " x ",
            "x:",
            "12e45678",
        ),
    ]
    shared = shared_of(two_platforms)
    shared.document["metadata"]["custom_metadata"] = {text: text for text in texts}
    shared.document["package"][0]["dependencies"] = {text: text for text in texts}
    assert yaml.safe_load(conda_lock.write(shared)) == shared.document


def test_one_platform_of_a_lock_is_a_lock(two_platforms: list[Package]) -> None:
    document = read_lockfile(conda_lock.write(shared_of(two_platforms, platform="osx-arm64")).encode())
    assert document["metadata"]["platforms"] == ["osx-arm64"]
    assert {entry["platform"] for entry in document["package"]} == {"osx-arm64"}
