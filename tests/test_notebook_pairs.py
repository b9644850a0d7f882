"""Notebooks that jupytext keeps as text, too: in a pair the lock stays in the ``.ipynb``; text alone can carry it."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import small_home
from fixtures.small import must_end_well
from jupytext import TextFileContentsManager
from jupytext.cli import jupytext as jupytext_main
from kernel_client import new_notebook, read_notebook, write_notebook
from small_packages_channel import SMALL

from jupyter_envstore.notebooks.files import read_notebook as read
from jupyter_envstore.notebooks.files import replace_file
from jupyter_envstore.store import EnvStore

FORMATS = ["py:percent", "py:light", "md", "md:myst", "R:spin"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A store with the environment ``small``."""
    opened = small_home(tmp_path_factory.mktemp("pairs")).open()
    must_end_well(opened, opened.builds.create("small", SMALL))
    yield opened
    opened.close()


def jupytext(*arguments: str | Path) -> None:
    """Run ``jupytext``."""
    assert not jupytext_main(["--quiet", *map(str, arguments)])


def carrying(path: Path, store: EnvStore, **metadata: Any) -> Any:
    """Write a notebook that carries ``small``, and return what it carries."""
    write_notebook(new_notebook("envstore-local--small", "1"), path)
    notebook = read_notebook(path)
    notebook.metadata.update(metadata)
    write_notebook(notebook, path)
    replace_file(path, store.notebooks.embed(read(path), "small")[0].data)
    return copy.deepcopy(read(path).metadata["envstore"])


def pair(path: Path, form: str, store: EnvStore) -> tuple[Path, Any]:
    """Write such a notebook with its text beside it; return the text's path and what the notebook carries."""
    held = carrying(path, store)
    jupytext("--set-formats", f"ipynb,{form}", path)
    return path.with_suffix(f".{form.partition(':')[0]}"), held


def later(path: Path, text: str) -> None:
    """Write a text so that it is newer than what was written before."""
    time.sleep(0.01)
    path.write_text(text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_pair_that_is_kept_in_step_keeps_the_lock(store: EnvStore, tmp_path: Path, form: str) -> None:
    path = tmp_path / "n.ipynb"
    text, held = pair(path, form, store)
    assert "envstore:" not in text.read_text(), "the text stays as short as it was"
    later(text, text.read_text().replace("\n1\n", "\n1 + 1\n"))
    jupytext("--sync", text)
    assert read_notebook(path).cells[0].source == "1 + 1"
    assert read(path).metadata["envstore"] == held
    assert store.notebooks.state(read(path)).state == "agrees"
    # And the other way: what is embedded anew does not come back as it was.
    replace_file(path, store.notebooks.strip(read(path))[0].data)
    jupytext("--sync", path)
    jupytext("--sync", text)
    assert "envstore" not in read(path).metadata


def test_jupyterlab_keeps_it_when_it_opens_and_saves_either(store: EnvStore, tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    text, held = pair(path, "py:percent", store)
    contents = TextFileContentsManager(root_dir=str(tmp_path))
    for name in ("n.ipynb", "n.py"):
        model = contents.get(name, type="notebook")
        assert model["content"]["metadata"]["envstore"] == held
        model["content"]["cells"][0]["source"] = f"'saved as {name}'"
        contents.save({"type": "notebook", "content": model["content"], "format": "json"}, name)
        assert read(path).metadata["envstore"] == held
        assert read_notebook(path).cells[0].source == f"'saved as {name}'"
        assert f"'saved as {name}'" in text.read_text()
        assert "envstore:" not in text.read_text()
    later(text, text.read_text().replace("saved", "changed outside"))
    model = contents.get("n.ipynb", type="notebook")
    assert model["content"]["metadata"]["envstore"] == held
    assert "changed outside" in model["content"]["cells"][0]["source"]


def test_a_kernel_that_was_pinned_gets_into_the_text(store: EnvStore, tmp_path: Path) -> None:
    """jupytext writes the kernel into both; the guide says so."""
    path = tmp_path / "n.ipynb"
    text, held = pair(path, "py:percent", store)
    path.write_bytes(read(path).with_metadata("kernelspec", _spec("envstore-local--small--v1")).data)
    jupytext("--sync", path)
    assert "name: envstore-local--small--v1" in text.read_text()
    assert read(path).metadata["envstore"] == held


@pytest.mark.parametrize("form", FORMATS)
def test_text_alone_carries_it_where_it_is_told_to(store: EnvStore, tmp_path: Path, form: str) -> None:
    path = tmp_path / "n.ipynb"
    held = carrying(path, store)
    text = tmp_path / f"alone.{form.partition(':')[0]}"
    jupytext("--to", form, path, "-o", text)
    assert "envstore:" not in text.read_text()
    jupytext("--to", form, "--opt", "notebook_metadata_filter=envstore", path, "-o", text)
    jupytext("--to", "ipynb", text, "-o", tmp_path / "back.ipynb")
    back = read(tmp_path / "back.ipynb")
    assert back.metadata["envstore"] == held
    assert store.notebooks.state(back).state == "agrees"


def test_text_that_takes_all_metadata_can_leave_it_out(store: EnvStore, tmp_path: Path) -> None:
    path, text = tmp_path / "n.ipynb", tmp_path / "n.py"
    carrying(path, store, course={"week": 3})
    jupytext("--to", "py:percent", "--opt", "notebook_metadata_filter=all,-envstore", path)
    assert "week: 3" in text.read_text()
    assert "envstore:" not in text.read_text()


def _spec(name: str) -> dict[str, str]:
    return {"name": name, "display_name": "small (v1, pinned)", "language": "python"}
