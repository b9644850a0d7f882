"""The pip part of a whole lock: for each platform that conda's part was solved for, what pip adds to it.

Worker side: runs uv. The one call that locking makes is `PipPart.lock`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Collection, Mapping, Sequence

from packaging.requirements import Requirement

from jupyter_envstore.errors import (
    LockError,
    SourceNotAllowedError,
    SpecificationError,
    UnsolvableError,
)
from jupyter_envstore.lock.pip.conflicts import failure
from jupyter_envstore.lock.pip.entries import PipEntry, PipSection
from jupyter_envstore.lock.pip.names import supplied
from jupyter_envstore.lock.pip.requirements import read_section
from jupyter_envstore.lock.pip.resolving import PipProblem, resolve_pip
from jupyter_envstore.lock.pip.settings import PipSettings
from jupyter_envstore.lock.pip.targets import target_for
from jupyter_envstore.lock.pip.uv import UvError
from jupyter_envstore.lock.solving import near_names, parse_as_of
from jupyter_envstore.schemas import Explanation, Package, Relaxation
from jupyter_envstore.specification import Specification

INSTALLER = "pip"
"""The conda package that a pip section brings along, as conda and conda-lock have it."""
MOST_RELAXED = 8
"""Entries for which something milder is tried when nothing fits."""
RELAX_SECONDS = 20.0
"""Time limit of such an attempt, and time after which no further one begins."""


class PipPart:
    """What a specification asks pip for.

    Attributes
    ----------
    warnings
        What was worth telling so far.
    """

    def __init__(
        self,
        specification: Specification,
        settings: PipSettings,
        *,
        preferred: Sequence[Package] = (),
        freed: Collection[str] = (),
        as_of: str | None = None,
    ) -> None:
        self.warnings: list[str] = []
        self._specification = specification
        self._settings = settings
        self._before = [item for item in preferred if item.manager == "pip"]
        self._freed = frozenset(freed)
        moment = parse_as_of(as_of)
        self._exclude_newer = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

    def installer_for(self, platform: str, asked: Collection[str]) -> list[str]:
        """Return the match specs that a platform's pip section adds to its conda dependencies."""
        return [INSTALLER] if self._specification.pip_for(platform) and INSTALLER not in asked else []

    async def lock(
        self,
        platform: str,
        packages: Sequence[Package],
        virtual_packages: Mapping[str, str],
        names: Collection[str] = (),
    ) -> list[Package]:
        """Return what pip adds to the conda packages of a platform.

        Parameters
        ----------
        packages
            What conda supplies there.
        virtual_packages
            What was solved with.
        names
            Names of packages that exist, for a misspelt one.

        Raises
        ------
        SpecificationError, IndexUnavailableError
        LockError
            When there is no solution; with an `Explanation` among its details where there is something to explain.
        """
        section = read_section(self._specification, platform, local_wheels=self._settings.local_wheels)
        if not section:
            return []
        python = next((package for package in packages if package.name == "python"), None)
        if python is None:
            raise SpecificationError(
                f"There is a pip section, and no Python on {platform} to install for. Add `python` and `pip` under "
                "“dependencies:”."
            )
        target = target_for(platform, python, virtual_packages)
        own = supplied(packages, self._settings.names)
        before = [package for package in self._before if package.platform == platform]
        problem = PipProblem(
            section=section.for_environment(target.environment),
            target=target,
            supplied=own,
            preferred=[package for package in before if package.name not in self._freed],
            before=before,
            exclude_newer=self._exclude_newer,
        )
        if not problem.section:
            return []
        require_consent(problem.section, self._settings)
        _refuse_replacing(problem)
        try:
            found, notes = await asyncio.to_thread(resolve_pip, problem, self._settings)
        except UvError as error:
            why = failure(error, problem, {*names, *own}, near_names)
            if type(why) is UnsolvableError:
                relaxations = await self._relaxations(problem)
                why.details["explanation"]["relaxations"] = [item.model_dump(mode="json") for item in relaxations]
            raise why from None
        self.warnings += notes
        return found

    async def _relaxations(self, problem: PipProblem) -> list[Relaxation]:
        """Return changes of single entries of the section with which there is a solution, found by solving."""
        settings = dataclasses.replace(self._settings, seconds=RELAX_SECONDS, may_build=False)
        found: list[Relaxation] = []
        deadline = time.monotonic() + RELAX_SECONDS
        for number, entry in enumerate(problem.section.entries[:MOST_RELAXED]):
            if time.monotonic() > deadline:
                break
            for title, texts in _without(entry):
                loose = [
                    dataclasses.replace(entry, requirement=Requirement(text), hashes=frozenset()) for text in texts
                ]
                entries = (*problem.section.entries[:number], *loose, *problem.section.entries[number + 1 :])
                section = dataclasses.replace(problem.section, entries=entries)
                try:
                    if entries:
                        await asyncio.to_thread(resolve_pip, dataclasses.replace(problem, section=section), settings)
                except (UvError, LockError):
                    continue
                found.append(Relaxation(title=title, remove=[entry.text], add=texts))
                break
        return found


def require_consent(section: PipSection, settings: PipSettings) -> None:
    """Raise when an entry can only be had by running its code, and nobody allowed that.

    Raises
    ------
    SourceNotAllowedError
    """
    for entry in section.entries:
        if entry.needs_consent and entry.name not in settings.allow_source:
            what = "a repository" if entry.origin == "repository" else "a source archive"
            place = f"Line {entry.line}: " if entry.line else ""
            raise SourceNotAllowedError(
                f"{place}{entry.name} comes out of {what}, whose own code would have to run to build it. If you trust "
                f"it, allow that for this package: --allow-source {entry.name}.",
                packages=[entry.name],
                line=entry.line,
            )


def _refuse_replacing(problem: PipProblem) -> None:
    for entry in problem.section.entries:
        if entry.requirement.url and entry.name in problem.supplied:
            package = problem.supplied[entry.name]
            sentence = (
                f"conda has {package.name} {package.version}, but the pip section takes {entry.name} from an address. "
                "Leave one of them out."
            )
            explanation = Explanation(platform=problem.target.platform, summary=sentence, conflict=[entry.text])
            raise UnsolvableError(sentence, explanation=explanation.model_dump(mode="json"))


def _without(entry: PipEntry) -> list[tuple[str, list[str]]]:
    """Return the ways to ask for less than an entry does, the mildest first: title, and what stands instead."""
    ways: list[tuple[str, list[str]]] = []
    if entry.requirement.specifier and entry.requirement.url is None:
        extras = f"[{','.join(sorted(entry.requirement.extras))}]" if entry.requirement.extras else ""
        ways.append((f"Allow another version of {entry.name}", [f"{entry.requirement.name}{extras}"]))
    ways.append((f"Leave out {entry.name}", []))
    return ways
