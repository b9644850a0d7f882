"""Ways to a platform that has no solution, each solved before it is offered. Worker side: loads the solver.

What is offered is an edit of the environment.yml for that platform alone, so that the others stay as they are; it is
read back from the edited text and then solved. Only emulation changes nothing: another platform is locked for instead.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Mapping, Sequence

from jupyter_envstore.errors import ChannelUnavailableError, InvalidInputError, SpecificationError
from jupyter_envstore.lock.channels import ChannelGroup, resolve_channel
from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.platform_solving import PlatformAnswer, solve_platform
from jupyter_envstore.lock.platforms import emulations
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.request import LockRequest
from jupyter_envstore.lock.solving import OutOfTimeError
from jupyter_envstore.schemas import Explanation, TextEdit, Workaround, WorkaroundKind
from jupyter_envstore.specification.platform_edits import change_for_platform, changed_lines

MAX_OFFERED = 3
"""Of each kind."""


class Workarounds:
    """Looks for ways to one platform.

    Parameters
    ----------
    repodata, request
        What was solved.
    answer, explanation
        The platform that has no solution, and why.
    answers
        By platform: what is known of the others.
    seconds
        Time limit.
    """

    def __init__(
        self,
        repodata: Repodata,
        request: LockRequest,
        answer: PlatformAnswer,
        explanation: Explanation,
        answers: Mapping[str, PlatformAnswer],
        seconds: float,
    ) -> None:
        self._repodata = repodata
        self._request = request
        self._answer = answer
        self._explanation = explanation
        self._answers = answers
        self._end = time.monotonic() + seconds

    async def find(self) -> list[Workaround]:
        """Return what was found in time, the mildest first."""
        found: list[Workaround] = []
        for look in (self._versions, self._channels, self._emulations, self._selectors):
            try:
                await look(found)
            except OutOfTimeError:
                break
        return found

    async def _versions(self, found: list[Workaround]) -> None:
        changes = [one for one in self._explanation.relaxations if one.add]
        for change in changes[:MAX_OFFERED]:
            title = f"{change.title}, on {self._answer.platform} only"
            await self._try(found, "version", title, change.remove, change.add)

    async def _channels(self, found: list[Workaround]) -> None:
        wanted = self._wanted()
        there = {channel.url for group in self._answer.solver.target.groups for channel in group.channels}
        offered = 0
        for name in self._request.further_channels:
            try:
                channel = resolve_channel(name, self._request.settings)
                if channel.url in there or offered == MAX_OFFERED:
                    continue
                alone = ChannelGroup(channel.name, (channel,))
                names = await self._repodata.names([alone], self._answer.platform)
            except (ChannelUnavailableError, InvalidInputError):
                continue  # one that does not answer is no way
            moved = [entry for entry in wanted if entry.name in names[channel.url]]
            if not moved:
                continue
            listed = " and ".join(entry.name for entry in moved)
            offered += await self._try(
                found,
                "channel",
                f"Take {listed} from {channel.name}, on {self._answer.platform} only",
                [entry.text for entry in moved],
                [f"{channel.name}::{entry.text}" for entry in moved],
            )

    async def _emulations(self, found: list[Workaround]) -> None:
        ways: set[str] = set()
        for way in emulations(self._answer.platform):
            if way.how in ways:
                continue  # the nearer platform can be had in the same way
            other = self._answers.get(way.platform)
            if other is None:
                other = await solve_platform(
                    self._repodata, self._request, self._answer.solver.target.groups, way.platform
                )
            if other.packages is not None:
                ways.add(way.how)
                found.append(
                    Workaround(
                        kind="emulation",
                        title=f"Lock for {way.platform} instead: {way.words}",
                        platform=way.platform,
                        package_count=len(other.packages),
                    )
                )

    async def _selectors(self, found: list[Workaround]) -> None:
        changes = [one for one in self._explanation.relaxations if not one.add]
        for change in changes[:MAX_OFFERED]:
            title = f"{change.title}, on {self._answer.platform} only"
            await self._try(found, "selector", title, change.remove, [])

    async def _try(
        self, found: list[Workaround], kind: WorkaroundKind, title: str, remove: Sequence[str], add: Sequence[str]
    ) -> bool:
        """Write the edit, read it back, solve what it asks for, and keep it if that has a solution."""
        before = self._request.specification
        platform = self._answer.platform
        try:
            after = change_for_platform(before, platform, remove, add)
        except SpecificationError:
            return False  # the text is written in a way that a person has to change
        if not after.dependencies_for(platform):
            return False
        # As it would be locked, with what pip installs.
        request = dataclasses.replace(self._request, specification=after)
        solving = solve_platform(self._repodata, request, self._answer.solver.target.groups, platform)
        try:
            answer = await asyncio.wait_for(solving, self._end - time.monotonic())
        except asyncio.TimeoutError:
            raise OutOfTimeError from None
        except (ChannelUnavailableError, SpecificationError, InvalidInputError):
            return False
        if answer.packages is None:
            return False
        found.append(
            Workaround(
                kind=kind,
                title=title,
                remove=list(remove),
                add=list(add),
                edits=[
                    TextEdit(line=line, removed=removed, added=added)
                    for line, removed, added in changed_lines(before.text, after.text)
                ],
                specification=after.text,
                package_count=len(answer.packages),
            )
        )
        return True

    def _wanted(self) -> list[Entry]:
        """Return the entries that another channel may have: those that are missing, else those that collide."""
        texts = [package.entry for package in self._explanation.missing] or self._explanation.conflict
        return [entry for entry in self._answer.entries if entry.text in texts and entry.channel is None]
