"""What would put a check right; None where nothing can be done for the person."""

from __future__ import annotations

from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.schemas import NotebookRepair


def embedding(subject: Subject) -> NotebookRepair | None:
    """Put the lock of the kernel's version into the notebook."""
    reference = subject.reference
    return NotebookRepair(action="embed", arguments={"environment": reference}) if reference else None


def updating(subject: Subject) -> NotebookRepair | None:
    """Move the kernel's environment to newer versions."""
    environment = subject.environment
    return NotebookRepair(action="update", arguments={"environment": environment}) if environment else None


def adding(subject: Subject, packages: list[str]) -> NotebookRepair | None:
    """Add packages to the kernel's environment."""
    if not packages or subject.environment is None:
        return None
    return NotebookRepair(action="add_packages", arguments={"environment": subject.environment, "packages": packages})


def locking(subject: Subject, platforms: list[str]) -> NotebookRepair | None:
    """Lock the kernel's environment for further platforms."""
    if subject.environment is None:
        return None
    return NotebookRepair(
        action="add_platforms", arguments={"environment": subject.environment, "platforms": platforms}
    )


def building(subject: Subject) -> NotebookRepair:
    """Build what the notebook carries, or the files of its kernel's version anew where it carries nothing."""
    if subject.carried.document is None and subject.asked is None and subject.reference:
        return NotebookRepair(action="build", arguments={"environment": subject.reference})
    return NotebookRepair(action="build")
