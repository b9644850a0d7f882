"""Environments as wholes: what there is, what it is called and said of it, and taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyter_envstore.errors import EnvStoreError, InvalidInputError
from jupyter_envstore.login import login_name

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Environment, Finding, Page, Schedule
    from jupyter_envstore.store.store import EnvStore


class StoreEnvironments:
    """The environments of one store."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def list(
        self,
        *,
        search: str = "",
        namespace: str | None = None,
        package: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[Environment]:
        """List environments; ``search`` is a part of the name, ``package`` a match spec of one in the active version.

        Raises
        ------
        InvalidInputError
            For a match spec, limit or cursor that makes no sense.
        """
        return self._store.catalog.environments.list(
            search=search, namespace=namespace, package=package, limit=limit, cursor=cursor
        )

    def find(
        self, package: str, *, active_only: bool = False, limit: int = 100, cursor: str | None = None
    ) -> Page[Finding]:
        """List the versions that have a package: the active ones first, and among each the ones made last.

        Parameters
        ----------
        package
            A match spec of name, version, build and channel, such as ``numpy >=2,<3``.
        active_only
            Leave versions out that are not the active one of their environment.

        Raises
        ------
        SpecificationError
            When ``package`` is no match spec.
        InvalidInputError
            When it has other conditions, or for a limit or cursor that makes no sense.
        """
        return self._store.catalog.findings.list(package, active_only=active_only, limit=limit, cursor=cursor)

    def get(self, ref: str) -> Environment:
        """Return one environment.

        Raises
        ------
        EnvironmentNotFoundError
        """
        reference = self._store.reference(ref)
        return self._store.catalog.environments.get(reference.namespace, reference.name)

    def describe(self, ref: str, description: str) -> Environment:
        """Change what an environment says of itself.

        Raises
        ------
        EnvironmentNotFoundError
        """
        reference = self._store.environment_reference(ref)
        return self._store.catalog.environments.describe(reference.namespace, reference.name, description)

    def rename(self, ref: str, new_name: str, *, by: str | None = None) -> Environment:
        """Call an environment otherwise; ``new_name`` without a namespace leaves it in its own.

        The present name goes on leading to it, for references and for notebooks that name its kernel, until another
        environment gets that name or nobody has started that kernel for 90 days. Kernels that run are not disturbed.

        Raises
        ------
        EnvironmentNotFoundError, InvalidNameError
        NameTakenError
            When another environment is called that, or a build of one still goes on under that name.
        """
        reference, wanted = self._store.environment_reference(ref), self._store.environment_reference(new_name)
        catalog = self._store.catalog
        with catalog.transaction():
            before = catalog.environments.get(reference.namespace, reference.name)
            namespace = wanted.namespace if "/" in new_name else before.namespace
            renamed = catalog.aliases.rename(before.namespace, before.name, namespace, wanted.name, by or login_name())
        if renamed.active_version is not None:
            try:
                self._store.presentation.move((before.namespace, before.name), (renamed.namespace, renamed.name))
            except EnvStoreError as error:
                # It is called that now, whoever shows it: what is shown follows when a server starts.
                self._store.log.warning(error.message)
        return renamed

    def remove(self, ref: str, *, by: str | None = None) -> Environment:
        """Remove an environment; its kernel goes, its versions stay for 30 days.

        Raises
        ------
        EnvironmentNotFoundError
        """
        reference = self._store.environment_reference(ref)
        environment = self._store.catalog.environments.soft_delete(
            reference.namespace, reference.name, by or login_name()
        )
        self._store.presentation.withdraw(environment.namespace, environment.name)
        return environment

    def removed(self) -> Sequence[Environment]:
        """List what was removed and can be brought back, the last one first."""
        return self._store.catalog.environments.list_deleted()

    def undelete(self, ref: str, *, new_name: str | None = None, by: str | None = None) -> Environment:
        """Bring back what was removed last under that name, as ``new_name`` when one is given.

        Raises
        ------
        EnvironmentNotFoundError
        NameTakenError
            When another environment has the name now.
        """
        reference = self._store.environment_reference(ref)
        environment = self._store.catalog.environments.undelete(
            reference.namespace, reference.name, by or login_name(), new_name
        )
        if environment.active_version is not None:
            self._store.presentation.present(environment.namespace, environment.name)
        return environment

    def schedule(self, ref: str, schedule: Schedule, *, by: str | None = None) -> Environment:
        """Have updates of an environment prepared, or no longer. A prepared version waits until it is activated.

        The first one is due when the active version is as old as the interval, at once for an older one. A server
        with this store prepares it.

        Raises
        ------
        EnvironmentNotFoundError
        InvalidInputError
            When there is no such schedule.
        """
        from jupyter_envstore.catalog.schedules import INTERVALS

        if schedule != "off" and schedule not in INTERVALS:
            raise InvalidInputError(
                f"There is no schedule {str(schedule)[:40]!a}. Known are off and {', '.join(INTERVALS)}."
            )
        reference = self._store.environment_reference(ref)
        return self._store.catalog.schedules.set(reference.namespace, reference.name, schedule, by or login_name())

    def kernels(self, ref: str) -> Sequence[str]:
        """Return the names of the kernel specs that this store has set up for an environment's active version."""
        reference = self._store.reference(ref)
        environment = self._store.catalog.environments.get(reference.namespace, reference.name)
        return self._store.presentation.kernels(environment.namespace, environment.name)
