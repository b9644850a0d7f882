"""Links to the active prefix are swapped in one step, and conda's list is changed line by line."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from typing import Any

import pytest

from jupyter_envstore.errors import CondaListError, StoreError
from jupyter_envstore.kernels import swapping
from jupyter_envstore.kernels.conda_list import CondaList, default_list
from jupyter_envstore.kernels.links import point_link, remove_link, sweep_links


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_link_is_made_and_swapped(tmp_path: Path) -> None:
    link = tmp_path / "envs" / "analysis"
    assert point_link(link, tmp_path / "p" / "one")
    assert not point_link(link, tmp_path / "p" / "one")
    assert point_link(link, tmp_path / "p" / "two")
    assert link.readlink() == tmp_path / "p" / "two"
    assert names(link.parent) == ["analysis"]


def test_reader_never_finds_the_link_missing(tmp_path: Path) -> None:
    link = tmp_path / "envs" / "analysis"
    prefixes = [tmp_path / "one", tmp_path / "two"]
    for prefix in prefixes:
        prefix.mkdir()
        (prefix / "there").touch()
    point_link(link, prefixes[0])
    done = threading.Event()

    def swap_often() -> None:
        for number in range(2000):
            point_link(link, prefixes[number % 2])
        done.set()

    swapper = threading.Thread(target=swap_often)
    swapper.start()
    reads = 0
    while not done.is_set():
        assert (link / "there").exists()
        reads += 1
    swapper.join()
    assert reads > 0


def test_what_is_no_link_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "envs" / "analysis"
    folder.mkdir(parents=True)
    (folder / "work").touch()
    with pytest.raises(StoreError, match="not a link"):
        point_link(folder, tmp_path / "p")
    assert not remove_link(folder)
    assert (folder / "work").exists()


def test_removing_a_link_leaves_what_it_leads_to(tmp_path: Path) -> None:
    link, prefix = tmp_path / "analysis", tmp_path / "p"
    prefix.mkdir()
    point_link(link, prefix)
    assert remove_link(link)
    assert not remove_link(link)
    assert prefix.is_dir()


def test_sweeping_keeps_wanted_links_and_removes_remains(tmp_path: Path) -> None:
    for name in ("analysis", "gone", ".link-0123"):
        (tmp_path / name).symlink_to("/nowhere")
    (tmp_path / "folder").mkdir()
    assert {path.name for path in sweep_links(tmp_path, {"analysis"})} == {"gone", ".link-0123"}
    assert names(tmp_path) == ["analysis", "folder"]


OTHERS = b"/opt/conda\n/home/me/envs/\xff\xfe bytes\r\n\n/home/me/last"


def test_link_is_entered_once_and_other_lines_stay_as_they_are(tmp_path: Path) -> None:
    listing = CondaList(tmp_path / "environments.txt")
    listing.path.write_bytes(OTHERS)
    listing.path.chmod(0o600)
    assert listing.add(tmp_path / "envs" / "analysis")
    assert not listing.add(tmp_path / "envs" / "analysis")
    assert listing.path.read_bytes() == OTHERS + b"\n" + bytes(tmp_path / "envs" / "analysis") + b"\n"
    assert listing.remove(tmp_path / "envs" / "analysis")
    assert not listing.remove(tmp_path / "envs" / "analysis")
    assert listing.path.read_bytes() == OTHERS + b"\n"
    assert listing.path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["environments.txt"]


def test_all_links_of_a_store_are_taken_out_and_nothing_else(tmp_path: Path) -> None:
    listing = CondaList(tmp_path / "environments.txt")
    envs = tmp_path / "store" / "envs"
    listing.path.write_bytes(OTHERS + b"\n" + bytes(tmp_path / "store" / "envs2" / "x") + b"\n")
    before = listing.path.read_bytes()
    listing.add(envs / "a")
    listing.add(envs / "b")
    assert listing.remove_under(envs)
    assert listing.path.read_bytes() == before


def test_links_are_brought_into_line_at_once_and_other_lines_stay(tmp_path: Path) -> None:
    listing = CondaList(tmp_path / "environments.txt")
    envs = tmp_path / "store" / "envs"
    assert not listing.bring_in_line(envs, [])
    assert not listing.path.exists()
    listing.path.write_bytes(OTHERS)
    listing.add(envs / "stays")
    listing.add(envs / "goes")
    before = listing.path.read_bytes()
    assert listing.bring_in_line(envs, [envs / "stays", envs / "comes"])
    assert not listing.bring_in_line(envs, [envs / "comes", envs / "stays"])
    assert listing.path.read_bytes() == before.replace(bytes(envs / "goes"), bytes(envs / "comes"))
    assert listing.bring_in_line(envs, [])
    assert listing.path.read_bytes() == OTHERS + b"\n"
    listing.path.write_bytes(OTHERS)
    assert listing.bring_in_line(envs, [envs / "last line had no end"])
    assert listing.path.read_bytes() == OTHERS + b"\n" + bytes(envs / "last line had no end") + b"\n"


def test_file_is_made_only_when_something_is_entered(tmp_path: Path) -> None:
    listing = CondaList(tmp_path / "home" / ".conda" / "environments.txt")
    assert not listing.remove(tmp_path / "x")
    assert not listing.remove_under(tmp_path)
    assert not (tmp_path / "home").exists()
    assert listing.add(tmp_path / "x")
    assert listing.path.read_bytes() == bytes(tmp_path / "x") + b"\n"


def test_list_that_is_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "environments.txt"
    real.parent.mkdir()
    real.write_bytes(b"/a\n")
    listing = CondaList(tmp_path / "environments.txt")
    listing.path.symlink_to(real)
    listing.add(Path("/b"))
    assert listing.path.is_symlink()
    assert real.read_bytes() == b"/a\n/b\n"


def test_list_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CondaListError, match="conda_environments_file"):
        CondaList(tmp_path / "file" / "environments.txt").add(Path("/b"))


def test_default_is_the_list_of_this_users_conda(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_list() == tmp_path / ".conda" / "environments.txt"


def _add_many(path: Path, name: str, start: Any) -> None:
    start.wait()
    for number in range(100):
        CondaList(path).add(Path(f"/{name}/{number}"))


def test_no_line_is_lost_when_two_processes_write(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    path = tmp_path / "environments.txt"
    workers = [context.Process(target=_add_many, args=(path, name, start)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(path.read_text().splitlines()) == sorted(f"/{name}/{n}" for name in "ab" for n in range(100))


@pytest.mark.parametrize("system_can_exchange", [True, False])
def test_folders_are_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system_can_exchange: bool) -> None:
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"was-{name}").touch()
    if not system_can_exchange:
        monkeypatch.setattr(swapping, "_exchange", lambda first, second: False)
    swapping.swap(tmp_path / "new", tmp_path / "old")
    assert names(tmp_path / "old") == ["was-new"]
    assert names(tmp_path / "new") == ["was-old"]
    assert names(tmp_path) == ["new", "old"]
