"""Were the cells run in order, all of them, and do their outputs come from this lock?"""

from __future__ import annotations

from itertools import pairwise

from jupyter_envstore.notebooks.report.lock_checks import agrees
from jupyter_envstore.notebooks.report.reading import CodeCell
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.words import MOST_PLACES, cells_of, counted, shown
from jupyter_envstore.schemas import NotebookCheck, NotebookPlace, NotebookRepair, UndoneCheck

_RUN_ALL = NotebookRepair(action="run_all")


def check_order(subject: Subject) -> NotebookCheck:
    """Was each cell run once, from the first to the last, and without an error?"""
    cells = [cell for cell in subject.notebook.cells if cell.text.strip()]
    failed = [cell for cell in cells if cell.failed]
    if failed:
        title = "A cell ended in an error" if len(failed) == 1 else f"{len(failed)} cells ended in an error"
        detail = f"{cells_of([cell.number for cell in failed]).capitalize()}."
        return _order("fail", title, detail, failed)
    run = [(cell, cell.count) for cell in cells if cell.count is not None]
    if cells and not run:
        if any(cell.has_outputs for cell in cells):
            return _order("look", "Nothing says when cells ran", "They have outputs, and no numbers.", cells)
        return _order("look", "Was not run", f"{counted(len(cells), 'cell')} without outputs.", cells)
    for (before, first), (after, second) in pairwise(run):
        if second < first:
            detail = f"Cell {before.number} after cell {after.number}. Results may not come again."
            return _order("look", "Cells ran out of order", detail, [before, after])
        if second == first:
            detail = f"Cells {before.number} and {after.number} have the same number: they ran in two sessions."
            return _order("look", "Cells ran in several sessions", detail, [before, after])
    idle = [cell for cell in cells if cell.count is None]
    if idle:
        verb = "cells were" if len(idle) > 1 else "cell was"
        return _order("look", f"{len(idle)} {verb} not run", f"The first is cell {idle[0].number}.", idle)
    counts = [count for _, count in run]
    if counts and counts != list(range(1, len(counts) + 1)):
        detail = "Their numbers have gaps: some ran more than once, or were deleted since."
        return _order("look", "Not run from the beginning", detail, [])
    title = "All cells ran in order" if cells else "Has no code"
    return _order("pass", title, f"{counted(len(cells), 'cell')}." if cells else "", [])


def check_outputs(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Do the outputs come from the lock, as the record of a run says?"""
    code = "outputs"
    run, locked = subject.carried.run, subject.carried.hash
    if not run:
        return UndoneCheck(code=code, reason="No run was recorded in the notebook.")
    if not locked:
        return UndoneCheck(code=code, reason="The notebook carries no lock.")
    ran, version = run.get("lock"), subject.version
    # A run is recorded with the whole lock of its version, of which the notebook may carry a part.
    if ran != locked and version is None:
        detail = "A run with another lock was recorded, which may be the whole of which this is a part."
        return NotebookCheck(code=code, grade="look", title="The outputs may be of another lock", detail=detail)
    if ran != locked and not (version and ran == version.lock and agrees(subject)):
        return NotebookCheck(
            code=code,
            grade="fail",
            title="The outputs are of another lock",
            detail="The notebook was given another environment since it ran.",
            repair=_RUN_ALL,
        )
    when = run.get("finished")
    detail = f"Run {shown(when)}." if isinstance(when, str) else ""
    if run.get("in_order") is False:
        title = "The recorded run was not in order"
        return NotebookCheck(code=code, grade="look", title=title, detail=detail, repair=_RUN_ALL)
    return NotebookCheck(code=code, grade="pass", title="The outputs are of this lock", detail=detail)


def _order(grade: str, title: str, detail: str, cells: list[CodeCell]) -> NotebookCheck:
    return NotebookCheck.model_validate(
        {
            "code": "order",
            "grade": grade,
            "title": title,
            "detail": detail,
            "places": [NotebookPlace(cell=cell.number) for cell in cells[:MOST_PLACES]],
            "repair": None if grade == "pass" else _RUN_ALL,
        }
    )
