"""Wheels are installed beside conda packages: hash-checked, at their final path, shared, seen by all who look."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builders import Outcome, RunningBuilder, build, prefix_of, task
from fixtures.package_index import PackageIndex
from fixtures.wheels import Wheel
from pip_packages import lock_wheel

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.marks import read_mark
from jupyter_envstore.prefixes.verification import verify

SITE = "lib/python3.11/site-packages"
ALPHA = Wheel(
    "alpha",
    files={"alpha/__init__.py": b"def main():\n    print('hello')\n"},
    data={
        "scripts/al": b"#!python\nimport sys\nprint(sys.executable)\n",
        "scripts/shell": b"#!/bin/sh\necho shell\n",
        "data/share/alpha/note.txt": b"a note\n",
        "headers/alpha.h": b"int alpha;\n",
    },
    entry_points={"alpha": "alpha:main"},
)
BETA = Wheel("Beta.X", "2.0", requires=["alpha"])


@pytest.fixture
def packages(python_only: list[dict[str, Any]], package_index: PackageIndex) -> list[dict[str, Any]]:
    """Python and two wheels, of which one needs the other."""
    return [*python_only, lock_wheel(package_index, ALPHA), lock_wheel(package_index, BETA)]


def built(root: Path, packages: list[dict[str, Any]], **changes: Any) -> tuple[Path, Outcome]:
    """Build, and return the prefix and how it went."""
    outcome = build(root, packages, root_names=["python", "Beta.X"], **changes)
    assert outcome.error is None, outcome.log
    return prefix_of(root, packages), outcome


def run(*command: str | Path) -> str:
    """Run a program and return what it prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_wheels_are_installed_where_python_looks(warm_root: Path, packages: list[dict[str, Any]]) -> None:
    prefix, outcome = built(warm_root, packages)
    assert outcome.steps == ["wheels", "download", "link", "link-wheels", "verify", "bytecode", "publish", "activate"]
    python = prefix / "bin/python"
    assert run(python, "-c", "import alpha, beta_x; alpha.main()") == "hello"
    assert run(prefix / "bin/alpha") == "hello"
    assert run(prefix / "bin/al") == str(python)
    assert run(prefix / "bin/shell") == "shell"
    assert (prefix / "share/alpha/note.txt").read_text() == "a note\n"
    assert (prefix / "include/site/python3.11/alpha/alpha.h").is_file()
    assert verify(prefix) == []
    assert (prefix / SITE / "alpha/__pycache__/__init__.cpython-311.pyc").is_file()
    for path in prefix.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert b".partial" not in content or f"{prefix}.partial".encode() not in content, path


def test_metadata_is_what_installers_write(warm_root: Path, packages: list[dict[str, Any]]) -> None:
    prefix, _ = built(warm_root, packages)
    for name, version, requested in (("alpha", "1.0", False), ("Beta_X", "2.0", True)):
        folder = prefix / SITE / f"{name}-{version}.dist-info"
        assert (folder / "INSTALLER").read_text() == "uv"
        assert (folder / "REQUESTED").exists() == requested
        assert not (folder / "direct_url.json").exists()
        listed = list(csv.reader((folder / "RECORD").read_text().splitlines()))
        assert f"{folder.name}/RECORD" in [path for path, _, _ in listed]
        for path, digest, size in listed:
            if digest:
                content = (prefix / SITE / path).read_bytes()
                assert int(size) == len(content)
                assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()[:-1]
    program = (
        "import importlib.metadata as m; print(sorted(d.metadata['Name'] + ' ' + d.version for d in m.distributions()))"
    )
    assert "'Beta.X 2.0'" in run(prefix / "bin/python", "-c", program)
    assert "'alpha 1.0'" in run(prefix / "bin/python", "-c", program)


def test_conda_gets_no_records_of_wheels(warm_root: Path, packages: list[dict[str, Any]]) -> None:
    prefix, _ = built(warm_root, packages)
    records = [json.loads(path.read_text())["name"] for path in (prefix / "conda-meta").glob("*.json")]
    assert records == ["python"]
    history = (prefix / "conda-meta/history").read_text()
    assert "update specs: ['python']" in history
    assert "alpha" not in history
    mark = read_mark(prefix)
    assert mark is not None
    assert mark.packages == [f"python-{packages[0]['version']}-{packages[0]['build']}"]
    assert mark.wheels == {"alpha-1.0": packages[1]["sha256"], "Beta.X-2.0": packages[2]["sha256"]}


def test_progress_counts_wheels_and_bytes(warm_root: Path, packages: list[dict[str, Any]]) -> None:
    _, outcome = built(warm_root, packages)
    last = {event["step"]: event for event in outcome.events if "step" in event}
    size = packages[1]["size"] + packages[2]["size"]
    assert (last["wheels"]["done"], last["wheels"]["total"]) == (2, 2)
    assert (last["wheels"]["bytes_done"], last["wheels"]["bytes_total"]) == (size, size)
    assert (last["link-wheels"]["done"], last["link-wheels"]["total"]) == (2, 2)
    for package in packages[1:]:
        assert f"fetching {package['url']}" in outcome.log


def test_a_second_prefix_shares_the_files_and_needs_no_network(
    warm_root: Path, packages: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    first, _ = built(warm_root, packages)
    package_index.failing = True
    asked = len(package_index.requests)
    second, _ = built(warm_root, packages[:2])
    assert second != first
    assert len(package_index.requests) == asked
    for path in (f"{SITE}/alpha/__init__.py", "share/alpha/note.txt", "bin/shell"):
        assert (first / path).samefile(second / path)
    assert (first / SITE / "alpha/__pycache__/__init__.cpython-311.pyc").samefile(
        second / SITE / "alpha/__pycache__/__init__.cpython-311.pyc"
    )
    assert run(second / "bin/al") == str(second / "bin/python")
    assert verify(second) == []


def test_files_cannot_be_written(warm_root: Path, packages: list[dict[str, Any]]) -> None:
    prefix, _ = built(warm_root, packages)
    for path in (f"{SITE}/alpha/__init__.py", "bin/alpha", f"{SITE}/alpha-1.0.dist-info/RECORD", SITE):
        assert (prefix / path).stat().st_mode & 0o222 == 0
        assert (prefix / path).stat().st_mode & 0o444 == 0o444
    for path in ("bin/alpha", "bin/al", "bin/shell"):
        assert (prefix / path).stat().st_mode & 0o111 == 0o111
    message = subprocess.run(
        [prefix / "bin/python", "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert (Path(message) / "EXTERNALLY-MANAGED").is_file()


def test_two_builders_of_one_prefix_build_once(
    warm_root: Path, packages: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    running = [RunningBuilder("build", task(warm_root, packages)) for _ in range(3)]
    outcomes = [builder.finish() for builder in running]
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert sorted(outcome.published["reused"] for outcome in outcomes) == [False, True, True]
    assert sorted(package_index.fetched()) == sorted([ALPHA.filename, BETA.filename])


def test_builders_of_different_prefixes_may_fetch_one_wheel_at_once(
    warm_root: Path, packages: list[dict[str, Any]]
) -> None:
    parts = [packages, packages[:2]]
    running = [RunningBuilder("build", task(warm_root, part)) for part in parts]
    assert [builder.finish().error for builder in running] == [None, None]
    for part in parts:
        assert verify(prefix_of(warm_root, part)) == []
    one, other = (prefix_of(warm_root, part) / "share/alpha/note.txt" for part in parts)
    assert one.samefile(other)


def test_nothing_of_fetching_stays_behind(warm_root: Path, packages: list[dict[str, Any]]) -> None:
    prefix, _ = built(warm_root, packages)
    assert list(prefix.glob(".envstore*")) == []
    digests = {package["sha256"] for package in packages[1:]}
    assert {path.name for path in StoreLayout(warm_root).wheel_cache.iterdir()} == digests


def test_a_file_that_two_wheels_bring_is_that_of_the_last_by_name(
    warm_root: Path, python_only: list[dict[str, Any]], package_index: PackageIndex
) -> None:
    one = Wheel("one", files={"one.py": b"", "shared.py": b"who = 'one'\n", "same.py": b"\n"})
    two = Wheel("two", files={"two.py": b"", "shared.py": b"who = 'two'\n", "same.py": b"\n"})
    packages = [*python_only, lock_wheel(package_index, two), lock_wheel(package_index, one)]
    prefix, outcome = built(warm_root, packages)
    assert run(prefix / "bin/python", "-c", "import shared; print(shared.who)") == "two"
    assert "shared.py is in one-1.0 and in two-1.0, and differs" in outcome.log
    assert "same.py" not in outcome.log
    assert verify(prefix) == []
