"""One platform's pip part: requirements → the files to install, each with its digest. Worker side: runs uv."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from jupyter_envstore.errors import LockError
from jupyter_envstore.lock.pip.machine import uv_environment
from jupyter_envstore.lock.pip.requirements import PipEntry, PipSection
from jupyter_envstore.lock.pip.settings import PipSettings
from jupyter_envstore.lock.pip.sources import commit_of, is_wheel
from jupyter_envstore.lock.pip.stubs import pip_version, write_stubs
from jupyter_envstore.lock.pip.targets import Target
from jupyter_envstore.lock.pip.uv import Question, Resolution, UvError, resolve
from jupyter_envstore.lock.pip.uv_log import Need, without_wheel
from jupyter_envstore.lock.urls import split_credentials
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
    exclude_newer
        A moment as uv reads it, or None.
    left_out
        Names of packages that are treated as if nobody needed them.
    """

    section: PipSection
    target: Target
    supplied: Mapping[str, Package]
    preferred: Sequence[Package] = ()
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
    kept = [package for package in problem.preferred if package.name in names]
    projects = {package.name: name for name, package in problem.supplied.items()}
    needs = []
    for package in kept:
        for spec in package.depends:
            name, _, versions = spec.partition(" ")
            if name not in names:
                needs.append(PipEntry(spec, None, name, Requirement(f"{projects.get(name, name)}{versions}")))
    entries = [entry for entry in problem.section.entries if entry.name not in names]
    reduced = dataclasses.replace(
        problem, section=dataclasses.replace(problem.section, entries=(*entries, *needs)), left_out=names
    )
    resolution = _resolve(reduced, settings, environment, frozenset())
    found = _packages(reduced, resolution, frozenset())
    found = sorted([*found, *kept], key=lambda package: package.name)
    new = sorted({entry.name for entry in problem.section.entries} & names - {package.name for package in kept})
    notes = list(resolution.notes)
    if new:
        notes.append(f"{', '.join(new)}: what it needs is known only when it is built, which a preview does not do.")
    return found, notes


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
        file = _file(table, problem.target, hashes.get(name, frozenset()), before.get(name))
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


@dataclasses.dataclass(frozen=True)
class _File:
    url: str
    sha256: str | None
    size: int | None
    needs_build: bool = False


def _file(table: Mapping[str, Any], target: Target, hashes: frozenset[str], before: str | None) -> _File:
    name, version = table["name"], table.get("version")
    if vcs := table.get("vcs"):
        where = f"#subdirectory={vcs['subdirectory']}" if vcs.get("subdirectory") else ""
        url = split_credentials(str(vcs["url"]))[0] if not str(vcs["url"]).startswith("ssh://") else str(vcs["url"])
        return _File(f"{vcs['type']}+{url}@{vcs['commit-id']}{where}", None, None, needs_build=True)
    if archive := table.get("archive"):
        url = _url(archive)
        ready = is_wheel(url)
        if ready and not _fits(url, target):
            raise LockError(
                f"The wheel {_filename(url)}, which the pip section names, is for another platform or Python than "
                f"{target.platform} with Python {target.python}. Give it a marker, or name one that fits.",
                package=name,
                platform=target.platform,
            )
        return _stated(archive, url, name, version, hashes, needs_build=not ready)
    wheels = [wheel for wheel in table.get("wheels") or () if not hashes or _sha256(wheel) in hashes]
    if wheels:
        wheel = _best(wheels, target, before)
        return _stated(wheel, _url(wheel), name, version, hashes)
    if sdist := table.get("sdist"):
        return _stated(sdist, _url(sdist), name, version, hashes, needs_build=True)
    raise _no_such_hash(name, version) if hashes else LockError(f"uv names no file for {name} {version}.", package=name)


def _stated(
    stated: Mapping[str, Any],
    url: str,
    name: str,
    version: str | None,
    hashes: frozenset[str],
    *,
    needs_build: bool = False,
) -> _File:
    sha256 = _sha256(stated)
    if sha256 is None:
        raise LockError(
            f"The index states no sha256 for {name} {version}, so nobody could tell whether a download is the locked "
            "file. Take it from another index, or ask the index's owner.",
            package=name,
        )
    if hashes and sha256 not in hashes:
        raise _no_such_hash(name, version)
    return _File(url, sha256, stated.get("size"), needs_build)


def _no_such_hash(name: str, version: str | None) -> LockError:
    return LockError(
        f"No file of {name} {version} has a sha256 that the specification states for it. Nothing was taken; find out "
        "why they differ before you change the hash.",
        package=name,
    )


def _best(wheels: Sequence[Mapping[str, Any]], target: Target, before: str | None) -> Mapping[str, Any]:
    """Choose among wheels: the one that was locked before, else the one that fits the target best."""
    for wheel in wheels:
        if before is not None and _url(wheel) == before:
            return wheel
    rank = {tag: number for number, tag in enumerate(target.tags)}

    def place(wheel: Mapping[str, Any]) -> tuple[int, int]:
        try:
            _, _, build, tags = parse_wheel_filename(_filename(_url(wheel)))
        except InvalidWheelFilename:
            return len(rank), 0
        return min((rank[tag] for tag in tags if tag in rank), default=len(rank)), -(build[0] if build else 0)

    return min(wheels, key=place)


def _fits(url: str, target: Target) -> bool:
    try:
        return not parse_wheel_filename(_filename(url))[3].isdisjoint(target.tags)
    except InvalidWheelFilename:
        return False


def _url(stated: Mapping[str, Any]) -> str:
    return split_credentials(str(stated["url"]))[0].partition("#")[0]


def _filename(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name


def _sha256(stated: Mapping[str, Any]) -> str | None:
    digest = (stated.get("hashes") or {}).get("sha256")
    return str(digest).lower() if digest else None


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
