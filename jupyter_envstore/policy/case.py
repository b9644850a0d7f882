"""What the rules look at: packages with who brings them, sorted once for all rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from jupyter_envstore.lock.urls import parse_package_url, split_credentials
from jupyter_envstore.policy.origin import Origin
from jupyter_envstore.policy.trust import Trust
from jupyter_envstore.schemas import Package

if TYPE_CHECKING:
    from jupyter_envstore.policy.settings import Policy

PipFile = tuple[str, str, str]
"""A file of a package index: normalised name, version, sha256."""


@dataclass(frozen=True)
class Case:
    """One question to the rules.

    Attributes
    ----------
    offered
        Those of the pip packages' files that the configured indexes offer; None: nobody has asked them yet.
    """

    origin: Origin
    packages: Sequence[Package]
    policy: Policy
    offered: Collection[PipFile] | None = None

    @cached_property
    def trust(self) -> Trust:
        """Where conda packages may come from: what the store uses, what is asked for, what the person allows."""
        return self.policy.trust([*self.origin.channels, *self.origin.allowed])

    @cached_property
    def channels(self) -> dict[str, dict[str, None]]:
        """The names of the conda packages by the channel under which their files lie, in order of appearance.

        That is told by the address alone: what a package is said to come from is as foreign as the address.
        """
        found: dict[str, dict[str, None]] = {}
        for package in self.packages:
            if package.manager == "conda":
                found.setdefault(_place(package), {})[package.name] = None
        return found

    @cached_property
    def pip(self) -> list[Package]:
        """The packages of pip."""
        return [package for package in self.packages if package.manager == "pip"]


def _place(package: Package) -> str:
    """Return the URL of the channel in which a conda package's file lies; its whole address when it lies in none."""
    url, channel, subdir = package.url, package.channel, package.subdir
    head = f"{channel}/{subdir}/"
    if channel and subdir and url.startswith(head) and url.find("/", len(head)) < 0 and not _winds(url):
        return channel
    place = parse_package_url(url)
    whole = url if place is None or _winds(url) else place.channel
    return split_credentials(re.split("[?#]", whole, maxsplit=1)[0])[0]  # it will be shown


def _winds(url: str) -> bool:
    """Tell whether a URL may lead elsewhere than it seems to."""
    if "\\" in url:
        return True
    return (".." in url or "%2e" in url.lower()) and ".." in unquote(urlsplit(url).path).split("/")
