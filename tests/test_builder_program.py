"""The builder makes one prefix, tells how it goes, and ends; it imports nothing that it does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders import BUILDER, Outcome, RunningBuilder, build, leftovers, prefix_of, run_builder, task
from fixtures.built import BuiltStore
from fixtures.processes import still_running
from small_packages import PLACEHOLDER, SmallPackage, write_package

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.verification import verify

HELLO = SmallPackage(
    "hello",
    files={
        "bin/hello": b"#!" + PLACEHOLDER.encode() + b"/bin/sh\necho hello\n",
        "share/prefix.bin": b"\0" + PLACEHOLDER.encode() + b"/share\0",
        "share/shared": b"the same in every prefix",
    },
    links={"bin/hi": "hello"},
    executable=frozenset({"bin/hello"}),
)
WORLD = SmallPackage("world", files={"share/world": b"world"}, depends=["hello"])


def test_a_build_tells_its_steps_then_publishes_then_activates(built_store: BuiltStore) -> None:
    outcome = built_store.outcome
    assert outcome.status == 0
    assert outcome.steps == ["download", "link", "verify", "bytecode", "publish", "activate"]
    kinds = ["published" if "published" in event else event["step"] for event in outcome.events]
    assert kinds.index("published") == len(kinds) - kinds[::-1].index("publish")
    assert kinds[-1] == "activate"
    assert outcome.result is not None
    assert set(outcome.result["activation"]) >= {"set", "unset", "path"}
    assert outcome.result["kernels"] == []


def test_what_is_published_is_described(built_store: BuiltStore) -> None:
    published = built_store.outcome.published
    files = [path for path in built_store.prefix.rglob("*") if path.is_symlink() or path.is_file()]
    # The mark is the last file; it cannot count itself.
    assert published["files"] == len(files) - 1
    assert published["size"] == pytest.approx(
        sum(path.lstat().st_size for path in files if not path.is_symlink()), rel=0.001
    )
    assert published["path"] == str(built_store.prefix)
    assert published["reused"] is False
    assert published["link_scripts"] == []
    assert set(published["seconds"]) == {"download", "link", "bytecode", "verify", "publish"}


def test_progress_ends_where_it_said_it_would(built_store: BuiltStore) -> None:
    events = [event for event in built_store.outcome.events if "step" in event]
    count = len(built_store.packages)
    size = sum(package["size"] for package in built_store.packages)
    last = {event["step"]: event for event in events}
    assert (last["download"]["done"], last["download"]["total"]) == (count, count)
    assert (last["download"]["bytes_done"], last["download"]["bytes_total"]) == (size, size)
    assert (last["link"]["done"], last["link"]["total"]) == (count, count)
    assert last["bytecode"]["done"] == last["bytecode"]["total"] > 100
    for step in last:
        done = [event["done"] for event in events if event["step"] == step]
        assert done == sorted(done), step


def test_no_file_names_the_temporary_folder(built_store: BuiltStore) -> None:
    temporary = f"{built_store.prefix}.partial".encode()
    for path in built_store.prefix.rglob("*"):
        if path.is_symlink():
            assert ".partial" not in str(path.readlink())
        elif path.is_file():
            assert temporary not in path.read_bytes(), path


def test_entry_points_and_python_run_where_they_are(built_store: BuiltStore) -> None:
    program = "import sys, ssl, sqlite3, ctypes; print(sys.prefix)"
    done = subprocess.run(
        [built_store.prefix / "bin/python", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(built_store.prefix)
    done = subprocess.run([built_store.prefix / "bin/pygmentize", "-V"], capture_output=True, text=True, check=True)
    assert "Pygments version" in done.stdout


def test_the_log_is_for_people(built_store: BuiltStore) -> None:
    log = built_store.outcome.log
    for package in built_store.packages:
        assert package["url"] in log
    assert f"{built_store.prefix} is ready" in log
    assert "verify: " in log
    assert "Traceback" not in log


def test_a_prefix_that_is_there_is_used_again(tmp_path: Path) -> None:
    packages = [write_package(HELLO, tmp_path / "channel")]
    first = build(tmp_path / "store", packages)
    again = build(tmp_path / "store", packages)
    assert (first.published["reused"], again.published["reused"]) == (False, True)
    assert again.steps == ["activate"]
    assert again.result is not None
    for key in ("prefix_hash", "path", "size", "files", "link_scripts"):
        assert first.published[key] == again.published[key]


@pytest.mark.parametrize("damage", ["missing", "truncated"])
def test_a_damaged_prefix_is_made_anew(tmp_path: Path, damage: str) -> None:
    packages = [write_package(HELLO, tmp_path / "channel")]
    build(tmp_path / "store", packages)
    prefix = prefix_of(tmp_path / "store", packages)
    (prefix / "share").chmod(0o755)
    (prefix / "share/shared").unlink()
    if damage == "truncated":
        (prefix / "share/shared").touch()
    again = build(tmp_path / "store", packages)
    assert again.published["reused"] is False
    assert verify(prefix) == []
    assert leftovers(tmp_path / "store") == []


def test_two_prefixes_share_the_files_that_no_path_is_in(tmp_path: Path) -> None:
    hello, world = (write_package(package, tmp_path / "channel") for package in (HELLO, WORLD))
    build(tmp_path / "store", [hello])
    build(tmp_path / "store", [hello, world])
    one, two = (prefix_of(tmp_path / "store", packages) for packages in ([hello], [hello, world]))
    assert one != two
    assert (one / "share/shared").samefile(two / "share/shared")
    for path in ("bin/hello", "share/prefix.bin"):
        assert not (one / path).samefile(two / path)
        assert os.fsencode(one) in (one / path).read_bytes()
        assert os.fsencode(two) in (two / path).read_bytes()


def test_two_builders_of_one_prefix_build_once(tmp_path: Path, python_packages: list[dict[str, object]]) -> None:
    root = tmp_path / "store"
    root.mkdir()
    python = [package for package in python_packages if package["name"] in ("python", "traitlets")]
    running = [RunningBuilder("build", task(root, python)) for _ in range(3)]
    outcomes = [builder.finish() for builder in running]
    assert [outcome.error for outcome in outcomes] == [None, None, None]
    assert sorted(outcome.published["reused"] for outcome in outcomes) == [False, True, True]
    assert sum("waiting" in outcome.log for outcome in outcomes) == 2
    assert verify(prefix_of(root, python)) == []
    assert leftovers(root) == []


def test_a_clash_of_two_packages_over_a_file_still_verifies(tmp_path: Path) -> None:
    clash = SmallPackage("clash", files={"share/shared": b"another content"})
    packages = [write_package(package, tmp_path / "channel") for package in (HELLO, clash)]
    outcome = build(tmp_path / "store", packages)
    assert outcome.error is None
    assert verify(prefix_of(tmp_path / "store", packages)) == []


def test_verify_and_activate_work_on_a_published_prefix(built_store: BuiltStore) -> None:
    arguments = {"root": str(built_store.root), "prefix_hash": built_store.outcome.published["prefix_hash"]}
    checked = run_builder("verify", arguments).result
    assert checked is not None
    assert checked["problems"] == []
    assert checked["files"] == built_store.outcome.published["files"]
    activated = run_builder("activate", arguments).result
    assert activated is not None
    assert built_store.outcome.result is not None
    assert activated["activation"] == built_store.outcome.result["activation"]


@pytest.mark.parametrize("call", ["verify", "activate"])
def test_a_prefix_that_is_not_there_is_an_error_in_words(tmp_path: Path, call: str) -> None:
    outcome = run_builder(call, {"root": str(tmp_path), "prefix_hash": "ab" * 32})
    assert outcome.error is not None
    assert outcome.error["code"] == "not_found"
    assert "Build the environment's version again" in outcome.error["message"]


def test_other_packages_than_the_name_says_are_refused(tmp_path: Path) -> None:
    packages = [write_package(HELLO, tmp_path / "channel")]
    outcome = build(tmp_path / "store", packages, prefix_hash="ab" * 32)
    assert outcome.error is not None
    assert outcome.error["code"] == "invalid_input"
    assert not StoreLayout(tmp_path / "store").prefixes.exists()


def test_modules_beside_the_program_and_in_the_working_directory_are_not_imported(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    for name in ("json", "rattler", "asyncio", "filelock", "build"):
        (store / f"{name}.py").write_text("raise SystemExit('a stranger was imported')\n")
    packages = [write_package(HELLO, tmp_path / "channel")]
    outcome = run_builder("build", task(store, packages), cwd=store)
    assert outcome.error is None, outcome.log
    assert "stranger" not in outcome.log


def test_the_builder_stays_lean(tmp_path: Path) -> None:
    packages = [write_package(HELLO, tmp_path / "channel")]
    store = tmp_path / "store"
    store.mkdir()
    command = [sys.executable, "-X", "importtime", BUILDER]
    outcome = run_builder("build", task(store, packages), command=command)
    lines = outcome.log.splitlines()
    imported = {line.rsplit("|", 1)[-1].strip() for line in lines if line.startswith("import time:")}
    assert "rattler" in imported
    heavy = (
        "pydantic",
        "sqlalchemy",
        "ruamel",
        "conda_lock",
        "jupyter_server",
        "tornado",
        "traitlets",
        "yaml",
        "click",
    )
    assert sorted(name for name in imported if name.split(".")[0] in heavy) == []


@pytest.mark.parametrize("module", ["bytecode", "hashing", "protection", "publishing", "removal", "verification"])
def test_what_the_server_imports_of_prefixes_loads_no_installer(module: str) -> None:
    program = f"import sys; import jupyter_envstore.prefixes.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"rattler", "pydantic", "conda_lock"} & set(done.stdout.split())


def _scripted(text: bytes, name: str = "scripted") -> SmallPackage:
    return SmallPackage(name, files={f"bin/.{name}-post-link.sh": text, "share/shared": b"original"})


def test_link_scripts_do_not_run_unless_they_may(tmp_path: Path) -> None:
    package = _scripted(b"echo ran > $PREFIX/share/made\n")
    outcome = build(tmp_path / "store", [write_package(package, tmp_path / "channel")])
    assert outcome.published["link_scripts"] == ["scripted"]
    assert "were not run" in outcome.log
    assert not (Path(outcome.published["path"]) / "share/made").exists()


def test_link_scripts_run_with_a_log_and_the_right_paths_where_they_may(tmp_path: Path) -> None:
    text = (
        b"echo $PREFIX > $PREFIX/share/made\necho changed >> $PREFIX/share/shared\necho said $PKG_NAME $PKG_VERSION\n"
    )
    packages = [write_package(_scripted(text), tmp_path / "channel")]
    outcome = build(tmp_path / "store", packages, run_link_scripts=True)
    assert outcome.error is None, outcome.log
    prefix = prefix_of(tmp_path / "store", packages)
    assert (prefix / "share/made").read_text() == f"{prefix}\n"
    assert "said scripted 1.0" in outcome.log
    assert verify(prefix) == []
    # The cache has what the package brought, whatever the script did.
    cached = StoreLayout(tmp_path / "store").package_cache / "scripted-1.0-0/share/shared"
    assert cached.read_bytes() == b"original"
    (prefix / "share/made").chmod(0o644)
    (prefix / "share/made").write_text("other")
    assert [problem.path for problem in verify(prefix)] == ["share/made"]


@pytest.mark.parametrize(
    ("text", "words"), [(b"echo why; exit 7\n", "ended with status 7"), (b"sleep 600 & sleep 600\n", "took longer")]
)
def test_a_link_script_that_fails_or_hangs_fails_the_build(tmp_path: Path, text: bytes, words: str) -> None:
    packages = [write_package(_scripted(text), tmp_path / "channel")]
    outcome: Outcome = build(tmp_path / "store", packages, run_link_scripts=True, link_script_seconds=1)
    assert outcome.error is not None
    assert outcome.error["code"] == "build_failed"
    assert words in outcome.error["message"]
    assert outcome.error["details"]["package"] == "scripted"
    assert leftovers(tmp_path / "store") == []


@pytest.mark.parametrize(
    "text",
    [
        b"echo $$ > $PREFIX/pids; sleep 600 & echo $! >> $PREFIX/pids\n",
        b"(sleep 600 & echo $! >> $PREFIX/pids) &\nwait\n",
    ],
    ids=["child", "grandchild"],
)
def test_what_a_link_script_leaves_running_is_ended(tmp_path: Path, text: bytes) -> None:
    packages = [write_package(_scripted(text), tmp_path / "channel")]
    outcome = build(tmp_path / "store", packages, run_link_scripts=True)
    assert outcome.error is None, outcome.log
    numbers = [int(line) for line in (prefix_of(tmp_path / "store", packages) / "pids").read_text().split()]
    assert numbers
    assert still_running(numbers) == []


def test_what_a_link_script_that_took_too_long_had_started_is_ended(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    text = f"(sleep 600 & echo $! >> {pids}) &\necho $$ >> {pids}\nsleep 600\n".encode()
    packages = [write_package(_scripted(text), tmp_path / "channel")]
    outcome = build(tmp_path / "store", packages, run_link_scripts=True, link_script_seconds=1)
    assert outcome.error is not None
    numbers = [int(line) for line in pids.read_text().split()]
    assert len(numbers) == 2
    assert still_running(numbers) == []
