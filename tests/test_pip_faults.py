"""What an index, a wheel or a disk does wrong becomes an error that says which, why and what to do; nothing stays."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from builders import Outcome, RunningBuilder, build, leftovers, prefix_of, task
from fixtures.package_index import PackageIndex
from fixtures.processes import still_running
from fixtures.wheels import Wheel, wheel_bytes, write_wheel
from pip_packages import lock_source, lock_wheel, pip_entry
from small_packages import SmallPackage, write_package

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.verification import verify

SITE = "lib/python3.11/site-packages"
ALPHA = Wheel("alpha", files={"alpha/__init__.py": b"x = 1\n", "alpha/data.txt": b"data" * 1000})
BETA = Wheel("beta", "2.0")


def failed(root: Path, outcome: Outcome, code: str, *words: str) -> dict[str, Any]:
    """Check that a build failed with these words, and left nothing; return the details."""
    assert outcome.error is not None, outcome.log
    assert outcome.error["code"] == code, outcome.error
    for word in words:
        assert word in outcome.error["message"], outcome.error["message"]
    assert outcome.status == 1
    assert leftovers(root) == []
    assert "Traceback" not in outcome.log
    details: dict[str, Any] = outcome.error["details"]
    return details


def test_a_changed_wheel_is_refused_with_both_hashes(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, ALPHA)
    other = wheel_bytes(Wheel("alpha", files={"alpha/__init__.py": b"import os  # evil\n"}))
    package_index.change(ALPHA.filename, other)
    outcome = build(warm_root, [*python_only, wheel])
    details = failed(warm_root, outcome, "hash_mismatch", "alpha 1.0", wheel["sha256"], "not the file that was locked")
    assert (details["package"], details["expected"]) == ("alpha", wheel["sha256"])
    assert len(details["got"]) == 64
    assert list(StoreLayout(warm_root).wheel_cache.glob("*")) == []


def test_a_wheel_with_one_changed_byte_is_refused(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, ALPHA)
    package_index.change(ALPHA.filename)
    failed(warm_root, build(warm_root, [*python_only, wheel]), "hash_mismatch", "alpha 1.0")


def test_a_changed_local_wheel_is_refused(warm_root: Path, python_only: list[dict[str, Any]], tmp_path: Path) -> None:
    path = write_wheel(ALPHA, tmp_path / "wheels")
    entry = pip_entry("alpha", "1.0", path.as_uri(), "0" * 64)
    failed(warm_root, build(warm_root, [*python_only, entry]), "hash_mismatch", "alpha 1.0", "0" * 64)


def test_a_missing_wheel_is_named_without_credentials(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, ALPHA)
    package_index.remove(ALPHA.filename)
    secret = {**wheel, "url": wheel["url"].replace("://", "://user:secret@")}
    outcome = build(warm_root, [*python_only, secret])
    details = failed(warm_root, outcome, "download_failed", "alpha 1.0", wheel["url"], "not in its index any more")
    assert details["url"] == wheel["url"]
    assert "secret" not in outcome.log + str(outcome.error) + str(outcome.events)


def test_a_missing_local_wheel_is_named(warm_root: Path, python_only: list[dict[str, Any]], tmp_path: Path) -> None:
    entry = pip_entry("alpha", "1.0", (tmp_path / "alpha-1.0-py3-none-any.whl").as_uri(), "0" * 64)
    failed(warm_root, build(warm_root, [*python_only, entry]), "download_failed", "alpha 1.0", str(tmp_path))


def test_an_index_that_wants_a_login_is_named_and_one_that_has_it_is_used(
    warm_root: Path,
    python_only: list[dict[str, Any]],
    package_index: PackageIndex,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    wheel = lock_wheel(package_index, ALPHA)
    package_index.login = ("me", "secret")
    packages = [*python_only, wheel]
    failed(warm_root, build(warm_root, packages), "download_failed", package_index.host, "alpha", "401", "netrc")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    outcome = build(warm_root, packages)
    assert outcome.error is None, outcome.log
    assert "secret" not in outcome.log
    for path in prefix_of(warm_root, packages).rglob("*.dist-info/*"):
        assert b"secret" not in path.read_bytes()


def test_the_login_of_an_index_is_that_of_its_files(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, ALPHA)
    package_index.login = ("me", "secret")
    packages = [*python_only, wheel]
    outcome = build(warm_root, packages, index_urls=[package_index.url_with_login])
    assert outcome.error is None, outcome.log
    assert "secret" not in outcome.log
    assert {request.partition(" ")[2] for request in package_index.requests} == {f"/files/{ALPHA.filename}"}


def test_an_index_that_fails_is_named(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, ALPHA)
    package_index.failing = True
    failed(
        warm_root, build(warm_root, [*python_only, wheel]), "channel_unavailable", package_index.host, "503", "alpha"
    )


def test_a_mirror_is_used_and_the_next_one_where_it_lacks_the_wheel(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, other_index: PackageIndex
) -> None:
    entry = lock_wheel(package_index, ALPHA)
    name = entry["url"].rpartition("/")[2]
    entry["url"] = f"https://wheels.example/files/{name}"
    mirrors = {"https://wheels.example": [f"http://{other_index.host}", f"http://{package_index.host}"]}
    outcome = build(warm_root, [*python_only, entry], mirrors=mirrors)
    assert outcome.error is None, outcome.log
    assert package_index.fetched() == [name]
    assert "Trying the next mirror" in outcome.log


def test_a_wheel_for_another_python_is_refused_in_words(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, Wheel("alpha", tag="cp39-cp39-manylinux_2_17_x86_64"))
    outcome = build(warm_root, [*python_only, wheel])
    failed(warm_root, outcome, "invalid_lockfile", "alpha 1.0", "not for this machine and the environment's Python")


def test_wheels_without_a_python_are_refused_before_anything_is_fetched(
    tmp_path: Path, package_index: PackageIndex
) -> None:
    conda = write_package(SmallPackage("one", files={"share/one": b"one"}), tmp_path / "channel")
    wheel = lock_wheel(package_index, ALPHA)
    outcome = build(tmp_path / "store", [conda, wheel])
    assert outcome.error is not None
    assert outcome.error["code"] == "invalid_lockfile"
    assert "no conda package python" in outcome.error["message"]
    assert package_index.requests == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "../evil"},
        {"version": "1/../2"},
        {"url": "ftp://wheels.example/alpha-1.0-py3-none-any.whl"},
        {"url": "https://wheels.example/alpha.exe"},
        {"url": "git+https://wheels.example/alpha.git@main"},
        {"sha256": None, "md5": "0" * 32},
        {"sha256": "../../../../etc"},
    ],
    ids=str,
)
def test_a_malformed_entry_is_refused(
    tmp_path: Path, python_only: list[dict[str, Any]], changes: dict[str, Any]
) -> None:
    entry = pip_entry("alpha", "1.0", "https://wheels.example/alpha-1.0-py3-none-any.whl", "0" * 64)
    outcome = build(tmp_path / "store", [*python_only, entry | changes])
    assert outcome.error is not None
    assert outcome.error["code"] in ("invalid_lockfile", "source_not_allowed")
    assert outcome.steps == []


# ---------------------------------------------------------------- what conda has is never replaced


def test_a_wheel_never_replaces_a_file_of_a_conda_package(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, tmp_path: Path
) -> None:
    conda = write_package(SmallPackage("tool", files={f"{SITE}/tool/data.txt": b"conda's"}), tmp_path / "channel")
    wheel = lock_wheel(package_index, Wheel("alpha", files={"alpha.py": b"", "tool/data.txt": b"the wheel's"}))
    outcome = build(warm_root, [*python_only, conda, wheel])
    details = failed(warm_root, outcome, "package_collision", "alpha-1.0", "tool-1.0-0", f"{SITE}/tool/data.txt")
    assert (details["wheel"], details["package"]) == ("alpha-1.0", "tool-1.0-0")
    cached = StoreLayout(warm_root).package_cache / "tool-1.0-0" / SITE / "tool/data.txt"
    assert cached.read_bytes() == b"conda's"


def test_a_package_cannot_come_from_both(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, tmp_path: Path
) -> None:
    metadata = {f"{SITE}/Num_Lib-1.0.dist-info/METADATA": b"Name: Num_Lib\n", f"{SITE}/numlib/a.py": b""}
    conda = write_package(SmallPackage("libnum", files=metadata), tmp_path / "channel")
    wheel = lock_wheel(package_index, Wheel("num-lib", "2.0"))
    outcome = build(warm_root, [*python_only, conda, wheel])
    failed(warm_root, outcome, "package_collision", "num-lib-2.0", "libnum-1.0-0", "same Python package")


def test_a_wheel_cannot_put_files_where_a_conda_package_has_a_link(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    package = SmallPackage("linker", files={"share/real/a": b"a"}, links={"share/away": str(outside)})
    conda = write_package(package, tmp_path / "channel")
    wheel = lock_wheel(package_index, Wheel("alpha", data={"data/share/away/file.txt": b"escaped"}))
    failed(warm_root, build(warm_root, [*python_only, conda, wheel]), "package_collision", "share/away", "linker-1.0-0")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "conda-meta/evil.json",
        "Conda-Meta/frozen",
        "etc/conda/activate.d/evil.sh",
        "lib/python3.11/EXTERNALLY-MANAGED",
    ],
)
def test_a_wheel_cannot_write_where_conda_and_the_store_keep_what_they_know(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, path: str
) -> None:
    wheel = lock_wheel(package_index, Wheel("alpha", data={f"data/{path}": b"touch /tmp/evil"}))
    failed(warm_root, build(warm_root, [*python_only, wheel]), "package_collision", "alpha-1.0", path)


# ---------------------------------------------------------------- sources


def test_no_code_of_a_source_runs_without_consent(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, tmp_path: Path
) -> None:
    trap = tmp_path / "sprung"
    source = lock_source(package_index, "gamma", tmp_path / "sources", trap=trap)
    outcome = build(warm_root, [*python_only, source])
    failed(warm_root, outcome, "source_not_allowed", "gamma", "author's code", "Nothing was run")
    assert not trap.exists()
    assert package_index.requests == []


def test_a_source_is_built_with_consent_for_its_name(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, tmp_path: Path
) -> None:
    source = lock_source(package_index, "gamma", tmp_path / "sources", trap=tmp_path / "sprung")
    packages = [*python_only, source]
    outcome = build(warm_root, packages, allow_source=["Gamma"])
    assert outcome.error is None, outcome.log
    assert (tmp_path / "sprung").exists()
    assert "gamma is built from its source" in outcome.log
    prefix = prefix_of(warm_root, packages)
    assert verify(prefix) == []
    subprocess.run([prefix / "bin/python", "-c", "import gamma"], check=True)


def test_a_changed_source_is_refused_before_its_code_runs(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, tmp_path: Path
) -> None:
    source = lock_source(package_index, "gamma", tmp_path / "sources", trap=tmp_path / "sprung")
    source["sha256"] = "0" * 64
    outcome = build(warm_root, [*python_only, source], allow_source=["gamma"])
    failed(warm_root, outcome, "hash_mismatch", "gamma 1.0", "0" * 64)
    assert not (tmp_path / "sprung").exists()


# ---------------------------------------------------------------- caches and disks


def _damage(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(0o444)


def test_a_file_changed_in_a_prefix_is_named_and_fetched_again_for_the_next(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    alpha, beta = lock_wheel(package_index, ALPHA), lock_wheel(package_index, BETA)
    one, two = [*python_only, alpha], [*python_only, alpha, beta]
    assert build(warm_root, one).error is None
    changed = prefix_of(warm_root, one) / SITE / "alpha/__init__.py"
    _damage(changed, b"x = 2\n")
    problems = verify(prefix_of(warm_root, one))
    assert [(found.kind, found.path, found.package) for found in problems] == [
        ("changed", f"{SITE}/alpha/__init__.py", "alpha-1.0")
    ]
    assert problems[0].shared
    outcome = build(warm_root, two)
    assert outcome.error is None, outcome.log
    assert (prefix_of(warm_root, two) / SITE / "alpha/__init__.py").read_bytes() == b"x = 1\n"
    assert "alpha-1.0 was changed in the cache" in outcome.log
    assert package_index.fetched().count(ALPHA.filename) == 2


@pytest.mark.parametrize("path", [f"{SITE}/alpha-1.0.dist-info/RECORD", "conda-meta/envstore-wheels"])
def test_what_is_noted_about_wheels_is_verified_too(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex, path: str
) -> None:
    packages = [*python_only, lock_wheel(package_index, ALPHA)]
    assert build(warm_root, packages).error is None
    prefix = prefix_of(warm_root, packages)
    _damage(prefix / path, (prefix / path).read_bytes().replace(b"alpha/data", b"alpha/date"))
    assert path in [found.path for found in verify(prefix)]
    (prefix / path).parent.chmod(0o755)
    (prefix / path).unlink()
    assert ("missing", path) in [(found.kind, found.path) for found in verify(prefix)]


def test_a_lost_permission_is_given_back(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, Wheel("alpha", data={"scripts/tool": b"#!/bin/sh\necho tool\n"}))
    one, two = [*python_only, wheel], [*python_only, wheel, lock_wheel(package_index, BETA)]
    assert build(warm_root, one).error is None
    (prefix_of(warm_root, one) / "bin/tool").chmod(0o444)
    assert [found.path for found in verify(prefix_of(warm_root, one))] == ["bin/tool"]
    outcome = build(warm_root, two)
    assert outcome.error is None, outcome.log
    assert "permission to read or execute was lost and is given back" in outcome.log
    assert verify(prefix_of(warm_root, one)) == []
    assert package_index.fetched().count("alpha-1.0-py3-none-any.whl") == 1


def test_a_file_missing_from_the_cache_is_fetched_again(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    alpha = lock_wheel(package_index, ALPHA)
    assert build(warm_root, [*python_only, alpha]).error is None
    (StoreLayout(warm_root).wheel_cache / alpha["sha256"] / "0").unlink()
    packages = [*python_only, alpha, lock_wheel(package_index, BETA)]
    outcome = build(warm_root, packages)
    assert outcome.error is None, outcome.log
    assert package_index.fetched().count(ALPHA.filename) == 2


def test_a_disk_that_cannot_hold_the_wheels_is_told_before_they_are_fetched(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    wheel = lock_wheel(package_index, ALPHA) | {"size": 10**15}
    outcome = build(warm_root, [*python_only, wheel])
    details = failed(warm_root, outcome, "disk_full", "not enough room")
    assert details["needed"] > 10**15
    assert package_index.requests == []


def test_uv_ends_with_a_killed_builder_and_the_next_succeeds(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    entry = lock_wheel(package_index, ALPHA)
    entry["url"] = f"https://wheels.example/files/{ALPHA.filename}"
    packages = [*python_only, entry]
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes calls and never answers
        mirrors = {"https://wheels.example": [f"http://127.0.0.1:{silent.getsockname()[1]}"]}
        builder = RunningBuilder("build", task(warm_root, packages, mirrors=mirrors))
        until = time.monotonic() + 30
        while not (found := _uv_processes(warm_root)):
            assert time.monotonic() < until, "uv did not start"
            time.sleep(0.01)
        builder.kill()
        builder.finish()
    assert still_running(found) == []
    outcome = build(warm_root, packages, mirrors={"https://wheels.example": [f"http://{package_index.host}"]})
    assert outcome.error is None, outcome.log
    assert verify(prefix_of(warm_root, packages)) == []


def _uv_processes(root: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if str(root) in " ".join(process.cmdline()) and Path(process.cmdline()[0]).name == "uv":
                found.append(process)
        except (psutil.Error, IndexError):
            continue
    return found
