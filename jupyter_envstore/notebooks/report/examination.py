"""All checks, one after the other, and what comes of them together."""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_envstore.notebooks.report.cell_checks import check_installs, check_paths
from jupyter_envstore.notebooks.report.import_checks import check_asked_for, check_imports
from jupyter_envstore.notebooks.report.lock_checks import check_age, check_carried, check_kernel, check_python
from jupyter_envstore.notebooks.report.origin_checks import check_channels, check_credentials, check_hashes
from jupyter_envstore.notebooks.report.place_checks import Ask, check_fetchable, check_files
from jupyter_envstore.notebooks.report.request_checks import check_constraints, check_platforms
from jupyter_envstore.notebooks.report.run_checks import check_order, check_outputs
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.policy import Policy
from jupyter_envstore.schemas import Grade, NotebookCheck, NotebookReport, UndoneCheck

_WORST: tuple[Grade, ...] = ("fail", "look", "pass")


def examine(
    subject: Subject,
    policy: Policy,
    *,
    platforms: Iterable[str] = (),
    verifying: bool = False,
    ask: Ask | None = None,
) -> NotebookReport:
    """Check a notebook.

    Parameters
    ----------
    policy
        What the store allows.
    platforms
        Those that the store locks for.
    verifying
        Read every file of the prefix.
    ask
        Asks the channels what they still offer; None: they are not asked.
    """
    found = [
        check_carried(subject),
        check_kernel(subject),
        check_python(subject),
        check_imports(subject),
        check_asked_for(subject),
        check_constraints(subject),
        check_platforms(subject, tuple(platforms)),
        check_hashes(subject),
        check_channels(subject),
        check_credentials(subject),
        check_order(subject),
        check_outputs(subject),
        check_paths(subject),
        check_installs(subject),
        check_files(subject, verifying),
        check_fetchable(subject, policy, ask),
        check_age(subject),
    ]
    checks = [one for one in found if isinstance(one, NotebookCheck)]
    counts = {grade: sum(check.grade == grade for check in checks) for grade in _WORST}
    return NotebookReport(
        grade=next(grade for grade in _WORST if counts[grade]),
        passed=counts["pass"],
        look=counts["look"],
        failed=counts["fail"],
        environment=subject.reference,
        checks=sorted(checks, key=lambda check: _WORST.index(check.grade)),
        undone=[one for one in found if isinstance(one, UndoneCheck)],
        checked=subject.now,
    )
