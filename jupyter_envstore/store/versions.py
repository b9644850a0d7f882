"""The versions that exist: what they hold, what differs between them, which one is active, whether they are whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jupyter_envstore.login import login_name

if TYPE_CHECKING:
    from jupyter_envstore.kernels.environment import Difference
    from jupyter_envstore.schemas import Comparison, MachineReport, Package, Page, Switch, VerificationReport, Version
    from jupyter_envstore.store.store import EnvStore


class StoreVersions:
    """The versions of one store's environments."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def list(self, ref: str, *, limit: int = 100, cursor: str | None = None) -> Page[Version]:
        """List the versions of an environment, the newest first.

        Raises
        ------
        EnvironmentNotFoundError
        """
        reference = self._store.reference(ref)
        return self._store.catalog.versions.list(reference.namespace, reference.name, limit=limit, cursor=cursor)

    def get(self, ref: str) -> Version:
        """Return one version: the named one, or the active one.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        reference = self._store.reference(ref)
        return self._store.catalog.versions.get(reference.namespace, reference.name, reference.version)

    def packages(self, ref: str, *, platform: str | None = None) -> Sequence[Package]:
        """Return the locked packages of a version for ``platform``, this machine's by default.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, PlatformError
        """
        from jupyter_envstore.lock.platforms import check_platform, current_platform

        wanted = check_platform(platform) if platform else current_platform()
        return self._store.catalog.locks.packages(self.get(ref).lock, wanted)

    def machines(self, ref: str) -> MachineReport:
        """Say on what machines a version was locked and built, and what stands between it and this one.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        from jupyter_envstore.lock.facts import machine_of
        from jupyter_envstore.lock.platforms import current_platform
        from jupyter_envstore.machine import differences, this_machine
        from jupyter_envstore.schemas import MachineReport

        version, catalog, here = self.get(ref), self._store.catalog, this_machine()
        locked = machine_of(catalog.locks.document(version.lock))
        return MachineReport(
            locked=locked,
            built=catalog.builds.machine_of(version.namespace, version.name, version.number),
            here=here,
            differences=differences(locked, here, catalog.locks.packages(version.lock, current_platform())),
        )

    def lockfile(self, ref: str) -> dict[str, Any]:
        """Return the conda-lock document of a version."""
        return self._store.catalog.locks.document(self.get(ref).lock)

    def compare(self, ref: str, other: str) -> Comparison:
        """Return what differs from one version to another, of the same environment or of two, and why.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        from jupyter_envstore.comparisons import Comparisons

        return Comparisons(self._store.catalog).between(self.get(ref), self.get(other))

    def activate(self, ref: str, *, by: str | None = None, wait: bool = True) -> Switch:
        """Make a version the active one. One whose files were freed is built again first, from its lock.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        InvalidReferenceError
            When ``ref`` names no version.
        NoRunnerError
            When it has to be built again and nobody would: ``wait`` is false and no server runs.
        PolicyError
            When it has to be built again and its packages may not be used any more.
        """
        from jupyter_envstore.builds.admission import require_rebuildable
        from jupyter_envstore.kernels.stamps import touch
        from jupyter_envstore.switching import is_on_disk, queue_switch, switch

        version, who = self._one(ref), by or login_name()
        if is_on_disk(version):
            done = switch(self._store.catalog, self._store.presentation, version, who)
            if done is not None:
                touch(self._store.layout.used_prefix(version.prefix_hash or ""))
                return done
        if not wait:
            self._store.build_service.require_runner()
        require_rebuildable(self._store.catalog, version, self._store.policy)
        queued = queue_switch(self._store.catalog, version, who)
        self._store.build_service.wake()
        return queued

    def pin(self, ref: str, pinned: bool = True, *, by: str | None = None) -> Version:
        """Keep a version from ever being collected, or no longer.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        InvalidReferenceError
            When ``ref`` names no version.
        """
        version = self._one(ref)
        return self._store.catalog.versions.set_pinned(
            version.namespace, version.name, version.number, pinned, by or login_name()
        )

    def describe(self, ref: str, message: str, *, by: str | None = None) -> Version:
        """Correct the message of a version, the only thing of one that may be corrected.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        InvalidReferenceError
            When ``ref`` names no version.
        """
        version = self._one(ref)
        return self._store.catalog.versions.set_message(
            version.namespace, version.name, version.number, message, by or login_name()
        )

    def delete(self, ref: str, *, by: str | None = None) -> Version:
        """Delete a version for good; its number is never used again. Its files go when disk is freed.

        Returns
        -------
        Its tombstone. Kernels that run in it go on.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        InvalidReferenceError
            When ``ref`` names no version.
        VersionActiveError, VersionPinnedError
            With the way out.
        ConflictError
            When a build works with it.
        """
        version = self._one(ref)
        tombstone = self._store.catalog.versions.delete(
            version.namespace, version.name, version.number, by or login_name()
        )
        # A kernel that was pinned to it goes, too; what cannot be done now is done when a server starts.
        self._store.presentation.refresh([(version.namespace, version.name)])
        return tombstone

    def verify(self, ref: str) -> VerificationReport:
        """Compare every file of a version with what was installed; one that is damaged counts as broken from then on.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        BrokenPrefixError
            When the version is not on disk, or its metadata cannot be read.
        """
        from jupyter_envstore.disk.damage import look_for_damage

        return look_for_damage(self._store.catalog, self._store.layout, self.get(ref))

    def kernel(self, ref: str) -> str:
        """Make sure of the kernel that stays at one version, and return its name: Python's, or the prefix's first.

        Nothing is built: the kernel of a version whose files were freed says so. It is kept while it is started within
        30 days, and made again when it is asked for.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, KernelsFolderError, KernelNotRegisteredError
        InvalidReferenceError
            When ``ref`` names no version.
        """
        return self.kernels(ref)[0]

    def kernels(self, ref: str) -> Sequence[str]:
        """Make sure of all kernels that stay at one version, and return their names; see `kernel`."""
        return self._store.presentation.pin(self._one(ref))

    def surroundings(self, ref: str) -> Difference:
        """Return what changes in the process environment of a command that runs as the version's kernel would.

        Raises
        ------
        BrokenPrefixError
            When the version is not on disk.
        """
        return self._store.presentation.surroundings(self.get(ref))

    def _one(self, ref: str) -> Version:
        return self.get(str(self._store.version_reference(ref)))
