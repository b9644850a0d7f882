"""Builds: asking for one, and what is known of those that were asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from jupyter_envstore.errors import ConflictError, StoreError
from jupyter_envstore.login import login_name
from jupyter_envstore.references import Reference
from jupyter_envstore.store.queueing import BuildQueue

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft
    from jupyter_envstore.schemas import Build, BuildRequest, LogPart, Page
    from jupyter_envstore.store.store import EnvStore


class StoreBuilds:
    """The builds of one store.

    What asks for a build takes ``by``, who asks (the login name by default), and ``wait``: whether the caller will
    `watch` it, which runs it here when no server does. With ``wait`` false and no server it raises `NoRunnerError`,
    because nobody would build it.
    """

    def __init__(self, store: EnvStore) -> None:
        self._store = store
        self._queue = BuildQueue(store)

    # ------------------------------------------------------------ asking for one

    def create(
        self,
        ref: str | None,
        specification: str,
        *,
        platforms: Sequence[str] = (),
        virtual_packages: Mapping[str, Mapping[str, str]] | None = None,
        message: str = "",
        as_of: str | None = None,
        allow_source: Sequence[str] = (),
        local_wheels: Sequence[str] = (),
        description: str = "",
        by: str | None = None,
        wait: bool = True,
    ) -> Build:
        """Queue the build of a new environment's first version.

        Parameters
        ----------
        ref
            Its name; None when neither the person nor the specification named it.
        virtual_packages
            By platform: all that its machines offer, instead of what is detected, configured or usual.
        allow_source
            Names of packages of pip whose own code may be run to build them.
        local_wheels
            The ``file://`` addresses of wheels that the person named on this machine.

        Raises
        ------
        NameTakenError
            When an environment of that name has a version or is being built.
        SpecificationError, InvalidNameError, PolicyError, NoRunnerError
        """
        from jupyter_envstore.schemas import BuildRequest

        reference = self._store.environment_reference(ref or "")
        request = BuildRequest(
            specification=specification,
            platforms=list(platforms),
            virtual_packages={name: dict(found) for name, found in (virtual_packages or {}).items()},
            message=message or "Create",
            as_of=as_of,
            allow_source=list(allow_source),
            local_wheels=list(local_wheels),
        )
        return self._queue.add_first(reference, "create", request, by=by, wait=wait, description=description)

    def create_from_lockfile(
        self,
        ref: str | None,
        lockfile: bytes | dict[str, Any],
        *,
        allow_channels: Sequence[str] = (),
        allow_source: Sequence[str] = (),
        specification: str | None = None,
        environment: str | None = None,
        kind: Literal["import", "restore"] = "import",
        message: str = "",
        description: str = "",
        by: str | None = None,
        wait: bool = True,
    ) -> Build:
        """Queue the build of a new environment whose first version is exactly what a lockfile from outside says.

        Parameters
        ----------
        ref
            Its name; None when neither the person nor the specification named it.
        lockfile
            A conda-lock v1 document: its bytes (JSON or YAML), or the values of its JSON. Or the bytes of an explicit
            list or a pixi.lock.
        allow_channels
            Channels, by name or URL, that its packages may come from besides the configured ones.
        allow_source
            Names of packages of pip whose own code may be run to build them.
        specification
            What it was locked from, where that is known; else one is written.
        environment
            Which of a pixi.lock's environments; ``default`` when None.
        kind
            ``restore`` for the lock that a notebook carries.

        Raises
        ------
        LockfileError, PolicyError
            When it cannot be read, built here, or trusted.
        NameTakenError, SpecificationError, InvalidNameError, InvalidInputError, NoRunnerError
        """
        from jupyter_envstore.builds.lockfiles import ForeignLock
        from jupyter_envstore.schemas import BuildRequest
        from jupyter_envstore.specification import Specification

        if ref is None and specification is not None:
            ref = Specification.parse(specification).name
        reference = self._store.environment_reference(ref or "")
        lock = ForeignLock.read(lockfile, self._store, allow_channels, environment, sources=allow_source)
        lock = replace(lock, words="notebook" if kind == "restore" else "lockfile")
        lock.require_buildable()
        request = BuildRequest(
            specification=lock.specification(reference.name).text if specification is None else specification,
            message=message or ("Restore from a notebook" if kind == "restore" else "Import a lockfile"),
            lockfile=lock.document,
            allow_channels=list(allow_channels),
            allow_source=list(allow_source),
        )
        return self._queue.add_first(
            reference, kind, request, packages=lock.packages, by=by, wait=wait, description=description
        )

    def restore(
        self,
        ref: str,
        specification: str,
        *,
        allow_channels: Sequence[str] = (),
        message: str = "",
        description: str = "",
        by: str | None = None,
        wait: bool = True,
    ) -> Build:
        """Queue the build of a new environment for what a notebook asks for; a lock is for `create_from_lockfile`.

        Parameters
        ----------
        allow_channels
            Channels that packages may come from besides the configured ones.

        Raises
        ------
        NameTakenError, SpecificationError, InvalidNameError, PolicyError, NoRunnerError
        """
        from jupyter_envstore.schemas import BuildRequest

        request = BuildRequest(
            specification=specification,
            message=message or "Restore from a notebook",
            allow_channels=list(allow_channels),
        )
        reference = self._store.environment_reference(ref)
        return self._queue.add_first(reference, "restore", request, by=by, wait=wait, description=description)

    def clone(self, ref: str, new: str, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue the first version of environment ``new``: the very lock of another environment's version.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, NameTakenError, PolicyError, NoRunnerError
        """
        version, reference = self._store.versions.get(ref), self._store.environment_reference(new)
        request = self._store.drafts.revisions.clone(version, reference.name)
        packages = self._store.catalog.locks.packages(version.lock)
        return self._queue.add_first(reference, "create", request, packages=packages, by=by, wait=wait)

    def submit(self, draft: Draft, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue the build of a draft. It makes no version, with a warning, when it leads where it started.

        Raises
        ------
        NothingToBuildError
            When that can be seen at once.
        SpecificationError, PlatformError, PolicyError, NoRunnerError
        """
        from jupyter_envstore.builds.admission import admit

        draft.require_change()
        admit(draft.kind, draft.request, self._store.policy)
        reference = Reference(draft.parent.namespace, draft.parent.name)
        return self._queue.add(reference, draft.kind, draft.request, by=by, wait=wait)

    def queue_due(self) -> Sequence[Build]:
        """Queue the planned updates that are due now, and return their builds; see `StoreEnvironments.schedule`.

        Their versions wait to be activated. A build that finds nothing new ends well, without a version.
        """
        from jupyter_envstore.schedule import queue_due

        store = self._store
        builds = queue_due(
            store.catalog, lambda version: store.drafts.revisions.update(version).request, store.log.warning
        )
        if builds:
            store.build_service.wake()
        return builds

    def repair(self, ref: str, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue the making anew of a version's files, from its lock, where they are missing or do not agree with it.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, PolicyError, NoRunnerError
        """
        from jupyter_envstore.builds.admission import require_rebuildable
        from jupyter_envstore.schemas import BuildRequest

        version = self._store.versions.get(ref)
        require_rebuildable(self._store.catalog, version, self._store.policy)
        request = BuildRequest(
            specification=version.specification, message=f"Repair version {version.number}", parent=version.number
        )
        reference = Reference(version.namespace, version.name)
        return self._queue.add(reference, "repair", request, by=by, wait=wait)

    def retry(self, build_id: int, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue a failed or cancelled build again.

        Raises
        ------
        BuildNotFoundError, PolicyError, NoRunnerError
        ConflictError
            When it has not failed.
        """
        from jupyter_envstore.builds.admission import require_retriable

        service = self._store.build_service
        if not wait:
            service.require_runner()
        before = self.get(build_id)
        if before.finished is None:
            service.recover()
            if self.abandoned([self.get(build_id)]):
                return self.get(build_id)  # its process is gone; whoever asks for it now may take it over
        failed = before.state in ("failed", "cancelled")
        if failed and before.kind in ("create", "import", "restore") and self._has_version(before):
            raise ConflictError(
                f"Build {build_id} was to create {before.namespace}/{before.name}, which has a version by now.",
                build=build_id,
            )
        if failed:
            require_retriable(self._store.catalog, before, self._store.policy)
        build = self._store.catalog.builds.retry(build_id, by or login_name())
        service.wake()
        return build

    # ------------------------------------------------------------ what is known of them

    def list(
        self, *, states: Sequence[str] = (), ref: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Build]:
        """List builds, the newest first; with ``ref`` only those of that environment."""
        reference = self._store.environment_reference(ref) if ref else None
        return self._store.catalog.builds.list(
            states=states,
            namespace=reference.namespace if reference else None,
            name=reference.name if reference else None,
            limit=limit,
            cursor=cursor,
        )

    def get(self, build_id: int) -> Build:
        """Return one build.

        Raises
        ------
        BuildNotFoundError
        """
        return self._store.catalog.builds.get(build_id)

    def request(self, build_id: int) -> BuildRequest:
        """Return what a build was asked to do, without a lockfile, which may be large.

        Raises
        ------
        BuildNotFoundError
        """
        return self._store.catalog.builds.request(build_id).model_copy(update={"lockfile": None})

    def log_text(self, build_id: int, offset: int = 0) -> tuple[str, int]:
        """Return what a build's log has from byte ``offset`` on, and the offset to go on from."""
        from jupyter_envstore.builds.log import read_log

        return read_log(self._store.layout.log(self.get(build_id).id), offset)

    def log_part(self, build_id: int, offset: int = 0) -> LogPart:
        """Return what a build's log has from byte ``offset`` on, and whether more will come."""
        from jupyter_envstore.builds.log import read_log
        from jupyter_envstore.schemas import ACTIVE_STATES, LogPart

        build = self.get(build_id)  # before its log: what it wrote before it ended is then in what is read
        text, after = read_log(self._store.layout.log(build.id), offset)
        return LogPart(text=text, offset=after, ended=build.state not in ACTIVE_STATES)

    def abandoned(self, builds: Sequence[Build]) -> Sequence[Build]:
        """Return those of the builds that nobody will ever run: the process that waited for them is gone."""
        return [build for build in builds if self._store.build_service.is_abandoned(build)]

    # ------------------------------------------------------------ running them

    def watch(self, build_id: int, *, run: bool = True) -> Iterator[Build]:
        """Yield the build now and after each change until it has ended. Runs it here when no server does.

        Raises
        ------
        BuildNotFoundError
        """
        return self._store.build_service.watch(build_id, run=run)

    def cancel(self, build_id: int) -> Build:
        """Ask for a build's end. One that still waits ends at once, a running one within a second.

        Raises
        ------
        BuildNotFoundError
        """
        return self._store.catalog.builds.request_cancel(build_id)

    def recover(self) -> None:
        """Take builds from processes that are dead; a catalog that cannot be written now is left as it is."""
        with contextlib.suppress(StoreError):
            self._store.build_service.recover()

    def serve(self) -> None:
        """Begin to run whatever is queued, in background threads of this process, until the store is closed."""
        self._store.build_service.serve()

    @property
    def serving(self) -> bool:
        """Whether this process runs queued builds; see `serve`."""
        return self._store.has_part("service") and self._store.build_service.serving

    @property
    def busy(self) -> bool:
        """Whether a build runs in this process right now."""
        return self._store.has_part("service") and self._store.build_service.busy

    def _has_version(self, build: Build) -> bool:
        return self._store.catalog.versions.active(build.namespace, build.name) is not None
