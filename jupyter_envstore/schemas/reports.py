"""What stands between a notebook and the same results elsewhere: one check each, for panel, terminal and API alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from jupyter_envstore.schemas.base import Schema

Grade = Literal["pass", "look", "fail"]
RepairAction = Literal[
    "embed", "switch_kernel", "add_packages", "add_platforms", "update", "build", "repair", "run_all", "show_cell"
]


class NotebookRepair(Schema):
    """What would put a check right, as a button may offer it.

    Attributes
    ----------
    action
        ``embed``: put the lock of ``environment`` into the notebook. ``switch_kernel``: run on ``environment``, or on
        what the notebook carries where none is named. ``add_packages``: add ``packages`` to ``environment``.
        ``add_platforms``: lock ``environment`` for ``platforms`` too. ``update``: move ``environment`` to newer
        versions. ``build``: build what the notebook carries, or the files of ``environment`` where one is named.
        ``repair``: make the files of ``environment`` anew. ``run_all``: restart the kernel and run all cells.
        ``show_cell``: go to ``cell``.
    arguments
        By name; ``environment`` is a reference.
    """

    action: RepairAction
    arguments: dict[str, Any] = {}


class NotebookPlace(Schema):
    """Where in a notebook.

    Attributes
    ----------
    cell
        Which of all its cells, from 1.
    line
        Which line of the cell, from 1; None for all of it.
    what
        What stands there: an import, a path, a command. Never a secret.
    """

    cell: int
    line: int | None = None
    what: str = ""


class NotebookCheck(Schema):
    """One check.

    Attributes
    ----------
    code
        Which one.
    grade
        ``fail``: it will not come out the same elsewhere. ``look``: it may not.
    title
        What was found, in a few words.
    detail
        A sentence more; empty where there is no more to say.
    places
        The first hundred.
    repair
        None where nothing can be done for the person.
    """

    code: str
    grade: Grade
    title: str
    detail: str = ""
    places: list[NotebookPlace] = []
    repair: NotebookRepair | None = None


class UndoneCheck(Schema):
    """A check that was not made.

    Attributes
    ----------
    code
        Which one.
    reason
        A sentence why.
    option
        What a request has to ask for to have it made; None where that would not help.
    """

    code: str
    reason: str
    option: Literal["verify", "fetch"] | None = None


class NotebookReport(Schema):
    """All that was found out about a notebook. Nothing of it was run.

    Attributes
    ----------
    grade
        The worst of all checks.
    passed, look, failed
        How many checks have each grade.
    environment
        The version whose kernel the notebook names, ``namespace/name@number``; None when it is none of this store's.
    checks
        The worst first.
    undone
        Those that could not be made, or were not asked for.
    checked
        When.
    """

    grade: Grade
    passed: int
    look: int
    failed: int
    environment: str | None = None
    checks: list[NotebookCheck]
    undone: list[UndoneCheck] = []
    checked: datetime
