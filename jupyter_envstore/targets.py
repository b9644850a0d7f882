"""Which kernels there are to be: the active versions, former names of environments, versions that were asked for.

Read from the catalog, but for the last: that a kernel pinned to a version is wanted says only the spec itself, which
stands in somebody's kernels folder for as long as it is used.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from jupyter_envstore.builds.activation import capture_activation
from jupyter_envstore.catalog import Alias, Catalog
from jupyter_envstore.errors import BrokenPrefixError, NotFoundError
from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.kernels.registered import RegisteredKernel
from jupyter_envstore.kernels.registry import EnvironmentKernels
from jupyter_envstore.kernels.stamps import last_used, sweep
from jupyter_envstore.kernels.target import FOLDER_START, MAIN_KERNEL, KernelName, KernelTarget, read_kernel_name
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.schemas import Prefix, Version
from jupyter_envstore.specification import Specification

ALIAS_DAYS = 90
"""An environment's former name is forgotten when no kernel of that name was started for so long."""
PINNED_DAYS = 30
"""A kernel pinned to a version goes when it was not started for so long; it is made again when it is asked for."""


class Targets:
    """The kernels that one store's environments are to have."""

    def __init__(self, catalog: Catalog, layout: StoreLayout) -> None:
        self._catalog = catalog
        self._layout = layout

    def of_version(self, version: Version, prefix: Prefix | None = None) -> KernelTarget:
        """Return the target for the kernel of a version.

        Raises
        ------
        BrokenPrefixError
            When the version was never built here.
        """
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

    def of_environment(
        self, namespace: str, name: str, look: Callable[..., Iterable[RegisteredKernel]]
    ) -> EnvironmentKernels:
        """Return all that an environment is to have; ``look`` gives the specs that are there under given names.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        active = self.of_version(self._catalog.versions.get(namespace, name))
        aliases = self._catalog.aliases.of(active.namespace, active.name)
        names = frozenset({active.environment.lower(), *(alias.key for alias in aliases)})
        kept = self._kept(look(*names), {alias.key: alias for alias in aliases})
        mine = [target for _, target in kept if target.environment == active.environment]
        spared = {name for name, target in kept if target.environment != active.environment}
        return EnvironmentKernels(names, [active, *_under_former_names(active, aliases), *mine], frozenset(spared))

    def all(self, present: Iterable[RegisteredKernel]) -> list[KernelTarget]:
        """Return all that is to be there, given the specs that are present."""
        of_environment: dict[tuple[str, str], list[Alias]] = {}
        aliases = self._catalog.aliases.all()
        for alias in aliases:
            of_environment.setdefault(alias.environment, []).append(alias)
        targets: list[KernelTarget] = []
        for version, prefix in self._catalog.versions.all_active():
            target = self.of_version(version, prefix)
            former = of_environment.get((version.namespace, version.name), ())
            targets += [target, *_under_former_names(target, former)]
        return [*targets, *(target for _, target in self._kept(present, {alias.key: alias for alias in aliases}))]

    def _kept(
        self, present: Iterable[RegisteredKernel], aliases: Mapping[str, Alias]
    ) -> list[tuple[str, KernelTarget]]:
        """Return the pinned kernels that were used lately and whose version still exists: names of specs and targets.

        The specs of one version's several kernels come and go together: each of their names is given.
        """
        oldest = datetime.now(timezone.utc) - timedelta(days=PINNED_DAYS)
        pinned = [(kernel, read_kernel_name(kernel.name)) for kernel in present if kernel.pinned]
        used = {_without_kernel(asked) for kernel, asked in pinned if asked and self._last_used(kernel) >= oldest}
        targets: dict[KernelName, KernelTarget | None] = {}
        kept = []
        for kernel, asked in pinned:
            if asked is None or _without_kernel(asked) not in used:
                continue
            meant = _without_kernel(asked)
            if meant not in targets:
                targets[meant] = self._pinned(meant, kernel.lock, aliases)
            target = targets[meant]
            if target is not None:
                kept.append((kernel.name, target))
        return kept

    def _pinned(self, asked: KernelName, lock: str, aliases: Mapping[str, Alias]) -> KernelTarget | None:
        try:
            version = self._catalog.meant_versions.get(asked.namespace, asked.name, asked.version or 0, asked.lock)
        except NotFoundError:
            return None
        # Another environment may have had the name meanwhile: its version of that number is not what was meant.
        return self.of_pinned(version, asked, aliases) if version.lock == lock else None

    def of_pinned(self, version: Version, asked: KernelName, aliases: Mapping[str, Alias]) -> KernelTarget:
        """Return the target for the kernel that stays at a version, under the name that it is asked for by."""
        called = f"{asked.namespace}/{asked.name}".lower()
        alias = aliases.get(called)
        former = (alias.namespace, alias.name) if alias else (asked.namespace, asked.name)
        own = called == f"{version.namespace}/{version.name}".lower()
        return replace(self.of_version(version), pinned=True, alias=None if own else former, apart=bool(asked.lock))

    def _last_used(self, kernel: RegisteredKernel) -> datetime:
        """When a kernel was started, or its spec was made."""
        made = last_used(kernel.path)
        moments = [moment for moment in (made, last_used(self._layout.used_kernel(kernel.name))) if moment]
        return max(moments, default=datetime.min.replace(tzinfo=timezone.utc))

    def _activation(self, prefix: Prefix) -> Activation:
        if prefix.activation is not None or prefix.state != "ready":
            return Activation.from_dict(prefix.activation)
        captured = capture_activation(self._layout, prefix.hash)
        self._catalog.prefixes.set_activation(prefix.hash, captured["activation"], captured.get("kernels") or [])
        return Activation.from_dict(captured["activation"])


def _without_kernel(asked: KernelName) -> KernelName:
    return replace(asked, kernel=MAIN_KERNEL)


def _under_former_names(active: KernelTarget, aliases: Sequence[Alias]) -> list[KernelTarget]:
    return [replace(active, alias=(alias.namespace, alias.name)) for alias in aliases]


@functools.lru_cache(maxsize=1024)
def _variables(specification: str) -> Mapping[str, str]:
    """Return a specification's variables; most have none, and then the text need not be parsed."""
    return Specification.parse(specification).variables if "variables" in specification else {}


def forget_unused_names(catalog: Catalog, layout: StoreLayout) -> None:
    """Forget the former names of environments whose kernels nobody started for `ALIAS_DAYS`."""
    oldest = datetime.now(timezone.utc) - timedelta(days=ALIAS_DAYS)
    sweep(layout.used_kernel("any").parent, oldest)
    aliases = catalog.aliases.all()
    if not aliases:
        return
    moments = {}
    for alias in aliases:
        used = _last_start(layout, f"{FOLDER_START}{alias.key.replace('/', '--', 1)}")
        if used is not None and used - alias.last_used > timedelta(days=1):  # no write for every start
            moments[alias.namespace, alias.name] = used
    catalog.aliases.set_used(moments)
    catalog.aliases.drop_unused(oldest)


def _last_start(layout: StoreLayout, kernel: str) -> datetime | None:
    """Return when a kernel of that name, or one of its prefix's further or pinned ones, was last started."""
    stamps = layout.used_kernel(kernel).parent.glob(f"{kernel}*")
    moments = [last_used(stamp) for stamp in stamps if stamp.name == kernel or stamp.name.startswith(f"{kernel}--")]
    return max((moment for moment in moments if moment is not None), default=None)
