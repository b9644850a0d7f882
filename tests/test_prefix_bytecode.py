"""Byte-code is compiled once, shared by hard links, used by Python, and never in the way."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.built import BuiltStore

from jupyter_envstore.prefixes.bytecode import LIST, add_bytecode, find_python, find_sources
from jupyter_envstore.prefixes.records import InstalledFile, InstalledPackage

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
TAG = sys.implementation.cache_tag
LIBRARY = f"lib/python{VERSION}"
SITE = f"{LIBRARY}/site-packages"


def _package(name: str, files: dict[str, str], *, digest: str = "", patched: bool = False) -> InstalledPackage:
    entries = tuple(InstalledFile(path, "file", None, None, "ab" if patched else None) for path in files)
    return InstalledPackage(name, f"{VERSION}.0", "0", digest, entries)


class SmallPrefix:
    """Packages of Python files and a ``bin/python`` that is the interpreter of these tests."""

    def __init__(self, folder: Path, *packages: tuple[str, str, dict[str, str]], patched: bool = False) -> None:
        self.path = folder
        self.installed = [_package("python", {f"{LIBRARY}/os.py": ""})]
        for name, digest, files in packages:
            self.installed.append(_package(name, files, digest=digest, patched=patched))
            for path, content in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(content)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python").symlink_to(sys.executable)

    def compiled(self, path: str) -> Path:
        source = self.path / path
        return source.parent / "__pycache__" / f"{source.stem}.{TAG}.pyc"


CODE = {f"{SITE}/pkg/__init__.py": "value = 1\n", f"{SITE}/pkg/more.py": "def f():\n    return 2\n"}


def test_a_second_prefix_shares_the_files_of_the_first(tmp_path: Path) -> None:
    one, two = (SmallPrefix(tmp_path / name, ("pkg", "a" * 64, CODE)) for name in ("one", "two"))
    first = add_bytecode(one.path, tmp_path / "cache", one.installed)
    second = add_bytecode(two.path, tmp_path / "cache", two.installed)
    assert (first.compiled, first.linked) == (2, 0)
    assert (second.compiled, second.linked) == (0, 2)
    for path in CODE:
        assert one.compiled(path).samefile(two.compiled(path))
    assert sorted(path.name for path in one.path.iterdir()) == ["bin", "lib"]


def test_the_files_are_unchecked_and_name_no_prefix(tmp_path: Path) -> None:
    prefix = SmallPrefix(tmp_path / "here.partial", ("pkg", "a" * 64, CODE))
    add_bytecode(prefix.path, tmp_path / "cache", prefix.installed)
    content = prefix.compiled(f"{SITE}/pkg/more.py").read_bytes()
    assert content[:4] == importlib.util.MAGIC_NUMBER
    assert struct.unpack("<I", content[4:8]) == (1,)
    assert b".partial" not in content
    assert os.fsencode(tmp_path) not in content


def test_an_import_uses_it_and_sees_the_right_path(tmp_path: Path) -> None:
    prefix = SmallPrefix(tmp_path / "prefix", ("pkg", "a" * 64, CODE))
    add_bytecode(prefix.path, tmp_path / "cache", prefix.installed)
    source = prefix.path / SITE / "pkg/more.py"
    # Unchecked: had Python looked at the source, the answer would be 3.
    source.write_text("def f():\n    return 3\n")
    program = "import pkg.more as m; print(m.f(), m.f.__code__.co_filename, m.__cached__)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(prefix.path / SITE), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["2", str(source), str(prefix.compiled(f"{SITE}/pkg/more.py"))]


def test_tests_and_what_is_not_importable_are_left_out() -> None:
    files = [
        f"{SITE}/pkg/tests/test_it.py",
        f"{LIBRARY}/test/regrtest.py",
        f"{SITE}/pkg/testing.py",
        f"{SITE}/pkg/data.txt",
        "share/example.py",
        "bin/tool.py",
        f"{SITE}/shipped.py",
        f"{SITE}/__pycache__/shipped.{TAG}.pyc",
    ]
    python = find_python([_package("python", {f"{LIBRARY}/os.py": ""})])
    assert python is not None
    found = find_sources(_package("pkg", dict.fromkeys(files, "")), python)
    assert [source.path for source in found] == [f"{SITE}/pkg/testing.py"]


@pytest.mark.parametrize(
    ("name", "version", "library", "expected"),
    [
        ("python", "3.12.1", "lib/python3.12", ("cpython-312", "cpython-312")),
        ("python", "3.13.1", "lib/python3.13t", ("cpython-313", "cpython-313t")),
        ("python", "3.15.0a2", "lib/python3.15", ("cpython-315", "cpython-315-3.15.0a2")),
        ("python", "2.7.18", "lib/python2.7", None),
        ("python", "3.9.1", "lib/pypy3.9", None),
        ("r-base", "4.4.0", "lib/python3.12", None),
    ],
)
def test_the_python_of_a_prefix_is_known_by_its_package(
    name: str, version: str, library: str, expected: tuple[str, str] | None
) -> None:
    files = (InstalledFile(f"{library}/os.py", "file", None, None),)
    python = find_python([InstalledPackage(name, version, "0", "", files)])
    assert (None if python is None else (python.tag, python.cache_name)) == expected


def test_a_file_that_does_not_compile_is_no_failure_and_is_not_tried_again(tmp_path: Path) -> None:
    code = {f"{SITE}/good.py": "x = 1\n", f"{SITE}/template.py": "def {{ name }}(:\n", f"{SITE}/odd.py": "\0"}
    one, two = (SmallPrefix(tmp_path / name, ("pkg", "b" * 64, code)) for name in ("one", "two"))
    first = add_bytecode(one.path, tmp_path / "cache", one.installed)
    second = add_bytecode(two.path, tmp_path / "cache", two.installed)
    assert (first.compiled, first.failed) == (1, 2)
    assert (second.linked, second.compiled, second.failed) == (1, 0, 0)


def test_files_that_depend_on_the_place_are_not_shared(tmp_path: Path) -> None:
    one, two = (
        SmallPrefix(tmp_path / name, ("pkg", "c" * 64, {f"{SITE}/place.py": f"place = {name!r}\n"}), patched=True)
        for name in ("one", "two")
    )
    for prefix in (one, two):
        add_bytecode(prefix.path, tmp_path / "cache", prefix.installed)
    place = f"{SITE}/place.py"
    assert b"one" in one.compiled(place).read_bytes()
    assert b"two" in two.compiled(place).read_bytes()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("damage", ["list", "truncated", "missing", "other sources"])
def test_a_damaged_cache_entry_is_made_again(tmp_path: Path, damage: str) -> None:
    one, two = (SmallPrefix(tmp_path / name, ("pkg", "d" * 64, CODE)) for name in ("one", "two"))
    add_bytecode(one.path, tmp_path / "cache", one.installed)
    (entry,) = (tmp_path / "cache").glob("*/*")
    if damage == "list":
        (entry / LIST).write_text("[[")
    elif damage == "truncated":
        (entry / "0").unlink()
        (entry / "0").write_bytes(b"")
    elif damage == "missing":
        (entry / "1").unlink()
    else:
        (entry / LIST).write_text(json.dumps([["../../outside.pyc", (entry / "0").stat().st_size]]))
    again = add_bytecode(two.path, tmp_path / "cache", two.installed)
    assert (again.compiled, again.linked) == (2, 0)
    assert all(two.compiled(path).stat().st_size > 0 for path in CODE)
    assert not (tmp_path / "outside.pyc").exists()
    third = SmallPrefix(tmp_path / "three", ("pkg", "d" * 64, CODE))
    assert add_bytecode(third.path, tmp_path / "cache", third.installed).linked == 2


def test_a_link_out_of_the_prefix_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "module.py").write_text("x = 1\n")
    prefix = SmallPrefix(tmp_path / "prefix")
    (prefix.path / SITE).mkdir(parents=True)
    (prefix.path / SITE / "evil").symlink_to(outside)
    prefix.installed.append(_package("evil", {f"{SITE}/evil/module.py": ""}, digest="e" * 64))
    result = add_bytecode(prefix.path, tmp_path / "cache", prefix.installed)
    assert result.compiled == 0
    assert [path.name for path in outside.iterdir()] == ["module.py"]


def test_a_python_that_does_not_run_or_is_another_leaves_a_slow_prefix(tmp_path: Path) -> None:
    for program in ("#!/bin/sh\nexit 3\n", "#!/nonexistent\n", "#!/bin/sh\necho ok 99999; echo no sense\n"):
        prefix = SmallPrefix(tmp_path / str(len(program)), ("pkg", "f" * 64, CODE))
        (prefix.path / "bin/python").unlink()
        (prefix.path / "bin/python").write_text(program)
        (prefix.path / "bin/python").chmod(0o755)
        lines: list[str] = []
        result = add_bytecode(prefix.path, tmp_path / "cache", prefix.installed, log=lines.append)
        assert (result.compiled, result.linked) == (0, 0)
        assert lines
    assert not list((tmp_path / "cache").glob("*/*"))


def test_a_cache_on_another_disk_is_used_by_copying(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system")
    cache = memory / f"envstore-test-{os.getpid()}"
    try:
        one, two = (SmallPrefix(tmp_path / name, ("pkg", "a" * 64, CODE)) for name in ("one", "two"))
        add_bytecode(one.path, cache, one.installed)
        result = add_bytecode(two.path, cache, two.installed)
        assert (result.compiled, result.linked, result.copied) == (0, 2, 2)
        assert two.compiled(f"{SITE}/pkg/more.py").read_bytes() == one.compiled(f"{SITE}/pkg/more.py").read_bytes()
        assert [path.name for path in cache.glob("*/.*")] == []
    finally:
        shutil.rmtree(cache, ignore_errors=True)


def test_a_real_prefix_has_byte_code_for_what_it_imports(built_store: BuiltStore) -> None:
    program = (
        "import sys, json, pygments.lexers, traitlets\n"
        "for module in list(sys.modules.values()): print(getattr(module, '__cached__', None))"
    )
    python = built_store.prefix / "bin/python"
    done = subprocess.run([python, "-v", "-I", "-c", program], capture_output=True, text=True, check=True)
    cached = {line for line in done.stdout.split() if line.endswith(".pyc")}
    assert len(cached) > 20
    assert all(
        Path(path).is_file() and Path(path).stat().st_nlink > 1 for path in cached if "sysconfigdata" not in path
    )
    assert "wrote" not in done.stderr
    assert "# code object from " in done.stderr
    compiled_now = [
        line for line in done.stderr.splitlines() if line.startswith("# code object from") and ".pyc" not in line
    ]
    assert compiled_now == []
