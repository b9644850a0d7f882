"""Locking: what conda's texts mean, what an edit moves, other platforms, dates, and what a search finds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.resolver import ResolverProcess, StartResolver
from small_channels import record, write_channel

from jupyter_envstore.errors import (
    InvalidInputError,
    PackageNotFoundError,
    PlatformError,
    SpecificationError,
)
from jupyter_envstore.lock.platforms import KNOWN_PLATFORMS, check_platform, current_platform

TEXTS = [
    "python 3.11", "python=3.11", "python =3.11", "python = 3.11", "python==3.11", "python ==3.11.4", "python 3.11.*",
    "python=3.11.*", "python=3.11*", "python>=3.11", "python >= 3.10, <3.12", "python <3.9", "Python=3.9", "numpy=",
    "numpy!=1.26.4", "numpy !=1.26.*", "numpy ~=1.24", "numpy~=1.24.0", "numpy 1.24|1.26.*", "numpy=1.24|=1.25",
    "numpy >=2.0|<1.18", "numpy=1.26.4=py312h*", "numpy 1.26.4 py312*", "numpy[version='>=1.20,<2',build='py312*']",
    "conda-forge::numpy=1.26", "conda-forge/linux-64::numpy", "numpy[channel=conda-forge]", "blas=*=openblas",
    "libblas=*=*openblas", "libblas[build=*mkl]", "python 3.11 *_cpython", "openssl=1.1.1", "tzdata=2024a",
    "numpy 1.26.4 py312heda63a1_0", "numpy>=1.26.*", "numpy ==1.26.*", "zlib=1.2.13", "numpy>=1.20 # comment",
    "_libgcc_mutex=0.1=conda_forge",
]  # fmt: skip

MATCHING = """
import json, os, sys
from conda_lock._vendor.conda.models.match_spec import MatchSpec
from conda_lock._vendor.conda.models.version import VersionSpec
from rattler import PackageRecord
from rattler.package import BuildString
from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.lock.entries import parse_entry

texts, folder = json.loads(sys.argv[1]), sys.argv[2]
records = []
for subdir in ("linux-64", "noarch"):
    data = json.load(open(f"{folder}/{subdir}/repodata.json"))
    for key in ("packages", "packages.conda"):
        records += data.get(key, {}).values()
answer = {}
for text in texts:
    conda, ours = MatchSpec(text), parse_entry(text, ChannelSettings())
    version, build = conda.get_raw_value("version"), conda._match_components.get("build")
    version = VersionSpec(version) if version else None
    theirs, mine = [], []
    for one in records:
        if one["name"] != conda.name:
            continue
        key = [one["version"], one["build"]]
        if (version is None or version.match(one["version"])) and (build is None or build.match(one["build"])):
            theirs.append(key)
        package = PackageRecord(
            name=one["name"], version=one["version"], build=BuildString(one["build"]),
            build_number=one["build_number"], subdir=one["subdir"],
        )
        if ours.spec.matches(package):
            mine.append(key)
    answer[text] = [theirs, mine]
print(json.dumps(answer))
sys.stdout.flush()
os._exit(0)
"""


def versions(result: dict[str, object], platform: str = "linux-64") -> dict[str, str]:
    packages = result["packages"]
    assert isinstance(packages, list)
    return {one["name"]: f"{one['version']} {one['build']}" for one in packages if one["platform"] == platform}


# ---------------------------------------------------------------- what texts mean


def test_texts_match_the_packages_that_conda_would_match(large_channel: str) -> None:
    folder = large_channel.removeprefix("file://")
    program = [sys.executable, "-c", MATCHING, json.dumps(TEXTS), folder]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert {text for text, (theirs, mine) in answer.items() if theirs != mine} == set()
    assert len(answer["python=3.11"][1]) > len(answer["python 3.11"][1]) == 1
    assert sum(1 for theirs, _ in answer.values() if theirs) > len(TEXTS) * 0.8


@pytest.mark.parametrize("text", ["numpy >=", "num py >=1 x y z", "*", "numpy =>1"])
def test_text_that_is_no_match_spec_is_refused(resolver: ResolverProcess, tmp_path: Path, text: str) -> None:
    channel = write_channel(tmp_path / "c", [record("numpy", "1.0")])
    with pytest.raises(SpecificationError):
        resolver.lock([text], [channel])


# ---------------------------------------------------------------- what is solved


def test_packages_carry_what_an_installation_and_a_catalog_need(resolver: ResolverProcess, large_channel: str) -> None:
    result = resolver.lock(["python=3.12", "numpy", "pandas"], [large_channel])
    numpy = next(package for package in result["packages"] if package["name"] == "numpy")
    assert numpy["channel"] == large_channel
    assert numpy["url"].startswith(f"{large_channel}/linux-64/numpy-{numpy['version']}-{numpy['build']}.")
    assert {one["license"] for one in result["packages"]} >= {"BSD-3-Clause", "MIT"}
    assert any(text.startswith("python") for text in numpy["depends"])
    assert all(one["md5"] and one["sha256"] for one in result["packages"])
    assert any(one["size"] for one in result["packages"])  # some of these records come without
    steps = [event["step"] for event in resolver.events]
    assert steps == ["repodata", "solve", "write-lock"]
    assert set(result["seconds"]) >= {"import", "repodata", "solve", "write"}


def test_adding_a_package_moves_nothing_else(resolver: ResolverProcess, large_channel: str) -> None:
    before = resolver.lock(["python=3.12", "numpy=1.26", "pandas=2.1"], [large_channel])
    wanted = ["python=3.12", "numpy", "pandas", "xarray"]
    free = versions(resolver.lock(wanted, [large_channel]))
    kept = versions(resolver.lock(wanted, [large_channel], preferred=before["packages"]))
    old = versions(before)
    assert {name: kept[name] for name in old} == old
    assert set(kept) - set(old) >= {"xarray"}
    assert free["numpy"] != old["numpy"]  # without the preference it would have moved


def test_preferred_package_gives_way_when_it_must(resolver: ResolverProcess, large_channel: str) -> None:
    before = resolver.lock(["python=3.12", "numpy=1.26", "pandas=2.1"], [large_channel])
    after = versions(
        resolver.lock(["python=3.12", "numpy>=2", "pandas"], [large_channel], preferred=before["packages"])
    )
    assert after["numpy"].startswith("2.")
    assert after["python"] == versions(before)["python"]


def test_preferred_package_that_the_channel_lost_is_said(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("lib", "1.0"), record("lib", "2.0")])
    before = resolver.lock(["lib=1"], [channel])
    write_channel(tmp_path / "c", [record("lib", "2.0")])
    result = resolver.lock(["lib"], [channel], preferred=before["packages"])
    assert versions(result) == {"lib": "2.0 0"}
    assert any("could not be kept" in warning and "lib" in warning for warning in result["warnings"])


def test_all_platforms_are_solved_with_what_they_offer(resolver: ResolverProcess, large_channel: str) -> None:
    platforms = ["linux-64", "osx-arm64", "win-64"]
    result = resolver.lock(["python=3.12", "numpy"], [large_channel], platforms=platforms)
    assert result["lockfile"]["metadata"]["platforms"] == platforms
    assert {one["subdir"] for one in result["packages"] if one["platform"] == "osx-arm64"} <= {"osx-arm64", "noarch"}
    assert "vc" in versions(result, "win-64")
    offered = json.loads(result["lockfile"]["metadata"]["custom_metadata"]["envstore_virtual_packages"])
    assert offered["osx-arm64"] == {"__archspec": "1 arm64", "__osx": "11.0", "__unix": "0"}
    assert "__glibc" in offered["linux-64"]


def test_selectors_keep_lines_for_their_platform(resolver: ResolverProcess, tmp_path: Path) -> None:
    for platform in ("linux-64", "osx-arm64"):
        channel = write_channel(tmp_path / "c", [record("lib", "1.0"), record("mac", "1.0")], subdir=platform)
    text = "dependencies:\n  - lib\n  - mac  # [osx]\n"
    result = resolver.lock(text, [channel], platforms=["linux-64", "osx-arm64"])
    assert set(versions(result, "linux-64")) == {"lib"}
    assert set(versions(result, "osx-arm64")) == {"lib", "mac"}


def test_as_of_takes_packages_as_they_stood(resolver: ResolverProcess, tmp_path: Path) -> None:
    old, new = 1_600_000_000_000, 1_700_000_000_000  # 2020-09-13 and 2023-11-14, in milliseconds
    records = [record("lib", "1.0", timestamp=old), record("lib", "2.0", timestamp=new)]
    channel = write_channel(tmp_path / "c", records)
    latest = resolver.lock(["lib"], [channel])
    assert versions(latest) == {"lib": "2.0 0"}
    for date, expected in {"2020-09-13": "1.0 0", "2023-11-13T23:00:00+00:00": "1.0 0", "2023-11-14": "2.0 0"}.items():
        result = resolver.lock(["lib"], [channel], as_of=date, preferred=latest["packages"])
        assert versions(result) == {"lib": expected}, date
    with pytest.raises(InvalidInputError, match="not a date"):
        resolver.lock(["lib"], [channel], as_of="yesterday")


def test_unknown_platform_is_refused(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("lib", "1.0")])
    with pytest.raises(PlatformError, match="linux-64, linux-aarch64"):
        resolver.lock(["lib"], [channel], platforms=["linux-64", "amiga-68k"])
    assert check_platform(current_platform()) in KNOWN_PLATFORMS


def test_name_that_only_another_channel_has_is_not_found(resolver: ResolverProcess, tmp_path: Path) -> None:
    first = write_channel(tmp_path / "first", [record("lib", "1.0")])
    second = write_channel(tmp_path / "second", [record("app", "1.0")])
    with pytest.raises(PackageNotFoundError):
        resolver.lock([f"{first}::app"], [first, second])


# ---------------------------------------------------------------- search


def test_search_finds_by_part_glob_and_exact_name_first(resolver: ResolverProcess, tmp_path: Path) -> None:
    names = ["num", "numpy", "numpy-base", "mynumpy", "other_lib"]
    channel = write_channel(
        tmp_path / "c",
        [*(record(name, "1.0") for name in names), record("numpy", "1.10"), record("numpy", "1.9")],
        summaries={"numpy": "Arrays"},
    )

    def found(pattern: str, **more: int) -> tuple[list[str], int]:
        answer = resolver.call("search", pattern=pattern, channels=[channel], platform="linux-64", **more)
        return [item["name"] for item in answer["items"]], answer["total"]

    assert found("numpy") == (["numpy", "numpy-base", "mynumpy"], 3)
    assert found("num*") == (["num", "numpy", "numpy-base"], 3)
    assert found("NUMPY", limit=1) == (["numpy"], 3)
    assert found("other-lib") == (["other_lib"], 1)
    assert found("absent") == ([], 0)
    (numpy,) = resolver.call("search", pattern="numpy", channels=[channel], platform="linux-64", limit=1)["items"]
    assert numpy["versions"] == ["1.10", "1.9", "1.0"]
    assert (numpy["summary"], numpy["subdirs"]) == ("Arrays", ["linux-64"])
    with pytest.raises(InvalidInputError):
        found("  ")


# ---------------------------------------------------------------- the program


def test_nothing_beside_the_program_or_where_it_stands_is_imported(
    start_resolver: StartResolver, tmp_path: Path
) -> None:
    folder = tmp_path / "resolver-0" / "work"
    folder.mkdir(parents=True)
    for name in ("build", "json", "yaml", "rattler", "conda_lock", "git"):
        (folder / f"{name}.py").write_text("raise SystemExit('a stranger was imported')\n")
    channel = write_channel(tmp_path / "c", [record("lib", "1.0")])
    assert start_resolver().lock(["lib"], [channel])["packages"]


def test_warm_fetches_ahead_and_the_program_ends_with_its_input(start_resolver: StartResolver, tmp_path: Path) -> None:
    resolver = start_resolver()
    channel = write_channel(tmp_path / "c", [record("lib", "1.0")])
    assert resolver.call("warm", channels=[channel]) == {}
    assert list((tmp_path / "resolver-0" / "work").iterdir()) == []
    resolver.close()
