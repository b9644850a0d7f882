"""Environments as wholes: what there is, what it is called and said of it, and taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyter_envstore.login import login_name

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Environment, Page
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
        """List environments; ``search`` is a part of the name, ``package`` the name of one in the active version."""
        return self._store.catalog.environments.list(
            search=search, namespace=namespace, package=package, limit=limit, cursor=cursor
        )

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

    def kernels(self, ref: str) -> Sequence[str]:
        """Return the names of the kernel specs that this store has set up for an environment."""
        reference = self._store.reference(ref)
        return self._store.presentation.kernels(reference.namespace, reference.name)
