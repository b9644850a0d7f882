"""A build that this process has claimed, as its steps see it: what it is, what it works with, whether it must stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Protocol

from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.policy import Policy
from jupyter_envstore.schemas import Build, BuildKind, BuildRequest, Package

WITHOUT_VERSION: tuple[BuildKind, ...] = ("rebuild", "repair")
"""Builds that make the files of a version that exists."""


class Surroundings(Protocol):
    """What a build needs to know of the store that it works for."""

    def policy(self) -> Policy:
        """Return what the store allows now."""

    def check_before_build(self) -> None:
        """Raise when the result could not be used: an unwritable kernels folder, no room on the disk."""

    def lock_arguments(self, request: BuildRequest) -> dict[str, Any]:
        """Return the arguments of the resolver's ``lock`` call."""

    def completion_arguments(self, packages: list[Package]) -> dict[str, Any]:
        """Return the arguments of the resolver's ``complete`` call."""

    def confirm_arguments(self, packages: list[Package], allow_source: list[str]) -> dict[str, Any]:
        """Return the arguments of the resolver's ``confirm`` call."""

    def specification_for(self, document: dict[str, Any], name: str | None) -> str:
        """Return the text of a specification that leads to the packages of a lock that came without one."""

    def build_arguments(self) -> dict[str, Any]:
        """Return the settings among the arguments of the builder's ``build`` call."""

    def present(self, namespace: str, name: str) -> list[str]:
        """Make link and kernel specs of an environment agree with the catalog, and return notes for the person."""


@dataclass
class Task:
    """A claimed build.

    ``cancelled`` and ``lost`` are set from the runner's thread: the first when somebody asked for it, the second
    when the lease went to another process. ``stopping`` makes the build go back to the queue.
    """

    build: Build
    holder: str
    catalog: Catalog
    layout: StoreLayout
    resolver: Resolver
    surroundings: Surroundings
    cancelled: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)

    def must_stop(self) -> bool:
        """Whether it is to end before it is done."""
        return self.cancelled.is_set() or self.stopping.is_set() or self.lost.is_set()

    def warn(self, code: str, message: str, log: BuildLog) -> None:
        """Tell the person something that does not stop the build."""
        log.write(f"Note: {message}")
        self.catalog.builds.add_warning(self.build.id, self.holder, code, message)
