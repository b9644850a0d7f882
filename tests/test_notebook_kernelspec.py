"""A notebook is given another kernel, and every other byte of the file stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from kernel_client import new_notebook, read_notebook, write_notebook

from jupyter_envstore.errors import NotebookError
from jupyter_envstore.notebooks.files import replace_file
from jupyter_envstore.notebooks.kernelspec import read_kernelspec, write_kernelspec

NEW = {"display_name": "analysis (v1, pinned) – R", "language": "python", "name": "envstore-local--analysis--v1"}
OLD = {"display_name": "Python 3", "language": "python", "name": "python3"}
CELLS: list[Any] = [
    {"cell_type": "code", "execution_count": 1, "id": "a1", "metadata": {}, "outputs": [], "source": ['"kernelspec"']}
]


def document(**metadata: Any) -> dict[str, Any]:
    return {"cells": CELLS, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def as_nbformat(value: Any) -> str:
    """Write JSON in the way of nbformat."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_what_nbformat_writes_it_would_write_so_again(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    notebook = new_notebook("python3", "print('ü')")
    notebook.metadata["kernelspec_of_others"] = {"kernelspec": 1}
    notebook.metadata["authors"] = [{"name": "Mira"}]
    write_notebook(notebook, path)
    assert write_kernelspec(path, NEW)
    written = path.read_bytes()
    assert read_kernelspec(path) == NEW
    write_notebook(read_notebook(path), path)
    assert path.read_bytes() == written


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": OLD, "language_info": {"name": "python"}},
        {"language_info": {"name": "python"}},
        {"authors": [], "language_info": {"name": "python"}},
        {"authors": []},
        {},
        {"kernelspec": None},
        {"kernelspec": {}, "z": {"kernelspec": OLD}},
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_only_the_kernelspec_differs(tmp_path: Path, metadata: dict[str, Any], ending: str) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(as_nbformat(document(**metadata)).replace("\n", ending).encode())
    assert write_kernelspec(path, NEW)
    expected = as_nbformat(document(**{**metadata, "kernelspec": NEW}))
    assert path.read_bytes().decode() == expected.replace("\n", ending)


@pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
def test_other_forms_are_kept_too(tmp_path: Path, indent: Any) -> None:
    path = tmp_path / "n.ipynb"
    unsorted = {"nbformat_minor": 5, "nbformat": 4, "metadata": {"kernelspec": OLD, "a": 1.50}, "cells": CELLS}
    before = json.dumps(unsorted, indent=indent).replace("1.5", "1.50")  # a number that Python writes otherwise
    path.write_text(before)
    assert write_kernelspec(path, NEW)
    after = path.read_text()
    head, tail = before.index('"kernelspec": {'), before.index('"a": 1.50')
    assert after.startswith(before[:head] + '"kernelspec": {')
    assert after.endswith(before[tail:])
    assert json.loads(after)["metadata"]["kernelspec"] == NEW


def test_what_agrees_already_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(document(kernelspec=NEW)))
    inode = path.stat().st_ino
    assert not write_kernelspec(path, NEW)
    assert path.stat().st_ino == inode


def test_links_and_permissions_stay(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "n.ipynb"
    real.parent.mkdir()
    real.write_text(json.dumps(document()))
    real.chmod(0o640)
    link = tmp_path / "n.ipynb"
    link.symlink_to(real)
    assert write_kernelspec(link, NEW)
    assert link.is_symlink()
    assert read_kernelspec(real) == NEW
    assert real.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in real.parent.iterdir()] == ["n.ipynb"]


def test_what_others_may_not_read_they_may_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    copymode = shutil.copymode

    def look(source: Path, written: Path) -> None:
        seen.append(written.stat().st_mode & 0o777)  # all of it is there by now
        copymode(source, written)

    monkeypatch.setattr(shutil, "copymode", look)
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(document()))
    path.chmod(0o600)
    assert write_kernelspec(path, NEW)
    assert (seen, path.stat().st_mode & 0o777) == ([0o600], 0o600)

    usual, new = tmp_path / "usual", tmp_path / "new.ipynb"
    usual.touch()
    replace_file(new, b"{}")
    assert new.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"name: analysis\n", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b'{"cells": ' + b"[" * 100_000, "not JSON"),
        (b"[]", "which form"),
        (b'{"cells": [], "metadata": {}}', "which form"),
        (b'{"nbformat": 4, "metadata": {}}', "no cells"),
        (b'{"nbformat": 4, "cells": [], "metadata": []}', "no cells or no metadata"),
        (b'{"nbformat": 3, "worksheets": [], "metadata": {}}', "old form"),
    ],
)
def test_what_is_no_notebook_is_refused_and_left_alone(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookError, match=why) as refused:
        write_kernelspec(path, NEW)
    assert (refused.value.http_status, refused.value.details) == (400, {"path": str(path)})
    assert path.read_bytes() == content


def test_of_names_that_occur_twice_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text('{"nbformat": 4, "cells": [], "metadata": {"a": 1}, "metadata": {"b": 1, "kernelspec": 2, "b": 3}}')
    assert write_kernelspec(path, NEW)
    assert json.loads(path.read_bytes())["metadata"] == {"b": 3, "kernelspec": NEW}


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="No such file"):
        write_kernelspec(tmp_path / "n.ipynb", NEW)
    with pytest.raises(NotebookError, match="Is a directory"):
        read_kernelspec(tmp_path)
