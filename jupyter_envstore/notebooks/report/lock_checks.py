"""Does the notebook carry a lock, is it the one of its kernel, and did its Python run the notebook?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from jupyter_envstore.lock.document import Document, packages_of, platforms_of
from jupyter_envstore.notebooks.report.asked import AskedElsewhere
from jupyter_envstore.notebooks.report.repairs import embedding, updating
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.words import counted, listed, shown
from jupyter_envstore.schemas import NotebookCheck, NotebookRepair, UndoneCheck

AGED = timedelta(days=365)
"""A lock that is older is worth a look: what it holds gets no corrections any more."""


def check_carried(subject: Subject) -> NotebookCheck:
    """Does it carry a lock that can be used?"""
    carried = subject.carried
    repair = embedding(subject)
    if carried.problem:
        return _carried("fail", "The lock cannot be used", shown_reason(carried.problem), repair)
    if carried.document is None:
        if subject.asked is not None:
            return _asked(subject.asked, repair)
        detail = "Elsewhere nobody can tell which packages it ran with."
        return _carried("fail", "Carries no lock", detail, repair)
    if carried.changed:
        detail = "Its hash is another one: somebody changed it after it was written, or wrote it by hand."
        return _carried("fail", "The lock was changed", detail, repair)
    platforms = platforms_of(carried.document)
    count = len(packages_of(carried.document, subject.own if subject.own in platforms else platforms[0]))
    return _carried("pass", "Carries a lock", f"{counted(count, 'package')} for {listed(platforms)}.", None)


def check_kernel(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Is the lock that of the kernel's version?"""
    document, version = subject.carried.document, subject.version
    if document is None:
        return UndoneCheck(code="kernel", reason="The notebook carries no lock that its kernel could be held against.")
    if version is None:
        return NotebookCheck(
            code="kernel",
            grade="look",
            title="The kernel is not of this store" if subject.kernel else "Names no kernel",
            detail="So nobody can tell whether it has the packages of the lock.",
            repair=NotebookRepair(action="switch_kernel"),
        )
    reference = subject.reference
    common = [platform for platform in platforms_of(document) if platform in version.platforms]
    differing = _differing(subject, document, common)
    if common and not differing:
        detail = f"{reference}, for {listed(common)}." if len(common) < len(version.platforms) else f"{reference}."
        return NotebookCheck(code="kernel", grade="pass", title="The lock matches the kernel", detail=detail)
    what = (
        f"{listed(differing)} differ." if len(differing) > 1 else f"{listed(differing)} differs." if differing else ""
    )
    return NotebookCheck(
        code="kernel",
        grade="fail",
        title="The lock is not the kernel's",
        detail=f"It runs on {reference}. {what or 'They have no platform in common.'}",
        repair=embedding(subject),
    )


def check_python(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Did the lock's Python run it last?"""
    ran, locked = subject.notebook.language_version, subject.python
    if subject.notebook.language != "python" or not ran:
        return UndoneCheck(code="python", reason="The notebook does not say which Python ran it.")
    if locked is None:
        reason = "There is no lock that holds a Python for this machine."
        return UndoneCheck(code="python", reason=reason)
    if ran == locked:
        return NotebookCheck(
            code="python", grade="pass", title="Python agrees", detail=f"{locked} here and in the lock."
        )
    same = ran.split(".")[:2] == locked.split(".")[:2]
    return NotebookCheck(
        code="python",
        grade="look" if same else "fail",
        title="Another Python ran it",
        detail=f"{shown(ran)} ran it last, and the lock has {locked}.",
        repair=NotebookRepair(action="run_all"),
    )


def check_age(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Is the lock of this year?"""
    locked = subject.carried.recorded if subject.carried.document is not None else None
    if locked is None and subject.version and (subject.carried.document is None or agrees(subject)):
        locked = subject.version.created
    if locked is None:
        return UndoneCheck(code="age", reason="Nothing says when its packages were locked.")
    age = subject.now - locked
    if age < -timedelta(days=1):
        detail = f"{locked:%Y-%m-%d} is yet to come: a clock was wrong."
        return NotebookCheck(code="age", grade="look", title="Locked in the future", detail=detail)
    if age <= AGED:
        return NotebookCheck(code="age", grade="pass", title="Locked lately", detail=f"On {locked:%Y-%m-%d}.")
    years = age.days // 365
    return NotebookCheck(
        code="age",
        grade="look",
        title=f"The lock is {counted(years, 'year')} old",
        detail=f"It is of {locked:%Y-%m-%d}. It still builds, without the corrections that came since.",
        repair=updating(subject),
    )


def shown_reason(message: str) -> str:
    """Return why a lock cannot be used, without the words that say that it cannot."""
    return shown(message.removeprefix("The lockfile cannot be used.").strip()[:300])


def _carried(grade: str, title: str, detail: str, repair: NotebookRepair | None) -> NotebookCheck:
    return NotebookCheck.model_validate(
        {"code": "carried", "grade": grade, "title": title, "detail": detail, "repair": repair}
    )


def _asked(asked: AskedElsewhere, repair: NotebookRepair | None) -> NotebookCheck:
    """Say what another program left in place of a lock."""
    if asked.problem:
        reason = asked.problem.removeprefix("What the notebook asks for cannot be used: ")
        return _carried("fail", "What it asks for cannot be used", shown(reason), repair)
    # What runs it is built already, and may be what came of a build of this.
    build, then = NotebookRepair(action="build"), "Build it, and embed what that gives."
    repair, then = (repair, "Embed what it runs on.") if repair else (build, then)
    many = counted(len(asked.packages), "package")
    if asked.whole and asked.exact:
        detail = f"{many}, each in one version, but without Python and the files. {then}"
        return _carried("look", f"Carries a lock of {asked.convention}", detail, repair)
    title = f"Asks for packages as {asked.convention} does, without a lock"
    each, rest = (
        ("each", "What they need may be another version some day.")
        if asked.exact
        else ("not each", "Another day gives others.")
    )
    detail = f"{many}, {each} in one version. {rest} {then}"
    return _carried("fail", title, detail, repair)


def agrees(subject: Subject) -> bool:
    """Tell whether the notebook's lock is that of its kernel's version, or the part of it for some platforms."""
    check = check_kernel(subject)
    return isinstance(check, NotebookCheck) and check.grade == "pass"


def _differing(subject: Subject, document: Document, platforms: Sequence[str]) -> list[str]:
    """Return the names of packages that are not the same for the kernel's version and the notebook."""
    version = subject.version
    assert version is not None
    assert subject.catalog is not None
    if subject.carried.hash == version.lock:
        return []
    theirs = [one for one in subject.catalog.locks.packages(version.lock) if one.platform in platforms]
    ours = [one for platform in platforms for one in packages_of(document, platform)]
    here = {(one.platform, one.manager, one.name): (one.url, one.sha256 or one.md5) for one in ours}
    there = {(one.platform, one.manager, one.name): (one.url, one.sha256 or one.md5) for one in theirs}
    return sorted({key[2] for key in here.keys() | there.keys() if here.get(key) != there.get(key)})
