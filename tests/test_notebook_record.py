"""A notebook says with which version it was run, where, when and in which order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fixtures.reports import ReportLab, check_of
from report_channel import notebook

from jupyter_envstore.errors import NotebookError, VersionNotFoundError
from jupyter_envstore.notebooks.text import NotebookText


def text(value: dict[str, Any]) -> NotebookText:
    return NotebookText.read(json.dumps(value).encode(), "n.ipynb")


def test_a_recorded_run_passes_the_check_of_outputs(lab: ReportLab) -> None:
    before = text(notebook("import frames", carried=lab.carried))
    ran, edit = lab.store.notebooks.record(before, "lab@1", [1])
    assert (edit.changed, edit.environment, edit.lock) == (True, "local/lab@1", lab.carried["sha256"])
    assert edit.platforms == ["linux-64", "osx-arm64"]
    assert ran.values["cells"] == before.values["cells"]
    check = check_of(lab.store.reports.notebook(ran.values), "outputs")
    assert (check.grade, check.title) == ("pass", "The outputs are of this lock")
    stripped, _ = lab.store.notebooks.strip(ran)
    assert stripped.text == lab.store.notebooks.strip(before)[0].text


@pytest.mark.parametrize(
    "held",
    [
        {"schema": 1, "lockfile": 1, "environment": "x"},
        {"schema": 1, "lockfile": {"metadata": {"platforms": 1}}},
    ],
)
def test_a_run_is_recorded_whatever_stands_there(lab: ReportLab, held: Any) -> None:
    ran, edit = lab.store.notebooks.record(text({**notebook(), "metadata": {"envstore": held}}), "lab", [])
    assert (edit.environment, edit.platforms) == ("", [])
    assert ran.metadata["envstore"]["run"]["lock"] == lab.store.versions.get("lab").lock


@pytest.mark.parametrize("held", [{"theirs": True}, "theirs"])
def test_what_somebody_else_wrote_under_our_name_is_left_alone(lab: ReportLab, held: Any) -> None:
    before = text({**notebook(), "metadata": {"envstore": held}})
    after, edit = lab.store.notebooks.record(before, "lab", [])
    assert (after, edit.changed, edit.metadata) == (before, False, None)


def test_cells_that_stand_in_it_say_in_which_order_they_ran(lab: ReportLab) -> None:
    first: dict[str, Any] = {"cell_type": "code", "source": "1", "execution_count": 2}
    cells = [first, {"cell_type": "code", "source": " "}]
    ran, _ = lab.store.notebooks.record(text({**notebook(), "cells": cells}), "lab")
    assert ran.metadata["envstore"]["run"]["in_order"] is False
    first["execution_count"] = 1
    ran, _ = lab.store.notebooks.record(text({**notebook(), "cells": cells}), "lab")
    assert ran.metadata["envstore"]["run"]["in_order"] is True


@pytest.mark.parametrize("source", [["1", 7], 7, {"a": 1}, None])
def test_cells_that_are_none_are_passed_over(lab: ReportLab, source: Any) -> None:
    cells: list[Any] = [7, None, [], {"cell_type": "code", "source": "1", "execution_count": 1}, {"cell_type": "code"}]
    strange = {"cell_type": "code", "source": source, "execution_count": 2}
    ran, _ = lab.store.notebooks.record(text({**notebook(), "cells": [*cells, strange]}), "lab")
    assert ran.metadata["envstore"]["run"]["in_order"] is True


def test_nothing_is_recorded_of_what_is_not_there(lab: ReportLab) -> None:
    with pytest.raises(VersionNotFoundError):
        lab.store.notebooks.record(text(notebook()), "lab@9", [1])
    with pytest.raises(NotebookError, match="old form"):
        lab.store.notebooks.record(text({"worksheets": [], "metadata": {}, "nbformat": 3}), "lab")


def test_a_store_that_keeps_no_records_leaves_the_notebook_as_it_is(
    lab: ReportLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.store, "record_runs", False)
    before = text(notebook("x"))
    after, edit = lab.store.notebooks.record(before, "lab", [1])
    assert (after, edit.changed, edit.metadata) == (before, False, None)


def test_what_takes_longer_says_how_to_ask_for_it(lab: ReportLab) -> None:
    options = {one.code: one.option for one in lab.report("import frames").undone}
    assert (options["files"], options["fetchable"], options["outputs"]) == ("verify", "fetch", None)
    made = lab.report("import frames", verify=True, fetch=True)
    assert not {one.code for one in made.undone} & {"files", "fetchable"}
