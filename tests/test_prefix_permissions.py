"""A file that may not be read or executed any more is found, and mended wherever it is shared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import BUILDER, build, prefix_of, run_builder, task
from small_packages import PLACEHOLDER, SmallPackage, write_package

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.marks import MARK
from jupyter_envstore.prefixes.verification import verify

TOOL = SmallPackage(
    "tool",
    files={
        "bin/tool": b"#!/bin/sh\necho works\n",
        "bin/patched": b"#!/bin/sh\necho " + PLACEHOLDER.encode() + b"\n",
        "lib/library.so": b"\x7fELF" + b"code" * 50,
        "share/data": b"data",
        "share/patched": PLACEHOLDER.encode(),
    },
    links={"bin/also": "tool"},
    executable=frozenset({"bin/tool", "bin/patched", "lib/library.so"}),
)
MORE = SmallPackage("more", files={"share/more": b"more"})


@pytest.fixture
def packages(tmp_path: Path) -> list[dict[str, Any]]:
    """The tool, and something that makes another prefix with the tool."""
    return [write_package(package, tmp_path / "channel") for package in (TOOL, MORE)]


@pytest.fixture
def prefix(tmp_path: Path, packages: list[dict[str, Any]]) -> Path:
    """A prefix with the tool alone, whose files it shares with the cache."""
    outcome = build(tmp_path / "store", packages[:1])
    assert outcome.error is None, outcome.log
    return prefix_of(tmp_path / "store", packages[:1])


def _found(prefix: Path, quick: bool = False) -> list[tuple[str, str]]:
    return [(problem.kind, problem.path) for problem in verify(prefix, quick=quick)]


def _cached(root: Path, path: str) -> Path:
    return StoreLayout(root).package_cache / "tool-1.0-0" / path


@pytest.mark.parametrize(
    ("path", "lost"),
    [
        ("bin/tool", 0o111),
        ("bin/patched", 0o111),
        ("lib/library.so", 0o100),
        ("bin/tool", 0o011),
        ("share/data", 0o044),
    ],
)
def test_a_lost_permission_is_found(prefix: Path, path: str, lost: int) -> None:
    assert _found(prefix) == []
    file = prefix / path
    file.chmod(file.stat().st_mode & ~lost)
    assert _found(prefix) == [("changed", path)]
    assert _found(prefix, quick=True) == [("changed", path)]


@pytest.mark.parametrize("path", ["share/data", "share/patched", "bin/tool"])
def test_more_permission_than_before_is_no_problem(prefix: Path, path: str) -> None:
    (prefix / path).chmod(0o777)
    assert _found(prefix) == []


def test_a_prefix_of_an_older_program_is_not_judged_by_permissions(prefix: Path) -> None:
    mark = json.loads((prefix / MARK).read_text())
    del mark["permissions"]
    (prefix / MARK).chmod(0o644)
    (prefix / MARK).write_text(json.dumps(mark))
    (prefix / "bin/tool").chmod(0o444)
    assert _found(prefix) == []


def test_what_a_new_prefix_takes_from_the_cache_works_though_a_permission_was_lost_there(
    tmp_path: Path, packages: list[dict[str, Any]], prefix: Path
) -> None:
    (prefix / "bin/tool").chmod(0o444)
    assert not os.access(_cached(tmp_path / "store", "bin/tool"), os.X_OK)
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is None, outcome.log
    assert "given back, wherever it is shared: tool-1.0-0/bin/tool" in outcome.log
    new = prefix_of(tmp_path / "store", packages)
    assert subprocess.run([new / "bin/tool"], capture_output=True, check=True).stdout == b"works\n"
    assert _found(new) == []
    assert _found(prefix) == []


def test_a_prefix_that_lost_a_permission_is_made_anew(
    tmp_path: Path, packages: list[dict[str, Any]], prefix: Path
) -> None:
    for path in ("bin/tool", "bin/patched"):
        (prefix / path).chmod(0o444)
    outcome = build(tmp_path / "store", packages[:1])
    assert outcome.published["reused"] is False
    assert _found(prefix) == []
    for path in ("bin/tool", "bin/patched", "bin/also"):
        assert subprocess.run([prefix / path], check=False).returncode == 0


def test_a_patched_copy_is_executable_though_its_source_in_the_cache_is_not_any_more(
    tmp_path: Path, packages: list[dict[str, Any]], prefix: Path
) -> None:
    _cached(tmp_path / "store", "bin/patched").chmod(0o444)
    assert _found(prefix) == []
    build(tmp_path / "store", packages)
    new = prefix_of(tmp_path / "store", packages)
    done = subprocess.run([new / "bin/patched"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{new}\n"


def test_copies_for_link_scripts_keep_their_permissions_and_links_stay_links(tmp_path: Path) -> None:
    script = SmallPackage("scripted", files={"bin/.scripted-post-link.sh": b"chmod 755 $PREFIX/share/data\n"})
    packages = [write_package(package, tmp_path / "channel") for package in (TOOL, script)]
    outcome = build(tmp_path / "store", packages, run_link_scripts=True)
    assert outcome.error is None, outcome.log
    prefix = prefix_of(tmp_path / "store", packages)
    assert (prefix / "bin/also").is_symlink()
    assert not (prefix / "bin/tool").samefile(_cached(tmp_path / "store", "bin/tool"))
    assert _found(prefix) == []
    # What a script allowed is part of the finished prefix.
    (prefix / "share/data").chmod(0o444)
    assert _found(prefix) == [("changed", "share/data")]


def test_a_note_that_a_package_brings_is_not_believed(tmp_path: Path) -> None:
    lie = replace(TOOL, notes={"info/envstore-permissions.json": b"{}"})
    packages = [write_package(package, tmp_path / "channel") for package in (lie, MORE)]
    build(tmp_path / "store", packages[:1])
    _cached(tmp_path / "store", "bin/tool").chmod(0o444)
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is None, outcome.log
    assert os.access(prefix_of(tmp_path / "store", packages) / "bin/tool", os.X_OK)


@pytest.mark.parametrize("note", [None, b"", b"[]", b'{"bin/tool": "x"}'])
def test_a_cache_whose_note_was_lost_is_used_as_it_is(
    tmp_path: Path, packages: list[dict[str, Any]], prefix: Path, note: bytes | None
) -> None:
    file = _cached(tmp_path / "store", "info/envstore-permissions.json")
    file.unlink()
    if note is not None:
        file.write_bytes(note)
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is None, outcome.log
    assert _found(prefix_of(tmp_path / "store", packages)) == []


def test_an_account_that_hides_its_files_builds_as_others_do(tmp_path: Path, packages: list[dict[str, Any]]) -> None:
    (tmp_path / "store").mkdir()
    command = ["/bin/sh", "-c", 'umask 077; exec "$@"', "sh", sys.executable, BUILDER]
    for scripts in (False, True):
        chosen = packages if scripts else packages[:1]
        outcome = run_builder("build", task(tmp_path / "store", chosen, run_link_scripts=scripts), command=command)
        assert outcome.error is None, outcome.log
        assert "linked again" not in outcome.log
        assert _found(prefix_of(tmp_path / "store", chosen)) == []
