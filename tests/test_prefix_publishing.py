"""A prefix at its final name is finished; whatever goes wrong before leaves nothing there."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envstore.errors import BuildError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.locking import hold_lock
from jupyter_envstore.prefixes.marks import MARK, Mark, write_mark
from jupyter_envstore.prefixes.protection import protect_files, protect_metadata
from jupyter_envstore.prefixes.publishing import find_mark, is_ready, publish
from jupyter_envstore.prefixes.removal import remove_each, remove_prefix, remove_tree, sweep_caches, sweep_partials

HASH = "ab" * 32


def _make(partial: Path, final: Path) -> None:
    (partial / "conda-meta").mkdir()
    (partial / "lib" / "deep").mkdir(parents=True)
    (partial / "lib" / "deep" / "file").write_text(str(final))
    census = protect_files(partial)
    write_mark(partial, Mark(HASH, "linux-64", [], census.files, census.size))
    protect_metadata(partial)


def test_a_published_prefix_is_used_again(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    assert not is_ready(layout, HASH)
    first = publish(layout, HASH, _make)
    again = publish(layout, HASH, lambda partial, final: pytest.fail("was made twice"))
    assert (first.reused, again.reused) == (False, True)
    assert is_ready(layout, HASH)
    assert (layout.prefix(HASH) / "lib/deep/file").read_text() == str(layout.prefix(HASH))


@pytest.mark.parametrize("fault", [RuntimeError("broken"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing_and_frees_the_lock(tmp_path: Path, fault: BaseException) -> None:
    layout = StoreLayout(tmp_path)

    def fail(partial: Path, final: Path) -> None:
        _make(partial, final)
        raise fault

    with pytest.raises(type(fault)):
        publish(layout, HASH, fail)
    assert [path.name for path in layout.prefixes.iterdir()] == [layout.prefix_lock(HASH).name]
    assert publish(layout, HASH, _make).reused is False


def test_an_unfinished_prefix_is_never_published(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)

    def half(partial: Path, final: Path) -> None:
        (partial / "half").write_text("x")

    with pytest.raises(BuildError, match="not finished"):
        publish(layout, HASH, half)
    assert not layout.prefix(HASH).exists()


def test_what_a_dead_builder_left_is_wiped(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    partial = layout.partial_prefix(HASH)
    (partial / "lib").mkdir(parents=True)
    (partial / "lib" / "old").write_text("old")
    (partial / "lib").chmod(0o555)
    publish(layout, HASH, _make)
    assert not (layout.prefix(HASH) / "lib" / "old").exists()
    assert not partial.exists()


def test_a_stranger_at_the_final_name_makes_way(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    layout.prefix(HASH).mkdir(parents=True)
    (layout.prefix(HASH) / "stray").write_text("x")
    assert publish(layout, HASH, _make).reused is False
    assert sorted(path.name for path in layout.prefixes.iterdir()) == [
        layout.prefix(HASH).name,
        layout.prefix_lock(HASH).name,
    ]


def test_another_prefix_of_the_same_short_name_is_not_taken_for_it(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    publish(layout, HASH, _make)
    assert find_mark(layout, HASH[:16] + "cd" * 24) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"layout": 1}', '{"unknown": 1}'])
def test_a_damaged_mark_is_no_mark(tmp_path: Path, content: str) -> None:
    layout = StoreLayout(tmp_path)
    mark = layout.prefix(HASH) / MARK
    mark.parent.mkdir(parents=True)
    mark.write_text(content)
    assert not is_ready(layout, HASH)


def test_of_many_builders_one_builds(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    made: list[int] = []
    waited = threading.Event()
    results: list[bool] = []

    def slow(partial: Path, final: Path) -> None:
        made.append(1)
        assert waited.wait(30)
        _make(partial, final)

    def run() -> None:
        results.append(publish(layout, HASH, slow, on_wait=waited.set).reused)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert made == [1]
    assert sorted(results) == [False, True, True, True]


HOLDER = """
import sys, time
from pathlib import Path
from jupyter_envstore.prefixes.locking import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_sweep_spares_the_living_and_removes_the_dead(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    other = "cd" * 32
    publish(layout, HASH, _make)
    for path in (layout.partial_prefix(other), layout.prefixes / f"{HASH[:16]}.discarded"):
        (path / "x").mkdir(parents=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(layout.prefix_lock(other))], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert sweep_partials(layout) == [f"{HASH[:16]}.discarded"]
        assert layout.partial_prefix(other).exists()
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    deadline = time.monotonic() + 30
    removed: list[str] = []
    while not removed and time.monotonic() < deadline:
        removed = sweep_partials(layout)
    assert removed == [layout.partial_prefix(other).name]
    assert is_ready(layout, HASH)


def test_a_sweep_touches_only_names_that_builders_use(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    for name in ("notes.partial", "zz" * 8 + ".partial", "ab" * 8 + ".partial.txt", "ab" * 8):
        (layout.prefixes / name).mkdir(parents=True)
    assert sweep_partials(layout) == []
    assert len(list(layout.prefixes.iterdir())) == 4
    assert sweep_partials(StoreLayout(tmp_path / "nothing")) == []


def test_half_unpacked_packages_are_swept_unless_somebody_builds(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    for path in (layout.package_cache / ".numpy-1.0-0abc", layout.package_cache / "numpy-1.0-0", layout.prefixes):
        path.mkdir(parents=True)
    (layout.bytecode_cache / "cpython-311" / ".half").mkdir(parents=True)
    with hold_lock(layout.prefix_lock(HASH)):
        assert sweep_caches(layout) == []
    assert sweep_caches(layout) == [".half", ".numpy-1.0-0abc"]
    assert (layout.package_cache / "numpy-1.0-0").is_dir()
    assert sweep_caches(StoreLayout(tmp_path / "nothing")) == []


def test_removing_never_follows_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "precious").write_text("keep")
    tree = tmp_path / "tree"
    (tree / "in").mkdir(parents=True)
    (tree / "in" / "folder").symlink_to(outside)
    (tree / "file").symlink_to(outside / "precious")
    (tree / "in").chmod(0o555)
    link = tmp_path / "link"
    link.symlink_to(outside)
    remove_tree(tree)
    remove_tree(link)
    remove_tree(tmp_path / "never there")
    assert not tree.exists()
    assert not os.path.lexists(link)
    assert (outside / "precious").read_text() == "keep"
    assert outside.stat().st_mode & 0o777 == 0o755


def test_one_tree_that_cannot_be_removed_does_not_keep_the_others(tmp_path: Path) -> None:
    trees = [tmp_path / str(number) for number in range(20)]
    for tree in trees:
        (tree / "in").mkdir(parents=True)
        (tree / "in" / "file").touch(mode=0o444)
        (tree / "in").chmod(0o555)

    def remove(path: Path) -> None:
        if path == trees[3]:
            raise OSError(errno.EIO, "the disk is worn out")
        remove_tree(path)

    errors = dict(remove_each(trees, remove))
    assert [path for path, error in errors.items() if error is not None] == [trees[3]]
    assert set(errors) == set(trees)
    assert sorted(tmp_path.iterdir()) == [trees[3]]


def test_a_protected_prefix_is_published_and_removed_without_privileges(
    public_dir: Path, unprivileged: Callable[[Callable[[], None]], None]
) -> None:
    layout = StoreLayout(public_dir)

    def live() -> None:
        prefix = publish(layout, HASH, _make).path
        with pytest.raises(PermissionError):
            (prefix / "lib" / "deep" / "file").write_text("changed")
        with pytest.raises(PermissionError):
            (prefix / "conda-meta" / "new").write_text("new")
        with pytest.raises(PermissionError):
            (prefix / "lib" / "deep" / "file").unlink()
        assert remove_prefix(layout, HASH) is True
        assert remove_prefix(layout, HASH) is False
        assert not prefix.exists()

    unprivileged(live)


def test_removal_waits_for_the_lock(tmp_path: Path) -> None:
    layout = StoreLayout(tmp_path)
    publish(layout, HASH, _make)
    done = threading.Event()

    def remove() -> None:
        remove_prefix(layout, HASH)
        done.set()

    with hold_lock(layout.prefix_lock(HASH)):
        thread = threading.Thread(target=remove)
        thread.start()
        assert not done.wait(0.2)
        assert is_ready(layout, HASH)
    thread.join(30)
    assert done.is_set()
    assert not is_ready(layout, HASH)
