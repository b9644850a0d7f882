"""What the resolver is asked to lock. Worker side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.lock.pip.settings import PipSettings
from jupyter_envstore.schemas import Package
from jupyter_envstore.specification import Specification


@dataclass(frozen=True)
class LockRequest:
    """What to lock.

    Attributes
    ----------
    specification
        What was asked for.
    platforms
        Known platforms, at least one.
    channels
        For a specification that names none.
    settings
        How channel names are read and where they are fetched.
    pip
        How its pip section is resolved.
    further_channels
        Configured ones that may be proposed where something is missing.
    preferred
        Packages of the previous version: kept unless something speaks against them.
    freed
        Names among them that are to be as new as can be; the others then move as far as that takes.
    as_of
        ISO date or time: take packages as they stood then.
    virtual_packages
        By platform, on top of what is detected or published.
    exact_virtual_packages
        By platform, instead of all of that.
    attempted
        Platforms among them that had no solution before: that they have none now either is told, and is no failure.
    carried
        Platforms that are not solved: they keep exactly what is ``preferred`` for them.
    carried_virtual_packages
        What those were solved with.
    explain_seconds
        Time limit for the explanations of one lock.
    """

    specification: Specification
    platforms: tuple[str, ...]
    channels: tuple[str, ...]
    settings: ChannelSettings
    pip: PipSettings
    further_channels: tuple[str, ...] = ()
    preferred: tuple[Package, ...] = ()
    freed: tuple[str, ...] = ()
    as_of: str | None = None
    virtual_packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    exact_virtual_packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    attempted: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    carried_virtual_packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    explain_seconds: float = 20.0

    @property
    def carried_entries(self) -> dict[str, tuple[str, ...]]:
        """What is asked for on the platforms that are not solved, by platform."""
        return {platform: self.specification.dependencies_for(platform) for platform in self.carried}
