"""One platform's packages from constraints. Worker side: loads the solver.

Channel priority is strict, as conda's default for conda-forge: a package is taken from the first channel that has
its name. Nothing is written and nothing but channel metadata is fetched.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rattler import Channel, ChannelPriority, MatchSpec, solve
from rattler.exceptions import SolverError
from rattler.repo_data import MultiSource, RepoDataRecord
from rattler.repo_data.source import RepoDataSource

from jupyter_envstore.errors import InvalidInputError, PackageNotFoundError
from jupyter_envstore.lock.channels import ChannelGroup
from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.gateways import subdirs_of
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.virtual_packages import VirtualPackages, for_solver
from jupyter_envstore.schemas import Package

MOST_NAMED = 5
"""Names without a package that an error tells in words; all of them are among its details."""


class NoSolutionError(Exception):
    """The constraints have no solution; the text is the solver's."""


class OutOfTimeError(Exception):
    """The time that was given ran out."""


@dataclass(frozen=True)
class Target:
    """What to solve for.

    Attributes
    ----------
    platform
        A known platform.
    groups
        Channels in order of priority.
    virtual_packages
        What the machine offers.
    as_of
        Packages uploaded later do not exist; None for no limit.
    preferred
        Records to keep when nothing speaks against them.
    """

    platform: str
    groups: tuple[ChannelGroup, ...]
    virtual_packages: VirtualPackages
    as_of: datetime.datetime | None = None
    preferred: tuple[RepoDataRecord, ...] = field(default=(), repr=False)


class PlatformSolver:
    """Solves sets of constraints for one target."""

    def __init__(self, repodata: Repodata, target: Target) -> None:
        self.repodata = repodata
        self.target = target

    async def solve(
        self,
        entries: Sequence[Entry],
        *,
        seconds: float | None = None,
        strict_priority: bool = True,
        virtual_packages: VirtualPackages | None = None,
        constraints: Sequence[MatchSpec] = (),
        further: Sequence[MatchSpec] = (),
        pinned: Sequence[RepoDataRecord] = (),
        sources: Sequence[Channel | MultiSource | RepoDataSource] | None = None,
    ) -> list[RepoDataRecord]:
        """Return the records to install, by name.

        Parameters
        ----------
        entries
            Constraints.
        seconds
            Time limit; None for none.
        strict_priority
            False lets every channel offer every package.
        virtual_packages
            Instead of the target's.
        constraints
            Hold for a package if it is installed, and do not make it so.
        further
            Hold as ``entries`` do.
        pinned
            Records of which the solver takes no other of the same name.
        sources
            Where records come from, instead of the target's channels. Each is asked once for a name, with the target's
            own folder, and answers for all folders: two questions would take twice the time.

        Raises
        ------
        NoSolutionError, OutOfTimeError, ChannelUnavailableError
        """
        if seconds is not None and seconds <= 0:
            raise OutOfTimeError
        target = self.target
        offered = target.virtual_packages if virtual_packages is None else virtual_packages
        groups = self.groups_for(entries)
        folders = subdirs_of(target.platform) if sources is None else subdirs_of(target.platform)[:1]

        async def work() -> list[RepoDataRecord]:
            return await solve(
                self.repodata.sources(groups) if sources is None else sources,
                [*(entry.spec for entry in entries), *further],
                gateway=self.repodata.gateway,
                platforms=folders,
                locked_packages=list(target.preferred),
                pinned_packages=list(pinned),
                constraints=list(constraints),
                virtual_packages=for_solver(offered),
                timeout=None if seconds is None else datetime.timedelta(seconds=seconds),
                channel_priority=ChannelPriority.Strict if strict_priority else ChannelPriority.Disabled,
                exclude_newer=target.as_of,
                channel_relations="disabled",
            )

        try:
            records = await self.repodata.with_fallback(groups, work)
        except SolverError as error:
            if "has been cancelled" in str(error):
                raise OutOfTimeError from None
            raise NoSolutionError(str(error)) from None
        return sorted(records, key=lambda record: record.name.normalized)

    def groups_for(self, entries: Iterable[Entry]) -> list[ChannelGroup]:
        """Return the target's channels, then those that entries insist on by ``channel::name``, as conda does."""
        groups = list(self.target.groups)
        known = {channel.url for group in groups for channel in group.channels}
        for entry in entries:
            if entry.channel and entry.channel.url not in known:
                known.add(entry.channel.url)
                groups.append(ChannelGroup(entry.channel.name, (entry.channel,)))
        return groups

    async def all_names(self, entries: Sequence[Entry]) -> set[str]:
        """Return the names of all packages that the channels have.

        Raises
        ------
        ChannelUnavailableError
        """
        offered = await self.repodata.names(self.groups_for(entries), self.target.platform)
        return set().union(*offered.values())

    async def missing_names(self, entries: Sequence[Entry]) -> dict[str, list[str]]:
        """Return the names of ``entries`` that no channel has, with names that are written much like them.

        Raises
        ------
        ChannelUnavailableError
        """
        offered = await self.repodata.names(self.groups_for(entries), self.target.platform)
        everything = set().union(*offered.values()) if offered else set()
        missing: dict[str, list[str]] = {}
        for entry in entries:
            names = offered.get(entry.channel.url, set()) if entry.channel else everything
            if entry.name not in names and not entry.name.startswith("__"):  # those are the machine's, not a channel's
                missing[entry.name] = near_names(entry.name, everything)
        return missing


def near_names(name: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """Return up to ``limit`` of ``names`` that are written much like ``name``, the nearest first."""
    alike = {_bare(other): other for other in sorted(names)}
    close = difflib.get_close_matches(_bare(name), alike, n=limit, cutoff=0.7)
    prefix = [other for other in alike.values() if name != other and other.startswith(name + "-")]
    return list(dict.fromkeys([*(alike[key] for key in close), *prefix]))[:limit]


def _bare(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("python-").removeprefix("py-")


def not_found(missing: Mapping[str, list[str]], groups: Iterable[ChannelGroup], platform: str) -> PackageNotFoundError:
    """Make the error for names that no channel has."""
    channels = ", ".join(group.name for group in groups)
    sentences = []
    for name, near in list(missing.items())[:MOST_NAMED]:
        hint = f" Did you mean {' or '.join(near[:3])}?" if near else ""
        sentences.append(f"There is no package “{name}” for {platform} in {channels}.{hint}")
    if len(missing) > MOST_NAMED:
        sentences.append(f"{len(missing) - MOST_NAMED} more are unknown too.")
    sentences.append("Correct the name, or add the channel that has it.")
    return PackageNotFoundError(" ".join(sentences), packages=dict(missing), platform=platform)


def parse_as_of(text: str | None) -> datetime.datetime | None:
    """Read an ISO date (meaning the end of that day, UTC) or time; naive times are UTC.

    Raises
    ------
    InvalidInputError
    """
    if text is None:
        return None
    try:
        if len(text) == 10:
            day = datetime.date.fromisoformat(text)
            return datetime.datetime.combine(day, datetime.time(23, 59, 59, 999000), datetime.timezone.utc)
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise InvalidInputError(f"“{text[:40]}” is not a date. Write it as 2026-08-31 or 2026-08-31T12:00.") from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
    return zoned.astimezone(datetime.timezone.utc)  # the solver drops the zone without converting


async def preferred_records(
    repodata: Repodata, groups: Sequence[ChannelGroup], platform: str, packages: Iterable[Package]
) -> tuple[list[RepoDataRecord], list[str]]:
    """Find the channel's records of packages that a previous lock had.

    Only what the channels still have can be kept: the record says what the package depends on today.

    Returns
    -------
    tuple
        Records, and the names of packages that are gone.
    """
    own = [package for package in packages if package.manager == "conda" and package.platform == platform]
    wanted = {package.url: package for package in own}
    if not wanted:
        return [], []
    names = sorted({package.name for package in wanted.values()})
    found = {record.url: record for record in await repodata.records(groups, platform, names) if record.url in wanted}
    return list(found.values()), sorted(package.name for url, package in wanted.items() if url not in found)
