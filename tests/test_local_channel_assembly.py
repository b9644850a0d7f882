"""Putting a channel in place: in one step, by content, without touching what is not the maker's."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from channel_maker.archive import PackageFile
from channel_maker.assembly import put_channel
from channel_maker.cache import BuiltPackage, PackageCache
from channel_maker.demonstrations import build_small, generic_draft


def package(folder: Path, version: str) -> BuiltPackage:
    """A package ``sample`` of a version."""
    files = [PackageFile("share/sample.txt", version.encode())]
    return build_small(PackageCache(folder / "cache"), generic_draft("sample", files, version=version))


def versions(channel: Path) -> set[str]:
    """The versions that the index lists, each with its file."""
    records = json.loads((channel / "noarch/repodata.json").read_text())["packages.conda"]
    return {one["version"] for name, one in records.items() if (channel / "noarch" / name).is_file()}


def test_the_same_content_is_the_same_generation_and_other_content_another(tmp_path: Path) -> None:
    old, new = package(tmp_path, "1.0"), package(tmp_path, "2.0")
    channel = put_channel(tmp_path / "out", "small", [old])
    first = channel.resolve()
    stamp = first.stat().st_mtime_ns
    assert put_channel(tmp_path / "out", "small", [old]).resolve() == first
    assert first.stat().st_mtime_ns == stamp
    second = put_channel(tmp_path / "out", "small", [old, new]).resolve()
    assert second != first
    assert first.is_dir(), "someone may still be reading the previous generation"
    put_channel(tmp_path / "out", "small", [new])
    assert not first.exists()
    assert sorted(one.name for one in (tmp_path / "out/.generations").iterdir()) == sorted(
        [second.name, channel.resolve().name]
    )


def test_a_reader_never_sees_half_a_channel(tmp_path: Path) -> None:
    states = [[package(tmp_path, "1.0")], [package(tmp_path, "1.0"), package(tmp_path, "2.0")]]
    channel = put_channel(tmp_path / "out", "small", states[0])
    seen: list[set[str]] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            # One look at the link, as a reader that has opened the channel keeps what it opened.
            seen.append(versions(Path(os.path.realpath(channel))))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(40):
            put_channel(tmp_path / "out", "small", states[number % 2])
    finally:
        ended.set()
        reader.join()
    assert {frozenset(one) for one in seen} <= {frozenset({"1.0"}), frozenset({"1.0", "2.0"})}
    assert seen


def test_a_folder_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "small" / "notes.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine\n")
    with pytest.raises(RuntimeError, match="did not make"):
        put_channel(tmp_path / "out", "small", [package(tmp_path, "1.0")])
    assert theirs.read_text() == "mine\n"


def test_spoiling_a_channel_leaves_the_cache_as_it_was(tmp_path: Path) -> None:
    sample = package(tmp_path, "1.0")
    before = sample.path.read_bytes()

    def spoil(channel: Path, records: dict[str, dict[str, dict[str, object]]]) -> None:
        (channel / "noarch" / sample.file_name).unlink()
        records["noarch"][sample.file_name]["sha256"] = "0" * 64

    channel = put_channel(tmp_path / "out", "small", [sample], spoil=spoil)
    assert versions(channel) == set()
    assert sample.path.read_bytes() == before
    assert sample.record["sha256"] != "0" * 64
