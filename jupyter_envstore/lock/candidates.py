"""Which builds come into question for packages that may move beside others that stay. Worker side: loads the solver.

What can be told build by build is told here, because the solver reads the requirements of every build that it is
given, of hundreds of packages and all that they ever were, and that is what its time goes into.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError
from rattler.repo_data import RepoDataRecord

from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.solving import PlatformSolver
from jupyter_envstore.specification.version_matching import name_of


class Build(NamedTuple):
    """A record, with what is asked of it again and again."""

    record: RepoDataRecord
    url: str
    group: int
    depends: tuple[str, ...]
    constrains: tuple[str, ...]


class Candidates:
    """Builds that nothing speaks against, of all packages that may have to be there.

    What cannot be judged counts as possible; what is ruled out is impossible for certain, now and when more stays.

    Parameters
    ----------
    solver
        Knows the channels.
    entries
        Constraints.
    stay
        Records that will be there, by name; they fit each other.
    fixed
        Records by name of which no other build comes into question; they need not fit those that stay.
    """

    def __init__(
        self,
        solver: PlatformSolver,
        entries: Sequence[Entry],
        stay: Mapping[str, RepoDataRecord],
        fixed: Mapping[str, RepoDataRecord],
    ) -> None:
        self.groups = solver.groups_for(entries)
        self._solver = solver
        self._entries = entries
        self._stay = stay
        self._fixed = fixed
        self._possible: dict[str, list[Build]] = {}
        self._complete = False
        self._required = {entry.name for entry in entries}
        self._demands: dict[str, set[str]] = {}
        self._claims: dict[str, dict[str, set[tuple[str, ...]]]] = {}
        self._claimants: dict[str, set[str]] = {}
        self._judged: dict[tuple[str, str], bool] = {}
        self._answers: dict[str, Build] = {}
        for record in stay.values():
            self._required.update(name_of(text) for text in record.depends)
            for text in (*record.depends, *record.constrains):
                self._demands.setdefault(name_of(text), set()).add(text)
        self._asked_for = frozenset(self._required)

    async def impossible(self, records: Mapping[str, RepoDataRecord], *, deep: bool) -> set[str]:
        """Return the names of those records that do not come into question.

        Parameters
        ----------
        records
            By name.
        deep
            Look at all packages that may come along, not only at those that the records name: that takes longer,
            finds more, and is what the solver needs.

        Raises
        ------
        ChannelUnavailableError
        """
        await self._find({*records, *self._required}, deep=deep)
        if deep:
            # Now all are known that could need another one; before, one that nobody asks for might only be early.
            self._complete = True
            self._rule_out(name for name, builds in self._possible.items() if not self._are_wanted(name, builds))
        found = {name for name, record in records.items() if not self._allows(name, record)}
        if not deep and len(found) < len(records):
            further = {name_of(text) for name in records.keys() - found for text in records[name].depends}
            await self._find(further, deep=False)
        return {name for name, record in records.items() if not self._allows(name, record)}

    async def of(self, name: str, group: int) -> list[RepoDataRecord]:
        """Return the builds of one package that a channel group has, in the channels' order."""
        if name not in self._possible:
            await self._load([name])
        return [build.record for build in self._possible[name] if build.group == group]

    async def _find(self, names: set[str], *, deep: bool) -> None:
        while names := {name for name in names if name not in self._possible and self._may_move(name)}:
            await self._load(names)
            for name in names:
                self._note_claims(name)
            self._rule_out(names)
            if not deep:
                return
            names = {name_of(text) for name in names for build in self._possible[name] for text in build.depends}

    def _allows(self, name: str, record: RepoDataRecord) -> bool:
        return any(build.url == record.url for build in self._possible[name])

    def _may_move(self, name: str) -> bool:
        return name not in self._stay and not name.startswith("__")

    async def _load(self, names: Iterable[str]) -> None:
        found: dict[str, list[Build]] = {name: [] for name in names}
        for number, group in enumerate(self.groups):
            for record in await self._solver.repodata.records([group], self._solver.target.platform, sorted(found)):
                build = Build(record, record.url, number, tuple(record.depends), tuple(record.constrains))
                name = record.name.normalized
                if self._is_admitted(name, build):
                    found[name].append(build)
        self._possible |= found

    def _is_admitted(self, name: str, build: Build) -> bool:
        """Tell whether a build is what those that stay demand, and content with them."""
        if name in self._fixed and build.url != self._fixed[name].url:
            return False
        if not all(entry.spec.matches(build.record) for entry in self._entries if entry.name == name):
            return False
        if not all(_matches(build.record, text) for text in self._demands.get(name, ())):
            return False
        return all(
            _matches(self._stay[other], text)
            for text in (*build.depends, *build.constrains)
            if (other := name_of(text)) in self._stay
        )

    def _rule_out(self, names: Iterable[str]) -> None:
        """Take away what has no counterpart among the others, until nothing more can be taken away."""
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            builds = self._possible[name]
            left = [build for build in builds if self._is_supported(name, build)]
            changed = len(left) < len(builds)
            if changed:
                waiting |= self._neighbours(name)  # those too that it says nothing about from now on
                self._possible[name] = left
                self._note_claims(name)
            if name in self._required and left:
                needed = set.intersection(*({name_of(text) for text in build.depends} for build in left))
                for other in needed - self._required:
                    self._required.add(other)
                    changed = True
                    waiting |= self._neighbours(other)
            if changed:
                waiting |= self._neighbours(name)

    def _note_claims(self, name: str) -> None:
        """Note what the builds of a package ask of others: by name, one set of texts for each way to ask."""
        builds = self._possible[name]
        by_build: list[dict[str, list[str]]] = []
        for build in builds:
            texts: dict[str, list[str]] = {}
            for text in (*build.depends, *build.constrains):
                texts.setdefault(name_of(text), []).append(text)
            by_build.append(texts)
        others = set().union(*by_build)
        for other in others:
            self._claimants.setdefault(other, set()).add(name)
        self._claims[name] = {other: {tuple(texts.get(other, ())) for texts in by_build} for other in others}

    def _neighbours(self, name: str) -> set[str]:
        """Return the known packages that say something about another, or about which it says something."""
        return (self._claimants.get(name, set()) | self._claims.get(name, {}).keys()) & self._possible.keys()

    def _is_supported(self, name: str, build: Build) -> bool:
        """Tell whether there is a counterpart for a build: for each of its needs, and in all that must be there."""
        if self._complete and not self._is_wanted(name, build):
            return False
        if not all(map(self._is_offered, build.depends)):
            return False
        if not all(self._is_offered(text) for text in build.constrains if name_of(text) in self._required):
            return False
        return all(
            any(all(self._is_match(build, text) for text in texts) for texts in self._claims[other][name])
            for other in self._claimants.get(name, ())
            if other in self._required and name in self._claims[other]
        )

    def _is_wanted(self, name: str, build: Build) -> bool:
        """Tell whether anything that could be there needs this build: what nothing needs is not installed."""
        return name in self._asked_for or any(
            any(texts and all(self._is_match(build, text) for text in texts) for texts in self._claims[other][name])
            for other in self._claimants.get(name, ())
            if name in self._claims[other]
        )

    def _are_wanted(self, name: str, builds: Iterable[Build]) -> bool:
        return all(self._is_wanted(name, build) for build in builds)

    def _is_match(self, build: Build, text: str) -> bool:
        key = (build.url, text)
        known = self._judged.get(key)
        if known is None:
            known = self._judged[key] = _matches(build.record, text)
        return known

    def _is_offered(self, text: str) -> bool:
        builds = self._possible.get(name_of(text))
        if builds is None:
            return True  # it stays, or is not known yet
        answer = self._answers.get(text)
        if answer is None or answer not in builds:
            # Mostly the build that was the answer before still is.
            answer = next((build for build in builds if self._is_match(build, text)), None)
            if answer is None:
                return False
            self._answers[text] = answer
        return True


def _matches(record: RepoDataRecord, text: str) -> bool:
    """Tell whether a record is what a requirement, as channels state it, asks for."""
    spec = _read(text)
    return spec is None or spec.matches(record)


@functools.lru_cache(maxsize=65536)
def _read(text: str) -> MatchSpec | None:
    try:
        spec = MatchSpec(text, strict=False)
    except InvalidMatchSpecError:
        return None
    return spec if spec.condition is None else None
