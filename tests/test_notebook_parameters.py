"""Parameters of notebooks: read as people write them, put where papermill puts them, and warned of as there."""

from __future__ import annotations

import copy
import logging
from typing import Any

import nbformat
import pytest
from papermill.execute import parameterize_notebook
from papermill.inspection import inspect_notebook

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.notebooks.defaults import assigned_names
from jupyter_envstore.notebooks.parameters import inject, read_parameters


def notebook_of(*cells: tuple[str, str]) -> Any:
    """Return a notebook of cells, each with its tag or none."""
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}, "papermill": {}}
    )
    for number, (tag, source) in enumerate(cells):
        metadata = {"tags": [tag] if tag else []}
        notebook.cells.append(nbformat.v4.new_code_cell(source, metadata=metadata, id=f"c{number}"))  # type: ignore[no-untyped-call]
    return notebook


def test_parameters_are_read_as_people_write_them() -> None:
    texts = ["a=1", "b=-2.5", "c=true", "d=None", "e=x=y", "f=", "g=1e3", "h=007"]
    expected = {"a": 1, "b": -2.5, "c": True, "d": None, "e": "x=y", "f": "", "g": 1000.0, "h": 7}
    assert read_parameters(texts) == expected
    large = "9" * 5_000
    assert read_parameters([f"a={large}", "b=1e999"]) == {"a": large, "b": "1e999"}, "no number of Python"
    for wrong in ("a", "=1", "a b=1", "1a=2", "a;import os=1"):
        with pytest.raises(InvalidInputError, match="name=value"):
            read_parameters([wrong])


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "# Parameters\na = 'x\\n\"$(y)\\''\nb = True\nc = None"),
        ("R", '# Parameters\na = "x\\n\\"$(y)\'"\nb = TRUE\nc = NULL'),
        ("julia", '# Parameters\na = "x\\n\\"\\$(y)\'"\nb = true\nc = nothing'),
    ],
)
def test_values_are_written_in_the_notebooks_language(language: str, source: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])  # type: ignore[no-untyped-call]
    inject(notebook, {"a": "x\n\"$(y)'", "b": True, "c": None}, language)
    assert [cell.source for cell in notebook.cells] == [source, "1"]
    with pytest.raises(InvalidInputError, match="julia, python, r; this one is in"):
        inject(notebook, {"a": 1}, "cobol")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([("", "1"), ("parameters", "year = 2000"), ("", "2")], []),
        ([("", "1"), ("", "year = 2000")], ["no_parameters_cell"]),
        ([("", "1"), ("parameters", "yaer = 2000")], ["unknown_parameter"]),
        ([("parameters", "year = 2000"), ("", "1"), ("injected-parameters", "year = 1")], []),
        ([("", "1"), ("injected-parameters", "year = 1")], ["no_parameters_cell"]),
    ],
)
def test_values_stand_where_papermill_puts_them_and_it_warns_too(
    cells: list[tuple[str, str]], told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = notebook_of(*cells), notebook_of(*cells)
    with caplog.at_level(logging.WARNING, "papermill"):
        known = inspect_notebook(copy.deepcopy(theirs))
        theirs = parameterize_notebook(theirs, {"year": 2026})
    warnings = inject(ours, {"year": 2026}, "python")
    assert [(cell.source, cell.metadata) for cell in ours.cells] == [
        (cell.source.rstrip(), cell.metadata) for cell in theirs.cells
    ]
    assert [one.code for one in warnings] == told
    assert bool(warnings) == ("year" not in known)


def test_warnings_say_where_the_values_are_and_what_was_meant() -> None:
    new, earlier = (
        inject(notebook_of(*cells), {"year": 2026}, "python")
        for cells in ([("", "1")], [("", "1"), ("injected-parameters", "year = 1")])
    )
    assert new[0].message.startswith("No cell is tagged “parameters”: the values stand in a new cell before all others")
    assert (new[0].details, earlier[0].details) == ({"cell": 1}, {"cell": 2})
    assert "the values stand in cell 2, as in an earlier run" in earlier[0].message
    wrong = inject(notebook_of(("parameters", "year = 1\nsize = 2")), {"yaer": 1, "size": 2, "colour": 3}, "python")
    assert [(one.message, one.details["meant"]) for one in wrong] == [
        ("The cell tagged “parameters” gives yaer no value. Was year meant?", "year"),
        ("The cell tagged “parameters” gives colour no value.", None),
    ]
    markdown = notebook_of(("parameters", "year = 1"))
    markdown.cells[0].cell_type = "markdown"
    assert [one.code for one in inject(markdown, {"year": 1}, "python")] == ["unknown_parameter"]
    assert inject(notebook_of(("", "1")), {}, "python") == []


@pytest.mark.parametrize(
    ("language", "source", "names"),
    [
        ("python", "a = b = 1\nc: int = 2\nd: str\ne, (f, *g) = x\nprint(i == 2, h=1)\n# j = 1", "abcdefg"),
        ("python", "if True:\n    a = 1\nb += 1\n'''\nc = 1\n'''", "ab"),
        ("python", "%load_ext x\na = !ls\nb = %pwd\nc = 1", "abc"),
        ("python", "a = 1\nb = = 2\nc <= 3", "ab"),
        ("R", "a <- 1\nb <<- 2\nc = 3\n4 -> d\n# e <- 1\nf == 2; g <= 1", "abcd"),
        ("julia", "const a = 1\nb::Int = 2\nc, d = 3, 4 # e = 1\nf == 2", "abcd"),
    ],
)
def test_names_are_read_without_running_anything(language: str, source: str, names: str) -> None:
    assert {name for name in assigned_names(source, language.lower()) if len(name) == 1} == set(names)


def test_a_cell_of_any_size_is_read() -> None:
    notebook = notebook_of(("parameters", "".join(f"name{number} = {number}\n" for number in range(100_000))))
    [warning] = inject(notebook, {"x" * 200: 1}, "python")
    assert warning.details == {"parameter": "x" * 80, "meant": None}
