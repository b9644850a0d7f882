"""A version is put into a notebook and taken out again, and every other byte of the file stays."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from fixtures.api import small_home
from fixtures.reports import check_of
from fixtures.small import must_end_well
from fixtures.store import StoreHome
from small_packages_channel import SMALL

from jupyter_envstore.errors import EnvironmentNotFoundError, NotebookError, PlatformError
from jupyter_envstore.notebooks.text import MAX_BYTES, NotebookText
from jupyter_envstore.store import EnvStore

CORPUS = os.environ.get("ENVSTORE_TEST_CORPUS")
BROKEN = {"028", "030"}
"""Notebooks of the corpus that are none: not JSON, or they do not say which form they have."""
CELLS: list[Any] = [
    {"cell_type": "code", "execution_count": 1, "id": "a1", "metadata": {}, "outputs": [], "source": ['"envstore"']}
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A store whose environment ``small`` is locked for two platforms."""
    home: StoreHome = small_home(tmp_path_factory.mktemp("embed"))
    opened = home.open()
    must_end_well(opened, opened.builds.create("small", SMALL, platforms=["osx-arm64"]))
    yield opened
    opened.close()


def as_nbformat(value: Any) -> str:
    """Write JSON in the way of nbformat."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def document(**metadata: Any) -> dict[str, Any]:
    return {"cells": CELLS, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def test_what_is_carried_is_what_the_design_says(store: EnvStore) -> None:
    notebook = NotebookText.read(as_nbformat(document()).encode())
    changed, edit = store.notebooks.embed(notebook, "small")
    held = json.loads(changed.text)["metadata"]["envstore"]
    assert list(held) == sorted(held)
    version = store.versions.get("small")
    assert held["schema"] == 1
    assert held["environment"] == {"namespace": "local", "name": "small", "version": 1}
    assert held["specification"] == SMALL
    assert held["lockfile"] == store.versions.lockfile("small")
    canonical = json.dumps(held["lockfile"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert held["sha256"] == hashlib.sha256(canonical.encode()).hexdigest() == version.lock == edit.lock
    assert held["recorded"] == version.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (edit.changed, edit.environment, edit.platforms) == (True, "local/small@1", ["linux-64", "osx-arm64"])
    grown = len(changed.data) - len(notebook.data)
    assert edit.bytes <= grown <= edit.bytes + changed.text.count("\n")
    assert nbformat.writes(nbformat.reads(changed.text, as_version=4)) + "\n" == changed.text  # type: ignore[no-untyped-call]


def test_the_same_version_gives_the_same_bytes(store: EnvStore) -> None:
    notebook = NotebookText.read(as_nbformat(document(kernelspec={"name": "envstore-local--small"})).encode())
    first, _ = store.notebooks.embed(notebook)
    again, edit = store.notebooks.embed(first)
    assert again is first
    assert not edit.changed


def test_what_is_done_with_an_answer_does_not_show_in_the_next(store: EnvStore) -> None:
    notebook = NotebookText.read(as_nbformat(document()).encode())
    first, edit = store.notebooks.embed(notebook, "small")
    assert edit.metadata is not None
    size = len(json.dumps({"envstore": edit.metadata}, indent=1, ensure_ascii=False).encode())
    assert edit.bytes == size
    edit.metadata["lockfile"]["package"].clear()
    first.metadata["envstore"]["lockfile"].clear()
    again, second = store.notebooks.embed(notebook, "small")
    assert (again.data, second.bytes) == (first.data, size)
    some = store.notebooks.embed(notebook, "small", platforms=["osx-arm64"])[1]
    assert 0 < some.bytes < size
    assert store.notebooks.embed(notebook, "small")[1].bytes == size


def test_only_some_platforms_are_carried(store: EnvStore) -> None:
    notebook = NotebookText.read(as_nbformat(document()).encode())
    changed, edit = store.notebooks.embed(notebook, "small@1", platforms=["osx-arm64"])
    lockfile = changed.metadata["envstore"]["lockfile"]
    assert edit.platforms == ["osx-arm64"] == lockfile["metadata"]["platforms"]
    assert {entry["platform"] for entry in lockfile["package"]} == {"osx-arm64"}
    assert list(lockfile["metadata"]["content_hash"]) == ["osx-arm64"]
    assert edit.lock != store.versions.get("small").lock
    with pytest.raises(PlatformError, match="does not cover win-64"):
        store.notebooks.embed(notebook, "small", platforms=["win-64"])


def test_what_others_put_beside_it_stays(store: EnvStore) -> None:
    theirs = {"schema": 1, "course": {"week": 3}, "sha256": "old"}
    notebook = NotebookText.read(as_nbformat(document(envstore=theirs, envstore_of_others=1)).encode())
    changed, _ = store.notebooks.embed(notebook, "small")
    assert changed.metadata["envstore"]["course"] == {"week": 3}
    assert changed.metadata["envstore_of_others"] == 1
    assert changed.metadata["envstore"]["sha256"] == store.versions.get("small").lock
    stripped, _ = store.notebooks.strip(changed)
    assert stripped.metadata == {"envstore_of_others": 1}


def test_what_is_not_ours_is_not_taken_out(store: EnvStore) -> None:
    for theirs in ("mine", {"name": "a store of envelopes"}, None):
        notebook = NotebookText.read(as_nbformat(document(envstore=theirs)).encode())
        stripped, edit = store.notebooks.strip(notebook)
        assert stripped is notebook
        assert not edit.changed


def test_a_notebook_of_another_kernel_needs_a_name(store: EnvStore) -> None:
    notebook = NotebookText.read(as_nbformat(document(kernelspec={"name": "python3"})).encode())
    with pytest.raises(EnvironmentNotFoundError, match="no kernel of this store"):
        store.notebooks.embed(notebook)


FORMS = {
    "nbformat": as_nbformat(document(kernelspec={"name": "x"}, a=1, z=[])),
    "first": as_nbformat(document(z=1)),
    "last": as_nbformat(document(a=1)),
    "empty": as_nbformat(document()),
    "one line": json.dumps(document(z=1)),
    "one line, empty": json.dumps(document()),
    "dense": json.dumps(document(a=1, z=2), separators=(",", ":")),
    "unsorted": json.dumps({"metadata": {"z": 1, "a": 2}, **document()}, indent=4),
    "tabs": json.dumps(document(a=1), indent="\t"),
    "windows": as_nbformat(document(a=1)).replace("\n", "\r\n"),
    "mark": "\ufeff" + as_nbformat(document(a=1)),
    "escapes": json.dumps({**document(a="\u00fc \ud83d\ude00"), "nbformat_minor": 4}, indent=1),
    "numbers": as_nbformat(document(a=1.5)).replace("1.5", "1.50e0"),
    "spaces inside": '{"metadata": { }, "nbformat": 4, "cells": []}',
    "lines inside": '{\n "metadata": {\n\n },\n "nbformat": 4,\n "cells": []\n}',
    "strange spaces": '{"metadata":\n{"a" :1 ,\t"z":\n2 } ,"nbformat": 4, "cells": []}\n\n',
    "old": json.dumps({"metadata": {"name": "x"}, "nbformat": 3, "worksheets": []}, indent=1),
    "older": json.dumps({"metadata": {"name": "x"}, "nbformat": 2, "worksheets": []}),
    "newer": json.dumps({**document(), "nbformat_minor": 99, "new": True}, indent=1),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_back_to_the_byte(store: EnvStore, form: str) -> None:
    before = FORMS[form].encode()
    embedded, _ = store.notebooks.embed(NotebookText.read(before), "small")
    after = embedded.data
    held = json.dumps(embedded.metadata["envstore"], sort_keys=True)
    assert json.dumps(json.loads(after.decode("utf-8-sig"))["metadata"].pop("envstore"), sort_keys=True) == held
    if "\r\n" in FORMS[form]:
        assert after.count(b"\n") == after.count(b"\r\n")
    stripped, _ = store.notebooks.strip(NotebookText.read(after))
    assert stripped.data == before


@pytest.mark.skipif(CORPUS is None, reason="ENVSTORE_TEST_CORPUS is not set")
def test_every_notebook_of_the_corpus_comes_back_to_the_byte(store: EnvStore) -> None:
    refused = set()
    for path in sorted(Path(CORPUS or "", "notebooks").glob("*.ipynb")):
        before = path.read_bytes()
        try:
            notebook = NotebookText.read(before, path.name)
        except NotebookError as error:
            refused.add(path.name[:3])
            assert "is no Jupyter notebook: it" in error.message
            continue
        embedded, _ = store.notebooks.embed(notebook, "small")
        assert NotebookText.read(embedded.data).metadata["envstore"]["schema"] == 1
        report = store.reports.notebook(embedded.data, name=path.name)
        assert check_of(report, "carried").grade == "pass", path.name
        stripped, _ = store.notebooks.strip(NotebookText.read(embedded.data))
        assert stripped.data == before, path.name
        assert store.notebooks.state(notebook).state in ("none", "missing"), path.name
    assert refused == BROKEN


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"{" * 200_000, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b'{"nbformat": 3, "cells": [], "metadata": {}}', "no worksheets"),
        (b'{"nbformat": true, "cells": [], "metadata": {}}', "which form"),
        (b'{"nbformat": 4, "cells": []}', "no metadata"),
        (b" " * (MAX_BYTES + 1), "at most 100,000,000 are read"),
    ],
    ids=["empty", "deep", "other text", "old without sheets", "no number", "no metadata", "large"],
)
def test_what_is_no_notebook_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(NotebookError, match=why):
        NotebookText.read(content, "n.ipynb")
