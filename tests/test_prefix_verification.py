"""Verification names every file that is not as its package brought it, and no other."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import build, prefix_of
from small_packages import PLACEHOLDER, SmallPackage, write_package

from jupyter_envstore.errors import BrokenPrefixError
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.prefixes.verification import require_valid, verify

SAMPLE = SmallPackage(
    "sample",
    files={
        "bin/run": b"#!" + PLACEHOLDER.encode() + b"/bin/sh\n",
        "lib/library.so": b"\x7fELF\0" + PLACEHOLDER.encode() + b"/lib\0" + b"tail" * 50,
        "share/data": b"data " * 1000,
        "share/large": bytes(range(256)) * 12_000,
        "share/empty": b"",
        "share/both": b"one",
        "share/näme with spaces": b"x",
    },
    links={"share/link": "data", "share/dangling": "nowhere", "share/folder": "../lib"},
    executable=frozenset({"bin/run"}),
)
OTHER = SmallPackage("other", files={"share/both": b"another", "share/mine": b"mine"})


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prefix of two packages that both bring one path."""
    folder = tmp_path_factory.mktemp("verification")
    packages = [write_package(package, folder / "channel") for package in (SAMPLE, OTHER)]
    outcome = build(folder / "store", packages)
    assert outcome.error is None, outcome.log
    return prefix_of(folder / "store", packages)


@pytest.fixture
def prefix(pristine: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    copy = shutil.copytree(pristine, tmp_path / "copy", symlinks=True)
    for folder, _, _ in os.walk(copy):
        Path(folder).chmod(0o755)
    return copy


def _found(prefix: Path, quick: bool = False) -> list[tuple[str, str, str]]:
    return [(problem.kind, problem.path, problem.package) for problem in verify(prefix, quick=quick)]


def _rewrite(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def test_an_untouched_prefix_has_no_problems(pristine: Path) -> None:
    assert verify(pristine) == []
    assert verify(pristine, quick=True) == []


@pytest.mark.parametrize(
    "path",
    [
        "bin/run",
        "lib/library.so",
        "share/data",
        "share/empty",
        "share/link",
        "share/dangling",
        "share/näme with spaces",
    ],
)
def test_a_missing_file_is_named(prefix: Path, path: str) -> None:
    (prefix / path).unlink()
    assert ("missing", path, "sample-1.0-0") in _found(prefix)
    assert len(_found(prefix)) == 1
    assert _found(prefix, quick=True) == _found(prefix)


@pytest.mark.parametrize("path", ["bin/run", "lib/library.so", "share/data", "share/large"])
def test_one_changed_byte_is_found(prefix: Path, path: str) -> None:
    content = bytearray((prefix / path).read_bytes())
    content[-1] ^= 1
    _rewrite(prefix / path, bytes(content))
    assert _found(prefix) == [("changed", path, "sample-1.0-0")]


def test_a_truncated_file_is_found_by_a_quick_look(prefix: Path) -> None:
    _rewrite(prefix / "share/data", b"")
    assert _found(prefix, quick=True) == [("changed", "share/data", "sample-1.0-0")]


def test_a_change_in_a_file_that_other_environments_have_too_says_so(tmp_path: Path) -> None:
    packages = [write_package(package, tmp_path / "channel") for package in (SAMPLE, OTHER)]
    for chosen in (packages, packages[:1]):
        assert build(tmp_path / "store", chosen).error is None
    prefix, other = (prefix_of(tmp_path / "store", chosen) for chosen in (packages, packages[:1]))
    for path in ("share/data", "lib/library.so"):
        (prefix / path).chmod(0o644)
        (prefix / path).write_bytes(b"x" * (prefix / path).stat().st_size)
    assert [str(problem) for problem in verify(prefix)] == [
        "changed: lib/library.so (of sample-1.0-0)",
        "changed: share/data (of sample-1.0-0; shared: other environments with this package may be affected)",
    ]
    assert [problem.path for problem in verify(other)] == ["share/data"]


@pytest.mark.parametrize(
    ("path", "damage"),
    [
        ("share/data", lambda file: file.symlink_to("large")),
        ("share/data", lambda file: file.mkdir()),
        ("share/data", os.mkfifo),
        ("share/link", lambda file: file.symlink_to("large")),
        ("share/link", lambda file: file.write_bytes(b"data " * 1000)),
        ("share/folder", lambda file: file.symlink_to("/etc")),
    ],
    ids=["link", "folder", "pipe", "other target", "file for link", "out of the prefix"],
)
def test_another_kind_of_thing_is_a_change(prefix: Path, path: str, damage: Callable[[Path], None]) -> None:
    (prefix / path).unlink()
    damage(prefix / path)
    assert ("changed", path, "sample-1.0-0") in _found(prefix)


def test_a_missing_folder_is_reported_file_by_file(prefix: Path) -> None:
    remove_tree(prefix / "lib")
    assert _found(prefix) == [("missing", "lib/library.so", "sample-1.0-0")]


@pytest.mark.parametrize(
    "path",
    [
        "share/new",
        "new",
        "share/new folder/file",
        "share/sample.pyc",
        "lib/__pycache__/x.pyc",
        "share/EXTERNALLY-MANAGED",
    ],
)
def test_an_extra_file_is_named(prefix: Path, path: str) -> None:
    (prefix / path).parent.mkdir(exist_ok=True)
    (prefix / path).write_text("x")
    assert _found(prefix) == [("extra", path, "")]


def test_a_package_that_vanished_from_the_metadata_is_noticed(prefix: Path) -> None:
    (prefix / "conda-meta/other-1.0-0.json").unlink()
    assert ("missing", "conda-meta/other-1.0-0.json", "other-1.0-0") in _found(prefix)


def test_a_package_that_was_added_is_noticed(prefix: Path) -> None:
    record = json.loads((prefix / "conda-meta/other-1.0-0.json").read_text())
    record |= {"name": "added", "paths_data": {"paths": []}}
    (prefix / "conda-meta/added-1.0-0.json").write_text(json.dumps(record))
    assert _found(prefix) == [("extra", "conda-meta/added-1.0-0.json", "added-1.0-0")]


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "share/../../outside", ""])
def test_a_record_that_leads_outside_is_not_followed(prefix: Path, path: str) -> None:
    file = prefix / "conda-meta/other-1.0-0.json"
    record = json.loads(file.read_text())
    record["paths_data"]["paths"][0]["_path"] = path
    _rewrite(file, json.dumps(record).encode())
    assert _found(prefix) == [("unreadable", "conda-meta/other-1.0-0.json", "")]


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"{}", b"\xff"])
def test_unreadable_metadata_is_a_problem_and_no_crash(prefix: Path, content: bytes) -> None:
    _rewrite(prefix / "conda-meta/other-1.0-0.json", content)
    assert _found(prefix) == [("unreadable", "conda-meta/other-1.0-0.json", "")]


def test_a_file_without_permission_is_unreadable(
    public_dir: Path, pristine: Path, unprivileged: Callable[[Callable[[], None]], None]
) -> None:
    prefix = shutil.copytree(pristine, public_dir / "copy", symlinks=True)
    (prefix / "share/data").chmod(0)
    unprivileged(lambda: _expect(prefix, [("unreadable", "share/data", "sample-1.0-0")]))


def _expect(prefix: Path, problems: list[tuple[str, str, str]]) -> None:
    assert _found(prefix) == problems


def test_problems_become_one_error_that_names_files(prefix: Path) -> None:
    for path in ("share/data", "share/large", "share/mine", "share/empty"):
        if (prefix / path).exists():
            (prefix / path).unlink()
    with pytest.raises(BrokenPrefixError, match="missing: share/data") as caught:
        require_valid(verify(prefix))
    assert "share/large" in caught.value.details["files"]
    require_valid([])
