"""What an update took along and need not have is put back, from whichever channels it came."""

from __future__ import annotations

import json
from pathlib import Path

from fixtures.resolver import ResolverProcess
from small_channels import record, write_channel


def versions(result: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {package["name"]: package["version"] for package in result["packages"]}


APP = [record("app", "1.0", "lib >=1", "helper"), record("app", "2.0", "lib >=1"), record("helper", "1.0")]
LIBRARIES = [record("lib", "1.0", "base >=1"), record("lib", "2.0", "base >=2"), *(record("base", v) for v in "12")]
BEFORE = {"app": "1.0", "lib": "1.0", "base": "1", "helper": "1.0"}
AFTER = {"app": "2.0", "lib": "1.0", "base": "1"}
"""An update frees what the package needs too, so that `lib` and `base` moved and were put back."""


def test_what_need_not_move_is_put_back_and_what_nothing_needs_is_left_out(
    resolver: ResolverProcess, tmp_path: Path
) -> None:
    channel = write_channel(tmp_path / "c", [*APP, *LIBRARIES])
    before = resolver.lock(["app=1", "lib=1", "base=1"], [channel])
    assert versions(before) == BEFORE
    assert versions(resolver.lock(["app"], [channel])) == {"app": "2.0", "lib": "2.0", "base": "2"}
    after = resolver.lock(["app"], [channel], preferred=before["packages"], freed=["app"])
    assert versions(after) == AFTER


def test_it_is_put_back_from_another_channel(resolver: ResolverProcess, tmp_path: Path) -> None:
    first, second = write_channel(tmp_path / "first", APP), write_channel(tmp_path / "second", LIBRARIES)
    before = resolver.lock(["app=1", "lib=1", "base=1"], [first, second])
    after = resolver.lock(["app"], [first, second], preferred=before["packages"], freed=["app"])
    assert versions(after) == AFTER
    assert {package["name"]: package["channel"] for package in after["packages"]} == {
        "app": first,
        "lib": second,
        "base": second,
    }


def test_it_is_put_back_from_a_channel_that_stands_for_several(resolver: ResolverProcess, tmp_path: Path) -> None:
    # base lies in both: within one step of priority the first channel with a name does not hide the others.
    first = write_channel(tmp_path / "first", [*APP, record("base", "0")])
    second = write_channel(tmp_path / "second", LIBRARIES)
    (tmp_path / "condarc").write_text(f"custom_multichannels: {{both: {json.dumps([first, second])}}}\n")
    asked = {"condarc": [str(tmp_path / "condarc")]}
    before = resolver.lock(["app=1", "lib=1", "base=1"], ["both"], **asked)
    after = resolver.lock(["app"], ["both"], preferred=before["packages"], freed=["app"], **asked)
    assert versions(after) == AFTER


def test_no_lower_channel_helps_a_package_to_stay(resolver: ResolverProcess, tmp_path: Path) -> None:
    second = write_channel(tmp_path / "second", [*LIBRARIES, record("base", "3")])
    first = write_channel(tmp_path / "first", [*APP, record("app", "3.0", "lib >=2", "base >=2")])
    before = resolver.lock(["app=1", "lib=1", "base=1"], [first, second])
    # Since then the first channel has a base of its own: the second one's counts no more.
    write_channel(tmp_path / "first", [*APP, record("app", "3.0", "lib >=2", "base >=2"), record("base", "2.5")])
    after = resolver.lock(["app"], [first, second], preferred=before["packages"], freed=["app"])
    assert versions(after) == {"app": "3.0", "lib": "2.0", "base": "2.5"}


def test_packages_that_fit_only_each_other_are_put_back_together(resolver: ResolverProcess, tmp_path: Path) -> None:
    pair = [
        part
        for version in ("1.0", "2.0")
        for part in (record("left", version, f"right =={version}"), record("right", version, f"left =={version}"))
    ]
    app = [record("app", "1.0", "left"), record("app", "2.0", "left")]
    channel = write_channel(tmp_path / "c", [*app, *pair])
    before = resolver.lock(["app=1", "left=1"], [channel])
    after = resolver.lock(["app"], [channel], preferred=before["packages"], freed=["app"])
    assert versions(after) == {"app": "2.0", "left": "1.0", "right": "1.0"}


def test_a_limit_on_what_must_be_there_counts_as_a_need(resolver: ResolverProcess, tmp_path: Path) -> None:
    """As conda-forge's python_abi does: it names its Python only as a limit, and all builds name it."""
    records = [
        *(record("python", version) for version in ("3.11", "3.12")),
        *(record("abi", version, constrains=[f"python {version}.*"]) for version in ("3.11", "3.12")),
        *(record("tool", "1.0", "python", f"abi {v}.*", build=f"py{v.replace('.', '')}") for v in ("3.11", "3.12")),
        *(record("pure", version, "python") for version in ("1.0", "2.0")),
    ]
    channel = write_channel(tmp_path / "c", records)
    before = resolver.lock(["python=3.11", "tool", "pure=1"], [channel])
    after = resolver.lock(["python=3.12", "tool", "pure"], [channel], preferred=before["packages"])
    assert {package["name"]: f"{package['version']} {package['build']}" for package in after["packages"]} == {
        "python": "3.12 0",
        "abi": "3.12 0",
        "tool": "1.0 py312",
        "pure": "1.0 0",
    }


def test_nothing_newer_than_asked_for_helps_a_package_to_stay(resolver: ResolverProcess, tmp_path: Path) -> None:
    records = [
        *APP,
        *LIBRARIES,
        record("app", "3.0", "lib", timestamp=1_790_000_000_000),
    ]
    channel = write_channel(tmp_path / "c", records)
    before = resolver.lock(["app=1", "lib=1", "base=1"], [channel])
    after = resolver.lock(["app"], [channel], preferred=before["packages"], freed=["app"], as_of="2024-01-01")
    assert versions(after) == AFTER
