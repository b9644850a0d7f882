"""A finished prefix stays as it is, and whoever tries to change it is told what to do instead."""

from __future__ import annotations

import ast
import configparser
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from builders import MESSAGE
from fixtures.built import NOBODY, BuiltStore
from rattler import PrefixRecord

from jupyter_envstore.prefixes.marks import MARK, read_mark
from jupyter_envstore.prefixes.permissions import COUNTED, READ
from jupyter_envstore.prefixes.protection import write_notices
from jupyter_envstore.prefixes.records import (
    METADATA_FOLDER,
    InstalledFile,
    InstalledPackage,
    compact_records,
    read_installed,
)
from jupyter_envstore.prefixes.verification import verify

FIRST_LINE, SECOND_LINE = MESSAGE.splitlines()


def _run(command: list[str | Path], home: Path) -> subprocess.CompletedProcess[str]:
    """Run as a user whom permissions bind."""
    user = NOBODY if os.geteuid() == 0 else None
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
        cwd=home,
    )


@pytest.mark.parametrize(
    "arguments",
    [["install", "--no-index", "anything"], ["uninstall", "-y", "traitlets"], ["install", "--user", "--no-index", "x"]],
)
def test_pip_refuses_with_our_words(built_store: BuiltStore, public_dir: Path, arguments: list[str]) -> None:
    done = _run([built_store.prefix / "bin/python", "-m", "pip", *arguments], public_dir)
    assert done.returncode != 0
    assert "externally-managed-environment" in done.stderr
    assert FIRST_LINE in done.stderr
    assert SECOND_LINE in done.stderr


def test_nobody_but_root_can_write(built_store: BuiltStore, public_dir: Path) -> None:
    program = """
import os, sys
for folder, names, files in os.walk(sys.prefix):
    for name in [*files, "."]:
        path = os.path.join(folder, name)
        if not os.path.islink(path) and os.access(path, os.W_OK):
            sys.exit(f"{path} can be written")
try:
    open(os.path.join(sys.prefix, "lib", "new"), "w")
except OSError as error:
    print(type(error).__name__)
"""
    done = _run([built_store.prefix / "bin/python", "-c", program], public_dir)
    assert (done.stdout, done.stderr) == ("PermissionError\n", "")


def test_an_import_writes_nothing(built_store: BuiltStore, public_dir: Path) -> None:
    done = _run([built_store.prefix / "bin/python", "-c", "import pygments, json, pip._internal.cli.main"], public_dir)
    assert done.returncode == 0, done.stderr
    assert verify(built_store.prefix) == []


def test_conda_is_told_in_json(built_store: BuiltStore) -> None:
    assert json.loads((built_store.prefix / "conda-meta/frozen").read_text()) == {"message": MESSAGE}


def test_the_notice_for_pip_lies_where_python_looks(built_store: BuiltStore) -> None:
    program = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    done = subprocess.run(
        [built_store.prefix / "bin/python", "-c", program], capture_output=True, text=True, check=True
    )
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(Path(done.stdout.strip()) / "EXTERNALLY-MANAGED")
    assert parser["externally-managed"]["Error"].split("\n") == [FIRST_LINE, SECOND_LINE]


@pytest.mark.parametrize("message", ["100 % ours: [section]\n\n= key\n# no comment", "ümläut — “quoted”", "  "])
def test_any_message_survives_as_ini_and_json(tmp_path: Path, message: str) -> None:
    for folder in ("conda-meta", "lib/python3.12"):
        (tmp_path / folder).mkdir(parents=True)
    python = InstalledPackage("python", "3.12.0", "0", "", (InstalledFile("lib/python3.12/os.py", "file", None, None),))
    write_notices(tmp_path, message, [python])
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(tmp_path / "lib/python3.12/EXTERNALLY-MANAGED", encoding="utf-8")
    for line in message.split("\n"):
        if not line.startswith("#"):
            assert line.strip() in parser["externally-managed"]["Error"]
    assert parser["externally-managed"]["Error"]
    assert json.loads((tmp_path / "conda-meta/frozen").read_text(encoding="utf-8"))["message"] == message


def test_metadata_can_be_read_by_others(built_store: BuiltStore) -> None:
    for file in (built_store.prefix / "conda-meta").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o444, file


def test_the_history_names_what_was_asked_for(built_store: BuiltStore) -> None:
    history = (built_store.prefix / "conda-meta/history").read_text()
    (line,) = (line for line in history.splitlines() if line.startswith("# update specs: "))
    asked = ast.literal_eval(line.removeprefix("# update specs: "))
    assert asked == sorted(package["name"] for package in built_store.packages)[:2]
    assert all(f"\n+{package.stem}\n" in history for package in read_installed(built_store.prefix))
    assert history.startswith("==> ")


def test_package_metadata_is_all_that_conda_takes_for_packages(built_store: BuiltStore) -> None:
    names = {json.loads(file.read_text())["name"] for file in (built_store.prefix / "conda-meta").glob("*.json")}
    assert names == {package["name"] for package in built_store.packages}


def test_records_are_written_without_room_and_the_installer_still_reads_them(built_store: BuiltStore) -> None:
    for file in (built_store.prefix / "conda-meta").glob("*.json"):
        assert b"\n" not in file.read_bytes()
        record = PrefixRecord.from_path(file)
        assert f"{record.name.normalized}-{record.version}-{record.build}" == file.stem
        assert record.files


def test_only_records_of_the_installer_are_rewritten(tmp_path: Path) -> None:
    folder, outside = tmp_path / "prefix/conda-meta", tmp_path / "outside.json"
    folder.mkdir(parents=True)
    text = '{\n  "name": "a  b\\n  c",\n  "files": []\n}\n'
    for file in (folder / "own-1.0-0.json", folder / "strange.json", outside):
        file.write_text(text)
    (folder / "shared-1.0-0.json").hardlink_to(outside)
    (folder / "linked-1.0-0.json").symlink_to(outside)
    packages = [InstalledPackage(name, "1.0", "0", "", ()) for name in ("own", "shared", "linked", "gone")]
    compact_records(tmp_path / "prefix", packages)
    assert (folder / "own-1.0-0.json").read_text() == '{"name": "a  b\\n  c","files": []}'
    assert (folder / "strange.json").read_text() == outside.read_text() == text


def test_the_mark_tells_what_the_prefix_holds(built_store: BuiltStore) -> None:
    """It is counted along the way, from what verification saw of the files: a second look must find the same."""
    found = {path: path.lstat() for path in built_store.prefix.rglob("*") if path.is_symlink() or not path.is_dir()}
    counted = {path: state for path, state in found.items() if path != built_store.prefix / MARK}
    regular = {path: state for path, state in counted.items() if stat.S_ISREG(state.st_mode)}
    mark = read_mark(built_store.prefix)
    assert mark is not None
    assert mark.files == len(counted)
    assert mark.size == sum(state.st_size for state in regular.values())
    assert mark.permissions == {
        str(path.relative_to(built_store.prefix)): state.st_mode & COUNTED
        for path, state in regular.items()
        if state.st_mode & COUNTED != READ and path.parent.name != METADATA_FOLDER
    }
    assert any(state.st_nlink > 1 for state in regular.values())
