"""The channel of broken packages: each is broken in the way its name says, and the good ones beside them are not."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import conda_package_streaming.package_streaming as streaming
import pytest
from channel_maker.demonstrations import ACTIVATION_VARIABLES, ENVIRONMENT_VARIABLES
from channel_maker.faults import ESCAPED, MANY_FILES
from fixtures.channel import ChannelClient


def record(faults_dir: Path, name: str) -> tuple[Path, dict[str, Any]]:
    """File and record of a faulty package."""
    records = json.loads((faults_dir / "noarch/repodata.json").read_text())["packages.conda"]
    file_name = f"{name}-1.0-0.conda"
    return faults_dir / "noarch" / file_name, records[file_name]


def agrees(path: Path, stated: dict[str, Any]) -> bool:
    """Whether a file has the size and hash of its record."""
    content = path.read_bytes()
    return (len(content), hashlib.sha256(content).hexdigest()) == (stated["size"], stated["sha256"])


def test_files_and_records_disagree_only_where_they_should(faults_dir: Path) -> None:
    records = json.loads((faults_dir / "noarch/repodata.json").read_text())["packages.conda"]
    unlike = {
        one["name"]
        for file_name, one in records.items()
        if not (faults_dir / "noarch" / file_name).is_file() or not agrees(faults_dir / "noarch" / file_name, one)
    }
    assert unlike == {"fault-wrong-hash", "fault-missing-file", "fault-truncated"}


def test_a_wrong_hash_belongs_to_a_good_package(faults_dir: Path) -> None:
    path, stated = record(faults_dir, "fault-wrong-hash")
    assert zipfile.is_zipfile(path)
    assert path.stat().st_size == stated["size"]


@pytest.mark.parametrize("name", ["fault-truncated", "fault-corrupt"])
def test_an_unreadable_package_is_no_archive(faults_dir: Path, name: str) -> None:
    assert not zipfile.is_zipfile(record(faults_dir, name)[0])


@pytest.mark.parametrize(
    "specs", [("fault-conflict-left", "fault-conflict-right"), ("fault-missing-dependency",)], ids=lambda one: one[0]
)
def test_what_cannot_be_solved_cannot_and_each_half_of_a_conflict_can(
    faults_dir: Path, channel_client: ChannelClient, specs: tuple[str, ...]
) -> None:
    assert "Cannot solve" in channel_client.ask(faults_dir.as_uri(), *specs)["error"]
    if len(specs) > 1:
        for spec in specs:
            assert "fault-shared" in channel_client.records(faults_dir.as_uri(), spec)


@pytest.mark.parametrize(
    "name",
    [
        "fault-wrong-hash",
        "fault-missing-file",
        "fault-truncated",
        "fault-corrupt",
    ],
)
def test_over_http_a_broken_download_fails(
    channel_server: Any, channel_client: ChannelClient, tmp_path: Path, name: str
) -> None:
    answer = channel_client.ask(channel_server.url("faults"), name, prefix=tmp_path / "prefix")
    assert "failed to fetch" in answer["error"]


def test_an_installed_file_differs_from_what_its_package_states(
    faults_dir: Path, channel_client: ChannelClient, tmp_path: Path
) -> None:
    prefix = tmp_path / "prefix"
    channel_client.records(faults_dir.as_uri(), "fault-wrong-paths", prefix=prefix)
    meta = json.loads((prefix / "conda-meta/fault-wrong-paths-1.0-0.json").read_text())
    (stated,) = meta["paths_data"]["paths"]
    content = (prefix / stated["_path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() != stated["sha256"]


def test_a_hostile_package_names_a_file_outside_of_the_prefix(faults_dir: Path) -> None:
    path, _ = record(faults_dir, "fault-escaping-path")
    named = [
        one["_path"]
        for tar, member in streaming.stream_conda_info(path)
        if member.name == "info/paths.json" and (file := tar.extractfile(member)) is not None
        for one in json.loads(file.read())["paths"]
    ]
    assert named == [ESCAPED]
    assert named[0].startswith("../")


def test_many_files_are_many(faults_dir: Path, channel_client: ChannelClient, tmp_path: Path) -> None:
    channel_client.records(faults_dir.as_uri(), "fault-many-files", prefix=tmp_path / "prefix")
    assert sum(1 for path in (tmp_path / "prefix/share").rglob("*.txt")) == MANY_FILES


def test_the_good_link_script_leaves_its_trace_and_the_bad_one_fails(
    faults_dir: Path, channel_client: ChannelClient, tmp_path: Path
) -> None:
    prefix = tmp_path / "prefix"
    names = ("good-link-script", "fault-link-script")
    channel_client.records(faults_dir.as_uri(), *names, prefix=prefix, link_scripts=True)
    assert (prefix / "share/good-link-script.linked").read_text() == "linked\n"
    bad = subprocess.run([prefix / "bin/.fault-link-script-post-link.sh"], capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stderr) == (3, "this script fails\n")


def test_activation_sets_what_it_promises_and_needs_bash(
    channel_url: str, channel_client: ChannelClient, tmp_path: Path
) -> None:
    prefix = tmp_path / "prefix"
    channel_client.records(channel_url, "envstore-activation-demo", "envstore-variables-demo", prefix=prefix)
    script = prefix / "etc/conda/activate.d/envstore-activation-demo.sh"
    shown = subprocess.run(
        ["bash", "-c", '. "$0" && env -0', script],
        env={"CONDA_PREFIX": str(prefix), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    variables = dict(line.partition("=")[::2] for line in shown.split("\0"))
    expected = ACTIVATION_VARIABLES | {"ENVSTORE_ACTIVATION_DEMO_PREFIX": str(prefix)}
    assert {name: variables.get(name) for name in expected} == expected
    stored = json.loads((prefix / "etc/conda/env_vars.d/envstore-variables-demo.json").read_text())
    assert stored == ENVIRONMENT_VARIABLES
    # Bash asked to be a POSIX shell still knows arrays; what a plain shell makes of the script is seen by its syntax.
    assert "=(" in script.read_text()
