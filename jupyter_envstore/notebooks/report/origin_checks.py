"""Where do the packages of the lock come from, and is each the very file that it was?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from jupyter_envstore.lock.document import all_packages
from jupyter_envstore.lock.urls import hide_credentials
from jupyter_envstore.notebooks.report.repairs import embedding, updating
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.words import MOST_PLACES, counted, in_cells, listed, number
from jupyter_envstore.schemas import NotebookCheck, NotebookPlace, NotebookRepair, Package, UndoneCheck
from jupyter_envstore.specification.credentials import has_credentials

_COMMIT = re.compile(r"@[0-9a-f]{40}(?:[0-9a-f]{24})?(?:[#?]|$)")
_LONGEST = 4000
_NO_LOCK = "There is no lock."
_SECRET = re.compile(
    # What services give out is told by how it begins; anything else that is long may be a hash.
    r"\b(?:ghp_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90}|glpat-[A-Za-z0-9_-]{20}|AKIA[0-9A-Z]{16}"
    r"|xox[abpr]-[A-Za-z0-9-]{20,80}|hf_[A-Za-z0-9]{34}|sk-[A-Za-z0-9_-]{40,200}|AIza[A-Za-z0-9_-]{35})\b"
)


def check_hashes(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Has each package a digest, and does none come from where something else may lie tomorrow?"""
    code = "hashes"
    if subject.carried.problem:
        return UndoneCheck(code=code, reason="The lock cannot be used.")
    if not subject.is_locked:
        return UndoneCheck(code=code, reason=_NO_LOCK)
    packages = _all(subject)
    moving = _names(one for one in packages if _is_repository(one) and not _COMMIT.search(one.url))
    if moving:
        title = f"{number(len(moving))} moving {'target' if len(moving) == 1 else 'targets'}"
        detail = f"{listed(moving)}: from a branch or a tag of a repository, which may be another one tomorrow."
        return NotebookCheck(code=code, grade="fail", title=title, detail=detail, repair=updating(subject))
    weak = _names(one for one in packages if not one.sha256 and not _is_repository(one))
    if weak:
        verb = "packages have" if len(weak) > 1 else "package has"
        detail = f"{listed(weak)}: with an md5 only, which can be forged."
        title = f"{number(len(weak))} {verb} no sha256"
        return NotebookCheck(code=code, grade="look", title=title, detail=detail, repair=updating(subject))
    built = _names(one for one in packages if _is_repository(one))
    if built:
        title = f"{number(len(built))} {'is' if len(built) == 1 else 'are'} built from a repository"
        detail = f"{listed(built)}: at one commit, for as long as the repository is there. A wheel would be surer."
        return NotebookCheck(code=code, grade="look", title=title, detail=detail)
    detail = f"{counted(len({one.url for one in packages}), 'file')}, each with its sha256."
    return NotebookCheck(code=code, grade="pass", title="Every package is one certain file", detail=detail)


def check_channels(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Can others reach the places that the packages come from?"""
    code = "channels"
    if not subject.is_locked:
        return UndoneCheck(code=code, reason=_NO_LOCK)
    packages = _all(subject)
    places: dict[str, list[Package]] = {}
    for package in packages:
        places.setdefault(_place(package), []).append(package)
    local = sorted(place for place in places if place.startswith("file:"))
    if local:
        names = _names(one for place in local for one in places[place])
        detail = f"{listed(names)}: in a folder of one machine. Publish them where others can fetch them."
        title = f"{counted(len(names), 'package')} cannot be fetched elsewhere"
        return NotebookCheck(code=code, grade="look", title=title, detail=detail)
    plain = sorted(place for place in places if place.startswith("http:"))
    if plain:
        detail = f"{listed(plain)}: what is sent there can be read, though not changed, on its way."
        return NotebookCheck(code=code, grade="look", title="Fetched without encryption", detail=detail)
    detail = f"{listed(hide_credentials(place) for place in sorted(places))}." if places else ""
    title = f"From {counted(len(places), 'place')} that others can reach"
    return NotebookCheck(code=code, grade="pass", title=title, detail=detail)


def check_credentials(subject: Subject) -> NotebookCheck:
    """Does a password or token stand in it?"""
    code = "credentials"
    if any(_has_secret(text) for text in _carried_texts(subject)):
        detail = "A password or a token stands in it. Whoever gets the notebook can use that: change it."
        title = "A secret is in the lock"
        return NotebookCheck(code=code, grade="fail", title=title, detail=detail, repair=embedding(subject))
    texts = {cell.number: cell.text for cell in subject.notebook.cells} | dict(subject.notebook.texts)
    found = [
        NotebookPlace(cell=cell, line=line)
        for cell, text in sorted(texts.items())
        for line, written in enumerate(text.split("\n"), start=1)
        if _has_secret(written)
    ][:MOST_PLACES]
    if found:
        return NotebookCheck(
            code=code,
            grade="fail",
            title="A secret is in a cell",
            detail=f"{in_cells(found)[1:-1].capitalize()}. Whoever gets the notebook can use it: change it, and read "
            "it from a variable.",
            places=found,
            repair=NotebookRepair(action="show_cell", arguments={"cell": found[0].cell}),
        )
    return NotebookCheck(code=code, grade="pass", title="No secrets found")


def _has_secret(line: str) -> bool:
    return _SECRET.search(line) is not None or has_credentials(line[:_LONGEST])


def _carried_texts(subject: Subject) -> Iterator[str]:
    raw = subject.carried.raw
    yield from str(raw.get("specification") or "").split("\n")
    waiting: list[object] = [raw.get("lockfile")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and "://" in value:
            yield value.replace("git+ssh://git@", "git+ssh://")


def _all(subject: Subject) -> Sequence[Package]:
    document = subject.carried.document
    if document is not None:
        return all_packages(document)
    assert subject.version is not None
    assert subject.catalog is not None
    return subject.catalog.locks.packages(subject.version.lock)


def _is_repository(package: Package) -> bool:
    return package.manager == "pip" and "+" in urlsplit(package.url).scheme


def _place(package: Package) -> str:
    if package.manager == "conda":
        return package.channel
    parts = urlsplit(package.url)
    return "file:" if parts.scheme == "file" else f"{parts.scheme}://{parts.hostname or ''}"


def _names(packages: Iterator[Package]) -> list[str]:
    return sorted({one.name for one in packages})
