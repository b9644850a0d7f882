"""Channel metadata: fetched, cached, kept warm, and words for a channel that does not answer. Worker side.

One `Repodata` lives as long as its resolver. A channel that was asked within `FRESH_SECONDS` is not asked again. A
channel whose sharded metadata fails is asked for the whole file instead, that channel only; then its further
mirrors are tried. Everything is bounded in time: a host that swallows packets is given up after
`PATIENCE_SECONDS` and one bare request, while one that is merely slow may take `TRANSFER_SECONDS`.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import rattler
from rattler import Gateway, MatchSpec
from rattler.exceptions import GatewayError
from rattler.repo_data import MultiSource, RepoDataRecord

from jupyter_envstore.errors import ChannelUnavailableError
from jupyter_envstore.lock.availability import answers, reason_for, unavailable
from jupyter_envstore.lock.channels import Channel, ChannelGroup, local_signature
from jupyter_envstore.lock.gateways import Way, make_gateway, subdirs_of
from jupyter_envstore.lock.urls import hide_credentials

FRESH_SECONDS = 600.0
PATIENCE_SECONDS = 8.0
MOST_REPEATS = 5

T = TypeVar("T")

_UNREACHABLE = re.compile(r"client error \(Connect\)|dns error|timed out|no answer|could not find subdir", re.I)

_SHARED = re.compile(r"\bother error\s*$")
"""What the gateway says to all but one of those who wait for the same file, when that fails."""


@dataclass
class _State:
    """What is known of one channel: which location is in use, whether shards fail, what failed, when it was asked.

    ``names`` are those of a platform's packages, as long as the gateway that told them is in use.
    """

    location: int = 0
    whole_file: bool = False
    failed: list[str] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)
    signature: dict[str, object] = field(default_factory=dict)

    @property
    def way(self) -> Way:
        """How it is asked at present; calls that go on at the same time compare what failed with it."""
        return self.location, self.whole_file


class _NoAnswerError(Exception):
    """A channel did not even answer a bare request."""


class Repodata:
    """Metadata of channels.

    Parameters
    ----------
    cache
        Folder for cached metadata.
    offline
        Use the cache whatever its age and never the network.
    patience
        Seconds after which a channel must have answered, and again for the bare request that follows.
    """

    def __init__(self, cache: Path, *, offline: bool = False, patience: float = PATIENCE_SECONDS) -> None:
        self._cache = cache
        self.offline = offline
        self._patience = patience
        self._channels: dict[str, Channel] = {}
        self._states: dict[str, _State] = {}
        self._gateway: Gateway | None = None
        self.fell_back: set[str] = set()

    @property
    def gateway(self) -> Gateway:
        """The native gateway, made anew after what it depends on has changed."""
        if self._gateway is None:
            self._gateway = self._make_gateway()
        return self._gateway

    def sources(self, groups: Iterable[ChannelGroup]) -> list[rattler.Channel | MultiSource]:
        """Return what the solver takes as sources, in order of priority."""
        self._learn(groups)
        result: list[rattler.Channel | MultiSource] = []
        for group in groups:
            members = [rattler.Channel(channel.url) for channel in group.channels]
            result.append(members[0] if len(members) == 1 else MultiSource(group.name, members))
        return result

    async def names(self, groups: Iterable[ChannelGroup], platform: str) -> dict[str, set[str]]:
        """Fetch what is needed to know the names of packages for ``platform``, by channel URL.

        Raises
        ------
        ChannelUnavailableError
            A channel does not answer, or answers with something else.
        """
        groups = list(groups)
        self._learn(groups)
        channels = [channel for group in groups for channel in group.channels]
        for channel in channels:
            self._forget_stale(channel, platform)
        answers = await asyncio.gather(*(self._names_of(channel, platform) for channel in channels))
        return {channel.url: names for channel, names in zip(channels, answers, strict=True)}

    async def records(
        self, groups: Iterable[ChannelGroup], platform: str, names: Iterable[str]
    ) -> list[RepoDataRecord]:
        """Return all records of the named packages for ``platform``, from all channels.

        Raises
        ------
        ChannelUnavailableError
            As in `names`.
        """
        groups = list(groups)
        specs = [MatchSpec(name) for name in names]

        async def ask() -> list[RepoDataRecord]:
            answer = await self.gateway.query(
                self.sources(groups), subdirs_of(platform), specs, recursive=False, channel_relations="disabled"
            )
            return [record for records in answer for record in records]

        return await self.with_fallback(groups, ask)

    async def with_fallback(self, groups: Iterable[ChannelGroup], work: Callable[[], Awaitable[T]]) -> T:
        """Do ``work``; when a channel's metadata fails on the way, fall back for that channel and do it again.

        Raises
        ------
        ChannelUnavailableError
            There is nothing left to fall back to.
        """
        groups = list(groups)
        self._learn(groups)
        channels = [channel for group in groups for channel in group.channels]
        started = time.monotonic()
        while True:
            ways = {channel.url: self._states[channel.url].way for channel in channels}
            try:
                return await self._watched(channels, work())
            except (GatewayError, _NoAnswerError) as error:
                channel = self._culprit(channels, str(error), ways)
                if not self._fall_back(channel, str(error), ways[channel.url]):
                    raise self._unavailable(channel, started) from None

    async def _watched(self, channels: list[Channel], request: Awaitable[T]) -> T:
        """Wait for work that may need more metadata on its way, but not for channels that went silent."""
        task = asyncio.ensure_future(request)
        done, _ = await asyncio.wait({task}, timeout=4 * self._patience)
        if not done:
            for channel in channels:
                if await self._is_silent(channel):
                    task.cancel()
                    raise _NoAnswerError(f"no answer from {channel.url}/")
        return await task

    def _learn(self, groups: Iterable[ChannelGroup]) -> None:
        for channel in (channel for group in groups for channel in group.channels):
            known = self._channels.get(channel.url)
            if known is None or known.locations != channel.locations:
                self._channels[channel.url] = channel
                self._states[channel.url] = _State()
                # What is warm stays so where the new channel needs no settings of its own.
                if known is not None or self.offline or channel.locations[0] != channel.url:
                    self._gateway = None

    def _make_gateway(self) -> Gateway:
        for state in self._states.values():
            state.names.clear()
        ways = {channel: self._states[url].way for url, channel in self._channels.items()}
        return make_gateway(self._cache, ways, offline=self.offline)

    def _forget_stale(self, channel: Channel, platform: str) -> None:
        state = self._states[channel.url]
        signature = local_signature(channel, platform)
        asked = state.asked.get(platform)
        if self._gateway is None or asked is None:
            return
        if signature != state.signature.get(platform) or time.monotonic() - asked > FRESH_SECONDS:
            self._gateway.clear_repodata_cache(rattler.Channel(channel.url))
            state.asked.clear()
            state.names.clear()

    async def _names_of(self, channel: Channel, platform: str) -> set[str]:
        state = self._states[channel.url]
        started = time.monotonic()
        repeats = 0
        while True:
            signature = local_signature(channel, platform)
            way = state.way
            gateway = self.gateway
            if platform in state.names:
                return state.names[platform]
            request = gateway.names([rattler.Channel(channel.url)], subdirs_of(platform), channel_relations="disabled")
            try:
                names = await self._patiently(channel, request)
            except (GatewayError, _NoAnswerError) as error:
                text = str(error)
                if _SHARED.search(text) and repeats < MOST_REPEATS:
                    repeats += 1  # asking again says what is wrong
                    continue
                if not self._fall_back(channel, text, way):
                    raise self._unavailable(channel, started) from None
            else:
                state.failed = []
                state.asked[platform] = time.monotonic()
                state.signature[platform] = signature
                state.names[platform] = {name.normalized for name in names}
                return state.names[platform]

    async def _patiently(self, channel: Channel, request: Awaitable[T]) -> T:
        """Wait for a slow channel, but not for one that does not answer at all."""
        task = asyncio.ensure_future(request)
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done and await self._is_silent(channel):
            task.cancel()
            self._gateway = None  # the native request goes on behind it and others would wait for it
            raise _NoAnswerError("no answer")
        return await task

    async def _is_silent(self, channel: Channel) -> bool:
        """Whether a channel does not even answer a bare request at its present location."""
        location = channel.locations[self._states[channel.url].location]
        if self.offline or not location.startswith("http"):
            return False
        return not await asyncio.to_thread(answers, location, self._patience)

    def _fall_back(self, channel: Channel, text: str, way: Way) -> bool:
        """Choose what to try next for the channel after one way failed; False when there is nothing."""
        state = self._states[channel.url]
        if way != state.way:
            return True  # the work on another platform met the same and has chosen already
        self._gateway = None  # it remembers what it did not find
        state.failed.append(f"{channel.shown_locations[state.location]}: {reason_for(text)}")
        if channel.is_local:
            return False
        if not state.whole_file and not _UNREACHABLE.search(text):
            state.whole_file = True
            self.fell_back.add(channel.url)
        elif state.location + 1 < len(channel.locations):
            state.location += 1
            state.whole_file = False
        else:
            state.location, state.whole_file = 0, False  # the next call begins anew
            return False
        return True

    def _culprit(self, channels: list[Channel], text: str, ways: Mapping[str, Way]) -> Channel:
        for channel in sorted(channels, key=lambda channel: -len(channel.url)):
            location = channel.locations[ways[channel.url][0]]
            if any(address + "/" in text for address in (channel.url, location, hide_credentials(location))):
                return channel
        return next((channel for channel in channels if not channel.is_local), channels[0])

    def _unavailable(self, channel: Channel, started: float) -> ChannelUnavailableError:
        state = self._states[channel.url]
        tried, state.failed = state.failed, []
        return unavailable(channel, time.monotonic() - started, tried, offline=self.offline)
