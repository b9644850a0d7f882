"""Changes of a request that make it solvable, each solved before it is offered. Worker side: loads the solver.

For every member of a conflict the nearest loosening is looked for: another build, a newer or an older version, any
version; leaving the entry out comes last. What is offered solves the *whole* request, so where there are
several conflicts one change is combined with what mends the others.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rattler import Version

from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.lock.entries import Entry, parse_entry
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError
from jupyter_envstore.schemas import Relaxation

if TYPE_CHECKING:
    from jupyter_envstore.lock.explaining import Attempts

MAX_OFFERED = 8
MAX_SERIES = 6
MAX_CONFLICTS = 4
_NAMES = {"python": "Python", "r-base": "R", "pytorch": "PyTorch", "nodejs": "Node.js"}
_LEAVE_OUT = 9


@dataclass(frozen=True)
class Change:
    """Entries to take out and entries to put in; ``rank`` grows with what it costs the person."""

    title: str
    removed: tuple[Entry, ...]
    added: tuple[Entry, ...]
    rank: int = 0

    def applied_to(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return ``entries`` after the change."""
        gone = {id(entry) for entry in self.removed}
        return [entry for entry in entries if id(entry) not in gone] + list(self.added)

    def joined_with(self, other: Change) -> Change:
        """Return both changes as one."""
        second = other.title[0].lower() + other.title[1:] if other.title else ""
        titles = " and ".join(title for title in (self.title, second) if title)
        return Change(titles, self.removed + other.removed, self.added + other.added, max(self.rank, other.rank))


async def find_relaxations(attempts: Attempts, conflict: frozenset[int]) -> list[Relaxation]:
    """Return changes that make all of the request solvable, the mildest first: those that were found in time."""
    found: list[Change] = []
    try:
        members = attempts.chosen(conflict)
        rest = await _mend_the_rest(attempts, members)
        if rest is not None:
            for position, member in enumerate(members):
                async for change in _changes(attempts, member, members, rest):
                    both = change.joined_with(rest) if rest.removed else change
                    if await attempts.solves(both.applied_to(attempts.entries)):
                        found.append(Change(both.title, both.removed, both.added, both.rank * 100 + position))
    except OutOfTimeError:
        pass
    return _offered(found)


def in_channel(attempts: Attempts, text: str, channel: str) -> Entry | None:
    """Return the entry ``channel::text``, or None when that cannot be written."""
    for group in attempts.solver.target.groups:
        if group.name == channel and len(group.channels) == 1:
            return _entry(f"{channel}::{text}", {channel: group.channels[0].url})
    return None


def _offered(changes: list[Change]) -> list[Relaxation]:
    offered: list[Relaxation] = []
    for change in sorted(changes, key=lambda change: change.rank):
        relaxation = Relaxation(
            title=change.title,
            remove=[entry.text for entry in change.removed],
            add=[entry.text for entry in change.added],
        )
        if all((relaxation.remove, relaxation.add) != (other.remove, other.add) for other in offered):
            offered.append(relaxation)
    return offered[:MAX_OFFERED]


async def _mend_the_rest(attempts: Attempts, members: Sequence[Entry]) -> Change | None:
    """Find what has to change besides the first conflict: nothing, nearly always. None when no way was found."""
    from jupyter_envstore.lock.explaining import Attempts as Further
    from jupyter_envstore.lock.explaining import smallest_conflict

    gone = {id(entry) for entry in members}
    mended = Change("", (), ())
    for _ in range(MAX_CONFLICTS):
        entries = [entry for entry in mended.applied_to(attempts.entries) if id(entry) not in gone]
        if await attempts.solves(entries):
            return mended
        further = Further(attempts.solver, entries, attempts.seconds_left)
        others = further.chosen(await smallest_conflict(further, ""))
        change = await _first_change(further, others)
        if change is None or any(entry in mended.added for entry in change.removed):
            return None
        mended = mended.joined_with(change) if mended.removed else change
    return None


async def _first_change(attempts: Attempts, members: Sequence[Entry]) -> Change | None:
    nothing = Change("", (), ())
    best: Change | None = None
    for member in members:
        async for change in _changes(attempts, member, members, nothing):
            if best is None or change.rank < best.rank:
                best = change
            break
    return best


async def _changes(attempts: Attempts, member: Entry, members: Sequence[Entry], rest: Change) -> AsyncIterator[Change]:
    """Yield changes of one member that at least mend its own conflict, the mildest first."""
    others = [entry for entry in members if entry is not member]
    everything = rest.applied_to([entry for entry in attempts.entries if entry is not member])
    # Looked for against all of the request where that can be solved without the member, else against the conflict.
    context = everything if await attempts.solves(everything) else others
    name = _NAMES.get(member.name, member.name)

    async def works(version: str | None) -> Entry | None:
        entry = _entry(member.written_with(version), _channel_of(member))
        return entry if entry is not None and await attempts.solves([*context, entry]) else None

    if member.build and (entry := await works(member.version)):
        yield Change(f"Allow any build of {name}: `{entry.text}`", (member,), (entry,), 0)
    elif member.version:
        newer = await _newer(attempts, member, context)
        if newer:
            yield Change(f"Allow a newer {name}: `{newer.text}`", (member,), (newer,), 1)
        older = await _older(attempts, member, context)
        if older:
            yield Change(f"Allow an older {name}: `{older.text}`", (member,), (older,), 2)
        if not newer and not older and (entry := await works(None)):
            yield Change(f"Allow any version of {name}: `{entry.text}`", (member,), (entry,), 3)
    yield Change(f"Leave out {name}", (member,), (), _LEAVE_OUT)


async def _newer(attempts: Attempts, member: Entry, context: Sequence[Entry]) -> Entry | None:
    """Find the nearest series above what the member allows that fits; the entry allows it and all above."""
    versions, _, high = await _known_versions(attempts, member)
    series = _series([version for version in versions if high is not None and version > high])
    if not series:
        return None
    # It allows everything from there on. If it fits, the solver's choice says where to stop looking at the latest.
    fitting = await _fitting_version(attempts, context, member, f">={series[0]}")
    if fitting is None:
        return None
    reach = series.index(_series([fitting])[0]) if _series([fitting])[0] in series else 0
    for nearest in _spread(series[: reach + 1])[:-1]:
        if await _solved(attempts, context, member, f"{nearest}.*"):
            return await _solved(attempts, context, member, f">={nearest}")
    return await _solved(attempts, context, member, f">={series[reach]}")


async def _older(attempts: Attempts, member: Entry, context: Sequence[Entry]) -> Entry | None:
    """Find the newest series below what the member allows that fits; the upper bound stays as it was."""
    versions, low, high = await _known_versions(attempts, member)
    if low is None or high is None or not any(version < low for version in versions):
        return None
    fitting = await _fitting_version(attempts, context, member, f"<{low}")
    if fitting is None:
        return None
    series = _series([fitting])[0]
    lower = f">={series}" if Version(series) <= fitting else f">={fitting}"
    above = [version for version in versions if version > high]
    if not above:
        return await _solved(attempts, context, member, lower)
    end = _next_series(high)
    upper = f"<{end}" if end and all(version >= Version(end) for version in above) else f"<={high}"
    return await _solved(attempts, context, member, f"{lower},{upper}")


async def _fitting_version(attempts: Attempts, context: Sequence[Entry], member: Entry, version: str) -> Version | None:
    """Return which version of the member's package the solver takes when it may choose among ``version``."""
    entry = _entry(member.written_with(version), _channel_of(member))
    if entry is None:
        return None
    try:
        records = await attempts.solver.solve([*context, entry], seconds=attempts.seconds_left)
    except NoSolutionError:
        return None
    return next((record.version for record in records if record.name.normalized == member.name), None)


async def _known_versions(attempts: Attempts, member: Entry) -> tuple[list[Version], Version | None, Version | None]:
    """Return all versions of the member's package, ascending, and the lowest and highest that it allows.

    When it allows none, both are the version that it names, if it names one.
    """
    solver = attempts.solver
    records = await solver.repodata.records(solver.groups_for([member]), solver.target.platform, [member.name])
    bare = _entry(member.written_with(member.version), _channel_of(member)) or member
    versions: list[Version] = sorted({record.version for record in records})
    allowed: list[Version] = sorted({record.version for record in records if bare.spec.matches(record)})
    if allowed:
        return versions, allowed[0], allowed[-1]
    named = re.search(r"\d[\w.!+]*", member.version or "")
    pivot = Version(named[0].rstrip(".")) if named else None
    return versions, pivot, pivot


async def _solved(attempts: Attempts, context: Sequence[Entry], member: Entry, version: str) -> Entry | None:
    entry = _entry(member.written_with(version), _channel_of(member))
    return entry if entry is not None and await attempts.solves([*context, entry]) else None


def _series(versions: Sequence[Version]) -> list[str]:
    """Return the major.minor series of versions, in order."""
    found: list[str] = []
    for version in versions:
        numbers = version.as_major_minor()
        text = f"{numbers[0]}.{numbers[1]}" if numbers else str(version)
        if text not in found:
            found.append(text)
    return found


def _spread(series: list[str]) -> list[str]:
    """Choose at most `MAX_SERIES`: the nearest ones, then wider steps to the last."""
    if len(series) <= MAX_SERIES:
        return series
    near = MAX_SERIES // 2
    step = (len(series) - near) / (MAX_SERIES - near)
    far = [series[min(len(series) - 1, round(near + step * (number + 1)) - 1)] for number in range(MAX_SERIES - near)]
    return list(dict.fromkeys([*series[:near], *far]))


def _next_series(version: Version) -> str | None:
    numbers = version.as_major_minor()
    return f"{numbers[0]}.{numbers[1] + 1}" if numbers else None


def _channel_of(member: Entry) -> dict[str, str]:
    return {member.channel.name: member.channel.url} if member.channel else {}


def _entry(text: str, channels: dict[str, str]) -> Entry | None:
    """Parse a text of our own making; a channel's name in it means the URL that it had in the request."""
    renamed = {name: (url,) for name, url in channels.items() if "://" not in name}
    settings = ChannelSettings(custom_multichannels=renamed)
    try:
        return parse_entry(text, settings)
    except EnvStoreError:
        return None
