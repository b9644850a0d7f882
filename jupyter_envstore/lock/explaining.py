"""Why a request has no solution, found by solving parts of it. Worker side: loads the solver.

Nothing is guessed: a set is called a conflict after it was solved in vain and each part of it with success; a
relaxation is offered after it was solved. All of it happens within a time limit; `Explanation.minimal` is False
when that ran out first.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.reasons import clean_text, parse_reasons
from jupyter_envstore.lock.relaxing import find_relaxations
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError, PlatformSolver
from jupyter_envstore.lock.virtual_packages import override_of
from jupyter_envstore.machine.words import MEANINGS
from jupyter_envstore.schemas import Explanation, Reason, Relaxation

MAX_RAW = 20_000
_GENEROUS = {"__glibc": "99.0", "__cuda": "99.0", "__osx": "99.0", "__linux": "99.0", "__win": "99.0", "__unix": "0"}


class Attempts:
    """Solves sets of entries, remembers the answers, and keeps the time limit.

    Attributes
    ----------
    smallest
        Positions of the smallest set that is known to have no solution.
    """

    def __init__(self, solver: PlatformSolver, entries: Sequence[Entry], seconds: float) -> None:
        self.solver = solver
        self.entries = list(entries)
        self.smallest = frozenset(range(len(self.entries)))
        self._end = time.monotonic() + seconds
        self._known: dict[frozenset[int], bool] = {frozenset(): True, self.smallest: False}

    @property
    def seconds_left(self) -> float:
        """What is left of the time limit; may be negative."""
        return self._end - time.monotonic()

    def chosen(self, positions: frozenset[int]) -> list[Entry]:
        """Return the entries at ``positions``, in their order."""
        return [self.entries[position] for position in sorted(positions)]

    async def solvable(self, positions: frozenset[int]) -> bool:
        """Solve a subset, unless that was done before.

        Raises
        ------
        OutOfTimeError
        """
        if positions not in self._known:
            self._known[positions] = await self.solves(self.chosen(positions))
            if not self._known[positions] and len(positions) < len(self.smallest):
                self.smallest = positions
        return self._known[positions]

    async def solves(self, entries: Sequence[Entry]) -> bool:
        """Solve any entries; see `solvable`."""
        try:
            await self.solver.solve(entries, seconds=self.seconds_left)
        except NoSolutionError:
            return False
        return True


async def explain(solver: PlatformSolver, entries: Sequence[Entry], text: str, seconds: float) -> Explanation:
    """Explain why ``entries`` have no solution.

    Parameters
    ----------
    solver
        For the platform in question.
    entries
        All of the person's constraints that hold on it.
    text
        What the solver said of them.
    seconds
        Time limit.

    Raises
    ------
    ChannelUnavailableError
    """
    attempts = Attempts(solver, entries, seconds)
    minimal = True
    try:
        conflict = await smallest_conflict(attempts, text)
    except OutOfTimeError:
        conflict, minimal = attempts.smallest, False
    members = attempts.chosen(conflict)
    text = await _text_of(attempts, members, text)
    causes: list[str] = []
    channel_changes: list[Relaxation] = []
    try:
        causes += await _virtual_causes(attempts, members, text)
        priority_causes, channel_changes = await _priority_cause(attempts, members)
        causes += priority_causes
    except OutOfTimeError:
        pass
    relaxations = await find_relaxations(attempts, conflict)
    return Explanation(
        platform=solver.target.platform,
        summary=" ".join([await _summary(solver, members), *causes]),
        conflict=[entry.text for entry in members],
        minimal=minimal,
        reasons=[*(Reason(text=cause) for cause in causes), *parse_reasons(text)],
        relaxations=[*channel_changes, *relaxations],
        raw=clean_text(text)[:MAX_RAW],
    )


async def smallest_conflict(attempts: Attempts, text: str) -> frozenset[int]:
    """Find entries that have no solution together while all without any one of them have.

    QuickXplain (Junker 2004) finds them in about k·log(n/k) solves; then each member is left out once, because a
    channel that an entry insists on can make more entries easier than fewer.

    Raises
    ------
    OutOfTimeError
    """
    everything = tuple(range(len(attempts.entries)))
    # What the solver mentions is nearly always enough, and makes a long list of entries a short one.
    mentioned = tuple(i for i in everything if _is_mentioned(attempts.entries[i].name, text))
    if mentioned and len(mentioned) < len(everything) and not await attempts.solvable(frozenset(mentioned)):
        everything = mentioned
    conflict = frozenset(await _quick_explain(attempts, (), False, everything))
    if await attempts.solvable(conflict):
        conflict = attempts.smallest
    shrunk = True
    while shrunk:
        shrunk = False
        for member in sorted(conflict):
            if not await attempts.solvable(conflict - {member}):
                conflict, shrunk = conflict - {member}, True
                break
    return conflict


async def _quick_explain(
    attempts: Attempts, base: tuple[int, ...], grown: bool, rest: tuple[int, ...]
) -> tuple[int, ...]:
    if grown and not await attempts.solvable(frozenset(base)):
        return ()
    if len(rest) <= 1:
        return rest
    middle = len(rest) // 2
    first, second = rest[:middle], rest[middle:]
    of_second = await _quick_explain(attempts, base + first, True, second)
    of_first = await _quick_explain(attempts, base + of_second, bool(of_second), first)
    return of_first + of_second


def _is_mentioned(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-]*\w)", text) is not None


async def _text_of(attempts: Attempts, members: Sequence[Entry], text: str) -> str:
    try:
        await attempts.solver.solve(members, seconds=max(attempts.seconds_left, 1.0))
    except NoSolutionError as error:
        return str(error)
    except OutOfTimeError:
        pass
    return text


async def _virtual_causes(attempts: Attempts, members: Sequence[Entry], text: str) -> list[str]:
    """Say which property of the machine stands in the way, if one does: with more of it the conflict solves."""
    offered = attempts.solver.target.virtual_packages
    generous = {**offered, **_GENEROUS}
    if not await _solves_with(attempts, members, generous):
        return []
    for name in sorted(generous):
        if generous[name] != offered.get(name) and await _solves_with(
            attempts, members, {**offered, name: generous[name]}
        ):
            return [_virtual_sentence(name, offered.get(name), text, attempts.solver.target.platform)]
    return ["The cause is the machine: what is asked for needs more than it offers."]


def _virtual_sentence(name: str, have: str | None, text: str, platform: str) -> str:
    needs = sorted({need.rstrip(".,:") for need in re.findall(rf"{name} ((?:[<>=!~]=?|\d)\S*)", text)})
    wanted = f" {' or '.join(needs[:3])}" if needs else (" in a newer version" if have else "")
    has = f"it is {have}" if have else "it is missing"
    cause = f"The cause is {MEANINGS.get(name, name)}: {name}{wanted} is needed, and on the target machine {has}."
    # Who knows better than what was detected, or is usual there, can say so.
    elsewhere = "the setting EnvStore.virtual_packages or --virtual-packages says what the machines there have"
    if platform != current_platform():
        return f"{cause} If that is wrong, {elsewhere}."
    if variable := override_of(name):
        return f"{cause} To lock for a machine that has it, set {variable}."
    return cause


async def _solves_with(attempts: Attempts, members: Sequence[Entry], offered: dict[str, str]) -> bool:
    try:
        await attempts.solver.solve(members, seconds=attempts.seconds_left, virtual_packages=offered)
    except NoSolutionError:
        return False
    return True


async def _priority_cause(attempts: Attempts, members: Sequence[Entry]) -> tuple[list[str], list[Relaxation]]:
    """Say whether strict channel priority stands in the way, and which package to name with its channel if so."""
    solver = attempts.solver
    groups = solver.groups_for(members)
    if len(groups) < 2:
        return [], []
    try:
        records = await solver.solve(members, seconds=attempts.seconds_left, strict_priority=False)
    except NoSolutionError:
        return [], []
    names = await solver.repodata.names(groups, solver.target.platform)
    hidden: list[tuple[str, str, str]] = []
    for record in records:
        name, url = record.name.normalized, str(record.channel).rstrip("/")
        rank = next((i for i, group in enumerate(groups) if any(c.url == url for c in group.channels)), 0)
        above = [group.name for group in groups[:rank] if any(name in names.get(c.url, ()) for c in group.channels)]
        if above:
            hidden.append((name, above[0], groups[rank].name))
    if not hidden:
        return [], []
    name, first, below = hidden[0]
    words = (
        f"The cause is the order of the channels: {first} comes before {below}, so {name} is taken from {first} only "
        f"(strict channel priority), and what fits is in {below}."
    )
    return [words], await _with_channels(attempts, {name: below for name, _, below in hidden})


async def _with_channels(attempts: Attempts, channels: dict[str, str]) -> list[Relaxation]:
    from jupyter_envstore.lock.relaxing import Change, in_channel

    removed = [entry for entry in attempts.entries if entry.name in channels and entry.channel is None]
    added = [in_channel(attempts, entry.text, channels[entry.name]) for entry in removed]
    named = {entry.name for entry in removed}
    added += [in_channel(attempts, name, channel) for name, channel in channels.items() if name not in named]
    change = Change("", tuple(removed), tuple(entry for entry in added if entry is not None))
    if not change.added or not await attempts.solves(change.applied_to(attempts.entries)):
        return []
    listed = ", ".join(f"`{entry.text}`" for entry in change.added)
    title = f"Name the channel: {listed}"
    return [Relaxation(title=title, remove=[e.text for e in removed], add=[e.text for e in change.added])]


async def _summary(solver: PlatformSolver, members: Sequence[Entry]) -> str:
    platform = solver.target.platform
    limit = f" as the channels stood on {solver.target.as_of:%Y-%m-%d}" if solver.target.as_of else ""
    texts = [f"“{entry.text}”" for entry in members]
    if len(texts) > 1:
        listed = f"{', '.join(texts[:-1])} and {texts[-1]}"
        return f"{listed} cannot be had together on {platform}{limit}."
    entry = members[0]
    records = await solver.repodata.records(solver.groups_for(members), platform, [entry.name])
    if records and not any(entry.spec.matches(record) for record in records):
        versions = sorted({record.version for record in records})
        span = f"{versions[0]} to {versions[-1]}" if len(versions) > 1 else f"{versions[0]} only"
        return f"No package matches {texts[0]} on {platform}{limit}; the channels have {entry.name} {span}."
    return f"{texts[0]} cannot be installed on {platform}{limit}, whatever else is asked for."
