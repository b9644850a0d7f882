"""A notebook made on one store runs for another person, who has an empty one; and without this program at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from channel_maker.serving import ChannelServer
from fixtures.built import NOBODY
from fixtures.other_person import OtherPerson, other_person, own_minor
from fixtures.small import must_end_well
from fixtures.store import StoreHome

from jupyter_envstore.notebooks.files import read_notebook
from jupyter_envstore.store import EnvStore

SPECIFICATION = f"name: analysis\ndependencies: [python={own_minor()}, ipykernel]\nvariables: {{WHERE: here}}\n"
CELLS = [
    "import os, sys, ipykernel, traitlets\nprint(sys.version, os.environ['WHERE'])",
    "{package.__name__: package.__version__ for package in (ipykernel, traitlets)}",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nprint('written', file=sys.stderr)",
    "sorted(name for name in os.environ if name.startswith('CONDA'))",
]
INSTALL = Path(__file__).parent / "programs" / "install_explicit.py"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that others can enter; pytest's own are closed to them."""
    made = Path(tempfile.mkdtemp(prefix="envstore-test-"))
    made.chmod(0o755)
    yield made
    for path, _, _ in os.walk(made):
        Path(path).chmod(0o755)
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def maker(folder: Path, _running_server: ChannelServer) -> Iterator[EnvStore]:
    """The store of whoever made the notebook, who got all packages over HTTP."""
    settings = {"default_channels": [_running_server.url("conda-forge")], "conda_environments_file": ""}
    home = StoreHome(folder / "maker", settings)
    home.root.mkdir()
    store = home.open()
    must_end_well(store, store.builds.create("analysis", SPECIFICATION))
    yield store
    store.close()


@pytest.fixture(scope="module")
def notebook(maker: EnvStore, folder: Path) -> Path:
    """A notebook that carries that environment, with the outputs that it has on it."""
    path = folder / "report.ipynb"
    written = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    written.cells = [nbformat.v4.new_code_cell(text, id=f"c{number}") for number, text in enumerate(CELLS)]  # type: ignore[no-untyped-call]
    nbformat.write(written, path)  # type: ignore[no-untyped-call]
    with pytest.MonkeyPatch.context() as surroundings:
        # conda-lock sets it when it is imported, which another test of this process may have done.
        surroundings.delenv("CONDA_ROOT", raising=False)
        ran = maker.notebooks.run(read_notebook(path), "analysis@1", folder)
    assert ran.failure is None
    path.write_bytes(ran.data)
    path.write_bytes(maker.notebooks.embed(read_notebook(path), "analysis")[0].data)
    return path


@pytest.fixture
def stranger(folder: Path, maker: EnvStore) -> OtherPerson:
    """Another person, whose home is empty."""
    home = folder / "stranger"
    home.mkdir()
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    return other_person(home, Path(str(maker.versions.get("analysis").prefix)) / "bin" / "python")


def outputs(path: Path) -> list[Any]:
    return [cell.outputs for cell in nbformat.read(path, as_version=4).cells]  # type: ignore[no-untyped-call]


def test_one_command_of_another_person_gives_the_same_outputs(
    maker: EnvStore, notebook: Path, stranger: OtherPerson
) -> None:
    # What a machine without conda-forge needs to be told; with it, there is nothing to configure.
    stranger.configure(default_channels=maker.default_channels)
    sent = stranger.home / "report.ipynb"
    sent.write_bytes(notebook.read_bytes())
    done = stranger.run("envstore", "notebook", "run", "report.ipynb", "-o", "out.ipynb")
    assert done.returncode == 0, done.stderr
    out = stranger.home / "out.ipynb"
    assert [len(of_cell) for of_cell in outputs(out)] == [1, 1, 2, 1]
    assert outputs(out) == outputs(notebook)
    assert sent.read_bytes() == notebook.read_bytes()
    account = os.geteuid() if stranger.user is None else stranger.user
    assert out.stat().st_uid == account
    shown = stranger.run("envstore", "show", "analysis", "--json")
    assert json.loads(shown.stdout)["lock"] == maker.versions.get("analysis").lock
    theirs = Path(json.loads(shown.stdout)["prefix"])
    assert theirs.is_relative_to(stranger.home)
    assert theirs.stat().st_uid == account


def test_conda_lock_installs_what_stands_in_it(maker: EnvStore, notebook: Path, tmp_path: Path) -> None:
    """As the guide says, with conda-lock's own command; there is no conda here that it could hand the list to."""
    lockfile = tmp_path / "report.conda-lock.yml"
    lockfile.write_text(json.dumps(json.loads(notebook.read_text())["metadata"]["envstore"]["lockfile"], indent=2))
    conda = tmp_path / "conda"
    conda.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{INSTALL}" "$@"\n')
    conda.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "conda_lock", "install", "--conda", conda, "--prefix", tmp_path / "new", lockfile],
        cwd=tmp_path,
        env={**os.environ, "PACKAGES": str(tmp_path / "packages")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    records = [json.loads(path.read_text()) for path in (tmp_path / "new" / "conda-meta").glob("*.json")]
    locked = maker.catalog.locks.packages(maker.versions.get("analysis").lock)
    assert {record["url"]: record["md5"] for record in records} == {package.url: package.md5 for package in locked}
    program = "import ipykernel, sys; print(sys.prefix)"
    said = subprocess.run([tmp_path / "new/bin/python", "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(tmp_path / "new")
