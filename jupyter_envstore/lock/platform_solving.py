"""One platform of a lock: metadata read, and packages found or what stands in the way. Worker side: loads the solver.

Platforms are worked on at the same time: reading waits for the network, and the solver runs in native threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rattler.repo_data import RepoDataRecord

from jupyter_envstore.errors import LockError, SpecificationError
from jupyter_envstore.lock.channels import ChannelGroup
from jupyter_envstore.lock.concurrency import together
from jupyter_envstore.lock.entries import Entry, parse_entries
from jupyter_envstore.lock.keeping import solve_keeping
from jupyter_envstore.lock.pip.section import PipPart
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.request import LockRequest
from jupyter_envstore.lock.solving import (
    NoSolutionError,
    PlatformSolver,
    Target,
    parse_as_of,
    preferred_records,
)
from jupyter_envstore.lock.urls import split_credentials
from jupyter_envstore.lock.virtual_packages import virtual_packages_for
from jupyter_envstore.schemas import Package

OnStep = Callable[[str], None]
"""Gets ``"solve"`` when a platform's metadata is there, ``"solved"`` when its answer is."""


@dataclass
class PlatformAnswer:
    """What locking one platform came to.

    Attributes
    ----------
    solver, entries
        What was asked, and of whom.
    packages
        None when there is no solution.
    missing
        Names that no channel has for the platform, with names that are written much like them.
    conflict
        What the solver said when nothing is missing and there is no solution all the same.
    pip_failure
        Why the packages of pip cannot be had when those of conda can; None when there is no such reason.
    warnings
        Sentences.
    seconds
        Wall time by part: ``repodata``, ``solve``, ``pip``.
    """

    solver: PlatformSolver
    entries: list[Entry]
    packages: list[Package] | None = None
    missing: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""
    pip_failure: LockError | None = None
    warnings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def platform(self) -> str:
        """The platform that was solved for."""
        return self.solver.target.platform


async def solve_platforms(
    repodata: Repodata,
    request: LockRequest,
    groups: Sequence[ChannelGroup],
    platforms: Sequence[str],
    on_step: OnStep = lambda step: None,
    *,
    to_the_end: bool = False,
) -> dict[str, PlatformAnswer]:
    """Solve for platforms at the same time, and return the answers by platform, in the order of ``platforms``.

    When this machine's platform has no solution, the others are given up and only its answer is returned, unless all
    are wanted ``to_the_end``.

    Raises
    ------
    SpecificationError, InvalidInputError, ChannelUnavailableError
        The first of them ends the others.
    """
    own = current_platform()
    return await together(
        {platform: solve_platform(repodata, request, groups, platform, on_step) for platform in platforms},
        enough=lambda answer: not to_the_end and answer.platform == own and answer.packages is None,
    )


async def solve_platform(
    repodata: Repodata,
    request: LockRequest,
    groups: Sequence[ChannelGroup],
    platform: str,
    on_step: OnStep = lambda step: None,
) -> PlatformAnswer:
    """Solve for one platform.

    Raises
    ------
    SpecificationError, InvalidInputError, ChannelUnavailableError
    """
    began = time.perf_counter()
    pip = PipPart(
        request.specification, request.pip, preferred=request.preferred, freed=request.freed, as_of=request.as_of
    )
    entries = parse_entries(request.specification.dependencies_for(platform), request.settings)
    entries += parse_entries(pip.installer_for(platform, [entry.name for entry in entries]), request.settings)
    if not entries and platform == current_platform():
        raise SpecificationError(f"The specification asks for no package on {platform}. Add one under “dependencies:”.")
    solver, warnings = await _solver(repodata, request, groups, platform)
    answer = PlatformAnswer(solver, entries, warnings=warnings)
    answer.missing = await answer.solver.missing_names(entries)
    read = time.perf_counter()
    on_step("solve")
    if not answer.missing:
        try:
            records = await solve_keeping(answer.solver, entries, request.freed)
            answer.packages = [_package(record, platform) for record in records]
        except NoSolutionError as error:
            answer.conflict = str(error)
    solved = time.perf_counter()
    if answer.packages is not None:
        try:
            answer.packages += await pip.lock(
                platform, answer.packages, solver.target.virtual_packages, await solver.all_names(entries)
            )
        except LockError as error:
            answer.packages, answer.pip_failure = None, error
        answer.warnings += pip.warnings
    answer.seconds = {"repodata": read - began, "solve": solved - read, "pip": time.perf_counter() - solved}
    on_step("solved")
    return answer


async def _solver(
    repodata: Repodata, request: LockRequest, groups: Sequence[ChannelGroup], platform: str
) -> tuple[PlatformSolver, list[str]]:
    """Return the solver, and sentences about what could not be kept."""
    virtual_packages = virtual_packages_for(
        platform, request.virtual_packages.get(platform), request.exact_virtual_packages.get(platform)
    )
    await repodata.names(groups, platform)  # first, because it notices that a channel has changed
    preferred, gone = await preferred_records(repodata, groups, platform, request.preferred)
    as_of = parse_as_of(request.as_of)
    if as_of is not None:  # the solver would keep them although they are too new
        preferred = [record for record in preferred if record.timestamp is None or record.timestamp <= as_of]
    warnings = []
    if gone:
        listed = ", ".join(gone[:10]) + (" …" if len(gone) > 10 else "")
        warnings.append(f"No longer in the channels for {platform}, so they could not be kept as they were: {listed}.")
    target = Target(platform, tuple(groups), virtual_packages, as_of, tuple(preferred))
    return PlatformSolver(repodata, target), warnings


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
