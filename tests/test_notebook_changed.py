"""What somebody else writes into a notebook between its being read and written back is not lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from kernel_channel import SPECIFICATION, write_kernel_channel

from jupyter_envstore.cli import notebook_files
from jupyter_envstore.cli.notebooks import _write
from jupyter_envstore.errors import NotebookChangedError
from jupyter_envstore.notebooks import kernelspec
from jupyter_envstore.notebooks.files import read_notebook, replace_file
from jupyter_envstore.notebooks.kernelspec import write_kernelspec

THEIRS = b"what somebody else wrote"


def write(path: Path, **metadata: Any) -> bytes:
    written = json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()
    path.write_bytes(written)
    return written


def test_a_file_that_was_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "report.ipynb"
    before = write(path)
    replace_file(path, b"first", before)
    assert path.read_bytes() == b"first"
    path.write_bytes(THEIRS)
    with pytest.raises(NotebookChangedError, match="changed by somebody else") as caught:
        replace_file(path, b"second", b"first")
    assert (caught.value.code, caught.value.http_status) == ("notebook_changed", 409)
    assert path.read_bytes() == THEIRS
    assert [item.name for item in tmp_path.iterdir()] == ["report.ipynb"]


def test_commands_leave_it_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.ipynb"
    write(path, a=1)
    notebook = read_notebook(path)
    changed = notebook.with_metadata("b", 2)
    path.write_bytes(THEIRS)
    with pytest.raises(NotebookChangedError):
        _write(path, None, notebook, changed)
    assert path.read_bytes() == THEIRS
    _write(path, str(tmp_path / "other.ipynb"), notebook, changed)
    assert notebook_files.read(tmp_path / "other.ipynb").metadata == {"a": 1, "b": 2}

    def read_late(where: Path) -> Any:
        found = read_notebook(where)
        where.write_bytes(THEIRS)
        return found

    write(path)
    monkeypatch.setattr(kernelspec, "read_notebook", read_late)
    with pytest.raises(NotebookChangedError):
        write_kernelspec(path, {"name": "other", "display_name": "other", "language": "python"})
    assert path.read_bytes() == THEIRS


# ---------------------------------------------------------------- over HTTP


class Disturbed(AsyncLargeFileManager):
    """Contents that somebody else changes as soon as a file was read once."""

    changes: ClassVar[list[Callable[[], object]]] = []

    async def get(self, path: Any, content: Any = True, *more: Any, **how: Any) -> Any:
        found = await super().get(path, content, *more, **how)  # type: ignore[no-untyped-call]
        if content and self.changes:
            self.changes.pop()()
        return found


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    place = small_home(tmp_path)
    place.settings["default_channels"] = [write_kernel_channel(tmp_path / "kernel-channel")]
    place.settings["kernels_dir"] = str(place.kernels_dir)
    return place


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home, contents_manager_class=Disturbed)


async def test_the_server_leaves_it_as_it_is(api: Api, jp_root_dir: Path) -> None:
    await api.built("environments", body={"name": "analysis", "specification": SPECIFICATION})
    held = await api.ask("POST", "notebooks", "embed", body={"metadata": {}, "environment": "analysis"})
    file = jp_root_dir / "report.ipynb"
    theirs: tuple[tuple[str, Callable[[], object], bytes | None], ...] = (
        ("longer", lambda: file.write_bytes(THEIRS * 1000), THEIRS * 1000),
        ("as long", lambda: file.write_bytes(b"x" * file.stat().st_size), None),
        ("gone", lambda: file.rename(jp_root_dir / "moved.ipynb"), None),
    )
    for what, more in (
        ("embed", {"environment": "analysis"}),
        ("strip", {}),
        ("restore", {"build": True, "pin": True}),
    ):
        for kind, change, expected in theirs:
            before = write(file, **({} if what == "embed" else {"envstore": held.body["metadata"]}))
            Disturbed.changes.append(change)
            refused = await api.ask("POST", "notebooks", what, body={"path": "report.ipynb", **more})
            assert (refused.status, refused.body["code"]) == (409, "notebook_changed"), (what, kind, refused)
            if kind == "gone":
                assert not file.exists()
                assert (jp_root_dir / "moved.ipynb").read_bytes() == before
            else:
                assert file.read_bytes() == (expected or b"x" * len(before))
    write(file, envstore=held.body["metadata"])
    done = await api.ask("POST", "notebooks", "strip", body={"path": "report.ipynb"})
    assert (done.status, done.body["changed"]) == (200, True)
