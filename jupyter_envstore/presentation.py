"""What the world outside sees of environments: links, kernel specs and conda's list, derived from the catalog.

The catalog commits first; what is written here can always be written again from it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from jupyter_envstore.builds.activation import capture_activation
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import (
    BrokenPrefixError,
    EnvironmentNotFoundError,
    EnvStoreError,
    KernelNotRegisteredError,
)
from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.kernels.conda_list import CondaList
from jupyter_envstore.kernels.environment import Difference, difference, variables_left_out
from jupyter_envstore.kernels.links import point_link, remove_link, sweep_links
from jupyter_envstore.kernels.registry import KernelRegistry
from jupyter_envstore.kernels.target import KernelTarget
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.schemas import Prefix, Version
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification

MOST_SINGLE = 20
"""With more environments than these to bring into line, all are looked at in one go."""


class Presentation:
    """The outside of one store: its links, and the specs in this process's kernels folder."""

    def __init__(self, catalog: Catalog, layout: StoreLayout, settings: StoreSettings) -> None:
        self._catalog = catalog
        self._layout = layout
        self._default_namespace = settings.default_namespace
        self._registry = KernelRegistry(Path(settings.kernels_dir), layout.root, settings.default_namespace)
        listed = settings.conda_environments_file
        self._conda_list = CondaList(Path(listed)) if listed else None

    def check_writable(self) -> None:
        """Raise `KernelsFolderError` when kernels could not be set up."""
        self._registry.check_writable()

    def present(self, namespace: str, name: str) -> list[str]:
        """Show the active version of an environment, and return notes for the person.

        Raises
        ------
        EnvStoreError
            When a kernel spec cannot be written or the activation cannot be captured.
        """
        notes: list[str] = []
        # Read when it is this process's turn to write, so that an older picture never overwrites a newer one.
        self._registry.register(lambda: self._target(self._catalog.versions.get(namespace, name)), notes.append)
        version = self._catalog.versions.get(namespace, name)
        target = self._target(version)
        notes += target.activation.warnings
        notes += _variables_note(target)
        link = self._link(version.namespace, version.name)
        point_link(link, target.prefix)
        self._forget_warning(version)
        if self._conda_list is not None:
            try:
                self._conda_list.add(link)
            except EnvStoreError as error:
                # Only conda and editors read that list: the kernel works without it.
                notes.append(error.message)
        return notes

    def withdraw(self, namespace: str, name: str) -> None:
        """Take away what is shown of an environment."""
        self._registry.unregister(namespace, name)
        link = self._link(namespace, name)
        remove_link(link)
        if self._conda_list is not None:
            self._conda_list.remove(link)

    def kernels(self, namespace: str, name: str) -> list[str]:
        """Return the names of the kernel specs of an environment."""
        wanted = f"{namespace}/{name}".lower()
        return [kernel.name for kernel in self._registry.registered() if kernel.environment.lower() == wanted]

    def withdraw_all(self) -> list[str]:
        """Take away all that is shown of this store, and return the names of the kernels."""
        removed = self._registry.unregister_all()
        if self._conda_list is not None:
            self._conda_list.remove_under(self._layout.environments)
        return sorted(path.name for path in removed)

    def reconcile(self) -> list[str]:
        """Bring kernel specs and links into line with the catalog, and return notes; cheap when they agree.

        Raises
        ------
        KernelsFolderError
            When something has to change and the folder cannot be written.
        """
        done = self._registry.reconcile(self._targets)
        wanted: set[str] = set()
        for version, prefix in self._catalog.versions.all_active():
            link = self._link(version.namespace, version.name)
            wanted.add(link.name)
            point_link(link, self._layout.prefix(prefix.hash))
            if not done.warnings:
                self._forget_warning(version)
        sweep_links(self._layout.environments, wanted)
        return done.warnings

    def refresh(self, environments: Sequence[tuple[str, str]]) -> list[str]:
        """Bring what is shown of these environments (namespace, name) into line, and return what could not be done.

        One that is being built is left alone: whoever builds it sets up its kernel, and its end is a further change.
        What cannot be done now is tried again when the environment changes, and when a server starts.
        """
        try:
            if len(environments) > MOST_SINGLE:
                return self.reconcile()
            for namespace, name in environments:
                self._refresh_one(namespace, name)
        except EnvStoreError as error:
            return [error.message]
        return []

    def _refresh_one(self, namespace: str, name: str) -> None:
        try:
            environment = self._catalog.environments.get(namespace, name)
        except EnvironmentNotFoundError:
            self.withdraw(namespace, name)
            return
        if environment.active_version is not None and environment.state in ("ready", "broken"):
            self.present(namespace, name)  # its notes were told when it was built

    def surroundings(self, version: Version) -> Difference:
        """Return what changes in the process environment of a command that runs as the version's kernel would.

        Raises
        ------
        BrokenPrefixError
            When the version is not on disk.
        """
        target = self._target(version)
        if not (target.prefix / "conda-meta").is_dir():
            raise BrokenPrefixError.not_on_disk(target.reference, str(target.prefix))
        name = target.short_name(self._default_namespace)
        return difference(target.prefix, target.activation, target.variables, name)

    def _forget_warning(self, version: Version) -> None:
        """Take back the warning that the version's kernel could not be set up: now it is."""
        code = KernelNotRegisteredError.code
        if any(warning.code == code for warning in version.warnings):
            self._catalog.versions.drop_warning(version.namespace, version.name, version.number, code)

    def _targets(self) -> list[KernelTarget]:
        return [self._target(version, prefix) for version, prefix in self._catalog.versions.all_active()]

    def _target(self, version: Version, prefix: Prefix | None = None) -> KernelTarget:
        if version.prefix_hash is None:
            raise BrokenPrefixError(
                f"{version.namespace}/{version.name}@{version.number} was never built on this machine.",
                version=version.number,
            )
        return KernelTarget(
            namespace=version.namespace,
            name=version.name,
            version=version.number,
            prefix=self._layout.prefix(version.prefix_hash),
            lock=version.lock,
            variables=_variables(version.specification),
            activation=self._activation(prefix or self._catalog.prefixes.get(version.prefix_hash)),
        )

    def _activation(self, prefix: Prefix) -> Activation:
        if prefix.activation is not None or prefix.state != "ready":
            return Activation.from_dict(prefix.activation)
        captured = capture_activation(self._layout, prefix.hash)
        self._catalog.prefixes.set_activation(prefix.hash, captured["activation"], captured.get("kernels") or [])
        return Activation.from_dict(captured["activation"])

    def _link(self, namespace: str, name: str) -> Path:
        return self._layout.environment_link(namespace, name, self._default_namespace)


@functools.lru_cache(maxsize=1024)
def _variables(specification: str) -> Mapping[str, str]:
    """Return a specification's variables; most have none, and then the text need not be parsed."""
    return Specification.parse(specification).variables if "variables" in specification else {}


def _variables_note(target: KernelTarget) -> list[str]:
    left_out = variables_left_out(target.variables)
    if not left_out:
        return []
    return [
        f"These variables of the specification are not set, because shells or conda own them: {', '.join(left_out)}."
    ]
