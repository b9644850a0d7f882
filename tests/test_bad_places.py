"""Folders and disks that cannot be used: told in words, with nothing half-made."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fixtures.store import StoreHome

from jupyter_envstore.store import EnvStore


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 40 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no small file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_told_with_what_is_needed_and_what_is_left(home: StoreHome, tiny_disk: Path) -> None:
    done = home.run("create", "-n", "small", "python=3.12", "numpy", JUPYTER_ENVSTORE_DIR=str(tiny_disk / "store"))
    assert done.returncode == 1
    assert "room" in done.stderr
    assert "Traceback" not in done.stderr
    listed = home.run("list", JUPYTER_ENVSTORE_DIR=str(tiny_disk / "store"))
    assert "failed" in listed.stdout
    assert [path for path in (tiny_disk / "store" / "p").glob("*") if path.is_dir()] == []


def test_a_disk_with_next_to_no_room_refuses_before_anything_is_fetched(home: StoreHome, tiny_disk: Path) -> None:
    (tiny_disk / "ballast").write_bytes(b"\0" * 30_000_000)
    done = home.run("create", "-n", "small", "python=3.12", "numpy", JUPYTER_ENVSTORE_DIR=str(tiny_disk / "store"))
    assert done.returncode == 1
    assert "Not enough room" in done.stderr
    assert not (tiny_disk / "store" / "cache" / "pkgs").exists()


def test_disk_can_be_freed_when_there_is_no_room_at_all(
    small_store: EnvStore, small_home: StoreHome, tiny_disk: Path
) -> None:
    # What it remembers of prefixes is the first that goes. Of one with Python in it that is a quarter of a megabyte.
    small_store.layout.footprints.mkdir(parents=True)
    (small_store.layout.footprints / ("0" * 16)).write_bytes(b"\0" * 250_000)
    small_store.close()
    subprocess.run(["cp", "-a", small_home.store_dir, tiny_disk], check=True)
    with pytest.raises(OSError, match="No space left"), (tiny_disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"\0" * 1_000_000)
    done = small_home.run("collect", JUPYTER_ENVSTORE_DIR=str(tiny_disk / "store"))
    assert done.returncode == 0, done.stderr
    assert "local/small@1" in done.stdout
    assert os.statvfs(tiny_disk).f_bfree > 0


def test_a_file_in_the_stores_place_is_left_alone(home: StoreHome) -> None:
    home.store_dir.write_text("precious")
    done = home.run("list")
    assert done.returncode == 1
    assert str(home.store_dir) in done.stderr
    assert "Traceback" not in done.stderr
    assert home.store_dir.read_text() == "precious"


def test_a_damaged_catalog_is_told_and_left_alone(home: StoreHome) -> None:
    home.store_dir.mkdir()
    catalog = home.store_dir / "catalog.sqlite"
    catalog.write_bytes(b"this is no database, but it may be somebody's thesis" * 100)
    before = catalog.read_bytes()
    for arguments in (["list"], ["create", "-n", "small", "python"]):
        done = home.run(*arguments)
        assert done.returncode == 1
        assert str(catalog) in done.stderr
        assert "Traceback" not in done.stderr
    assert catalog.read_bytes() == before


@pytest.mark.parametrize("arguments", [["list"], ["create", "-n", "small", "python"], ["search", "numpy"]])
def test_a_store_that_cannot_be_written_is_told(
    public_dir: Path, unprivileged: Callable[[Callable[[], None]], None], arguments: list[str]
) -> None:
    EnvStore(root_dir=str(public_dir / "store")).catalog.close()
    for place in (*(public_dir / "store").iterdir(), public_dir / "store"):
        place.chmod(0o555 if place.is_dir() else 0o444)
        if os.geteuid() == 0:
            os.chown(place, 0, 0)

    def look() -> None:
        # In this process's interpreter: another user may not be able to start it anew.
        from click.testing import CliRunner

        from jupyter_envstore.cli import main

        os.environ.update(HOME=str(public_dir), JUPYTER_ENVSTORE_DIR=str(public_dir / "store"))
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 1, done.output
        assert "cannot be written" in done.output, done.output
        assert str(public_dir / "store") in done.output

    unprivileged(look)


def test_an_unwritable_kernels_folder_is_told_before_anything_is_fetched(
    public_dir: Path, unprivileged: Callable[[Callable[[], None]], None]
) -> None:
    from jupyter_envstore.errors import KernelsFolderError
    from jupyter_envstore.kernels.registry import KernelRegistry

    folder = public_dir / "kernels"
    folder.mkdir(mode=0o555)
    if os.geteuid() == 0:
        os.chown(folder, 0, 0)

    def look() -> None:
        with pytest.raises(KernelsFolderError, match="Make the folder writable"):
            KernelRegistry(folder, public_dir / "store").check_writable()

    unprivileged(look)
