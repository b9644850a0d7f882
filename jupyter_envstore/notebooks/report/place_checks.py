"""Are the files of the lock on this machine as they were built, and can they be fetched again elsewhere?

Both take longer than reading a notebook, so they are made on request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jupyter_envstore.errors import EnvStoreError, LockfileError
from jupyter_envstore.lock.document import all_packages
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.words import counted, listed, number
from jupyter_envstore.policy import Origin, Policy, evaluate
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.verification import verify
from jupyter_envstore.schemas import NotebookCheck, NotebookRepair, Package, UndoneCheck

Lost = Callable[[Sequence[Package]], tuple[Sequence[Package], Sequence[str]]]
"""Which packages cannot be had again, and words about who did not answer."""


def check_files(subject: Subject, verifying: bool) -> NotebookCheck | UndoneCheck:
    """Is every file of the lock as it was built?"""
    code = "files"
    if not subject.packages:
        return UndoneCheck(code=code, reason="There is no lock for this machine.")
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
            repair=NotebookRepair(action="build"),
        )
    if not verifying:
        return UndoneCheck(code=code, reason="Reading every file takes longer, and is done on request.")
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


def check_fetchable(subject: Subject, policy: Policy, lost: Lost | None) -> NotebookCheck | UndoneCheck:
    """Do the channels and indexes still offer each file? Those that the policy refuses are never asked.

    Parameters
    ----------
    lost
        Asks them; None when it was not asked for.
    """
    code = "fetchable"
    if lost is None:
        return UndoneCheck(code=code, reason="Asking the channels takes longer, and is done on request.")
    packages = subject.packages
    if subject.carried.document is not None:
        packages = all_packages(subject.carried.document)
        verdict = evaluate(Origin.stranger("notebook"), packages, policy)
        refused = [finding for finding in verdict.findings if finding.severity == "error"]
        if refused:
            return NotebookCheck(
                code=code,
                grade="look",
                title="Comes from places that are not used here",
                detail=f"{refused[0].message} They were not asked.",
            )
    if not packages:
        return UndoneCheck(code=code, reason="There is no lock.")
    try:
        gone, silent = lost(packages)
    except EnvStoreError as error:
        return UndoneCheck(code=code, reason=error.message)
    if silent:
        return UndoneCheck(code=code, reason=f"{listed(silent)} did not answer.")
    if gone:
        names = sorted({one.name for one in gone})
        verb = "packages are" if len(names) > 1 else "package is"
        environment = subject.environment
        return NotebookCheck(
            code=code,
            grade="fail",
            title=f"{number(len(names))} {verb} not offered any more",
            detail=f"{listed(names)}: gone, or taken back because something was wrong with them.",
            repair=NotebookRepair(action="update", arguments={"environment": environment}) if environment else None,
        )
    title = "Every package can still be fetched"
    return NotebookCheck(code=code, grade="pass", title=title, detail=f"{counted(len(packages), 'file')}.")
