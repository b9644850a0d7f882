"""What the world outside sees of environments: links, kernel specs and conda's list, derived from the catalog.

The catalog commits first; what is written here can always be written again from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import (
    BrokenPrefixError,
    EnvironmentNotFoundError,
    EnvStoreError,
    KernelNotRegisteredError,
    NotFoundError,
)
from jupyter_envstore.kernels import stamps
from jupyter_envstore.kernels.conda_list import CondaList
from jupyter_envstore.kernels.environment import Difference, difference, variables_left_out
from jupyter_envstore.kernels.links import point_link, remove_link, sweep_links
from jupyter_envstore.kernels.registry import KernelRegistry
from jupyter_envstore.kernels.specs import SPEC_FILE
from jupyter_envstore.kernels.target import KernelTarget, read_kernel_name
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.schemas import Version
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.targets import Targets, forget_unused_names

MOST_SINGLE = 20
"""With more environments than these to bring into line, all are looked at in one go."""


class Presentation:
    """The outside of one store: its links, and the specs in this process's kernels folder."""

    def __init__(self, catalog: Catalog, layout: StoreLayout, settings: StoreSettings) -> None:
        self._catalog = catalog
        self._layout = layout
        self._default_namespace = settings.default_namespace
        self._targets = Targets(catalog, layout)
        self._registry = KernelRegistry(Path(settings.kernels_dir), layout.root, settings.default_namespace)
        listed = settings.conda_environments_file
        self._conda_list = CondaList(Path(listed)) if listed else None

    def check_writable(self) -> None:
        """Raise `KernelsFolderError` when kernels could not be set up."""
        self._registry.check_writable()

    # ------------------------------------------------------------ one environment

    def present(self, namespace: str, name: str) -> list[str]:
        """Show the active version of an environment, and return notes for the person.

        Raises
        ------
        EnvStoreError
            When a kernel spec cannot be written or the activation cannot be captured.
        """
        notes: list[str] = []
        # Read when it is this process's turn to write, so that an older picture never overwrites a newer one.
        self._registry.arrange(lambda look: self._targets.of_environment(namespace, name, look), warn=notes.append)
        version = self._catalog.versions.get(namespace, name)
        target = self._targets.of_version(version)
        notes += target.activation.warnings
        notes += _variables_note(target)
        for alias in self._catalog.aliases.of(version.namespace, version.name):
            self._remove_link(alias.namespace, alias.name)
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
        """Take away what is shown of an environment, under all of its names."""
        aliases = self._catalog.aliases.of(namespace, name)
        self._registry.unregister(f"{namespace}/{name}", *(alias.key for alias in aliases))
        self._remove_link(namespace, name)

    def move(self, before: tuple[str, str], now: tuple[str, str]) -> list[str]:
        """Show an environment under its new name (namespace, name), and return notes for the person.

        Raises
        ------
        EnvStoreError
            See `present`.
        """
        if before != now:
            self._remove_link(*before)
        return self.present(*now)

    def kernels(self, namespace: str, name: str) -> list[str]:
        """Return the names of the kernel specs of an environment's active version."""
        wanted = f"{namespace}/{name}".lower()
        return [
            kernel.name
            for kernel in self._registry.registered(wanted)
            if kernel.environment.lower() == wanted and not kernel.pinned and not kernel.alias
        ]

    # ------------------------------------------------------------ kernels that are asked for

    def pin(self, version: Version) -> list[str]:
        """Make sure of the kernels that stay at a version, and return their names, Python's first.

        A version whose files were freed gets a kernel that says so.

        Raises
        ------
        KernelsFolderError, KernelNotRegisteredError
        """
        apart = not self._catalog.meant_versions.is_plain(version)
        return self._register_pinned(replace(self._targets.of_version(version), pinned=True, apart=apart))

    def _register_pinned(self, target: KernelTarget) -> list[str]:
        told: list[str] = []
        names = [path.name for path in self._registry.register(target, told.append)]
        for name in names:
            stamps.touch(self._layout.used_kernel(name))  # whoever asks for it is about to use it
        if not names:
            raise KernelNotRegisteredError(
                " ".join(told) or f"{target.reference} has no kernel.", reference=target.reference
            )
        return names

    def ensure_kernel(self, kernel: str) -> bool:
        """Make sure of the kernel spec of that name, if it can be one of this store, and tell whether it is there.

        For notebooks that name a kernel which is not there any more, or not yet on this machine. Nothing is built.

        Raises
        ------
        EnvStoreError
            When the spec cannot be written.
        """
        asked = read_kernel_name(kernel)
        if asked is None:
            return False
        if self._registry.has(kernel):
            return True
        try:
            if asked.version is None:
                version = self._catalog.versions.get(*self._catalog.meant_versions.active(asked.namespace, asked.name))
            else:
                version = self._catalog.meant_versions.get(asked.namespace, asked.name, asked.version, asked.lock)
        except NotFoundError:
            return False
        if asked.version is None:
            self.present(version.namespace, version.name)
        else:
            aliases = self._catalog.aliases.of(version.namespace, version.name)
            self._register_pinned(self._targets.of_pinned(version, asked, {alias.key: alias for alias in aliases}))
        return self._registry.has(kernel)

    def kernelspec(self, kernel: str) -> dict[str, str]:
        """Return what a notebook that uses a kernel says of it: name, display name and language."""
        spec = json.loads((self._registry.kernels_dir / kernel / SPEC_FILE).read_bytes())
        return {"display_name": spec["display_name"], "language": spec["language"], "name": kernel}

    # ------------------------------------------------------------ all of them

    def withdraw_all(self) -> list[str]:
        """Take away all that is shown of this store, and return the names of the kernels."""
        removed = self._registry.unregister_all()
        if self._conda_list is not None:
            self._conda_list.remove_under(self._layout.environments)
        return sorted(path.name for path in removed)

    def reconcile(self) -> list[str]:
        """Bring kernel specs, links and conda's list into line with the catalog; cheap when they agree.

        Former names that nobody used for long are forgotten, and kernels pinned to a version that nobody started.

        Returns
        -------
        Notes for the person.

        Raises
        ------
        KernelsFolderError
            When something has to change and the folder cannot be written.
        """
        forget_unused_names(self._catalog, self._layout)
        done = self._registry.reconcile(self._targets.all)
        links: dict[Path, bool] = {}
        for version, prefix in self._catalog.versions.all_active():
            link = self._link(version.namespace, version.name)
            links[link] = prefix.state != "freed"
            point_link(link, self._layout.prefix(prefix.hash))
            if not done.warnings:
                self._forget_warning(version)
        sweep_links(self._layout.environments, {link.name for link in links})
        if self._conda_list is not None:
            try:
                there = [link for link, whole in links.items() if whole]
                self._conda_list.bring_in_line(self._layout.environments, there)
            except EnvStoreError as error:
                done.warnings.append(error.message)
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
            self.present(environment.namespace, environment.name)  # its notes were told when it was built

    def surroundings(self, version: Version) -> Difference:
        """Return what changes in the process environment of a command that runs as the version's kernel would.

        Raises
        ------
        BrokenPrefixError
            When the version is not on disk.
        """
        target = self._targets.of_version(version)
        if not (target.prefix / "conda-meta").is_dir():
            raise BrokenPrefixError.not_on_disk(target.reference, str(target.prefix))
        stamps.touch(self._layout.used_prefix(target.prefix.name))
        name = target.short_name(self._default_namespace)
        return difference(target.prefix, target.activation, target.variables, name)

    def _forget_warning(self, version: Version) -> None:
        """Take back the warning that the version's kernel could not be set up: now it is."""
        code = KernelNotRegisteredError.code
        if any(warning.code == code for warning in version.warnings):
            self._catalog.versions.drop_warning(version.namespace, version.name, version.number, code)

    def _link(self, namespace: str, name: str) -> Path:
        return self._layout.environment_link(namespace, name, self._default_namespace)

    def _remove_link(self, namespace: str, name: str) -> None:
        link = self._link(namespace, name)
        remove_link(link)
        if self._conda_list is not None:
            self._conda_list.remove(link)


def _variables_note(target: KernelTarget) -> list[str]:
    left_out = variables_left_out(target.variables)
    if not left_out:
        return []
    return [
        f"These variables of the specification are not set, because shells or conda own them: {', '.join(left_out)}."
    ]
