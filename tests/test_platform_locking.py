"""Locking for several platforms: at the same time, each for itself, this machine's always among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from channel_maker.serving import ChannelServer
from fixtures.resolver import ResolverProcess, StartResolver
from small_channels import record, write_channel

from jupyter_envstore.errors import ChannelUnavailableError, PackageNotFoundError, SpecificationError, UnsolvableError

CANONICAL = "https://conda.example/conda-forge"
FIVE = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]


def write_platforms(folder: Path, **records: list[dict[str, object]]) -> str:
    """Write a channel with a folder for each platform, ``_`` in its name for ``-``."""
    url = ""
    for subdir, members in records.items():
        url = write_channel(folder, members, subdir=subdir.replace("_", "-"))
    return url


def named(result: dict[str, object], platform: str) -> list[str]:
    packages = result["packages"]
    assert isinstance(packages, list)
    return sorted(f"{one['name']} {one['version']}" for one in packages if one["platform"] == platform)


def test_five_platforms_give_what_each_of_them_gives_alone(resolver: ResolverProcess, large_channel: str) -> None:
    entries = ["python=3.12", "numpy", "pandas"]
    together = resolver.lock(entries, [large_channel], platforms=FIVE)
    assert sorted(together["lockfile"]["metadata"]["platforms"]) == FIVE
    for platform in FIVE:
        alone = resolver.lock(entries, [large_channel], platforms=[platform])
        assert named(together, platform) == named(alone, platform)
        assert alone["lockfile"]["metadata"]["content_hash"].items() <= (
            together["lockfile"]["metadata"]["content_hash"].items()
        )


def test_steps_are_told_as_if_platforms_went_step_by_step(resolver: ResolverProcess, large_channel: str) -> None:
    resolver.lock(["python=3.12"], [large_channel], platforms=FIVE)
    told = [(event["step"], event["done"]) for event in resolver.events]
    assert told == sorted(told, key=lambda one: (["repodata", "solve", "write-lock"].index(one[0]), one[1]))
    assert {event["total"] for event in resolver.events} == {5}
    assert [step for step, _ in told].count("write-lock") == 1


def test_platform_without_a_solution_does_not_fail_the_others(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(
        tmp_path / "c",
        linux_64=[record("tool", "1.0", "__linux"), record("extra", "1.0")],
        osx_arm64=[record("tool", "1.0", "__linux"), record("extra", "1.0")],
        win_64=[record("tool", "1.0")],
        osx_64=[record("tool", "1.0"), record("extra", "1.0")],
    )
    result = resolver.lock(["tool", "extra"], [channel], platforms=["win-64", "osx-arm64", "linux-64", "osx-64"])
    assert sorted(result["lockfile"]["metadata"]["platforms"]) == ["linux-64", "osx-64"]
    assert set(result["unsolved"]) == {"win-64", "osx-arm64"}
    assert "extra" in result["unsolved"]["win-64"]["summary"]
    assert result["unsolved"]["osx-arm64"]["conflict"] == ["tool"]


def test_own_platform_without_a_package_fails_whatever_the_others_have(
    resolver: ResolverProcess, tmp_path: Path
) -> None:
    channel = write_platforms(tmp_path / "c", linux_64=[record("other", "1.0")], osx_64=[record("tool", "1.0")])
    with pytest.raises(PackageNotFoundError, match="no package “tool” for linux-64"):
        resolver.lock(["tool"], [channel], platforms=["osx-64", "win-64", "linux-64"])


def test_own_platform_with_a_conflict_fails_with_its_own_explanation(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(
        tmp_path / "c", linux_64=[record("tool", "1.0", "gone")], osx_64=[record("tool", "1.0", "lost")]
    )
    with pytest.raises(UnsolvableError) as caught:
        resolver.lock(["tool"], [channel], platforms=["osx-64", "linux-64"])
    assert caught.value.details["explanation"]["platform"] == "linux-64"


def test_own_platform_without_entries_is_refused(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(tmp_path / "c", linux_64=[record("tool", "1.0")], win_64=[record("tool", "1.0")])
    text = "dependencies:\n  - tool  # [win]\n"
    with pytest.raises(SpecificationError, match="no package on linux-64"):
        resolver.lock(text, [channel], platforms=["win-64", "linux-64"])


def test_shards_that_fail_for_all_platforms_fall_back_once(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    channel_server.behaviour.statuses = {"/conda-forge/*/repodata_shards*": 500}
    platforms = ["linux-64", "osx-arm64", "win-64"]
    # The second place has nothing: who falls back once for each platform ends there.
    mirrors = {CANONICAL: [channel_server.url(), channel_server.url("nothing-here")]}
    result = start_resolver().lock(["python=3.12"], [CANONICAL], platforms=platforms, mirrors=mirrors)
    assert sorted(result["lockfile"]["metadata"]["platforms"]) == platforms
    assert channel_server.count("/nothing-here/*") == 0


def test_mirrors_without_it_are_passed_over_one_by_one_though_all_platforms_meet_them(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    nothing = [channel_server.url(f"nothing-{number}") for number in range(3)]
    platforms = ["linux-64", "osx-arm64", "win-64"]
    mirrors = {CANONICAL: [*nothing, channel_server.url()]}
    result = start_resolver().lock(["python=3.12"], [CANONICAL], platforms=platforms, mirrors=mirrors)
    assert sorted(result["lockfile"]["metadata"]["platforms"]) == platforms
    with pytest.raises(ChannelUnavailableError) as caught:
        start_resolver().lock(["python=3.12"], [CANONICAL], platforms=platforms, mirrors={CANONICAL: nothing})
    assert len(caught.value.details["tried"]) == 3


# ---------------------------------------------------------------- platforms that stay as they are


def test_carried_platform_keeps_what_its_channel_has_no_more(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(tmp_path / "c", linux_64=[record("tool", "1.0")], osx_64=[record("tool", "2.0")])
    before = resolver.lock(["tool"], [channel], platforms=["linux-64"])
    write_platforms(tmp_path / "c", linux_64=[record("tool", "3.0")])
    offered = before["lockfile"]["metadata"]["custom_metadata"]["envstore_virtual_packages"]
    after = resolver.lock(
        ["tool"],
        [channel],
        platforms=["linux-64", "osx-64"],
        preferred=before["packages"],
        carried=["linux-64"],
        carried_virtual_packages=json.loads(offered),
    )
    assert named(after, "linux-64") == ["tool 1.0"]
    assert named(after, "osx-64") == ["tool 2.0"]
    kept = [entry for entry in after["lockfile"]["package"] if entry["platform"] == "linux-64"]
    assert kept == before["lockfile"]["package"]
    again = json.loads(after["lockfile"]["metadata"]["custom_metadata"]["envstore_virtual_packages"])
    assert again["linux-64"] == json.loads(offered)["linux-64"]


def test_added_platform_without_a_solution_is_an_error(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(tmp_path / "c", linux_64=[record("tool", "1.0")], osx_64=[record("other", "2.0")])
    before = resolver.lock(["tool"], [channel], platforms=["linux-64"])
    with pytest.raises(PackageNotFoundError, match="for osx-64"):
        resolver.lock(
            ["tool"], [channel], platforms=["linux-64", "osx-64"], preferred=before["packages"], carried=["linux-64"]
        )


# ---------------------------------------------------------------- what the machines of a platform offer


def test_virtual_packages_of_a_platform_are_put_on_top_or_instead(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(
        tmp_path / "c",
        linux_64=[record("tool", "1.0")],
        osx_64=[record("tool", "1.0"), record("tool", "2.0", "__osx >=13"), record("tool", "3.0", "__special")],
    )
    call = {"platforms": ["osx-64"]}
    assert named(resolver.lock(["tool"], [channel], **call), "osx-64") == ["tool 1.0"]
    on_top = resolver.lock(["tool"], [channel], **call, virtual_packages={"osx-64": {"__osx": "14.0"}})
    assert named(on_top, "osx-64") == ["tool 2.0"]
    exact = resolver.lock(["tool"], [channel], **call, exact_virtual_packages={"osx-64": {"__special": "1"}})
    assert named(exact, "osx-64") == ["tool 3.0"]
    metadata = exact["lockfile"]["metadata"]["custom_metadata"]
    assert json.loads(metadata["envstore_virtual_packages"]) == {"osx-64": {"__special": "1"}}


def test_explanation_tells_how_to_say_what_other_machines_have(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_platforms(
        tmp_path / "c", linux_64=[record("tool", "1.0")], osx_64=[record("tool", "2.0", "__osx >=13")]
    )
    result = resolver.lock(["tool"], [channel], platforms=["linux-64", "osx-64"])
    assert "EnvStore.virtual_packages" in result["unsolved"]["osx-64"]["summary"]


def test_overriding_variables_count_and_are_told(start_resolver: StartResolver, tmp_path: Path) -> None:
    channel = write_platforms(tmp_path / "c", linux_64=[record("tool", "1.0", "__cuda >=12")])
    result = start_resolver(CONDA_OVERRIDE_CUDA="12.4").lock(["tool"], [channel])
    assert named(result, "linux-64") == ["tool 1.0"]
    assert any("CONDA_OVERRIDE_CUDA=12.4" in warning for warning in result["warnings"])
    with pytest.raises(UnsolvableError, match="set CONDA_OVERRIDE_CUDA"):
        start_resolver(CONDA_OVERRIDE_CUDA="").lock(["tool"], [channel])
