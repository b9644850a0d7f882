"""Which platforms a specification can be had on, and ways to the others that were solved before they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.resolver import ResolverProcess
from small_channels import record, write_channel

from jupyter_envstore.schemas import Explanation, Workaround
from jupyter_envstore.specification import Specification

FIVE = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]
TEXT = """\
channels: [{channel}]
dependencies:
  - python
  - tool >=2  # what it is about
"""


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A channel with ``tool`` 2 on linux-64 and osx-64, 1 on win-64, broken on linux-aarch64, not on osx-arm64."""
    folder = tmp_path_factory.mktemp("channel")
    python = record("python", "3.12")
    write_channel(folder, [python, record("tool", "1.0"), record("tool", "2.0")], subdir="linux-64")
    write_channel(folder, [python, record("tool", "2.0")], subdir="osx-64")
    write_channel(folder, [python, record("tool", "1.0"), record("tool", "1.5")], subdir="win-64")
    write_channel(folder, [python, record("tool", "2.0", "gone")], subdir="linux-aarch64")
    return write_channel(folder, [python], subdir="osx-arm64")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A channel with ``tool`` for osx-arm64."""
    folder = tmp_path_factory.mktemp("other")
    return write_channel(folder, [record("tool", "2.1", "helper"), record("helper", "1.0")], subdir="osx-arm64")


def report(resolver: ResolverProcess, text: str, *platforms: str, **more: object) -> dict[str, dict[str, object]]:
    answer = resolver.call("platforms", specification=text, channels=[], platforms=platforms or FIVE, **more)
    found: dict[str, dict[str, object]] = answer["platforms"]
    return found


def explanation(told: dict[str, object]) -> Explanation:
    return Explanation.model_validate(told["explanation"])


def workarounds(told: dict[str, object], kind: str) -> list[Workaround]:
    listed = told["workarounds"]
    assert isinstance(listed, list)
    return [one for one in map(Workaround.model_validate, listed) if one.kind == kind]


def solves(resolver: ResolverProcess, workaround: Workaround, platform: str) -> list[str]:
    """Lock the edited text, with conda-lock's own reading of it, and return what is installed."""
    assert workaround.specification is not None
    result = resolver.lock(workaround.specification, [], platforms=[platform])
    assert len(result["packages"]) == workaround.package_count
    return sorted(f"{one['name']} {one['version']}" for one in result["packages"])


def test_each_platform_says_for_itself_whether_it_can_be_had(resolver: ResolverProcess, channel: str) -> None:
    found = report(resolver, TEXT.format(channel=channel))
    assert {platform for platform, told in found.items() if "packages" in told} == {"linux-64", "osx-64"}
    assert set(found) == set(FIVE)


def test_missing_package_is_named_with_where_it_is(resolver: ResolverProcess, channel: str) -> None:
    found = report(resolver, TEXT.format(channel=channel))
    (absent,) = explanation(found["osx-arm64"]).missing
    assert (absent.entry, absent.name, absent.newest) == ("tool >=2", "tool", None)
    assert absent.elsewhere == ["linux-64", "osx-64"]
    assert "but for linux-64, osx-64" in explanation(found["osx-arm64"]).summary
    (older,) = explanation(found["win-64"]).missing
    assert (older.newest, older.below, older.above) == ("1.5", "1.5", None)
    assert explanation(found["linux-aarch64"]).missing == []


def test_versions_over_what_is_asked_for_are_told_too(resolver: ResolverProcess, tmp_path: Path) -> None:
    records = [record("tool", version) for version in ("1.0", "1.9", "3.0", "4.0")]
    url = write_channel(tmp_path / "c", records, subdir="win-64")
    found = report(resolver, f"channels: [{url}]\ndependencies:\n  - tool 2.*\n", "win-64")
    (missing,) = explanation(found["win-64"]).missing
    assert (missing.below, missing.above, missing.newest) == ("1.9", "3.0", "4.0")


def test_another_version_is_an_edit_for_that_platform_only(resolver: ResolverProcess, channel: str) -> None:
    found = report(resolver, TEXT.format(channel=channel))
    (way, *_) = workarounds(found["win-64"], "version")
    assert "on win-64 only" in way.title
    assert solves(resolver, way, "win-64") == ["python 3.12", "tool 1.5"]
    assert way.specification is not None
    before, after = Specification.parse(TEXT.format(channel=channel)), Specification.parse(way.specification)
    for platform in set(FIVE) - {"win-64"}:
        assert after.dependencies_for(platform) == before.dependencies_for(platform)
    assert "  - tool >=2  # what it is about [unix]" in after.text.split("\n")


def test_edits_lead_to_the_specification(resolver: ResolverProcess, channel: str) -> None:
    text = TEXT.format(channel=channel)
    for platform, told in report(resolver, text).items():
        for kind in ("version", "selector", "channel"):
            for way in workarounds(told, kind) if "workarounds" in told else []:
                lines = text.split("\n")
                for edit in reversed(way.edits):
                    assert lines[edit.line - 1 : edit.line - 1 + len(edit.removed)] == edit.removed, platform
                    lines[edit.line - 1 : edit.line - 1 + len(edit.removed)] = edit.added
                assert "\n".join(lines) == way.specification


def test_package_can_be_left_out_where_it_is_missing(resolver: ResolverProcess, channel: str) -> None:
    found = report(resolver, TEXT.format(channel=channel))
    for platform in ("osx-arm64", "linux-aarch64"):
        assert [solves(resolver, way, platform) for way in workarounds(found[platform], "selector")] == [
            ["python 3.12"]
        ]


def test_configured_channel_that_has_it_is_offered(resolver: ResolverProcess, channel: str, other: str) -> None:
    text = TEXT.format(channel=channel)
    found = report(resolver, text, further_channels=[channel, "file:///not/there", other])
    (way,) = workarounds(found["osx-arm64"], "channel")
    assert way.add == [f"{other}::tool >=2"]
    assert solves(resolver, way, "osx-arm64") == ["helper 1.0", "python 3.12", "tool 2.1"]
    assert workarounds(report(resolver, text)["osx-arm64"], "channel") == []


def test_platform_that_runs_by_emulation_is_offered_when_it_has_a_solution(
    resolver: ResolverProcess, channel: str
) -> None:
    found = report(resolver, TEXT.format(channel=channel))
    assert [way.platform for way in workarounds(found["osx-arm64"], "emulation")] == ["osx-64", "linux-64"]
    assert [way.platform for way in workarounds(found["win-64"], "emulation")] == ["linux-64"]
    # Also where nobody asked for that platform.
    alone = report(resolver, TEXT.format(channel=channel), "win-64")
    assert [way.platform for way in workarounds(alone["win-64"], "emulation")] == ["linux-64"]


def test_nothing_is_offered_that_has_no_solution(resolver: ResolverProcess, tmp_path: Path) -> None:
    write_channel(tmp_path / "c", [record("app", "1.0", "gone")], subdir="linux-64")
    url = write_channel(tmp_path / "c", [record("app", "1.0", "gone")], subdir="win-64")
    found = report(resolver, f"channels: [{url}]\ndependencies:\n  - app\n  - lost\n", "win-64")
    assert found["win-64"]["workarounds"] == []


def test_missing_and_colliding_at_once_is_mended_by_both(resolver: ResolverProcess, channel: str) -> None:
    text = TEXT.format(channel=channel) + "  - lost\n"
    found = report(resolver, text, "win-64")
    ways = workarounds(found["win-64"], "version")
    assert [solves(resolver, way, "win-64") for way in ways] == [["python 3.12", "tool 1.5"]]
    assert set(ways[0].remove) == {"lost", "tool >=2"}


def test_own_platform_is_reported_like_the_others(resolver: ResolverProcess, channel: str) -> None:
    found = report(resolver, f"channels: [{channel}]\ndependencies:\n  - tool 3.*\n", "linux-64", "osx-64")
    assert set(found) == {"linux-64", "osx-64"}
    assert all("explanation" in told for told in found.values())


def test_platform_for_which_the_text_makes_no_sense_does_not_fail_the_others(
    resolver: ResolverProcess, channel: str
) -> None:
    text = f"platforms: [linux-64]\nchannels: [{channel}]\ndependencies:\n  - tool\n  - tool 1.*  # [win]\n"
    found = report(resolver, text, "linux-64", "win-64")
    assert "packages" in found["linux-64"]
    assert "asked for twice" in explanation(found["win-64"]).summary
    text = f"channels: [{channel}]\ndependencies:\n  - tool  # [linux]\n"
    found = report(resolver, text, "linux-64", "win-64")
    assert "packages" in found["linux-64"]
    assert "no package on win-64" in explanation(found["win-64"]).summary


def test_real_records_of_five_platforms(resolver: ResolverProcess, large_channel: str) -> None:
    text = f"channels: [{large_channel}]\ndependencies:\n  - python=3.12\n  - numpy\n  - pywin32\n"
    found = report(resolver, text)
    assert "packages" in found["win-64"] or explanation(found["win-64"]).missing
    for platform in ("linux-64", "osx-arm64"):
        assert [one.name for one in explanation(found[platform]).missing] == ["pywin32"]
        for way in workarounds(found[platform], "selector"):
            assert "pywin32" not in " ".join(solves(resolver, way, platform))
