"""A whole lock: every platform solved, failures explained, the document written. Worker side: loads the solver.

A platform that has no solution does not fail the others, but when the machine's own has none there is no lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rattler.repo_data import RepoDataRecord

from jupyter_envstore.errors import EnvStoreError, PipNotSupportedError, SpecificationError, UnsolvableError
from jupyter_envstore.lock.channels import ChannelGroup, ChannelSettings, resolve_channels
from jupyter_envstore.lock.entries import Entry, parse_entries
from jupyter_envstore.lock.explaining import explain
from jupyter_envstore.lock.keeping import solve_keeping
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.solving import (
    NoSolutionError,
    OutOfTimeError,
    PlatformSolver,
    Target,
    not_found,
    parse_as_of,
    preferred_records,
)
from jupyter_envstore.lock.urls import split_credentials
from jupyter_envstore.lock.virtual_packages import VirtualPackages, virtual_packages_for
from jupyter_envstore.schemas import Explanation, Package, Relaxation
from jupyter_envstore.specification import Specification

Emit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class LockRequest:
    """What to lock.

    Attributes
    ----------
    specification
        What was asked for.
    platforms
        Known platforms, at least one.
    channels
        For a specification that names none.
    settings
        How channel names are read and where they are fetched.
    preferred
        Packages of the previous version: kept unless something speaks against them.
    freed
        Names among them that are to be as new as can be; the others then move as far as that takes.
    as_of
        ISO date or time: take packages as they stood then.
    virtual_packages
        By platform, on top of what is detected or published.
    explain_seconds
        Time limit for the explanations of one lock.
    """

    specification: Specification
    platforms: tuple[str, ...]
    channels: tuple[str, ...]
    settings: ChannelSettings
    preferred: tuple[Package, ...] = ()
    freed: tuple[str, ...] = ()
    as_of: str | None = None
    virtual_packages: Mapping[str, Mapping[str, str]] | None = None
    explain_seconds: float = 20.0


class _Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds = {"import": 0.0, "repodata": 0.0, "solve": 0.0, "explain": 0.0, "write": 0.0}
        self._since = time.perf_counter()

    def charge(self, step: str) -> None:
        """Add what passed since the last charge."""
        now = time.perf_counter()
        self.seconds[step] = round(self.seconds[step] + now - self._since, 4)
        self._since = now


async def make_lock(repodata: Repodata, request: LockRequest, emit: Emit) -> dict[str, Any]:
    """Lock a specification.

    Parameters
    ----------
    repodata
        Metadata of channels, warm or not.
    request
        What to lock.
    emit
        Gets ``{"step", "platform", "done", "total"}`` for the steps repodata, solve and write-lock.

    Returns
    -------
    dict
        ``lockfile`` (document), ``packages`` (JSON, of all platforms), ``unsolved`` (platform → `Explanation` as
        JSON), ``warnings`` (words), ``seconds`` by step.

    Raises
    ------
    PipNotSupportedError, SpecificationError, InvalidInputError, ChannelUnavailableError
    PackageNotFoundError, UnsolvableError
        For this machine's platform, or when no platform could be solved.
    """
    specification = request.specification
    if specification.pip:
        raise PipNotSupportedError(
            "The specification has a pip section, and packages from PyPI cannot be built yet. The section is kept; "
            "for now, take what is there from a conda channel, or remove it.",
            packages=list(specification.pip),
        )
    clock = _Clock()
    names = specification.channels or request.channels
    groups = resolve_channels(names, request.settings)
    solved: dict[str, list[Package]] = {}
    offered: dict[str, VirtualPackages] = {}
    unsolved: dict[str, Explanation] = {}
    warnings: list[str] = []
    failure: EnvStoreError | None = None
    deadline = request.explain_seconds
    own = current_platform()
    # This machine's platform comes first: when it fails, nothing else matters.
    ordered = sorted(request.platforms, key=lambda platform: platform != own)
    for number, platform in enumerate(ordered):
        emit({"step": "repodata", "platform": platform, "done": number, "total": len(ordered)})
        entries = _entries(specification, platform, request.settings)
        offered[platform] = virtual_packages_for(platform, (request.virtual_packages or {}).get(platform))
        solver = await _solver(repodata, request, groups, platform, offered[platform], warnings)
        missing = await solver.missing_names(entries)
        clock.charge("repodata")
        emit({"step": "solve", "platform": platform, "done": number, "total": len(ordered)})
        if missing:
            failure = failure or not_found(missing, solver.groups_for(entries), platform)
            if platform == own:
                raise failure
            unsolved[platform] = await _explain_missing(solver, entries, missing)
            continue
        try:
            records = await solve_keeping(solver, entries, request.freed)
            clock.charge("solve")
        except NoSolutionError as error:
            clock.charge("solve")
            started = time.perf_counter()
            unsolved[platform] = await explain(solver, entries, str(error), deadline)
            deadline = max(1.0, deadline - (time.perf_counter() - started))
            clock.charge("explain")
            failure = failure or _unsolvable(unsolved[platform])
            if platform == own:
                raise failure from None
            continue
        solved[platform] = [_package(record, platform) for record in records]
    if not solved and failure is not None:
        raise failure
    emit({"step": "write-lock", "platform": "", "done": len(ordered), "total": len(ordered)})
    from jupyter_envstore.lock.lockfile import write_document

    clock.charge("import")
    document = write_document(
        specification.text, [_shown(name) for name in names if name != "nodefaults"], solved, offered, request.as_of
    )
    clock.charge("write")
    warnings += _warnings(repodata, groups)
    return {
        "lockfile": document,
        "packages": [package.model_dump(mode="json") for platform in sorted(solved) for package in solved[platform]],
        "unsolved": {platform: explanation.model_dump(mode="json") for platform, explanation in unsolved.items()},
        "warnings": list(dict.fromkeys(warnings)),
        "seconds": clock.seconds,
    }


def _entries(specification: Specification, platform: str, settings: ChannelSettings) -> list[Entry]:
    entries = parse_entries(specification.dependencies_for(platform), settings)
    if not entries and platform == current_platform():
        raise SpecificationError(f"The specification asks for no package on {platform}. Add one under “dependencies:”.")
    return entries


async def _solver(
    repodata: Repodata,
    request: LockRequest,
    groups: Sequence[ChannelGroup],
    platform: str,
    virtual_packages: VirtualPackages,
    warnings: list[str],
) -> PlatformSolver:
    await repodata.names(groups, platform)  # first, because it notices that a channel has changed
    preferred, gone = await preferred_records(repodata, groups, platform, request.preferred)
    as_of = parse_as_of(request.as_of)
    if as_of is not None:  # the solver would keep them although they are too new
        preferred = [record for record in preferred if record.timestamp is None or record.timestamp <= as_of]
    if gone:
        listed = ", ".join(gone[:10]) + (" …" if len(gone) > 10 else "")
        warnings.append(f"No longer in the channels for {platform}, so they could not be kept as they were: {listed}.")
    return PlatformSolver(repodata, Target(platform, tuple(groups), virtual_packages, as_of, tuple(preferred)))


async def _explain_missing(
    solver: PlatformSolver, entries: Sequence[Entry], missing: Mapping[str, list[str]]
) -> Explanation:
    """Explain a platform for which a channel does not have a package at all; no solver is needed to see why."""
    lost = [entry for entry in entries if entry.name in missing]
    others = [entry for entry in entries if entry.name not in missing]
    relaxations = []
    try:
        await solver.solve(others, seconds=10.0)
        listed = " and ".join(entry.name for entry in lost)
        relaxations = [Relaxation(title=f"Leave out {listed}", remove=[entry.text for entry in lost], add=[])]
    except (NoSolutionError, OutOfTimeError):
        pass
    return Explanation(
        platform=solver.target.platform,
        summary=not_found(missing, solver.groups_for(entries), solver.target.platform).message,
        conflict=[lost[0].text],
        relaxations=relaxations,
    )


def _unsolvable(explanation: Explanation) -> UnsolvableError:
    hint = f" {explanation.relaxations[0].title} would help." if explanation.relaxations else ""
    return UnsolvableError(f"{explanation.summary}{hint}", explanation=explanation.model_dump(mode="json"))


def _package(record: RepoDataRecord, platform: str) -> Package:
    return Package(
        name=record.name.normalized,
        version=str(record.version),
        build=str(record.build),
        platform=platform,
        subdir=record.subdir,
        channel=split_credentials(str(record.channel))[0].rstrip("/"),
        url=split_credentials(record.url)[0],
        md5=record.md5.hex() if record.md5 else None,
        sha256=record.sha256.hex() if record.sha256 else None,
        size=record.size,
        license=record.license,
        depends=list(record.depends),
    )


def _shown(name: str) -> str:
    return split_credentials(name)[0] if "://" in name else name


def _warnings(repodata: Repodata, groups: Sequence[ChannelGroup]) -> list[str]:
    warnings = []
    if repodata.offline:
        warnings.append("Offline: what the channels offer was read from the cache, however old it is.")
    for channel in (channel for group in groups for channel in group.channels):
        if channel.url in repodata.fell_back:
            warnings.append(f"The channel {channel.name} serves its metadata in parts badly; the whole file was used.")
    return warnings
