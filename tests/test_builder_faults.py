"""What channels, disks and permissions do wrong becomes an error that says which, why and what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import BUILDER, Outcome, build, leftovers, lock_packages, prefix_of, run_builder, task
from channel_maker.serving import ChannelServer
from small_packages import PLACEHOLDER, SmallPackage, write_package

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.verification import verify

ONE = SmallPackage("one", files={"share/one": b"one" * 1000})
TWO = SmallPackage("two", files={"share/two": os.urandom(300_000)})


@pytest.fixture
def served(tmp_path: Path) -> Callable[[ChannelServer], list[dict[str, Any]]]:
    """Lock two small packages at addresses of the server; they lie where it finds them."""

    def lock(server: ChannelServer) -> list[dict[str, Any]]:
        return [write_package(package, tmp_path / "own", base_url=server.url("own")) for package in (ONE, TWO)]

    return lock


@pytest.fixture
def server(tmp_path: Path) -> Any:
    """A server of this test's own channel."""
    with ChannelServer(tmp_path) as running:
        yield running


def _failed(outcome: Outcome, code: str, *words: str, root: Path | None = None) -> dict[str, Any]:
    assert outcome.error is not None, outcome.log
    assert outcome.error["code"] == code, outcome.error
    for word in words:
        assert word in outcome.error["message"], outcome.error["message"]
    assert outcome.status == 1
    assert not any("published" in event for event in outcome.events)
    if root is not None:
        assert leftovers(root) == []
    details: dict[str, Any] = outcome.error["details"]
    return details


def test_packages_come_over_http_with_bytes_counted(
    tmp_path: Path, server: ChannelServer, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    packages = served(server)
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is None, outcome.log
    assert verify(prefix_of(tmp_path / "store", packages)) == []
    last = [event for event in outcome.events if event.get("step") == "download"][-1]
    assert last["bytes_done"] == last["bytes_total"] == sum(package["size"] for package in packages)
    assert packages[1]["url"] in outcome.log


def test_a_changed_file_over_http_is_refused_with_both_hashes(
    tmp_path: Path, server: ChannelServer, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    packages = served(server)
    right = packages[1]["sha256"]
    packages[1]["sha256"] = "0" * 64
    outcome = build(tmp_path / "store", packages)
    details = _failed(outcome, "hash_mismatch", "two 1.0", right, "0" * 64, root=tmp_path / "store")
    assert (details["package"], details["expected"], details["got"]) == ("two", "0" * 64, right)


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_a_changed_local_file_is_refused_before_it_is_unpacked(tmp_path: Path, kind: str) -> None:
    package = write_package(ONE, tmp_path / "channel")
    right = package[kind]
    package |= {"sha256": None, "md5": None, kind: "0" * len(right)}
    outcome = build(tmp_path / "store", [package])
    details = _failed(outcome, "hash_mismatch", "one 1.0", right, root=tmp_path / "store")
    assert details["got"] == right
    assert not (StoreLayout(tmp_path / "store").package_cache / "one-1.0-0").exists()


def test_a_replaced_local_file_is_refused_though_another_of_its_name_is_cached(tmp_path: Path) -> None:
    first = write_package(ONE, tmp_path / "a")
    build(tmp_path / "store", [first])
    other = write_package(SmallPackage("one", files={"share/one": b"other"}), tmp_path / "b")
    good = build(tmp_path / "store", [other])
    assert good.error is None
    assert (prefix_of(tmp_path / "store", [other]) / "share/one").read_bytes() == b"other"
    lying = {**first, "url": other["url"], "channel": other["channel"]}
    _failed(build(tmp_path / "store", [lying]), "hash_mismatch", "one 1.0")


def test_a_file_changed_in_the_cache_is_not_installed(tmp_path: Path) -> None:
    one, two = (write_package(package, tmp_path / "channel") for package in (ONE, TWO))
    build(tmp_path / "store", [one])
    prefix = prefix_of(tmp_path / "store", [one])
    (prefix / "share/one").chmod(0o644)
    (prefix / "share/one").write_bytes(b"two" * 1000)
    assert [problem.path for problem in verify(prefix)] == ["share/one"]
    outcome = build(tmp_path / "store", [one, two])
    assert outcome.error is None, outcome.log
    assert (prefix_of(tmp_path / "store", [one, two]) / "share/one").read_bytes() == b"one" * 1000
    cached = StoreLayout(tmp_path / "store").package_cache / "one-1.0-0/share/one"
    assert cached.read_bytes() == b"one" * 1000
    assert cached.samefile(prefix_of(tmp_path / "store", [one, two]) / "share/one")


def test_a_file_missing_from_the_cache_is_fetched_again(tmp_path: Path) -> None:
    one, two = (write_package(package, tmp_path / "channel") for package in (ONE, TWO))
    assert build(tmp_path / "store", [one]).error is None
    (StoreLayout(tmp_path / "store").package_cache / "one-1.0-0/share/one").unlink()
    outcome = build(tmp_path / "store", [one, two])
    assert outcome.error is None, outcome.log
    assert verify(prefix_of(tmp_path / "store", [one, two])) == []


def test_a_patched_file_changed_in_the_cache_is_not_installed(tmp_path: Path) -> None:
    content = b"#!" + PLACEHOLDER.encode() + b"/bin/sh\n"
    script = SmallPackage("script", files={"bin/script": content, "python-scripts/other": content})
    one, two = write_package(script, tmp_path / "channel"), write_package(TWO, tmp_path / "channel")
    assert build(tmp_path / "store", [one]).error is None
    cached = StoreLayout(tmp_path / "store").package_cache / "script-1.0-0/bin/script"
    cached.write_bytes(content + b"evil\n")
    outcome = build(tmp_path / "store", [one, two])
    assert outcome.error is None, outcome.log
    assert b"evil" not in (prefix_of(tmp_path / "store", [one, two]) / "bin/script").read_bytes()


def test_a_cache_that_cannot_be_mended_fails_in_words(tmp_path: Path) -> None:
    one, two = (write_package(package, tmp_path / "channel") for package in (ONE, TWO))
    assert build(tmp_path / "store", [one]).error is None
    cached = StoreLayout(tmp_path / "store").package_cache / "one-1.0-0/share/one"
    cached.chmod(0o644)
    cached.write_bytes(b"two" * 1000)
    for file in (tmp_path / "channel").rglob("one-*"):
        file.unlink()
    details = _failed(build(tmp_path / "store", [one, two]), "download_failed", "one 1.0", root=tmp_path / "store")
    assert details["package"] == "one"


@pytest.mark.parametrize("local", [True, False], ids=["file", "http"])
def test_a_package_that_is_gone_is_named_with_its_address(tmp_path: Path, server: ChannelServer, local: bool) -> None:
    package = write_package(ONE, tmp_path / "own", base_url=None if local else server.url("own"))
    shutil.rmtree(tmp_path / "own")
    outcome = build(tmp_path / "store", [package])
    details = _failed(outcome, "download_failed", "one 1.0", package["url"], "Update the environment")
    assert details["url"] == package["url"]


def test_a_cached_package_needs_no_channel(tmp_path: Path) -> None:
    one, two = (write_package(package, tmp_path / "channel") for package in (ONE, TWO))
    build(tmp_path / "store", [one, two])
    shutil.rmtree(tmp_path / "channel")
    assert build(tmp_path / "store", [one]).error is None


@pytest.mark.parametrize(
    ("pattern", "status", "code"),
    [("*one*", 500, "channel_unavailable"), ("*one*", 403, "download_failed"), ("*one*", 410, "download_failed")],
)
def test_what_the_server_refuses_is_told(
    tmp_path: Path,
    server: ChannelServer,
    served: Callable[[ChannelServer], list[dict[str, Any]]],
    pattern: str,
    status: int,
    code: str,
) -> None:
    packages = served(server)
    server.behaviour.statuses[pattern] = status
    _failed(build(tmp_path / "store", packages), code, "one", root=tmp_path / "store")


def test_a_server_that_recovers_is_asked_again(
    tmp_path: Path, server: ChannelServer, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    packages = served(server)
    server.behaviour.statuses["*one*"] = 503
    server.behaviour.times["*one*"] = 1
    assert build(tmp_path / "store", packages).error is None


def test_a_channel_that_does_not_answer_is_named(
    tmp_path: Path, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    with ChannelServer(tmp_path) as gone:
        packages = served(gone)
        channel = gone.url("own")
    details = _failed(build(tmp_path / "store", packages), "channel_unavailable", channel, root=tmp_path / "store")
    assert details["channel"] == channel
    assert details["tried"]


def test_a_download_that_stops_coming_is_given_up(
    tmp_path: Path, server: ChannelServer, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    packages = served(server)
    server.behaviour.hangs.add("*two*")
    outcome = build(tmp_path / "store", packages, stall_seconds=1)
    details = _failed(outcome, "channel_unavailable", "sent nothing for 1 seconds", "two", root=tmp_path / "store")
    assert details["seconds"] == 1


def test_a_slow_download_is_not_given_up(
    tmp_path: Path, server: ChannelServer, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    packages = served(server)
    server.behaviour.bytes_per_second = 150_000
    assert build(tmp_path / "store", packages, stall_seconds=1).error is None


def test_half_a_file_is_not_installed(
    tmp_path: Path, server: ChannelServer, served: Callable[[ChannelServer], list[dict[str, Any]]]
) -> None:
    packages = served(server)
    server.behaviour.truncated.add("*two*")
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is not None
    assert outcome.error["code"] in ("channel_unavailable", "download_failed", "hash_mismatch")
    assert "two" in outcome.error["message"]


def test_mirrors_are_used_in_turn_and_the_lock_keeps_its_addresses(tmp_path: Path, server: ChannelServer) -> None:
    canonical = "https://conda.invalid/channel"
    packages = [write_package(package, tmp_path / "own", base_url=canonical) for package in (ONE, TWO)]
    mirrors = {canonical: [server.url("nothing-here"), server.url("own")]}
    outcome = build(tmp_path / "store", packages, mirrors=mirrors)
    assert outcome.error is None, outcome.log
    record = json.loads((prefix_of(tmp_path / "store", packages) / "conda-meta/one-1.0-0.json").read_text())
    assert record["url"] == packages[0]["url"]


def test_a_folder_can_be_a_mirror_and_is_checked(tmp_path: Path) -> None:
    canonical = "https://conda.invalid/channel"
    package = write_package(ONE, tmp_path / "own", base_url=canonical)
    mirrors = {canonical: [(tmp_path / "own").as_uri()]}
    assert build(tmp_path / "store", [package], mirrors=mirrors).error is None
    wrong = {**package, "sha256": "0" * 64}
    _failed(build(tmp_path / "other", [wrong], mirrors=mirrors), "hash_mismatch", "one 1.0")


def test_credentials_stay_out_of_errors_logs_and_events(tmp_path: Path, server: ChannelServer) -> None:
    base = server.url("own").replace("://", "://someone:hunter2@") + "/t/tk-secret"
    package = write_package(ONE, tmp_path / "elsewhere", base_url=base)
    outcome = build(tmp_path / "store", [package])
    assert outcome.error is not None
    told = json.dumps([outcome.error, outcome.events]) + outcome.log
    assert "hunter2" not in told
    assert "tk-secret" not in told
    assert "someone" not in told


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../up"},
        {"version": "1.0/../.."},
        {"build": "../../x"},
        {"build": ""},
        {"url": "ftp://example.org/linux-64/one-1.0-0.conda"},
        {"url": "https://example.org/linux-64/one.zip"},
        {"url": "https://example.org/linux-64/..%2Fone-1.0-0.conda"},
        {"sha256": "xyz"},
        {"sha256": "ab"},
        {"manager": "pip"},
        {"depends": ["=="]},
    ],
    ids=str,
)
def test_a_malformed_lock_is_refused_before_anything_is_fetched(tmp_path: Path, change: dict[str, Any]) -> None:
    package = write_package(ONE, tmp_path / "channel") | change
    outcome = build(tmp_path / "store", [package])
    if "depends" in change:
        assert outcome.error is None  # dependencies are notes for conda's tools; nothing is solved here
        return
    _failed(outcome, "invalid_lockfile", root=tmp_path / "store")
    assert outcome.steps == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("fault-wrong-hash", {"hash_mismatch"}),
        ("fault-missing-file", {"download_failed"}),
        ("fault-truncated", {"hash_mismatch", "download_failed"}),
        ("fault-corrupt", {"download_failed", "build_failed"}),
        ("fault-wrong-paths", {"build_failed", "broken_prefix", "download_failed"}),
        ("fault-escaping-path", {"invalid_lockfile"}),
    ],
)
@pytest.mark.parametrize("local", [True, False], ids=["file", "http"])
def test_every_broken_package_is_refused_by_name(
    tmp_path: Path, faults_dir: Path, channel_server: ChannelServer, name: str, codes: set[str], local: bool
) -> None:
    packages = lock_packages(faults_dir.as_uri() if local else channel_server.url("faults"), [name])
    # Twice: the second time it may lie in the cache.
    for _ in range(2):
        outcome = build(tmp_path / "store", packages)
        assert outcome.error is not None
        assert outcome.error["code"] in codes, outcome.error
        assert name in json.dumps(outcome.error) or "lie.txt" in outcome.error["message"]
        # There is no environment yet that could be repaired.
        assert "epair" not in outcome.error["message"], outcome.error["message"]
        assert leftovers(tmp_path / "store") == []
        assert not prefix_of(tmp_path / "store", packages).exists()
        cached = StoreLayout(tmp_path / "store").package_cache / f"{name}-1.0-0"
        escaped = tmp_path.rglob("envstore-fault-escaped.txt")
        assert [path for path in escaped if not path.is_relative_to(cached)] == []


def test_a_package_that_does_not_hold_what_it_lists_is_named_with_what_to_do(tmp_path: Path, faults_dir: Path) -> None:
    packages = lock_packages(faults_dir.as_uri(), ["fault-wrong-paths"])
    outcome = build(tmp_path / "store", packages)
    details = _failed(
        outcome, "build_failed", "The package fault-wrong-paths-1.0-0 is broken", "lie.txt", "Leave it out", "channel"
    )
    assert details["package"] == "fault-wrong-paths"
    assert any("lie.txt" in path for path in details["files"])


def test_thousands_of_files_are_linked_and_verified(tmp_path: Path, faults_dir: Path) -> None:
    packages = lock_packages(faults_dir.as_uri(), ["fault-many-files"])
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is None, outcome.log
    assert outcome.published["files"] >= 5000
    assert verify(prefix_of(tmp_path / "store", packages)) == []


def _build_on_own_disk(root: Path, packages: Sequence[dict[str, Any]], options: str, then: str = ":") -> Outcome:
    """Build with a store on a file system of its own, which exists only in the builder's view of the machine.

    ``then`` is a shell command that is run in the store afterwards.
    """
    mount: list[str | Path] = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", root]
    root.mkdir()
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be mounted here")
    script = f'mount -t tmpfs -o {options} envstore-test "$1" && cd "$1" && "$2" "$3"; status=$?; {then}; exit $status'
    command = ["unshare", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", root, sys.executable, BUILDER]
    return run_builder("build", task(root, packages), command=command)


@pytest.mark.parametrize(("size", "fits"), [("200k", False), ("900k", False), ("4m", True)])
def test_a_full_disk_is_told_with_what_is_free(tmp_path: Path, size: str, fits: bool) -> None:
    # A patched file is copied, so installing it needs room beyond that of the cache.
    content = os.urandom(400_000) + PLACEHOLDER.encode() + b"\0" + os.urandom(200_000)
    package = write_package(SmallPackage("bulky", files={"share/bulky": content}), tmp_path / "channel")
    outcome = _build_on_own_disk(tmp_path / "store", [package], f"size={size}")
    if fits:
        assert outcome.error is None, outcome.error
    else:
        details = _failed(outcome, "disk_full", "not enough room", "are free")
        assert isinstance(details["free"], int)
        assert details["free"] < 1_000_000


def test_what_will_not_fit_unpacked_is_not_even_fetched(tmp_path: Path) -> None:
    package = write_package(SmallPackage("bulky", files={"share/bulky": os.urandom(600_000)}), tmp_path / "channel")
    outcome = _build_on_own_disk(tmp_path / "store", [package], "size=2m")
    details = _failed(outcome, "disk_full", "about 3 MB are needed")
    assert details["free"] < details["needed"]
    assert outcome.steps == ["download"]
    assert "bulky" not in outcome.log


# Far smaller when packed, so that it seems to fit: the disk runs full while it is unpacked, and while it is copied.
@pytest.mark.parametrize("times", [4, 2], ids=["unpacking", "linking"])
def test_a_disk_that_runs_full_has_room_again_when_the_failure_is_told(tmp_path: Path, times: int) -> None:
    block = os.urandom(10_000) * 100
    files = {f"share/{number}": block + PLACEHOLDER.encode() + b"\0" for number in range(times)}
    packages = [write_package(SmallPackage("bulky", files=files), tmp_path / "channel"), _one(tmp_path)]
    taken = tmp_path / "taken"
    outcome = _build_on_own_disk(
        tmp_path / "store", packages, "size=3m", f"du -sk . > {taken}; ls cache/pkgs p >> {taken}"
    )
    _failed(outcome, "disk_full", "not enough room")
    assert int(taken.read_text().split()[0]) < 500, taken.read_text()
    assert ".partial" not in taken.read_text()


def _one(tmp_path: Path) -> dict[str, Any]:
    return write_package(ONE, tmp_path / "channel")


def test_a_store_from_which_no_program_may_be_run_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    outcome = _build_on_own_disk(tmp_path / "store", [_one(tmp_path)], "noexec")
    _failed(outcome, "store_unusable", "no program may be run", "noexec", "--store", str(tmp_path / "store"))
    assert outcome.steps == []


def test_a_store_that_cannot_be_written_is_told(
    public_dir: Path, tmp_path: Path, unprivileged: Callable[[Callable[[], None]], None]
) -> None:
    from jupyter_envstore.errors import StoreReadOnlyError
    from jupyter_envstore.workers import building

    store = public_dir / "store"
    store.mkdir(mode=0o555)
    package = write_package(ONE, tmp_path / "channel")

    def attempt() -> None:
        with pytest.raises(StoreReadOnlyError, match="cannot be written"):
            building.build(task(store, [package]), lambda event: None)

    unprivileged(attempt)
