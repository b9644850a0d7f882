"""Files that people published: each is read or refused with line and reason, and conda-lock reads the same in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification

CORPUS = os.environ.get("ENVSTORE_TEST_CORPUS")
FOLDER = Path(CORPUS or "/nonexistent") / "envyml"
FILES = sorted(path for path in FOLDER.glob("*") if path.suffix in (".yml", ".yaml"))
PLATFORMS = ("linux-64", "osx-64", "osx-arm64", "win-64")

pytestmark = pytest.mark.skipif(not CORPUS, reason="ENVSTORE_TEST_CORPUS is not set")


def test_the_corpus_holds_files() -> None:
    assert len(FILES) >= 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:40])
def test_a_file_is_read_or_refused_with_line_and_reason(path: Path) -> None:
    try:
        spec = Specification.read(path)
    except SpecificationError as error:
        lines = path.read_bytes().count(b"\n") + 1
        assert 1 <= error.details["line"] <= lines
        assert len(error.details["reason"]) > 20
        return
    for platform in PLATFORMS:
        assert set(spec.dependencies_for(platform)) <= set(spec.dependencies)
    assert spec.add(["a-package-that-none-has"]).remove(["a-package-that-none-has"]).text == spec.text


def test_nearly_all_files_are_read() -> None:
    refused = {}
    for path in FILES:
        try:
            Specification.read(path)
        except SpecificationError as error:
            refused[path.name[:3]] = error.details["reason"]
    # Templates, a package asked for twice, variables of the shell in a channel, micromamba's `sel(…)`.
    assert set(refused) == {"012", "018", "050", "072", "090", "094"}, refused


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give conda-lock an empty mapping of names, so that it downloads none."""
    path = tmp_path_factory.mktemp("mapping") / "mapping.yaml"
    path.write_text("{}\n", encoding="utf-8")
    return path.as_uri()


def conda_lock_reads(path: Path, text: str, platform: str, mapping: str) -> dict[str, Any] | None:
    """Return what conda-lock makes of a file, or None if it cannot read it."""
    import yaml
    from conda_lock.src_parser.environment_yaml import parse_environment_file, parse_platforms_from_env_file

    path.write_text(text, encoding="utf-8")
    try:
        spec = parse_environment_file(path, [platform], mapping)
    except Exception:  # noqa: BLE001 - whatever it cannot read is not compared
        return None
    found = [part for part in spec.dependencies[platform] if part.manager == "conda"]
    return {
        "name": yaml.safe_load(text).get("name"),
        "channels": [channel.url for channel in spec.channels],
        "platforms": parse_platforms_from_env_file(path),
        "dependencies": [(part.name, part.version, part.build, part.conda_channel) for part in found],
    }


def as_conda_lock(spec: Specification, platform: str) -> list[tuple[str, str, str | None, str | None]]:
    from conda_lock.src_parser.conda_common import conda_spec_to_versioned_dep

    parts = [conda_spec_to_versioned_dep(text, "main") for text in spec.dependencies_for(platform)]
    return [(part.name, part.version, part.build, part.conda_channel) for part in parts]


def compare(spec: Specification, path: Path, mapping: str) -> int:
    """Hold a specification against conda-lock's reading of its text; return on how many platforms it was compared."""
    compared = 0
    for platform in PLATFORMS:
        theirs = conda_lock_reads(path, spec.text, platform, mapping)
        if theirs is None:
            continue
        compared += 1
        assert spec.name == theirs["name"]
        assert list(spec.channels) == theirs["channels"]
        assert list(spec.platforms) == theirs["platforms"]
        ours = as_conda_lock(spec, platform)
        if spec.pip_for(platform) or "pip:" in spec.text:
            # It adds pip itself, once for each list.
            theirs["dependencies"] = [part for part in theirs["dependencies"] if part != ("pip", "*", None, None)]
        assert [part for part in theirs["dependencies"] if part in ours] == ours
        assert [part for part in theirs["dependencies"] if part not in ours and part[0] != "pip"] == []
        names = [part.name for part in spec.match_specs(platform)]
        assert names == [part[0] for part in ours]
    return compared


def test_conda_lock_reads_the_same_in_every_file_that_both_read(tmp_path: Path, mapping: str) -> None:
    compared = 0
    for path in FILES:
        try:
            spec = Specification.read(path)
        except SpecificationError:
            continue
        compared += bool(compare(spec, tmp_path / "environment.yml", mapping))
    assert compared >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:40])
def test_a_file_can_be_edited_line_by_line_and_back(path: Path) -> None:
    try:
        spec = Specification.read(path)
    except SpecificationError:
        return
    for part in spec.match_specs()[::7]:
        edited = spec.replace(part.name, f"{part.name}=99.*")
        assert f"{part.name}=99.*" in edited.dependencies
        changed = [(a, b) for a, b in zip(spec.text.split("\n"), edited.text.split("\n"), strict=True) if a != b]
        assert len(changed) == 1
        assert edited.replace(part.name, part.text).text == spec.text
    channels = spec.with_channels([*spec.channels, "one-more"])
    assert channels.channels == (*spec.channels, "one-more")
    if spec.channels:
        assert channels.with_channels(spec.channels).text == spec.text
    variables = spec.with_variables({**spec.variables, "ONE": "more"})
    assert variables.with_variables(spec.variables).text == spec.text
    assert spec.with_name("other").name == "other"
    if spec.name is not None:
        assert spec.with_name("other").with_name(spec.name).text == spec.text
