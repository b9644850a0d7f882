"""What an exporter gets: one version, as far as a file may tell of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jupyter_envstore.errors import FormatUnavailableError, PlatformError
from jupyter_envstore.schemas import Package

HEADING = "Written by jupyter-envstore"
"""How the first line of a comment of ours begins, by which it is known again."""


@dataclass(frozen=True)
class Shared:
    """A version to be written.

    Attributes
    ----------
    environment, version
        ``namespace/name`` and number.
    lock
        The lock's hash.
    specification
        The text of the environment.yml.
    document
        The conda-lock v1 document.
    packages
        Of all platforms, by platform and name, with sizes and licences where they are known.
    own_platform
        This machine's.
    platform
        The one that was asked for, or None.
    """

    environment: str
    version: int
    lock: str
    specification: str
    document: dict[str, Any]
    packages: Sequence[Package]
    own_platform: str
    platform: str | None = None

    @cached_property
    def platforms(self) -> list[str]:
        """What the lock covers, sorted."""
        return sorted(self.document["metadata"]["platforms"])

    @property
    def one_platform(self) -> str:
        """The platform for a file that can hold one: the one asked for, else this machine's, else the first.

        Raises
        ------
        PlatformError
            The lock does not cover the one that was asked for.
        """
        if self.platform is not None:
            return self._covered(self.platform)
        return self.own_platform if self.own_platform in self.platforms else self.platforms[0]

    @property
    def wanted_platforms(self) -> list[str]:
        """The platforms for a file that can hold all: the one asked for, or all.

        Raises
        ------
        PlatformError
            The lock does not cover the one that was asked for.
        """
        return self.platforms if self.platform is None else [self._covered(self.platform)]

    def _covered(self, platform: str) -> str:
        if platform in self.platforms:
            return platform
        raise PlatformError(
            f"{self.environment}@{self.version} is not locked for {platform[:64]}, only for "
            f"{', '.join(self.platforms)}. Lock it for that platform too: jupyter envstore edit {self.environment} "
            f"--platform {platform[:64]}",
            platform=platform[:64],
        )

    def packages_for(self, platform: str, manager: str | None = None) -> list[Package]:
        """Return the packages of one platform, of all managers or of one, by name."""
        return [
            package
            for package in self.packages
            if package.platform == platform and (manager is None or package.manager == manager)
        ]

    def heading(self) -> list[str]:
        """Return the lines of a comment that says where a file comes from; no time, so that it stays the same."""
        lines = [f"{HEADING} from {self.environment}, version {self.version}.", f"Lock {self.lock}"]
        if any(package.url.startswith("file:") for package in self.packages):
            lines.append("Some packages come from a folder (file://): this works only where that folder is.")
        return lines

    def require_fetchable(self, platforms: Sequence[str]) -> None:
        """Return when everybody who can reach the channels can fetch what would be written.

        Raises
        ------
        FormatUnavailableError
            When a wheel lies on this machine only.
        """
        for package in self.packages:
            if package.manager == "pip" and package.platform in platforms and package.url.startswith("file:"):
                raise FormatUnavailableError(
                    f"{package.name} {package.version} was installed from a file of this machine, which nobody else "
                    "could fetch. Publish it, and lock again with its address.",
                    package=package.name,
                )


def commented(lines: Sequence[str]) -> str:
    """Return lines as a comment, as YAML, TOML and lists of packages have it."""
    return "".join(f"# {line}\n" if line else "#\n" for line in lines)


def without_heading(text: str) -> str:
    """Return a text without a comment of ours at its beginning, so that it does not grow with each turn."""
    return re.sub(rf"\A# {re.escape(HEADING)} from .*\n(?:# (?:Lock |Some packages come ).*\n)*(?:\n)?", "", text)
