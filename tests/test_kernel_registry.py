"""Kernel specs are written whole, replaced whole, and only ever those of this store."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_envstore.errors import EnvStoreError, KernelNotRegisteredError, KernelsFolderError
from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.kernels.registry import KernelRegistry, Reconciliation
from jupyter_envstore.kernels.spec_folders import WORK_FOLDER
from jupyter_envstore.kernels.target import KernelTarget

SPEC = {"argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Python 3"}


def make_prefix(root: Path, name: str, *kernels: str) -> Path:
    """Make what the registry looks at in a prefix."""
    prefix = root / "p" / name
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").touch(mode=0o755)
    for kernel in kernels or ("python3",):
        folder = prefix / "share" / "jupyter" / "kernels" / kernel
        folder.mkdir(parents=True)
        title = "R" if kernel == "ir" else "Python 3"
        (folder / "kernel.json").write_text(json.dumps({**SPEC, "display_name": title, "language": "python"}))
    return prefix


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def registry(tmp_path: Path, root: Path) -> KernelRegistry:
    return KernelRegistry(tmp_path / "data" / "kernels", root)


@pytest.fixture
def target(root: Path) -> KernelTarget:
    prefix = make_prefix(root, "0123456789abcdef", "python3", "ir")
    return KernelTarget("local", "Analysis", 7, prefix, "f" * 64, {"A": "it's"}, Activation(set={"B": "1"}))


def names(registry: KernelRegistry) -> list[str]:
    return sorted(path.name for path in registry.kernels_dir.iterdir() if path.name != WORK_FOLDER)


def spec_of(path: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((path / "kernel.json").read_text(encoding="utf-8"))
    return spec


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(file.relative_to(folder)): (file.stat().st_ino, file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and WORK_FOLDER not in file.parts
    }


def test_spec_says_what_jupyter_and_others_need(registry: KernelRegistry, target: KernelTarget, root: Path) -> None:
    python, r = registry.register(target)
    assert [python.name, r.name] == ["envstore-local--analysis", "envstore-local--analysis--ir"]
    spec = spec_of(python)
    assert spec["display_name"] == "Analysis (v7)"
    assert spec_of(r)["display_name"] == "Analysis (v7) – R"
    assert spec["argv"][:3] == ["/bin/sh", str(python / "launch.sh"), f"{target.prefix}/bin/python"]
    metadata = spec["metadata"]
    assert (metadata["conda_env_name"], metadata["conda_env_path"]) == ("Analysis", str(target.prefix))
    mark = metadata["envstore"]
    assert (mark["environment"], mark["version"], mark["lock"]) == ("local/Analysis", 7, "f" * 64)
    assert mark["store"] == str(root)


def test_no_placeholder_is_left_that_other_front_ends_do_not_know(
    registry: KernelRegistry, target: KernelTarget
) -> None:
    for folder in registry.register(target):
        command = " ".join(spec_of(folder)["argv"])
        assert re.findall(r"\$?\{[^}]*\}", command) == ["{connection_file}"]
        assert re.fullmatch(r"[a-z0-9._-]+", folder.name)
        assert not folder.name.startswith("conda-")


def test_names_tell_namespaces_and_pinned_versions_apart(registry: KernelRegistry, target: KernelTarget) -> None:
    other = replace(target, namespace="Team")
    pinned = replace(target, version=3, pinned=True)
    registry.reconcile([target, other, pinned])
    assert names(registry) == [
        "envstore-local--analysis",
        "envstore-local--analysis--ir",
        "envstore-local--analysis--v3",
        "envstore-local--analysis--v3--ir",
        "envstore-team--analysis",
        "envstore-team--analysis--ir",
    ]
    spec = spec_of(registry.kernels_dir / "envstore-team--analysis")
    assert spec["display_name"] == "Team/Analysis (v7)"
    assert spec["metadata"]["conda_env_name"] == "Team--Analysis"


def test_new_version_replaces_the_spec_and_drops_kernels_no_more_offered(
    registry: KernelRegistry, target: KernelTarget, root: Path
) -> None:
    registry.register(replace(target, version=3, pinned=True))
    registry.register(target)
    registry.register(replace(target, version=8, prefix=make_prefix(root, "fedcba9876543210")))
    assert names(registry) == [
        "envstore-local--analysis",
        "envstore-local--analysis--v3",
        "envstore-local--analysis--v3--ir",
    ]
    spec = spec_of(registry.kernels_dir / "envstore-local--analysis")
    assert spec["display_name"] == "Analysis (v8)"
    assert "fedcba9876543210" in spec["argv"][2]


def test_reconciling_adds_replaces_and_removes(registry: KernelRegistry, target: KernelTarget, root: Path) -> None:
    gone = replace(target, name="gone", prefix=make_prefix(root, "1" * 16))
    assert registry.reconcile([target, gone]).added == [
        "envstore-local--analysis",
        "envstore-local--analysis--ir",
        "envstore-local--gone",
    ]
    new = replace(target, name="new", prefix=gone.prefix)
    done = registry.reconcile([replace(target, version=8), new])
    assert done == Reconciliation(
        added=["envstore-local--new"],
        replaced=["envstore-local--analysis", "envstore-local--analysis--ir"],
        removed=["envstore-local--gone"],
    )


def test_reconciling_again_writes_nothing(registry: KernelRegistry, target: KernelTarget) -> None:
    registry.reconcile([target])
    before = snapshot(registry.kernels_dir)
    assert registry.reconcile([target]) == Reconciliation()
    assert snapshot(registry.kernels_dir) == before


def test_spec_removed_or_damaged_by_hand_comes_back(registry: KernelRegistry, target: KernelTarget) -> None:
    python, r = registry.register(target)
    shutil.rmtree(r)
    (python / "launch.sh").unlink()
    done = registry.reconcile([target])
    assert (done.added, done.replaced) == ([r.name], [python.name])
    assert (python / "launch.sh").exists()


def test_spec_whose_server_is_gone_gets_the_present_one(
    registry: KernelRegistry, target: KernelTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nowhere/bin/python")
        python, r = registry.register(target)
    assert registry.reconcile([target]).replaced == [python.name, r.name]
    assert sys.executable in (python / "launch.sh").read_text()


def test_two_installations_that_share_a_store_do_not_rewrite_each_others_specs(
    registry: KernelRegistry, target: KernelTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.reconcile([target])
    other = tmp_path / "other" / "bin" / "python"
    other.parent.mkdir(parents=True)
    (tmp_path / "other" / "pyvenv.cfg").touch()
    other.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(other))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "other"))
    assert registry.reconcile([target]) == Reconciliation()


def test_only_what_this_store_wrote_is_touched(registry: KernelRegistry, target: KernelTarget, tmp_path: Path) -> None:
    other_store = KernelRegistry(registry.kernels_dir, tmp_path / "other")
    other_store.register(replace(target, name="theirs"))
    by_hand = registry.kernels_dir / "envstore-local--by-hand"
    by_hand.mkdir()
    (by_hand / "kernel.json").write_text(json.dumps(SPEC))
    linked = registry.kernels_dir / "envstore-local--linked"
    registry.register(target)
    linked.symlink_to(registry.kernels_dir / "envstore-local--analysis")
    (registry.kernels_dir / "python3").mkdir()
    before = snapshot(registry.kernels_dir)

    registry.reconcile([target])
    assert snapshot(registry.kernels_dir) == before
    registry.unregister_all()
    assert names(registry) == [
        "envstore-local--by-hand",
        "envstore-local--linked",
        "envstore-local--theirs",
        "envstore-local--theirs--ir",
        "python3",
    ]


def test_name_taken_by_another_store_is_refused_in_words(
    registry: KernelRegistry, target: KernelTarget, tmp_path: Path
) -> None:
    KernelRegistry(registry.kernels_dir, tmp_path / "other").register(target)
    before = snapshot(registry.kernels_dir)
    with pytest.raises(KernelNotRegisteredError, match="belongs to another store"):
        registry.register(target)
    assert "belongs to another store" in registry.reconcile([target]).warnings[0]
    assert snapshot(registry.kernels_dir) == before


def test_unregistering_one_environment_leaves_the_others(registry: KernelRegistry, target: KernelTarget) -> None:
    registry.reconcile([target, replace(target, version=3, pinned=True), replace(target, name="Analysis2")])
    registry.unregister("LOCAL/analysis")
    assert names(registry) == ["envstore-local--analysis2", "envstore-local--analysis2--ir"]
    assert registry.unregister("local/analysis") == []


def test_uninstalling_leaves_the_folder_as_it_was(registry: KernelRegistry, target: KernelTarget) -> None:
    registry.kernels_dir.mkdir(parents=True)
    registry.register(target)
    registry.unregister_all()
    assert list(registry.kernels_dir.iterdir()) == []


def test_kernels_of_a_freed_prefix_stay_so_that_they_can_explain(
    registry: KernelRegistry, target: KernelTarget
) -> None:
    registry.register(target)
    before = snapshot(registry.kernels_dir)
    shutil.rmtree(target.prefix)
    assert registry.reconcile([target]) == Reconciliation()
    assert snapshot(registry.kernels_dir) == before


def test_freed_prefix_gets_a_kernel_that_explains(registry: KernelRegistry, target: KernelTarget) -> None:
    shutil.rmtree(target.prefix)
    assert [path.name for path in registry.register(target)] == ["envstore-local--analysis"]
    assert registry.reconcile([target]) == Reconciliation()


def test_prefix_without_a_kernel_is_told(registry: KernelRegistry, target: KernelTarget) -> None:
    shutil.rmtree(target.prefix / "share")
    told: list[str] = []
    assert registry.register(target, told.append) == []
    assert "ipykernel" in told[0]
    assert told == registry.reconcile([target]).warnings


def test_targets_are_read_when_it_is_this_processs_turn(registry: KernelRegistry, target: KernelTarget) -> None:
    answers = [[target], [replace(target, version=8)]]
    registry.reconcile(lambda present: answers.pop(0))
    registry.register(lambda: replace(target, version=9, pinned=True))
    assert (registry.kernels_dir / "envstore-local--analysis--v9").is_dir()
    assert spec_of(registry.kernels_dir / "envstore-local--analysis")["display_name"] == "Analysis (v8)"


def test_what_a_killed_process_left_is_swept_and_never_listed(registry: KernelRegistry, target: KernelTarget) -> None:
    from jupyter_client.kernelspec import KernelSpecManager

    registry.check_writable()
    left = registry.kernels_dir / WORK_FOLDER / "spec-0123"
    left.mkdir()
    (left / "kernel.json").write_text(json.dumps(SPEC))
    manager = KernelSpecManager(kernel_dirs=[str(registry.kernels_dir)], ensure_native_kernel=False)
    assert manager.find_kernel_specs() == {}
    registry.register(target)
    assert not left.exists()
    assert sorted(manager.find_kernel_specs()) == ["envstore-local--analysis", "envstore-local--analysis--ir"]


def _reconcile_often(kernels_dir: Path, root: Path, target: KernelTarget, start: Any, failures: Any) -> None:
    registry = KernelRegistry(kernels_dir, root)
    start.wait()
    try:
        for number in range(30):
            registry.reconcile([replace(target, version=number // 3 + 1), replace(target, name=f"n{number % 4}")])
    except BaseException as error:  # noqa: BLE001  the test must hear of it
        failures.put(repr(error))


def test_two_processes_may_reconcile_at_once(registry: KernelRegistry, target: KernelTarget) -> None:
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    start = context.Barrier(3)
    arguments = (registry.kernels_dir, registry.store_root, target, start, failures)
    workers = [context.Process(target=_reconcile_often, args=arguments) for _ in range(2)]
    registry.register(target)
    for worker in workers:
        worker.start()
    start.wait()
    seen = 0
    spec = registry.kernels_dir / "envstore-local--analysis"
    while any(worker.is_alive() for worker in workers):
        assert spec_of(spec)["display_name"].startswith("Analysis (v")  # never missing, never half
        seen += 1
    for worker in workers:
        worker.join()
    assert failures.empty(), failures.get()
    assert seen > 0
    registry.reconcile([target])
    assert names(registry) == ["envstore-local--analysis", "envstore-local--analysis--ir"]
    assert list((registry.kernels_dir / WORK_FOLDER).glob("spec-*")) == []


def test_process_killed_at_any_moment_leaves_whole_specs(registry: KernelRegistry, target: KernelTarget) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")
    context = multiprocessing.get_context("fork")
    killed = 0
    for _ in range(25):
        start = context.Barrier(2)
        arguments = (registry.kernels_dir, registry.store_root, target, start, context.Queue())
        worker = context.Process(target=_reconcile_often, args=arguments)
        worker.start()
        start.wait()
        worker.join(chance.uniform(0.0, 0.03))
        worker.kill()
        worker.join()
        killed += worker.exitcode == -signal.SIGKILL
        for path in registry.kernels_dir.glob("envstore-*"):
            assert {entry.name for entry in path.iterdir()} == {"kernel.json", "launch.sh"}
            version = spec_of(path)["metadata"]["envstore"]["version"]
            assert f"@{version}\n" in (path / "launch.sh").read_text()
    assert killed > 0
    registry.reconcile([target])
    assert names(registry) == ["envstore-local--analysis", "envstore-local--analysis--ir"]
    assert list((registry.kernels_dir / WORK_FOLDER).glob("spec-*")) == []


def in_unprivileged_process(action: Callable[[], Any]) -> str:
    """Run ``action`` under a uid that is not root's; return the class and message of the error it raised."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        words = "no error"
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            action()
        except EnvStoreError as error:
            words = f"{type(error).__name__}: {error.message}"
        except BaseException as error:  # noqa: BLE001  told to the test
            words = f"unexpected {error!r}"
        finally:
            os.write(writer, words.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        words = answer.read()
    os.waitpid(child, 0)
    return words


@pytest.fixture
def readable(tmp_path: Path) -> Path:
    """The test's folder, open to another uid up to the root."""
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o755)
    return tmp_path


def test_unwritable_folder_is_refused_in_words_before_anything_is_made(
    readable: Path, registry: KernelRegistry, target: KernelTarget
) -> None:
    registry.kernels_dir.mkdir(parents=True)
    registry.kernels_dir.chmod(0o555)
    for action in (registry.check_writable, lambda: registry.register(target), lambda: registry.reconcile([target])):
        words = in_unprivileged_process(action)
        assert words.startswith(KernelsFolderError.__name__)
        assert str(registry.kernels_dir) in words
        assert "EnvStore.kernels_dir" in words
    assert list(registry.kernels_dir.iterdir()) == []


def test_nothing_is_refused_when_nothing_has_to_be_written(
    readable: Path, registry: KernelRegistry, target: KernelTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/sh")  # ours may lie where another uid cannot look
    registry.register(target)
    registry.kernels_dir.chmod(0o555)
    assert in_unprivileged_process(lambda: registry.reconcile([target])) == "no error"


def test_folder_that_is_a_file_is_refused_in_words(registry: KernelRegistry) -> None:
    registry.kernels_dir.parent.mkdir(parents=True)
    registry.kernels_dir.touch()
    with pytest.raises(KernelsFolderError, match=r"EnvStore\.kernels_dir"):
        registry.check_writable()
