"""Whatever is called a notebook, each command goes through or says why not, and every other byte of the file stays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from bad_notebooks import CELL, COMMANDS, FILES, dense, document, written
from click.testing import CliRunner, Result
from fixtures.api import small_home
from fixtures.small import must_end_well
from fixtures.store import StoreHome
from kernel_channel import SPECIFICATION, write_kernel_channel

from jupyter_envstore.cli import main
from jupyter_envstore.errors import NotebookError
from jupyter_envstore.lock.document import lock_hash
from jupyter_envstore.notebooks import text
from jupyter_envstore.notebooks.text import MAX_BYTES, NotebookText
from jupyter_envstore.store import EnvStore

ARGUMENTS = {
    "embed": ["--environment", "analysis"],
    "strip": [],
    "state": [],
    "restore": ["--yes", "--no-pin"],
    "pin": ["--environment", "analysis@1"],
    "run": [],
    "report": ["--fail-on", "never"],
}
WRITING = {"embed": "envstore", "strip": "envstore", "pin": "kernelspec"}
"""The commands that change the file, and which member of the metadata they may change."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> StoreHome:
    """A home whose store has ``analysis``, with a kernel that does not start."""
    folder = tmp_path_factory.mktemp("bad")
    place = small_home(folder)
    place.settings["default_channels"] = [write_kernel_channel(folder / "kernel-channel")]
    place.write_configuration()
    with_store = place.open()
    must_end_well(with_store, with_store.builds.create("analysis", SPECIFICATION))
    with_store.close()
    return place


@pytest.fixture(autouse=True)
def _found(home: StoreHome, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in home.environ().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def held(home: StoreHome) -> dict[str, Any]:
    """What a notebook carries that is given ``analysis``."""
    store: EnvStore = home.open()
    embedded, _ = store.notebooks.embed(NotebookText.read(written(document())), "analysis")
    store.close()
    value: dict[str, Any] = copy.deepcopy(embedded.metadata["envstore"])
    return value


def command(name: str, path: Path, *more: str) -> Result:
    done = CliRunner().invoke(main, ["notebook", name, str(path), *ARGUMENTS[name], *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done


def check(path: Path, content: bytes, refused: dict[str, str], commands: Iterable[str] = COMMANDS) -> None:
    """Run commands on a file: those of ``refused`` must say so, the others must go through."""
    for name in commands:
        path.write_bytes(content)
        done = command(name, path)
        if name in refused:
            assert (done.exit_code, path.read_bytes()) == (1, content), (name, done.output)
            said = " ".join(line for line in done.output.splitlines() if line.startswith("Error: "))
            assert refused[name] in said, (name, done.output)
            continue
        assert done.exit_code == 0, (name, done.output)
        after = path.read_bytes()
        if name not in WRITING:
            assert after == content, name
        elif after != content:
            member = WRITING[name]
            rest = [NotebookText.read(one).without_metadata(member).data for one in (content, after)]
            assert rest[0] == rest[1], name
    assert not list(path.parent.glob(".*")), "something was left beside it"


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_or_only_ours_is_changed(tmp_path: Path, name: str) -> None:
    content, refused = FILES[name]
    check(tmp_path / "n.ipynb", content, refused)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for name in COMMANDS:
        done = command(name, path)
        assert (done.exit_code, path.stat().st_size) == (1, MAX_BYTES + 1)
        assert "Clear its outputs" in done.output


def test_ours_twice_is_not_taken_for_once(tmp_path: Path) -> None:
    path, content = tmp_path / "n.ipynb", dense(b'{"envstore": {"schema": 1}, "envstore": {"schema": 1, "b": 2}}')
    path.write_bytes(content)
    done = command("strip", path)
    assert (done.exit_code, path.read_bytes()) == (1, content)
    assert "its text is ambiguous" in done.output


def test_what_is_nested_as_deeply_as_can_be_read_is_refused_in_words() -> None:
    """Somewhere between what can be changed and what cannot be read, the file could be read and no more."""
    refused = 0
    for depth in (*range(900, 1_000), 200_000):
        try:
            notebook = NotebookText.read(dense(b'{"x": ' + b"[" * depth + b"]" * depth + b"}"))
            notebook.with_metadata("envstore", {"schema": 1}).without_metadata("envstore")
        except NotebookError as error:
            assert "is no Jupyter notebook" in error.message
            refused += 1
    assert refused


def test_a_notebook_of_almost_100_megabytes_is_embedded_and_stripped(tmp_path: Path, held: dict[str, Any]) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (MAX_BYTES - 10_000)}
    content = written({**document(), "cells": [{**CELL, "outputs": [output]}]})
    path = tmp_path / "n.ipynb"
    path.write_bytes(content)
    assert command("embed", path).exit_code == 0
    assert command("strip", path).exit_code == 0
    assert path.read_bytes() == content


def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, held: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, content = tmp_path / "n.ipynb", written(document())
    path.write_bytes(content)
    monkeypatch.setattr(text, "MAX_BYTES", len(content) + 100)
    done = command("embed", path)
    assert (done.exit_code, path.read_bytes()) == (1, content)
    assert "would have more than" in done.output


CHANGED = "changed after it was recorded"
LOCKS: dict[str, tuple[Callable[[Any], object], bool, str]] = {
    "a changed package": (lambda held: held["lockfile"]["package"][0].update(version="9"), False, CHANGED),
    "another hash": (lambda held: held.update(sha256="0" * 64), False, CHANGED),
    "no hash": (lambda held: held.pop("sha256"), False, CHANGED),
    "a number that JSON has no word for": (lambda held: held["lockfile"].update(x=float("nan")), False, CHANGED),
    "a lock that is a list": (lambda held: held.update(lockfile=[1]), False, "no lockfile"),
    "a lock without packages": (lambda held: held["lockfile"].update(package=[]), True, "has no packages for linux-64"),
    "a lock without metadata": (lambda held: held["lockfile"].pop("metadata"), True, "lockfile"),
    "a package that is a number": (lambda held: held["lockfile"].update(package=[7]), True, "lockfile"),
    "a form of the future": (lambda held: held.update(schema=99), False, "a newer jupyter-envstore"),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_bad_lock_is_not_built_and_nothing_else_minds(tmp_path: Path, held: dict[str, Any], name: str) -> None:
    change, signed, words = LOCKS[name]
    hostile = copy.deepcopy(held)
    change(hostile)
    if signed:
        hostile["sha256"] = lock_hash(hostile["lockfile"])
    check(tmp_path / "n.ipynb", written(document(envstore=hostile)), dict.fromkeys(["restore", "run"], words))


@pytest.mark.parametrize(
    "change",
    [
        {"environment": 7},
        {"environment": {"namespace": "../x", "name": "../../etc", "version": -1}},
        {"environment": {"namespace": ["local"], "name": "a\x1b[2J", "version": 10**400}},
        {"specification": 7},
        {"specification": "dependencies: {a: ["},
        {"recorded": {"now": True}},
        {"run": "yesterday"},
        {"schema": -1},
    ],
    ids=str,
)
def test_words_that_make_no_sense_are_passed_over(tmp_path: Path, held: dict[str, Any], change: Any) -> None:
    """The lock says what to have; it is here, so restoring finds it."""
    content = written(document(envstore={**held, **change}))
    path = tmp_path / "n.ipynb"
    check(path, content, {}, commands=[name for name in COMMANDS if name != "run"])


@pytest.mark.parametrize(
    "cells", [[7, None], [{"cell_type": "code"}], [{**CELL, "outputs": 7}], [{**CELL, "source": {"x": 1}}]], ids=str
)
def test_cells_that_are_none_are_not_run(tmp_path: Path, held: dict[str, Any], cells: Any) -> None:
    content = written({**document(envstore=held), "cells": cells})
    check(tmp_path / "n.ipynb", content, {"run": "cannot be run: as a notebook it is not sound"})


@pytest.mark.parametrize("minor", [0, 99])
def test_every_form_of_today_comes_as_far_as_the_kernel(
    home: StoreHome, tmp_path: Path, held: dict[str, Any], minor: int
) -> None:
    cell = {name: value for name, value in CELL.items() if minor >= 5 or name != "id"}
    path = tmp_path / "n.ipynb"
    path.write_bytes(written({**document(envstore=held), "cells": [cell], "nbformat_minor": minor}))
    done = home.run("notebook", "run", str(path))
    assert (done.returncode, done.stdout) == (1, ""), "what the kernel's program prints is no part of the answer"
    assert "Error: The kernel envstore-local--analysis--v1 does not start" in done.stderr
    assert "Traceback" not in done.stderr
