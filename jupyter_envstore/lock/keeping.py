"""Change only what has to change: solve, then take back every move that was not needed. Worker side: loads the solver.

The solver favours the packages that were there, but decides package by package, and one that it had to give up takes
others along. So each package that moved is tried once more at its old build, beside all that stayed.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Mapping, Sequence

from rattler import MatchSpec
from rattler.repo_data import RepoDataRecord

from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError, PlatformSolver
from jupyter_envstore.specification.version_matching import name_of, satisfies

Records = dict[str, RepoDataRecord]

KEEP_SECONDS = 10.0
"""Time limit for the attempts of one platform; what was not tried by then moves as the solver chose."""


async def solve_keeping(
    solver: PlatformSolver, entries: Sequence[Entry], freed: Iterable[str] = ()
) -> list[RepoDataRecord]:
    """Return the records to install, by name, of which no further one could be as it was before.

    Parameters
    ----------
    solver
        Its target says what is preferred.
    entries
        Constraints.
    freed
        Names that are to be as new as can be.

    Raises
    ------
    NoSolutionError, OutOfTimeError, ChannelUnavailableError
        As `PlatformSolver.solve`.
    """
    before: Records = {record.name.normalized: record for record in solver.target.preferred}
    free = frozenset(freed)
    if free:
        # What a freed package needs must not hold it back; what need not move is put back below.
        loose = _with_dependencies(free, before)
        kept = tuple(record for name, record in before.items() if name not in loose)
        solver = PlatformSolver(solver.repodata, dataclasses.replace(solver.target, preferred=kept))
    records = await solver.solve(entries)
    if not before:
        return records
    fixed = [_exactly(record) for record in records if record.name.normalized in free]
    untried = [name for name in _moved(before, records) if name not in free]
    if not untried:
        return records
    hopeless = await _hopeless(solver, entries, before, untried)
    started = time.monotonic()
    # What a person asks for by name comes first: nothing that merely came along is kept at its expense.
    direct = {entry.name for entry in entries if entry.name in before} - free
    for name in sorted(direct.intersection(untried) - hopeless):
        if name in _kept(before, records):
            continue
        stay = {*direct.intersection(_kept(before, records)), name}
        left = KEEP_SECONDS - (time.monotonic() - started)
        attempt = await _attempt(solver, entries, [*fixed, *(_exactly(before[name]) for name in sorted(stay))], left)
        if attempt is not None:
            records = attempt
    untried = [name for name in _moved(before, records) if name not in free]
    hopeless |= await _hopeless(solver, entries, before, untried)
    groups = [[name for name in untried if name not in hopeless]]
    while groups and (left := KEEP_SECONDS - (time.monotonic() - started)) > 0:
        # A group that has to move is split, so that a few needed moves cost few attempts.
        group = [name for name in groups.pop() if name in _moved(before, records)]
        if not group:
            continue
        stay = {*_kept(before, records), *group} - free
        attempt = await _attempt(solver, entries, [*fixed, *(_exactly(before[name]) for name in sorted(stay))], left)
        if attempt is not None and stay <= set(_kept(before, attempt)):
            records = attempt
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[middle:], group[:middle]]
    return records


async def _attempt(
    solver: PlatformSolver, entries: Sequence[Entry], constraints: Sequence[MatchSpec], seconds: float
) -> list[RepoDataRecord] | None:
    try:
        return await solver.solve(entries, seconds=seconds, constraints=constraints)
    except (NoSolutionError, OutOfTimeError):
        return None


async def _hopeless(
    solver: PlatformSolver, entries: Sequence[Entry], before: Mapping[str, RepoDataRecord], names: Sequence[str]
) -> set[str]:
    """Return those that cannot stay for certain: nothing that a person still wants gives them what they need.

    With a new Python that is most of them, and asking the solver about each would take longer than all the rest.
    """
    asked: dict[str, list[Entry]] = {}
    for entry in entries:
        asked.setdefault(entry.name, []).append(entry)
    hopeless = {name for name in names if not all(entry.spec.matches(before[name]) for entry in asked.get(name, ()))}
    waiting = set(hopeless)
    while waiting:
        groups = solver.groups_for(entries)
        records = await solver.repodata.records(groups, solver.target.platform, sorted(waiting))
        offered: dict[str, list[tuple[str, str]]] = {name: [] for name in waiting}
        for record in records:
            name = record.name.normalized
            if record.url != before[name].url and all(entry.spec.matches(record) for entry in asked.get(name, ())):
                offered[name].append((str(record.version), str(record.build)))
        waiting = {name for name in names if name not in hopeless and _lacks(before[name], offered)}
        hopeless |= waiting
    return hopeless


def _lacks(record: RepoDataRecord, offered: Mapping[str, list[tuple[str, str]]]) -> bool:
    """Tell whether a record needs a package of which nothing that is offered will do."""
    for requirement in record.depends:
        choices = offered.get(name_of(requirement))
        if choices is not None and not any(satisfies(version, build, requirement) for version, build in choices):
            return True
    return False


def _with_dependencies(names: Iterable[str], records: Mapping[str, RepoDataRecord]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [name_of(text) for text in records[name].depends] if name in records else []
    return found


def _moved(before: Mapping[str, RepoDataRecord], records: Iterable[RepoDataRecord]) -> list[str]:
    """Return the names of those that are on both sides and not the same file, sorted."""
    names = [(record.name.normalized, record) for record in records]
    return sorted(name for name, record in names if name in before and before[name].url != record.url)


def _kept(before: Mapping[str, RepoDataRecord], records: Iterable[RepoDataRecord]) -> list[str]:
    return [
        record.name.normalized
        for record in records
        if record.name.normalized in before and before[record.name.normalized].url == record.url
    ]


def _exactly(record: RepoDataRecord) -> MatchSpec:
    return MatchSpec(f"{record.name.normalized} =={record.version} {record.build}", strict=False)
