"""Who needs the files of a version: the one place that decides what may be freed, and says why in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jupyter_envstore.catalog.collection import HeldVersion
from jupyter_envstore.disk.holders import Holders
from jupyter_envstore.schemas import UsageCode
from jupyter_envstore.targets import PINNED_DAYS


@dataclass(frozen=True)
class Verdict:
    """Whether the files of a prefix stay, and why, as a code and in words."""

    stays: bool
    code: UsageCode
    reason: str


@dataclass(frozen=True)
class Needs:
    """All that keeps prefixes, as it is at one moment. Prefixes are named by their folder.

    Attributes
    ----------
    versions
        By prefix, the versions that have it.
    holders
        Processes that use prefixes.
    building
        Prefixes that builds make or are about to use.
    kernels
        By prefix, when a kernel that is pinned to one of its versions was last started.
    last_used
        By prefix, when it was last used.
    recent_days
        What was used within so many days stays.
    """

    now: datetime
    recent_days: float
    versions: Mapping[str, Sequence[HeldVersion]]
    holders: Holders
    building: Collection[str]
    last_used: Mapping[str, datetime]
    kernels: Mapping[str, datetime] = field(default_factory=dict)

    def judge(self, prefix: str) -> Verdict:
        """Decide about one prefix."""
        versions = self.versions.get(prefix, ())
        for version in versions:
            if version.active and not version.deleted:
                return Verdict(True, "active", f"active version of {version.namespace}/{version.name}")
        # A pin counts for a removed environment too, for as long as it can be brought back.
        for version in versions:
            if version.pinned and not version.deleted:
                return Verdict(True, "pinned", f"{version.reference} is pinned")
        for version in versions:
            if version.offered and not version.deleted:
                return Verdict(True, "offered", f"{version.reference} waits to be activated")
        holders = self.holders.found.get(prefix)
        if holders:
            others = f" and {len(holders) - 1} more" if len(holders) > 1 else ""
            return Verdict(True, "running", f"in use by {holders[0]}{others}")
        if prefix in self.building:
            return Verdict(True, "building", "a build works with it")
        living = [version for version in versions if not version.deleted and not version.removed]
        if not living:
            # Whoever removed it said that it is not needed, however short ago it was used.
            removed = any(not version.deleted for version in versions)
            return Verdict(False, "removed", "its environment was removed" if removed else "no version has these files")
        started = self.kernels.get(prefix)
        if started is not None and self.now - started < timedelta(days=PINNED_DAYS):
            return Verdict(True, "kernel", f"a notebook pinned to it was run on {_day(started)}")
        used = self.last_used.get(prefix)
        if used is not None and self.now - used < timedelta(days=self.recent_days):
            return Verdict(True, "recent", f"last used on {_day(used)}")
        return Verdict(False, "unused", f"not used since {_day(used)}" if used else "never used")


def _day(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d")
