"""Putting builds into the queue: one transaction each, and whoever runs builds is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyter_envstore.errors import EnvironmentNotFoundError
from jupyter_envstore.login import login_name
from jupyter_envstore.references import Reference

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Build, BuildKind, BuildRequest, Package
    from jupyter_envstore.store.store import EnvStore


class BuildQueue:
    """The queue of one store's builds; ``by`` and ``wait`` are those of `StoreBuilds`."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def add(self, reference: Reference, kind: BuildKind, request: BuildRequest, *, by: str | None, wait: bool) -> Build:
        """Queue a build of an environment that is there.

        Raises
        ------
        EnvironmentNotFoundError, NoRunnerError
        """
        service = self._store.build_service
        if not wait:
            service.require_runner()
        build = self._store.catalog.builds.enqueue(
            reference.namespace, reference.name, kind, request, by or login_name()
        )
        service.wake()
        return build

    def add_first(
        self,
        reference: Reference,
        kind: BuildKind,
        request: BuildRequest,
        *,
        by: str | None,
        wait: bool,
        packages: Sequence[Package] = (),
        description: str = "",
    ) -> Build:
        """Make an environment and queue the build of its first version: both, or neither where it must not be built.

        Parameters
        ----------
        packages
            Of the lock that it is made from, if there is one.

        Raises
        ------
        SpecificationError, PlatformError, PolicyError
            When it must not be built; see `admit`.
        NameTakenError, InvalidNameError, NoRunnerError
        """
        from jupyter_envstore.builds.admission import admit

        admit(kind, request, self._store.policy, packages)
        catalog, who = self._store.catalog, by or login_name()
        if not wait:
            self._store.build_service.require_runner()
        self._let_go(reference)
        with catalog.transaction():
            catalog.environments.create(reference.namespace, reference.name, description, who)
            build = catalog.builds.enqueue(reference.namespace, reference.name, kind, request, who)
        self._store.build_service.wake()
        return build

    def _let_go(self, reference: Reference) -> None:
        """Let go of a name that is held by a build whose process is gone."""
        builds = self._store.builds
        try:
            build = self._store.catalog.environments.get(reference.namespace, reference.name).build
        except EnvironmentNotFoundError:
            return
        if build is not None and build.finished is None:
            self._store.build_service.recover()
            if builds.abandoned([builds.get(build.id)]):
                builds.cancel(build.id)
