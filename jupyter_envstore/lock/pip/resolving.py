"""One platform's pip part: requirements → the files to install, each with its digest. Worker side: runs uv."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jupyter_envstore.errors import LockError
from jupyter_envstore.lock.pip.choosing import choose
from jupyter_envstore.lock.pip.entries import PipEntry, PipSection
from jupyter_envstore.lock.pip.machine import uv_environment
from jupyter_envstore.lock.pip.settings import PipSettings
from jupyter_envstore.lock.pip.sources import commit_of
from jupyter_envstore.lock.pip.stubs import pip_version, write_stubs
from jupyter_envstore.lock.pip.targets import Target
from jupyter_envstore.lock.pip.uv import Question, Resolution, UvError, resolve
from jupyter_envstore.lock.pip.uv_log import Need, without_wheel
from jupyter_envstore.schemas import Package


@dataclasses.dataclass(frozen=True)
class PipProblem:
    """What is to be resolved for one platform.

    Attributes
    ----------
    section
        What the specification asks for there.
    target
        What wheels have to fit.
    supplied
        The conda packages, by the name of the project that each supplies.
    preferred
        Packages of the version before, to be kept where nothing speaks against them.
    before
        These and the packages of the version before that may move.
    exclude_newer
        A moment as uv reads it, or None.
    left_out
        Names of packages that are treated as if nobody needed them.
    """

    section: PipSection
    target: Target
    supplied: Mapping[str, Package]
    preferred: Sequence[Package] = ()
    before: Sequence[Package] = ()
    exclude_newer: str | None = None
    left_out: frozenset[str] = frozenset()


def resolve_pip(problem: PipProblem, settings: PipSettings) -> tuple[list[Package], list[str]]:
    """Return the packages that pip has to add, by name, and what is worth telling.

    Where no code may be run although a person allowed it, as in a preview, packages that have to be built are taken
    as they were locked before.

    Raises
    ------
    UvError
        When nothing fits, or something cannot be fetched.
    LockError, InvalidInputError
    """
    section, allowed = problem.section, settings.allow_source if settings.may_build else frozenset()
    environment = {
        **uv_environment(
            settings.index_url,
            settings.extra_index_urls,
            section_index=section.index_url,
            section_extra=section.extra_index_urls,
            section_links=section.find_links,
        ),
        **problem.target.variables,
    }
    by_address = frozenset(entry.name for entry in section.entries if entry.needs_consent)
    source = by_address & allowed
    if source != by_address:
        return _unbuilt(problem, settings, environment)
    while True:
        try:
            resolution = _resolve(problem, settings, environment, source)
            return _packages(problem, resolution, source), list(resolution.notes)
        except UvError as error:
            # Built is only what has no wheel that fits.
            wanted = {other.name for other in without_wheel(error.text)} & settings.allow_source - source
            if not wanted:
                raise
            if not settings.may_build:
                return _unbuilt(problem, settings, environment)
            source |= wanted


def _unbuilt(
    problem: PipProblem, settings: PipSettings, environment: Mapping[str, str]
) -> tuple[list[Package], list[str]]:
    """Resolve without what has to be built: it stays as it was before, with what it was known to need."""
    names = settings.allow_source
    asked = {entry.name for entry in problem.section.entries}
    kept = [package for package in problem.before if package.name in names]
    while True:
        entries = [entry for entry in problem.section.entries if entry.name not in names]
        entries += [need for need in _needs_of(kept, problem.supplied) if need.name not in names]
        section = dataclasses.replace(problem.section, entries=tuple(entries))
        reduced = dataclasses.replace(problem, section=section, left_out=names)
        resolution = _resolve(reduced, settings, environment, frozenset())
        found = _packages(reduced, resolution, frozenset())
        # What is left out of the question is in no answer: who needed it before is taken to need it still.
        needed = _reached(asked, [*found, *problem.before])
        if all(package.name in needed for package in kept):
            break
        kept = [package for package in kept if package.name in needed]
    notes = list(resolution.notes)
    if new := ", ".join(sorted(asked & names - {package.name for package in kept})):
        notes.append(f"{new}: what it needs is known only when it is built, which a preview does not do.")
    if moving := ", ".join(package.name for package in kept if not _stays(package, problem)):
        notes.append(f"{moving}: what it moves to is known only when it is built, which a preview does not do.")
    return sorted([*found, *kept], key=lambda package: package.name), notes


def _needs_of(packages: Iterable[Package], supplied: Mapping[str, Package]) -> Iterator[PipEntry]:
    """Return what packages were known to need, as entries of a section."""
    projects = {package.name: name for name, package in supplied.items()}
    for package in packages:
        for spec in package.depends:
            name, _, versions = spec.partition(" ")
            yield PipEntry(spec, None, name, Requirement(f"{projects.get(name, name)}{versions}"))


def _reached(asked: Iterable[str], packages: Iterable[Package]) -> set[str]:
    """Return the names of what is asked for, and of what that needs."""
    depends: dict[str, list[str]] = {}
    for package in packages:
        depends.setdefault(package.name, []).extend(spec.partition(" ")[0] for spec in package.depends)
    reached: set[str] = set()
    waiting = list(asked)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += depends.get(name, [])
    return reached


def _stays(package: Package, problem: PipProblem) -> bool:
    """Tell whether a package of the version before is held, and is what the section asks for."""
    return package in problem.preferred and all(
        entry.requirement.specifier.contains(package.version, prereleases=True)
        for entry in problem.section.entries
        if entry.name == package.name
    )


def _resolve(
    problem: PipProblem, settings: PipSettings, environment: Mapping[str, str], source: frozenset[str]
) -> Resolution:
    section = problem.section
    stubs = write_stubs(problem.supplied, settings.cache / "conda")
    question = Question(
        requirements=[_requirement(entry, problem.preferred) for entry in section.entries],
        constraints=[f"{name} @ {url}" for name, url in sorted(stubs.items())],
        python=problem.target.python,
        platform=problem.target.name,
        preferred={package.name: package.version for package in problem.preferred},
        source=source,
        exclude_newer=problem.exclude_newer,
        excluded=problem.left_out,
        prereleases=section.prereleases,
        offline=settings.offline,
    )
    resolution = resolve(question, settings.cache, environment, settings.seconds)
    if not resolution.lost_extras:
        return resolution
    # Somebody wants an extra of a package of conda: only the index knows what that needs.
    constraints = [
        f"{name}=={pip_version(problem.supplied[name].version)}"
        if name in resolution.lost_extras
        else f"{name} @ {url}"
        for name, url in sorted(stubs.items())
    ]
    return resolve(
        dataclasses.replace(question, constraints=constraints), settings.cache, environment, settings.seconds
    )


def _requirement(entry: PipEntry, preferred: Sequence[Package]) -> str:
    """Return an entry as uv reads it; a repository that it names without a commit or tag stays where it was."""
    url = entry.requirement.url
    if entry.origin == "repository" and url is not None and "@" not in urlsplit(url).path:
        for package in preferred:
            commit = commit_of(package.url)
            if package.name == entry.name and commit and package.url.startswith(f"{url.partition('#')[0]}@"):
                place, mark, fragment = url.partition("#")
                return str(entry.requirement).replace(url, f"{place}@{commit}{mark}{fragment}")
    return str(entry.requirement)


def _packages(problem: PipProblem, resolution: Resolution, source: frozenset[str]) -> list[Package]:
    hashes = {entry.name: entry.hashes for entry in problem.section.entries if entry.hashes}
    before = {package.name: package.url for package in problem.preferred}
    found = []
    for table in resolution.packages:
        name = canonicalize_name(table["name"])
        if name in problem.supplied:
            continue
        version = str(table.get("version") or "")
        file = choose(table, problem.target, hashes.get(name, frozenset()), before.get(name))
        if file.needs_build and name not in source:
            raise LockError(f"{name} {version} would have to be built, which nobody allowed.", package=name)
        found.append(
            Package(
                manager="pip",
                name=name,
                version=version,
                platform=problem.target.platform,
                url=file.url,
                sha256=file.sha256,
                size=file.size,
                depends=_depends(name, version, resolution.needs, problem.supplied),
            )
        )
    return sorted(found, key=lambda package: package.name)


def _depends(name: str, version: str, needs: Iterable[Need], supplied: Mapping[str, Package]) -> list[str]:
    """Return what a package needs as match specs, under the names that the packages of the lock have."""
    found: dict[str, list[str]] = {}
    for need in needs:
        if need.parent == name and pip_version(need.version) == pip_version(version):
            there = supplied[need.name].name if need.name in supplied else need.name
            specifiers = found.setdefault(there, [])
            if need.specifier and need.specifier not in specifiers:
                specifiers.append(need.specifier)
    return [f"{there} {','.join(specifiers)}".strip() for there, specifiers in sorted(found.items())]
