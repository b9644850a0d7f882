"""The local channel: its environments work, its indexes tell the truth, only what changed is made again."""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import conda_package_streaming.package_streaming as streaming
import msgpack  # type: ignore[import-untyped]
import pytest
import zstandard
from channel_maker.foreign import MISSING
from channel_maker.interpreters import find_interpreters
from channel_maker.making import this_platform
from fixtures.channel import CHECKOUT, ChannelClient
from fixtures.prefix import install_prefix

IMPORTS = "import ssl, sqlite3, ctypes, lzma, bz2, zlib, hashlib, curses, readline, uuid, decimal, venv, ensurepip"
SCIENTIFIC = ("numpy", "pandas", "matplotlib", "ipykernel", "pip", "requests")


def repodata(channel: Path, subdir: str) -> dict[str, dict[str, Any]]:
    """File name → record."""
    records: dict[str, dict[str, Any]] = json.loads((channel / subdir / "repodata.json").read_text())["packages.conda"]
    return records


def minors(channel: Path) -> list[str]:
    """The Python minors of a channel, oldest first."""
    versions = [one["version"] for one in repodata(channel, this_platform()).values() if one["name"] == "python"]
    return sorted({".".join(one.split(".")[:2]) for one in versions}, key=lambda one: int(one.split(".")[1]))


def alone(*command: str | Path) -> str:
    """Run a command with no environment at all and return what it printed."""
    done = subprocess.run([str(one) for one in command], env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["newest", "oldest"])
def scientific_prefix(request: pytest.FixtureRequest, channel_dir: Path) -> Path:
    """An environment of the whole scientific set, for the newest and for the oldest Python of the channel."""
    minor = minors(channel_dir)[-1 if request.param == "newest" else 0]
    return install_prefix(channel_dir, (f"python={minor}", *SCIENTIFIC))


def test_an_environment_works_without_any_variable_of_the_shell(scientific_prefix: Path) -> None:
    python = scientific_prefix / "bin" / "python"
    alone(python, "-c", IMPORTS)
    code = (
        "import sys, numpy, pandas, matplotlib.figure, ipykernel, requests\n"
        "matplotlib.figure.Figure().subplots().plot(numpy.linalg.inv(numpy.eye(3)))\n"
        "print(sys.prefix, pandas.DataFrame({'a': [1, 2]})['a'].sum(), numpy.__file__, sep='\\n')"
    )
    prefix, total, numpy_file = alone(python, "-c", code).splitlines()
    assert prefix == str(scientific_prefix)
    assert total == "3"
    assert Path(numpy_file).is_relative_to(scientific_prefix)


def test_its_python_loads_no_library_of_the_interpreter_it_was_made_from(scientific_prefix: Path) -> None:
    code = "import ssl, sqlite3, ctypes; print(open('/proc/self/maps').read())"
    mapped = {
        line.split()[-1] for line in alone(scientific_prefix / "bin/python", "-c", code).splitlines() if "/" in line
    }
    foreign = [one for one in mapped if "python" in one and not Path(one).is_relative_to(scientific_prefix)]
    assert foreign == []


def test_its_python_says_where_it_is_and_not_where_it_was_built(scientific_prefix: Path) -> None:
    code = "import json, sysconfig; print(json.dumps([sysconfig.get_paths(), sysconfig.get_config_vars()]))"
    paths, variables = json.loads(alone(scientific_prefix / "bin/python", "-c", code))
    assert all(Path(one).is_relative_to(scientific_prefix) for one in paths.values())
    assert paths["purelib"].endswith("/site-packages")
    assert Path(variables["LIBDIR"]).is_relative_to(scientific_prefix)
    assert not [key for key, value in variables.items() if "prefix_placeholder" in str(value)]


def test_a_venv_made_from_it_has_pip(scientific_prefix: Path, tmp_path: Path) -> None:
    alone(scientific_prefix / "bin/python", "-m", "venv", tmp_path / "venv")
    assert str(tmp_path / "venv") in alone(tmp_path / "venv/bin/pip", "--version")


def test_scripts_name_the_python_of_their_prefix(scientific_prefix: Path) -> None:
    # One of a noarch package (made by the installer), one of a compiled package (patched by the installer).
    for name in ("pip", "jupyter-kernelspec", "numpy-config", "fonttools"):
        shebang = (scientific_prefix / "bin" / name).read_text().splitlines()[0]
        assert Path(shebang.removeprefix("#!")).samefile(scientific_prefix / "bin/python"), name
    assert str(scientific_prefix) in alone(scientific_prefix / "bin/pip", "--version")
    alone(scientific_prefix / "bin/numpy-config", "--version")


def test_numpy_can_be_had_in_three_series(channel_dir: Path, channel_url: str, channel_client: ChannelClient) -> None:
    minor = minors(channel_dir)[-1]
    tag = f"py{minor.replace('.', '')}h"
    records = [one for one in repodata(channel_dir, this_platform()).values() if one["build"].startswith(tag)]
    versions = sorted((one["version"] for one in records if one["name"] == "numpy"), key=_numbers)
    assert len({tuple(_numbers(one)[:2]) for one in versions}) == 3
    for version in versions:
        solved = channel_client.records(channel_url, f"python={minor}", f"numpy<={version}")
        assert solved["numpy"]["version"] == version


def test_an_older_pandas_holds_numpy_back(channel_dir: Path, channel_url: str, channel_client: ChannelClient) -> None:
    if int(minors(channel_dir)[0].split(".")[1]) >= 13:
        pytest.skip("no CPython older than 3.13, which the oldest pandas here needs")
    assert channel_client.records(channel_url, "pandas<2.2")["numpy"]["version"].startswith("1.26.")
    assert channel_client.records(channel_url, "pandas")["numpy"]["version"].startswith("2.")
    assert ",<2" in channel_client.ask(channel_url, "pandas<2.2", "numpy>=2")["error"]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_a_second_run_builds_nothing(channels_dir: Path) -> None:
    before = {name: (channels_dir / name).resolve() for name in ("conda-forge", "faults")}
    command = [sys.executable, str(CHECKOUT / "tools/local_channel.py"), "--output", str(channels_dir), "--json"]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert report["built"] == []
    assert len(report["reused"]) == report["packages"] > 50
    assert {name: (channels_dir / name).resolve() for name in before} == before


def test_a_python_without_any_of_the_libraries_can_run_it(channels_dir: Path) -> None:
    for interpreter in find_interpreters():
        command = [
            interpreter.executable,
            "-s",
            str(CHECKOUT / "tools/local_channel.py"),
            "--output",
            str(channels_dir),
        ]
        done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["built"] == []


def test_records_agree_with_their_files(channel_dir: Path) -> None:
    for subdir in (this_platform(), "noarch"):
        records = repodata(channel_dir, subdir)
        assert set(records) == {path.name for path in (channel_dir / subdir).glob("*.conda")}
        for name, record in records.items():
            path = channel_dir / subdir / name
            content = path.read_bytes()
            assert record["size"] == len(content)
            assert record["sha256"] == hashlib.sha256(content).hexdigest()
            assert record["md5"] == hashlib.md5(content).hexdigest()
            inside = {
                member.name: tar.extractfile(member).read()
                for tar, member in streaming.stream_conda_info(path)
                if member.name == "info/index.json"
            }
            index = json.loads(inside["info/index.json"])
            assert {key: record[key] for key in index} == index
            assert record["license"], f"{name} has no licence"


def test_all_forms_of_the_index_say_the_same(channel_dir: Path) -> None:
    subdirs = sorted(path.parent.name for path in channel_dir.glob("*/repodata.json"))
    assert subdirs == sorted({"noarch", this_platform(), *MISSING})
    names = set()
    for subdir in subdirs:
        folder, records = channel_dir / subdir, repodata(channel_dir, subdir)
        names |= {record["name"] for record in records.values()} if subdir in (this_platform(), "noarch") else set()
        assert _unpack(folder / "repodata.json.zst") == (folder / "repodata.json").read_bytes()
        index = msgpack.unpackb(_unpack(folder / "repodata_shards.msgpack.zst"))
        from_shards: dict[str, dict[str, Any]] = {}
        for name, digest in index["shards"].items():
            shard = folder / "shards" / f"{digest.hex()}.msgpack.zst"
            assert hashlib.sha256(shard.read_bytes()).digest() == digest
            packages = msgpack.unpackb(_unpack(shard))["packages.conda"]
            assert {one["name"] for one in packages.values()} == {name}
            from_shards |= packages
        assert {
            name: record | {"md5": record["md5"].hex(), "sha256": record["sha256"].hex()}
            for name, record in from_shards.items()
        } == records
    channeldata = json.loads((channel_dir / "channeldata.json").read_text())
    assert set(channeldata["packages"]) == names
    assert channeldata["packages"]["pandas"]["summary"]


def _unpack(path: Path) -> bytes:
    return zstandard.ZstdDecompressor().decompress(path.read_bytes())


@pytest.mark.parametrize("platform", sorted(MISSING))
def test_foreign_platforms_solve_but_for_the_one_package_that_each_lacks(
    channel_url: str, channel_client: ChannelClient, platform: str
) -> None:
    everything = ("python", "numpy", "pandas", "matplotlib", "ipykernel", "calc-kernel", "requests")
    other = next(name for where, name in MISSING.items() if where != platform)
    records = channel_client.records(channel_url, *everything, other, platform=platform)
    assert {one["subdir"] for one in records.values()} == {platform, "noarch"}
    own = {"osx-arm64": "appnope", "win-64": "colorama"}[platform]
    assert own in records
    assert own not in channel_client.records(channel_url, *everything)
    assert MISSING[platform] in channel_client.ask(channel_url, MISSING[platform], platform=platform)["error"]
    assert MISSING[platform] in channel_client.records(channel_url, MISSING[platform])


def test_the_channel_stands_as_of_a_day(channel_dir: Path) -> None:
    times: dict[str, set[int]] = {}
    for record in repodata(channel_dir, this_platform()).values():
        if record["name"] == "numpy":
            times.setdefault(record["version"], set()).add(record["timestamp"])
    ordered = [times[version] for version in sorted(times, key=_numbers)]
    assert len(ordered) >= 3
    assert all(max(older) < min(newer) for older, newer in itertools.pairwise(ordered))
