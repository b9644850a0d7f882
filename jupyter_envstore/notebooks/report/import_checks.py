"""Is everything that the notebook imports in the lock, and was it asked for?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from jupyter_envstore.lock.pip.names import pip_name
from jupyter_envstore.notebooks.report.imports import Import, modules_written
from jupyter_envstore.notebooks.report.repairs import adding, building
from jupyter_envstore.notebooks.report.standard_library import python_of, removed_in, standard_modules
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.suppliers import Suppliers, package_of_import, suppliers_by_name
from jupyter_envstore.notebooks.report.words import MOST_PLACES, in_cells, listed, number, shown
from jupyter_envstore.schemas import NotebookCheck, NotebookPlace, UndoneCheck
from jupyter_envstore.specification.version_matching import name_of

_NO_LOCK = "There is no lock that the imports could be held against."
_ALWAYS = frozenset({"__main__", "__future__"})
_INTERPRETER = frozenset({"IPython", "ipykernel"})
"""What runs a notebook: it is there, or nothing would be imported."""


@dataclass
class Supply:
    """Where each import comes from.

    Attributes
    ----------
    missing
        Those that no package of the lock supplies.
    beside
        Those that are called like something in the notebook's folder.
    hidden
        Those that a package supplies, and that are taken from a file in the notebook's folder all the same.
    unknown
        Those that nobody can tell of before the lock is built.
    packages
        The names of the packages that supply the others, each with its imports. Of an import that several packages
        have a part in, all of them.
    """

    missing: list[Import] = field(default_factory=list)
    beside: list[Import] = field(default_factory=list)
    hidden: list[Import] = field(default_factory=list)
    unknown: list[Import] = field(default_factory=list)
    packages: list[tuple[Import, set[str]]] = field(default_factory=list)


def supply_of(subject: Subject) -> Supply:
    """Find out where the imports of a notebook come from: by the files of its prefix, or without one by their names."""
    supply = Supply()
    finder = _Finder(subject)
    written = modules_written(subject.notebook.cells)
    for one in subject.imports:
        if finder.is_standard(one.top) or one.top in written:
            continue
        owners = finder.owners(one)
        if owners and subject.beside is not None and one.top in subject.beside.files:
            supply.hidden.append(one)  # IPython looks there after Python's own modules, and before packages
        elif owners:
            supply.packages.append((one, owners))
        elif subject.beside is not None and one.top in subject.beside:
            supply.beside.append(one)
        elif one.optional:
            continue
        elif finder.is_certain(one):
            supply.missing.append(one)
        else:
            supply.unknown.append(one)
    return supply


def check_imports(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Does the lock supply all that is imported?"""
    refusal = _refusal(subject)
    if refusal:
        return UndoneCheck(code="imports", reason=refusal)
    supply = supply_of(subject)
    if supply.missing:
        tops = {one.top for one in supply.missing}
        where = "the environment" if subject.is_locked else "what it asks for"
        what = "imports are" if len(tops) > 1 else "import is"
        likely = {package_of_import(one.module) for one in supply.missing if not removed_in(one.top)}
        wanted = sorted(name for name in likely if name)
        gone = sorted({one.top for one in supply.missing if removed_in(one.top)})
        note = f" {listed(gone)}: not a part of Python {_minor(subject)} any more." if gone else ""
        note += f" {_own(supply.beside)}" if supply.beside else ""
        return NotebookCheck(
            code="imports",
            grade="fail",
            title=f"{number(len(tops))} {what} not in {where}",
            detail=f"{in_cells(_places(supply.missing))}.{note}",
            places=_places(supply.missing),
            repair=adding(subject, wanted),
        )
    if supply.unknown:
        tops = {one.top for one in supply.unknown}
        note = f" {_own(supply.beside)}" if supply.beside else ""
        return NotebookCheck(
            code="imports",
            grade="look",
            title=f"{number(len(tops))} {'imports' if len(tops) > 1 else 'import'} of unknown origin",
            detail=f"{in_cells(_places(supply.unknown))}. Only a build tells whether a package of the lock has "
            f"{'them' if len(tops) > 1 else 'it'}.{note}",
            places=_places(supply.unknown),
            repair=building(subject),
        )
    if supply.beside:
        tops = {one.top for one in supply.beside}
        return NotebookCheck(
            code="imports",
            grade="look",
            title="Imports a file beside it" if len(tops) == 1 else f"Imports {len(tops)} files beside it",
            detail=_own(supply.beside),
            places=_places(supply.beside),
        )
    if supply.hidden:
        one = len({found.top for found in supply.hidden}) == 1
        detail = f"{in_cells(_places(supply.hidden))}: a notebook takes what lies beside it first. Hand the "
        return NotebookCheck(
            code="imports",
            grade="look",
            title="A file beside it hides a package" if one else "Files beside it hide packages",
            detail=f"{detail}{'file on, or rename it' if one else 'files on, or rename them'}.",
            places=_places(supply.hidden),
        )
    if not subject.imports:
        return NotebookCheck(code="imports", grade="pass", title="Imports nothing")
    names = sorted({name for _, names in supply.packages for name in names})
    title = "Every import is in the environment" if subject.is_locked else "Every import is asked for"
    detail = f"{listed(names)}." if names else "Python itself has all of it."
    return NotebookCheck(code="imports", grade="pass", title=title, detail=detail)


def check_asked_for(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Was each package that is imported asked for, or is it there only because another one needs it?"""
    code = "asked_for"
    refusal = _refusal(subject)
    if refusal:
        return UndoneCheck(code=code, reason=refusal)
    requests = subject.requests
    if requests is None:
        return UndoneCheck(code=code, reason="Nothing says what was asked for when it was locked.")
    asked = {name_of(text) for text in (*requests.conda, *requests.pip)}
    projects: set[str] = {canonicalize_name(name) for name in asked}
    by_name = {one.name: one for one in subject.packages}
    projects |= {project for name in asked if name in by_name and (project := pip_name(by_name[name]))}

    def is_asked(name: str) -> bool:
        package = by_name.get(name)
        project = pip_name(package) if package and package.manager == "conda" else canonicalize_name(name)
        return name in asked or project in projects

    unasked = [
        (one, owners)
        for one, owners in supply_of(subject).packages
        if one.top not in _INTERPRETER and not any(map(is_asked, owners))
    ]
    if not unasked:
        return NotebookCheck(code=code, grade="pass", title="Every import was asked for")
    names = sorted({min(owners, key=lambda name: (len(name), name)) for _, owners in unasked})
    places = _places(one for one, _ in unasked)
    verb = "packages are" if len(names) > 1 else "package is"
    return NotebookCheck(
        code=code,
        grade="look",
        title=f"{number(len(names))} imported {verb} not asked for",
        detail=f"{in_cells(places)}: there only because something else needs it now. Ask for {listed(names)}.",
        places=places,
        repair=adding(subject, names),
    )


class _Finder:
    def __init__(self, subject: Subject) -> None:
        self._packages = subject.packages or subject.requested
        self._told = subject.is_locked or (subject.asked is not None and subject.asked.whole)
        self._standard = standard_modules(python_of(subject.packages))
        installed = subject.installed
        tops = {one.top for one in subject.imports}
        self._suppliers = Suppliers.in_prefix(installed, tops) if installed is not None else None

    def is_standard(self, top: str) -> bool:
        return (
            top in _ALWAYS or top in self._standard or (self._suppliers is not None and top in self._suppliers.standard)
        )

    def owners(self, one: Import) -> set[str]:
        if self._suppliers is not None:
            found = self._suppliers.of(one.module, one.members)
            if found:
                return found
            # Some packages make others' modules importable without a file of that name, as setuptools does distutils.
            return self._named(package_of_import(one.module)) if removed_in(one.top) else set()
        return suppliers_by_name(one.module, self._packages)

    def is_certain(self, one: Import) -> bool:
        """Whether what was not found is not there."""
        if self._suppliers is not None or removed_in(one.top):
            return True
        if not self._told:  # what is asked for may bring it
            return False
        return package_of_import(one.module) not in (None, one.top.lower().replace("_", "-"))

    def _named(self, name: str | None) -> set[str]:
        return {package.name for package in self._packages if package.name == name}


def _refusal(subject: Subject) -> str:
    if subject.notebook.language != "python":
        return "Imports are read in Python notebooks only."
    if not subject.is_locked:
        return "" if subject.requested else _NO_LOCK
    return "" if subject.packages else f"The lock has nothing for {subject.own}, this machine's platform."


def _minor(subject: Subject) -> str:
    return ".".join(str(part) for part in python_of(subject.packages) or ())


def _places(imports: Iterable[Import]) -> list[NotebookPlace]:
    return [NotebookPlace(cell=one.cell, line=one.line, what=shown(one.module)) for one in imports][:MOST_PLACES]


def _own(beside: Sequence[Import]) -> str:
    """Say of imports that are called like something in the notebook's folder what they may be."""
    what = "may be files of your own" if len({one.top for one in beside}) > 1 else "may be a file of your own"
    return f"{in_cells(_places(beside))} {what}, beside the notebook: hand that on with it."
