"""What is left to choose once most packages stay as they were: small solves over the rest. Worker side.

Packages that stay have one build each and fit each other, as they were installed together. So all that has to be known
of them is what they need of the others, and the solver sees only the others' builds, those that come into question.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from rattler import MatchSpec, PackageName
from rattler.exceptions import InvalidMatchSpecError
from rattler.platform import Subdir
from rattler.repo_data import MultiSource, RepoDataRecord

from jupyter_envstore.lock.candidates import Candidates
from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError, PlatformSolver
from jupyter_envstore.specification.version_matching import name_of

Records = Mapping[str, RepoDataRecord]


class Remainder:
    """Asks whether packages can be as they were, beside some that will be.

    Parameters
    ----------
    solver
        Knows the target.
    entries
        Constraints.
    before
        Records by name that fit each other.
    candidates
        Builds of those that may move.
    """

    def __init__(
        self, solver: PlatformSolver, entries: Sequence[Entry], before: Records, candidates: Candidates
    ) -> None:
        self._solver = solver
        self._entries = entries
        self._before = before
        self._candidates = candidates

    async def solve(
        self, staying: Collection[str], records: Sequence[RepoDataRecord], seconds: float
    ) -> list[RepoDataRecord] | None:
        """Return records, by name, with all that are ``staying`` as before; None if there are none within the time.

        What may move stays near ``records``: another choice might not need what stays, which then would be left out.
        """
        stay = {name: self._before[name] for name in sorted(staying)}
        preferred = tuple(record for record in records if record.name.normalized not in stay)
        solver = PlatformSolver(self._solver.repodata, dataclasses.replace(self._solver.target, preferred=preferred))
        try:
            rest = await solver.solve(
                self._entries,
                seconds=seconds,
                further=_demands(stay, "depends"),
                constraints=_demands(stay, "constrains"),
                pinned=list(stay.values()),
                sources=self._sources(stay),
            )
        except (NoSolutionError, OutOfTimeError, InvalidMatchSpecError):
            return None
        found = {record.name.normalized: record for record in rest} | stay
        needed = self._needed(found)
        # What nothing needs any more is not installed, and so did not stay.
        return [found[name] for name in sorted(needed)] if stay.keys() <= needed else None

    def _sources(self, stay: Records) -> list[MultiSource | _Source]:
        sources: list[MultiSource | _Source] = []
        for number, group in enumerate(self._candidates.groups):
            source = _Source(self._candidates, number, stay)
            sources.append(source if len(group.channels) == 1 else MultiSource(group.name, [source]))
        return sources

    def _needed(self, records: Records) -> set[str]:
        found: set[str] = set()
        waiting = [entry.name for entry in self._entries]
        while waiting:
            name = waiting.pop()
            if name in records and name not in found:
                found.add(name)
                waiting += [name_of(text) for text in records[name].depends]
        return found


def _demands(stay: Records, kind: str) -> list[MatchSpec]:
    """Return what those that stay demand of those that may move."""
    texts = {text for record in stay.values() for text in getattr(record, kind)}
    return [MatchSpec(text, strict=False) for text in sorted(texts) if name_of(text) not in stay]


class _Source:
    """What a channel group offers, as the solver asks for it; all folders count as the one that it asks for."""

    def __init__(self, candidates: Candidates, group: int, stay: Collection[str]) -> None:
        self._candidates = candidates
        self._group = group
        self._stay = stay

    async def fetch_package_records(self, platform: Subdir, name: PackageName) -> list[RepoDataRecord]:
        """Return the builds of one package."""
        return [] if name.normalized in self._stay else await self._candidates.of(name.normalized, self._group)

    def package_names(self, platform: Subdir) -> list[str]:
        """Return no names: the solver does not ask for any."""
        return []
