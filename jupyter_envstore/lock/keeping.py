"""Change only what has to change: solve, then take back every move that was not needed. Worker side: loads the solver.

The solver favours the packages that were there, but decides package by package, and one that it had to give up takes
others along. So each package that moved is tried once more at its old build, beside all that stayed. A solve of
hundreds of packages takes too long for that: what is impossible is told without one (`candidates`), and the others
are asked about in small solves (`remainder`).
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any

from rattler import MatchSpec
from rattler.repo_data import RepoDataRecord

from jupyter_envstore.lock.candidates import Candidates
from jupyter_envstore.lock.concurrency import together
from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.remainder import Remainder
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError, PlatformSolver
from jupyter_envstore.specification.version_matching import name_of

Records = dict[str, RepoDataRecord]
Attempts = dict[tuple[str, ...], Coroutine[Any, Any, list[RepoDataRecord] | None]]
"""By the names of packages, an attempt to have them as they were."""

KEEP_SECONDS = 10.0
"""Time limit for the attempts of one platform; what was not tried by then moves as the solver chose."""
_SIDE_BY_SIDE = min(os.cpu_count() or 1, 4)
"""Attempts at one time, where one of them succeeding is not to be expected."""


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
    fixed = {record.name.normalized: record for record in records if record.name.normalized in free}
    untried = [name for name in _moved(before, records) if name not in free]
    if not untried:
        return records
    started = time.monotonic()
    # What a person asks for by name comes first: nothing that merely came along is kept at its expense.
    direct = {entry.name for entry in entries if entry.name in before} - free
    if wanted := direct.intersection(untried):
        stay = direct.intersection(_kept(before, records))
        candidates = Candidates(solver, entries, _part(before, stay), fixed)
        waiting = sorted(wanted - await candidates.impossible(_part(before, wanted), deep=False))
        while waiting:
            stay = direct.intersection(_kept(before, records))
            attempts: Attempts = {}
            for name in waiting[:_SIDE_BY_SIDE]:
                limits = [*fixed.values(), *_part(before, {*stay, name}).values()]
                attempts[name,] = _attempt(solver, entries, limits, _left(started))
            found, settled = await _first_of(attempts)
            records = found or records
            moved = set(_moved(before, records)) - settled
            waiting = [name for name in waiting if name in moved]
    stay = set(_kept(before, records)) - free
    untried = [name for name in _moved(before, records) if name not in free]
    candidates = Candidates(solver, entries, _part(before, stay), fixed)
    hopeless = await candidates.impossible(_part(before, untried), deep=True)
    remainder = Remainder(solver, entries, before, candidates)
    waiting = [name for name in untried if name not in hopeless]
    size = len(waiting)
    while waiting and _left(started) > 0:
        # Mostly all of them can stay together. When not, it goes on one by one, and faster where that goes well.
        groups = [waiting[:size]] if size > 1 else [[name] for name in waiting[:_SIDE_BY_SIDE]]
        beside, left = set(_kept(before, records)) - free, _left(started)
        attempts = {tuple(group): remainder.solve({*beside, *group}, records, left) for group in groups}
        found, settled = await _first_of(attempts)
        if found is None and size > 1:
            size = 1
            continue
        size = 2 * size if found else 1
        records = found or records
        moved = set(_moved(before, records)) - settled
        waiting = [name for name in waiting if name in moved]
    return records


async def _first_of(attempts: Attempts) -> tuple[list[RepoDataRecord] | None, set[str]]:
    """Make attempts; return what the first that succeeded found, and the names about which no question is left.

    What fails beside some that stay fails beside more, too. What succeeded second has to be asked about again.
    """
    first: list[RepoDataRecord] | None = None
    settled: set[str] = set()
    for names, found in (await together(attempts)).items():
        if found is None or first is None:
            settled.update(names)
            first = first or found
    return first, settled


async def _attempt(
    solver: PlatformSolver, entries: Sequence[Entry], limits: Sequence[RepoDataRecord], seconds: float
) -> list[RepoDataRecord] | None:
    """Solve with these builds, of the packages that are installed at all."""
    try:
        return await solver.solve(entries, seconds=seconds, constraints=[_exactly(record) for record in limits])
    except (NoSolutionError, OutOfTimeError):
        return None


def _left(started: float) -> float:
    return KEEP_SECONDS - (time.monotonic() - started)


def _part(records: Mapping[str, RepoDataRecord], names: Iterable[str]) -> Records:
    return {name: records[name] for name in names}


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
