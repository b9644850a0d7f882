"""What the store costs on disk, and giving back what nobody needs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_envstore.errors import NotFoundError
from jupyter_envstore.login import login_name

if TYPE_CHECKING:
    from jupyter_envstore.disk.automatic import AutomaticCollection
    from jupyter_envstore.disk.collecting import Collector
    from jupyter_envstore.disk.offers import Offer
    from jupyter_envstore.disk.survey import Surveyor
    from jupyter_envstore.schemas import Collection, Package, Usage
    from jupyter_envstore.store.store import EnvStore


class StoreDisk:
    """The disk that one store takes."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store
        self._one_at_a_time = threading.Lock()

    def usage(self) -> Usage:
        """Return what the store costs, environment by environment, and what of it can be freed."""
        from jupyter_envstore.disk.automatic import read_plan
        from jupyter_envstore.disk.measuring import usage_of

        survey = self._surveyor.look(self._store.keep_used_days)
        return usage_of(survey, self._store.layout, read_plan(self._store.layout))

    def collect(self, *, dry_run: bool = False, by: str | None = None, unused_days: float | None = None) -> Collection:
        """Free what nobody needs; all of it can be built again. With ``dry_run`` only say what that would be.

        Needed is what is active, pinned or waits to be activated, what a process uses, what a build works with, and
        what was used lately.

        Parameters
        ----------
        unused_days
            Keep what was used within so many days; None: as configured.

        Raises
        ------
        StoreReadOnlyError
            When nothing can be freed because the store cannot be written.
        """
        from jupyter_envstore.disk.footprints import make_some_room
        from jupyter_envstore.folder import ensure_writable

        days = self._store.keep_used_days if unused_days is None else unused_days
        ensure_writable(self._store.layout)
        if not dry_run:
            make_some_room(self._store.layout)
        with self._one_at_a_time:
            collector = self._collector()
            return collector.foresee(days) if dry_run else collector.collect(days, by or login_name())

    @cached_property
    def automatic(self) -> AutomaticCollection:
        """Freeing by itself, as configured: off by default. A server calls its ``tick`` now and then."""
        from jupyter_envstore.disk.automatic import AutomaticCollection

        store = self._store
        return AutomaticCollection(store.catalog, store.layout, self._surveyor, self._collector, store)

    @cached_property
    def _surveyor(self) -> Surveyor:
        from jupyter_envstore.disk.survey import Surveyor
        from jupyter_envstore.lock.platforms import current_platform

        store = self._store
        return Surveyor(store.catalog, store.layout, current_platform(), pinned_kernels=self._pinned_kernels)

    def _collector(self) -> Collector:
        from jupyter_envstore.disk.collecting import Collector
        from jupyter_envstore.lock.platforms import current_platform

        store = self._store
        return Collector(store.catalog, store.layout, self._surveyor, self._ask, current_platform())

    def _ask(self, packages: Sequence[Package]) -> Offer:
        """Ask channels, in the resolver's process, what they still have."""
        from jupyter_envstore.builds.surroundings import offered_arguments
        from jupyter_envstore.disk.offers import Offer

        store = self._store
        arguments = offered_arguments(store, store.layout, packages)
        answer = store.searcher.call("offered", arguments, cancelled=lambda: store.closing)
        return Offer(frozenset(answer["offered"]), tuple(answer["silent"]))

    def _pinned_kernels(self) -> dict[str, datetime]:
        """Return, by prefix hash, when a kernel that is pinned to a version was last started."""
        from jupyter_envstore.disk.survey import files
        from jupyter_envstore.kernels.stamps import last_used
        from jupyter_envstore.kernels.target import read_kernel_name
        from jupyter_envstore.targets import PINNED_DAYS

        found: dict[str, datetime] = {}
        since = datetime.now(timezone.utc) - timedelta(days=PINNED_DAYS)
        for kernel in files(self._store.layout.used / "kernels"):
            used, asked = last_used(self._store.layout.used_kernel(kernel)), read_kernel_name(kernel)
            if used is None or used < since or asked is None or asked.version is None:
                continue
            try:
                version = self._store.catalog.versions.get(asked.namespace, asked.name, asked.version)
            except NotFoundError:
                continue
            if version.prefix_hash is not None:
                found[version.prefix_hash] = max(used, found.get(version.prefix_hash, used))
        return found
