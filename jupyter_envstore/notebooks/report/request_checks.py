"""Does the lock hold what was asked for, and for which platforms?"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from jupyter_envstore.notebooks.report.repairs import embedding, locking
from jupyter_envstore.notebooks.report.subject import Requests, Subject
from jupyter_envstore.notebooks.report.words import counted, listed, number
from jupyter_envstore.schemas import NotebookCheck, Package, UndoneCheck
from jupyter_envstore.specification.version_matching import name_of, satisfies

_USUAL = ("linux-64", "osx-arm64", "win-64")
"""What most people who get a notebook have."""
_WORDS = {
    "linux-64": "Linux",
    "linux-aarch64": "Linux on ARM",
    "linux-ppc64le": "Linux on POWER",
    "osx-64": "Macs with Intel processors",
    "osx-arm64": "macOS",
    "win-64": "Windows",
}


def check_constraints(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Does the lock hold what was asked for? What is asked for without a version is fine, since it is locked."""
    code = "constraints"
    if not subject.packages:
        return UndoneCheck(code=code, reason="There is no lock for this machine that could be held against it.")
    if subject.requests is None:
        written = bool(subject.carried.specification)
        return NotebookCheck(
            code=code,
            grade="look",
            title="What was asked for cannot be read" if written else "Does not say what was asked for",
            detail="It can be built as it is, but not changed or updated as its author would.",
            repair=embedding(subject),
        )
    broken = list(_broken(subject, subject.requests))
    if broken:
        verb = "requests are" if len(broken) > 1 else "request is"
        return NotebookCheck(
            code=code,
            grade="fail",
            title=f"{number(len(broken))} {verb} not met by the lock",
            detail=f"{listed(broken)}. One of the two was changed without the other.",
            repair=embedding(subject),
        )
    free = sorted({name_of(text) for text in (*subject.requests.conda, *subject.requests.pip) if _is_free(text)})
    detail = f"An update may move {listed(free)} to any version." if free else "Each request bounds its versions."
    return NotebookCheck(code=code, grade="pass", title="The lock holds what was asked for", detail=detail)


def check_platforms(subject: Subject, wanted: tuple[str, ...] = ()) -> NotebookCheck | UndoneCheck:
    """Is it locked for this machine, and for those that others have?

    Parameters
    ----------
    wanted
        Platforms that the store locks for; the usual ones when there are none.
    """
    if not subject.is_locked:
        return UndoneCheck(code="platforms", reason="There is no lock.")
    covered = subject.platforms
    detail = f"{' and '.join(covered) if len(covered) < 3 else listed(covered)} {'are' if len(covered) > 1 else 'is'}."
    if subject.own not in covered:
        return NotebookCheck(
            code="platforms",
            grade="fail",
            title=f"Not locked for {_WORDS[subject.own]}, which this machine has",
            detail=detail,
            repair=locking(subject, [subject.own]),
        )
    missing = [platform for platform in wanted or _USUAL if platform not in covered]
    if missing:
        names = [_WORDS.get(platform, platform) for platform in missing]
        title = f"Not locked for {' and '.join(names) if len(names) < 3 else listed(names)}"
        repair = locking(subject, missing)
        return NotebookCheck(code="platforms", grade="look", title=title, detail=detail, repair=repair)
    title = f"Locked for {counted(len(covered), 'platform')}"
    return NotebookCheck(code="platforms", grade="pass", title=title, detail=f"{listed(covered)}.")


def _broken(subject: Subject, requests: Requests) -> Iterator[str]:
    conda: dict[str, Package] = {one.name.lower(): one for one in subject.packages if one.manager == "conda"}
    pip: dict[str, Package] = {canonicalize_name(one.name): one for one in subject.packages if one.manager == "pip"}
    for found, texts in ((conda, requests.conda), (pip, requests.pip)):
        for text in texts:
            name = name_of(text)
            if name.startswith("__"):
                continue
            package = found.get(name)
            if package is None and found is pip and name in conda:
                continue  # conda brings it, and pip has nothing to do
            if package is None:
                yield f"{name} is not there"
            elif not satisfies(package.version, package.build, text):
                yield f"{text.strip()} (locked: {package.version})"


def _is_free(text: str) -> bool:
    rest = text.rpartition("::")[2].strip()
    return rest.lower() == name_of(text)
