"""Whatever file is called a notebook: there is a report, or an error in words."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from fixtures.reports import ReportLab, check_of
from report_channel import KERNEL, code, notebook

from jupyter_envstore.errors import NotebookError
from jupyter_envstore.notebooks.report.beside import Beside
from jupyter_envstore.notebooks.report.reading import MAX_BYTES, read_notebook

CORPUS = os.environ.get("ENVSTORE_TEST_CORPUS")
NOTEBOOKS = sorted((Path(CORPUS) / "notebooks").glob("*.ipynb")) if CORPUS else []
DEEP: Any = []
for _ in range(500):
    DEEP = [DEEP]


@pytest.mark.skipif(not CORPUS, reason="ENVSTORE_TEST_CORPUS is not set")
def test_every_notebook_of_the_corpus_has_a_report_or_is_refused(lab: ReportLab) -> None:
    refused = []
    for path in NOTEBOOKS:
        try:
            report = lab.store.reports.notebook(path.read_bytes(), name=path.name)
        except NotebookError as error:
            assert "is no Jupyter notebook" in error.message
            refused.append(path.name[:3])
        else:
            assert report.passed + report.look + report.failed == len(report.checks)
            assert check_of(report, "carried").grade == "fail"
    assert refused == ["028"]  # it is not JSON


def old_form(nbformat: int) -> dict[str, Any]:
    """Return a notebook as it was written before nbformat 4."""
    cell = {"cell_type": "code", "input": "import frames\n!pip install x", "prompt_number": 3, "outputs": []}
    return {
        "metadata": {"name": "old"},
        "nbformat": nbformat,
        "worksheets": [{"cells": [{"cell_type": "markdown", "source": "x"}, cell]}],
    }


@pytest.mark.parametrize("nbformat", [2, 3])
def test_old_forms_are_read(lab: ReportLab, nbformat: int) -> None:
    report = lab.store.reports.notebook(old_form(nbformat), kernel=KERNEL)
    assert check_of(report, "imports").grade == "pass"
    assert check_of(report, "installs").places[0].cell == 2
    assert check_of(report, "order").title == "Not run from the beginning"


def test_a_form_of_the_future_is_read(lab: ReportLab) -> None:
    written = {**notebook("import frames", carried=lab.carried), "nbformat_minor": 99, "future": [1]}
    assert check_of(lab.store.reports.notebook(json.dumps(written).encode("utf-8-sig")), "imports").grade == "pass"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"cells": {}}', b'{"nbformat": 4}', b"[" * 200_000, b'"cells"'],
)
def test_what_is_no_notebook_is_refused_in_words(lab: ReportLab, content: bytes) -> None:
    with pytest.raises(NotebookError, match=r"a\.ipynb is no Jupyter notebook"):
        lab.store.reports.notebook(content, name="a.ipynb")


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        {"kernelspec": 7, "language_info": []},
        {"kernelspec": {"name": ["x"]}, "language_info": {"name": 3, "version": {}}},
        {"envstore": 7},
        {"envstore": {"lockfile": DEEP, "specification": DEEP, "recorded": "yesterday", "run": 1, "sha256": 2}},
        {"envstore": {"lockfile": {"version": 1, "metadata": {}, "package": {}}}},
        {"kernelspec": {"name": "envstore-..--.."}},
        {"kernelspec": {"name": f"envstore-a--b--v{'9' * 400}"}},
    ],
)
def test_wrong_metadata_is_no_reason_to_fail(lab: ReportLab, metadata: Any) -> None:
    report = lab.store.reports.notebook({"cells": [code("x", 1)], "metadata": metadata, "nbformat": 4})
    assert check_of(report, "carried").grade == "fail"


@pytest.mark.parametrize(
    "cell",
    [
        7,
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": {"x": 1}, "outputs": {}, "execution_count": "3"},
        {"cell_type": "code", "source": ["import a", 7, None], "outputs": [7, {"output_type": []}]},
        {"cell_type": "code", "source": "\ud800 = 1\nimport a", "execution_count": True},
        {"cell_type": "code", "source": "x = '" + "/home/" * 100_000 + "'"},
        {"cell_type": "code", "source": "!pip install '" + "x " * 100_000},
    ],
)
def test_wrong_cells_are_no_reason_to_fail(lab: ReportLab, cell: Any) -> None:
    written = {**notebook(carried=lab.carried), "cells": [cell, code("import frames", 1)]}
    report = lab.store.reports.notebook(written)
    json.loads(report.model_dump_json())
    assert check_of(report, "carried").grade == "pass"


def test_nothing_of_a_notebook_is_run_or_imported(lab: ReportLab, tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    (tmp_path / "evil.py").write_text(f"open({str(witness)!r}, 'w')")
    run = f"!touch {witness}\nopen({str(witness)!r}, 'w')\nimport evil\n%load_ext evil"
    lab.store.reports.notebook(notebook(run, f"%%bash\ntouch {witness}"), beside=Beside.of(["evil.py"]), verify=True)
    assert not witness.exists()


def test_a_file_that_is_too_large_is_not_read(lab: ReportLab, tmp_path: Path) -> None:
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(NotebookError, match="Clear its outputs"):
        lab.store.reports.notebook(path.read_bytes(), name="large.ipynb")


def test_cells_are_counted_as_people_see_them() -> None:
    written = notebook("import a")
    written["cells"].insert(0, {"cell_type": "markdown", "source": ["# Title"], "metadata": {}})
    read = read_notebook(written)
    assert [cell.number for cell in read.cells] == [2]
    assert read.texts == {1: "# Title"}
