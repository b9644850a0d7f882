"""Are the files of the lock on this machine as they were built, and can they be fetched again elsewhere?

Both take longer than reading a notebook, so they are made on request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jupyter_envstore.errors import EnvStoreError, LockfileError
from jupyter_envstore.lock.document import all_packages
from jupyter_envstore.notebooks.report.repairs import building, updating
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.words import counted, listed, number, shown
from jupyter_envstore.policy import Origin, Policy, evaluate
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.verification import verify
from jupyter_envstore.schemas import NotebookCheck, NotebookRepair, Package, UndoneCheck

_NO_LOCK = "There is no lock for this machine."


@dataclass(frozen=True)
class Offered:
    """What channels and indexes answered.

    Attributes
    ----------
    lost
        The packages that cannot be had again.
    silent
        Who did not answer.
    unasked
        The packages of which nobody can tell: an index says what files it has, and they are no such files.
    notes
        Sentences about packages that their authors took back, and that can be had all the same.
    """

    lost: Sequence[Package] = ()
    silent: Sequence[str] = ()
    unasked: Sequence[Package] = ()
    notes: Sequence[str] = ()


Ask = Callable[[Sequence[Package]], Offered]
"""Asks on the network."""


def check_files(subject: Subject, verifying: bool) -> NotebookCheck | UndoneCheck:
    """Is every file of the lock as it was built?"""
    code = "files"
    if not subject.packages:
        return UndoneCheck(code=code, reason=_NO_LOCK)
    try:
        prefix = subject.layout.prefix(prefix_hash(subject.packages, subject.own))
    except LockfileError:
        return UndoneCheck(code=code, reason="The lock cannot be built.")
    if not prefix.is_dir():
        return NotebookCheck(
            code=code,
            grade="look",
            title="Not built on this machine",
            detail="So that nobody has tried here whether it runs.",
            repair=building(subject),
        )
    if not verifying:
        reason = "Reading every file takes longer, and is done on request."
        return UndoneCheck(code=code, reason=reason, option="verify")
    problems = verify(prefix)
    if not problems:
        return NotebookCheck(code=code, grade="pass", title="Every file is as it was built")
    same = subject.reference is not None and subject.version is not None and subject.version.prefix == str(prefix)
    verb = "files are" if len(problems) > 1 else "file is"
    return NotebookCheck(
        code=code,
        grade="fail",
        title=f"{number(len(problems))} {verb} not as built",
        detail=f"{listed(problem.path for problem in problems)}.",
        repair=NotebookRepair(action="repair", arguments={"environment": subject.reference}) if same else None,
    )


def check_fetchable(subject: Subject, policy: Policy, ask: Ask | None) -> NotebookCheck | UndoneCheck:
    """Do the channels and indexes still offer each file? Those that the policy refuses are never asked.

    Parameters
    ----------
    ask
        Asks them; None when it was not asked for.
    """
    code = "fetchable"
    if not subject.is_locked:
        return UndoneCheck(code=code, reason=_NO_LOCK)
    if ask is None:
        reason = "Asking the channels takes longer, and is done on request."
        return UndoneCheck(code=code, reason=reason, option="fetch")
    packages = subject.packages
    if subject.carried.document is not None:
        packages = all_packages(subject.carried.document)
        verdict = evaluate(Origin.stranger("notebook"), packages, policy)
        refused = [finding for finding in verdict.findings if finding.severity == "error"]
        if refused:
            return NotebookCheck(
                code=code,
                grade="look",
                title="Holds what may not be used here",
                detail=f"{refused[0].message} So nobody was asked for it.",
            )
    if not packages:
        return UndoneCheck(code=code, reason=_NO_LOCK)
    try:
        offered = ask(packages)
    except EnvStoreError as error:
        return UndoneCheck(code=code, reason=error.message)
    if offered.silent:
        return UndoneCheck(code=code, reason=f"{listed(offered.silent)} did not answer.")
    repair = updating(subject)
    if offered.lost:
        names = sorted({one.name for one in offered.lost})
        verb = "packages are" if len(names) > 1 else "package is"
        return NotebookCheck(
            code=code,
            grade="fail",
            title=f"{number(len(names))} {verb} not offered any more",
            detail=f"{listed(names)}: gone, or taken back because something was wrong with them.",
            repair=repair,
        )
    if offered.notes:
        title = (
            "A package was taken back" if len(offered.notes) == 1 else f"{len(offered.notes)} packages were taken back"
        )
        detail = shown(" ".join(offered.notes))
        return NotebookCheck(code=code, grade="look", title=title, detail=detail, repair=repair)
    if offered.unasked:
        names = sorted({one.name for one in offered.unasked})
        detail = f"{listed(names)}: built from a source, of which no index can tell whether it is the same still."
        title = f"Of {counted(len(names), 'package')} nobody can tell"
        return NotebookCheck(code=code, grade="look", title=title, detail=detail)
    title = "Every package can still be fetched"
    return NotebookCheck(code=code, grade="pass", title=title, detail=f"{counted(len(packages), 'file')}.")
