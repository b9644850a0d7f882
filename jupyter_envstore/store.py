"""The store: the one façade. Every command, HTTP handler and notebook action is a call on it.

It knows no Jupyter server. Native solver code is never loaded here: what needs it happens in worker processes.
Parts are imported when first used, so that a command that needs few of them starts fast.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_envstore.errors import (
    ConflictError,
    EnvironmentNotFoundError,
    EnvStoreError,
    InvalidReferenceError,
    NotFoundError,
    StoreError,
)
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.references import Reference, parse_reference
from jupyter_envstore.settings import STORE_VARIABLE, StoreSettings

if TYPE_CHECKING:
    from jupyter_envstore.builds.resolver import Resolver
    from jupyter_envstore.builds.service import BuildService
    from jupyter_envstore.catalog import Catalog
    from jupyter_envstore.kernels.environment import Difference
    from jupyter_envstore.presentation import Presentation
    from jupyter_envstore.revisions import Draft, Revisions
    from jupyter_envstore.schemas import (
        Build,
        BuildRequest,
        Comparison,
        Environment,
        LockResult,
        LogPart,
        Package,
        Page,
        Preview,
        SearchResult,
        SpecificationReport,
        Switch,
        VerificationReport,
        Version,
    )

T = TypeVar("T")


class EnvStore(StoreSettings):
    """A store of versioned environments in one folder. Safe to use from several threads and processes at once."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        folder = os.environ.get(STORE_VARIABLE)
        if folder and "root_dir" not in settings:
            self.root_dir = folder
        self._parts: dict[str, Any] = {}
        self._opening = threading.RLock()
        self._closing = threading.Event()

    # ------------------------------------------------------------ parts

    @cached_property
    def layout(self) -> StoreLayout:
        """Where things lie."""
        from pathlib import Path

        return StoreLayout(Path(self.root_dir))

    @property
    def catalog(self) -> Catalog:
        """The catalog, opened (and created) on first use.

        Raises
        ------
        StoreError
            When it cannot be opened, with the reason and what to do.
        """
        from jupyter_envstore.catalog import open_catalog

        place = self.database_url or self.layout.catalog
        return self._part("catalog", lambda: open_catalog(place, prefix_path=self.layout.prefix))

    @property
    def resolver(self) -> Resolver:
        """The process that locks.

        Raises
        ------
        StoreReadOnlyError
            When the store's folder cannot be written: the process needs a temporary folder there.
        """
        return self._part("resolver", self._new_resolver)

    @property
    def searcher(self) -> Resolver:
        """A resolver for searches alone: who looks for a package does not wait for somebody's solve."""
        return self._part("searcher", self._new_resolver)

    @property
    def presentation(self) -> Presentation:
        """What the world outside sees of environments: links, kernel specs, conda's list."""
        from jupyter_envstore.presentation import Presentation

        catalog = self.catalog
        return self._part("presentation", lambda: Presentation(catalog, self.layout, self))

    @property
    def revisions(self) -> Revisions:
        """What makes versions from versions, before anything is built."""
        from jupyter_envstore.revisions import Revisions

        catalog = self.catalog
        return self._part("revisions", lambda: Revisions(catalog, self.layout, self, lambda: self.resolver))

    @property
    def _service(self) -> BuildService:
        """What runs and watches builds."""
        from jupyter_envstore.builds.service import BuildService
        from jupyter_envstore.builds.surroundings import StoreSurroundings

        catalog, presentation = self.catalog, self.presentation
        return self._part(
            "service",
            lambda: BuildService(
                catalog,
                self.layout,
                lambda: self.resolver,
                StoreSurroundings(self, self.layout, presentation),
                max_parallel=self.max_parallel_builds,
                before=self._reconcile,
            ),
        )

    def warm_up(self) -> None:
        """Start the resolver in the background: its imports take a second that the caller can use otherwise."""
        self.resolver.start()

    def close(self) -> None:
        """Stop what runs here; builds that are under way go back to the queue, searches and locks are given up."""
        self._closing.set()
        if "service" in self._parts:
            self._service.stop()
        with self._opening:
            parts, self._parts = self._parts, {}
        for name in ("resolver", "searcher", "catalog"):
            if name in parts:
                parts[name].close()

    def reference(self, text: str) -> Reference:
        """Read a reference with this store's default namespace.

        Raises
        ------
        InvalidNameError, InvalidReferenceError
        """
        return parse_reference(text, self.default_namespace)

    # ------------------------------------------------------------ environments and versions

    def environments(
        self,
        *,
        search: str = "",
        namespace: str | None = None,
        package: str | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[Environment]:
        """List environments; ``search`` is a part of the name, ``package`` the name of one in the active version."""
        return self.catalog.environments.list(
            search=search, namespace=namespace, package=package, limit=limit, cursor=cursor
        )

    def environment(self, ref: str) -> Environment:
        """Return one environment.

        Raises
        ------
        EnvironmentNotFoundError
        """
        reference = self.reference(ref)
        return self.catalog.environments.get(reference.namespace, reference.name)

    def versions(self, ref: str, *, limit: int = 100, cursor: str | None = None) -> Page[Version]:
        """List the versions of an environment, the newest first."""
        reference = self.reference(ref)
        return self.catalog.versions.list(reference.namespace, reference.name, limit=limit, cursor=cursor)

    def version(self, ref: str) -> Version:
        """Return one version: the named one, or the active one.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        reference = self.reference(ref)
        return self.catalog.versions.get(reference.namespace, reference.name, reference.version)

    def packages(self, ref: str, *, platform: str | None = None) -> list[Package]:
        """Return the locked packages of a version for ``platform``, this machine's by default."""
        from jupyter_envstore.lock.platforms import check_platform, current_platform

        wanted = check_platform(platform) if platform else current_platform()
        return self.catalog.locks.packages(self.version(ref).lock, wanted)

    def lockfile(self, ref: str) -> dict[str, Any]:
        """Return the conda-lock document of a version."""
        return self.catalog.locks.document(self.version(ref).lock)

    def describe(self, ref: str, description: str) -> Environment:
        """Change what an environment says of itself.

        Raises
        ------
        EnvironmentNotFoundError
        """
        reference = self._whole_environment(ref)
        return self.catalog.environments.describe(reference.namespace, reference.name, description)

    def compare(self, ref: str, other: str) -> Comparison:
        """Return what differs from one version to another, of the same environment or of two, and why.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        return self.revisions.compare(self.version(ref), self.version(other))

    def activate(self, ref: str, *, by: str | None = None, wait: bool = True) -> Switch:
        """Make a version the active one. One whose files were freed is built again first, from its lock.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        InvalidReferenceError
            When ``ref`` names no version.
        NoRunnerError
            When it has to be built again and nobody would: ``wait`` is false and no server runs.
        """
        from jupyter_envstore.switching import is_on_disk, queue_switch, switch

        version = self._one_version(ref)
        if is_on_disk(version):
            return switch(self.catalog, self.presentation, version, by or author())
        if not wait:
            self._service.require_runner()
        queued = queue_switch(self.catalog, version, by or author())
        self._service.wake()
        return queued

    def pin(self, ref: str, pinned: bool = True) -> Version:
        """Keep a version from ever being collected, or no longer.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        InvalidReferenceError
            When ``ref`` names no version.
        """
        version = self._one_version(ref)
        return self.catalog.versions.set_pinned(version.namespace, version.name, version.number, pinned)

    def remove(self, ref: str, *, by: str | None = None) -> Environment:
        """Remove an environment; its kernel goes, its versions stay for 30 days."""
        reference = self._whole_environment(ref)
        environment = self.catalog.environments.soft_delete(reference.namespace, reference.name, by or author())
        self.presentation.withdraw(environment.namespace, environment.name)
        return environment

    def removed_environments(self) -> Sequence[Environment]:
        """List what was removed and can be brought back, the last one first."""
        return self.catalog.environments.list_deleted()

    def undelete(self, ref: str, *, new_name: str | None = None, by: str | None = None) -> Environment:
        """Bring back what was removed last under that name, as ``new_name`` when one is given.

        Raises
        ------
        NameTakenError
            When another environment has the name now.
        """
        reference = self._whole_environment(ref)
        environment = self.catalog.environments.undelete(reference.namespace, reference.name, by or author(), new_name)
        if environment.active_version is not None:
            self.presentation.present(environment.namespace, environment.name)
        return environment

    # ------------------------------------------------------------ locking and searching

    def lock(self, specification: str, *, platforms: Sequence[str] = (), as_of: str | None = None) -> LockResult:
        """Lock without building.

        Raises
        ------
        LockError, ChannelUnavailableError, SpecificationError
        """
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import lock_arguments
        from jupyter_envstore.lock.document import lock_hash, platforms_of
        from jupyter_envstore.schemas import LockResult

        arguments = lock_arguments(self, self.layout, specification, list(platforms), as_of)
        answer = ask(self.resolver, "lock", arguments, cancelled=self._closing.is_set)
        document = answer.pop("lockfile")
        return LockResult(lockfile=document, hash=lock_hash(document), platforms=platforms_of(document), **answer)

    def search(
        self, pattern: str, *, channels: Sequence[str] = (), platform: str | None = None, limit: int = 25
    ) -> Page[SearchResult]:
        """Find packages in ``channels``, the default ones when none are named."""
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import search_arguments
        from jupyter_envstore.schemas import Page, SearchResult

        arguments = search_arguments(self, self.layout, pattern, list(channels), platform, limit)
        answer = ask(self.searcher, "search", arguments, cancelled=self._closing.is_set)
        return Page[SearchResult].model_validate({"items": answer["items"], "total": answer["total"]})

    def package(self, name: str, *, channels: Sequence[str] = (), platform: str | None = None) -> SearchResult:
        """Return what the channels offer of the package of exactly that name.

        Raises
        ------
        NotFoundError
            When no channel has it.
        """
        if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", name):
            found = self.search(name, channels=channels, platform=platform, limit=1).items
            if found and found[0].name == name.lower():
                return found[0]
        raise NotFoundError(f"No package is called {name[:80]!a} in the channels that were searched.", name=name[:80])

    def check_specification(self, text: str) -> SpecificationReport:
        """Say how the text of an environment.yml is understood and what is wrong with it; never raises for that."""
        from jupyter_envstore.builds.admission import report_on

        return report_on(text)

    # ------------------------------------------------------------ builds

    def create(
        self,
        ref: str | None,
        specification: str,
        *,
        platforms: Sequence[str] = (),
        message: str = "",
        as_of: str | None = None,
        description: str = "",
        by: str | None = None,
        wait: bool = True,
    ) -> Build:
        """Queue the build of a new environment's first version; see `watch`.

        Parameters
        ----------
        ref
            Its name; None when neither the person nor the specification named it.
        by
            Who asked for it; the login name by default.
        wait
            Whether the caller will `watch` it, which runs it here when no server does.

        Raises
        ------
        NameTakenError
            When an environment of that name has a version or is being built.
        SpecificationError, InvalidNameError, PipNotSupportedError
        NoRunnerError
            When nobody would build it: ``wait`` is false and no server runs.
        """
        from jupyter_envstore.builds.admission import admit
        from jupyter_envstore.schemas import BuildRequest

        reference = self._whole_environment(ref or "")
        request = BuildRequest(
            specification=specification, platforms=list(platforms), message=message or "Create", as_of=as_of
        )
        admit(request)
        return self._enqueue_first(reference, request, description, by, wait)

    def _enqueue_first(
        self, reference: Reference, request: BuildRequest, description: str, by: str | None, wait: bool
    ) -> Build:
        """Make an environment and queue the build of its first version."""
        if not wait:
            self._service.require_runner()
        self._cancel_abandoned(reference)
        with self.catalog.transaction():
            self.catalog.environments.create(reference.namespace, reference.name, description, by or author())
            build = self.catalog.builds.enqueue(reference.namespace, reference.name, "create", request, by or author())
        self._service.wake()
        return build

    def draft_edit(
        self,
        ref: str,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        specification: str | None = None,
        message: str = "",
    ) -> Draft:
        """Draft an edit of a version, of the active one when none is named; see `preview` and `submit`.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, SpecificationError
        """
        parent = self.version(ref)
        return self.revisions.edit(parent, add=add, remove=remove, specification=specification, message=message)

    def draft_update(
        self, ref: str, names: Sequence[str] = (), *, as_of: str | None = None, message: str = ""
    ) -> Draft:
        """Draft an update of the packages called ``names``, of all when none is named; see `preview` and `submit`.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, InvalidInputError
        """
        return self.revisions.update(self.version(ref), names, as_of=as_of, message=message)

    def preview(self, draft: Draft) -> Preview:
        """Say what a draft would change, and why. Nothing is built.

        Raises
        ------
        LockError, ChannelUnavailableError, PipNotSupportedError, SpecificationError
        """
        from jupyter_envstore.builds.admission import admit

        admit(draft.request)
        return self.revisions.preview(draft, self._closing.is_set)

    def submit(self, draft: Draft, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue the build of a draft; see `watch`. It fails as ``nothing_to_build`` when it leads where it started.

        Raises
        ------
        NothingToBuildError
            When that can be seen at once.
        SpecificationError, PipNotSupportedError, PlatformError, NoRunnerError
        """
        from jupyter_envstore.builds.admission import admit

        draft.require_change()
        admit(draft.request)
        if not wait:
            self._service.require_runner()
        parent = draft.parent
        build = self.catalog.builds.enqueue(parent.namespace, parent.name, draft.kind, draft.request, by or author())
        self._service.wake()
        return build

    def clone(self, ref: str, new: str, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue the first version of environment ``new``: the very lock of another environment's version.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, NameTakenError, NoRunnerError
        """
        version, name = self.version(ref), self._whole_environment(new)
        return self._enqueue_first(name, self.revisions.clone(version, name.name), "", by, wait)

    def repair(self, ref: str, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue the making anew of a version's files, from its lock, where they are missing or do not agree with it.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, NoRunnerError
        """
        from jupyter_envstore.schemas import BuildRequest

        version = self.version(ref)
        if not wait:
            self._service.require_runner()
        request = BuildRequest(
            specification=version.specification, message=f"Repair version {version.number}", parent=version.number
        )
        build = self.catalog.builds.enqueue(version.namespace, version.name, "repair", request, by or author())
        self._service.wake()
        return build

    def builds(
        self, *, states: Sequence[str] = (), ref: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Build]:
        """List builds, the newest first; with ``ref`` only those of that environment."""
        reference = self._whole_environment(ref) if ref else None
        return self.catalog.builds.list(
            states=states,
            namespace=reference.namespace if reference else None,
            name=reference.name if reference else None,
            limit=limit,
            cursor=cursor,
        )

    def build(self, build_id: int) -> Build:
        """Return one build.

        Raises
        ------
        BuildNotFoundError
        """
        return self.catalog.builds.get(build_id)

    def build_request(self, build_id: int) -> BuildRequest:
        """Return what a build was asked to do, without a lockfile, which may be large.

        Raises
        ------
        BuildNotFoundError
        """
        return self.catalog.builds.request(build_id).model_copy(update={"lockfile": None})

    def log_text(self, build_id: int, offset: int = 0) -> tuple[str, int]:
        """Return what a build's log has from byte ``offset`` on, and the offset to go on from."""
        from jupyter_envstore.builds.log import read_log

        return read_log(self.layout.log(self.build(build_id).id), offset)

    def log_part(self, build_id: int, offset: int = 0) -> LogPart:
        """Return what a build's log has from byte ``offset`` on, and whether more will come."""
        from jupyter_envstore.builds.log import read_log
        from jupyter_envstore.schemas import ACTIVE_STATES, LogPart

        build = self.build(build_id)  # before its log: what it wrote before it ended is then in what is read
        text, after = read_log(self.layout.log(build.id), offset)
        return LogPart(text=text, offset=after, ended=build.state not in ACTIVE_STATES)

    def cancel(self, build_id: int) -> Build:
        """Ask for a build's end. One that still waits ends at once, a running one within a second."""
        return self.catalog.builds.request_cancel(build_id)

    def retry(self, build_id: int, *, by: str | None = None, wait: bool = True) -> Build:
        """Queue a failed or cancelled build again.

        Raises
        ------
        ConflictError
            When it has not failed.
        """
        if not wait:
            self._service.require_runner()
        before = self.build(build_id)
        if before.finished is None:
            self._service.recover()
            if self.abandoned([self.build(build_id)]):
                return self.build(build_id)  # its process is gone; whoever asks for it now may take it over
        failed = before.state in ("failed", "cancelled")
        if (
            failed
            and before.kind == "create"
            and self.catalog.versions.active(before.namespace, before.name) is not None
        ):
            raise ConflictError(
                f"Build {build_id} was to create {before.namespace}/{before.name}, which has a version by now.",
                build=build_id,
            )
        build = self.catalog.builds.retry(build_id, by or author())
        self._service.wake()
        return build

    def watch(self, build_id: int, *, run: bool = True) -> Iterator[Build]:
        """Yield the build now and after each change until it has ended. Runs it here when no server does."""
        return self._service.watch(build_id, run=run)

    def abandoned(self, builds: Sequence[Build]) -> list[Build]:
        """Return those of the builds that nobody will ever run: the process that waited for them is gone."""
        return [build for build in builds if self._service.is_abandoned(build)]

    def recover(self) -> None:
        """Take builds from processes that are dead; a catalog that cannot be written now is left as it is."""
        with contextlib.suppress(StoreError):
            self._service.recover()

    def run_builds(self) -> None:
        """Begin to run whatever is queued, in background threads of this process, until `close`."""
        self._service.serve()

    @property
    def runs_builds(self) -> bool:
        """Whether this process runs queued builds; see `run_builds`."""
        return "service" in self._parts and self._service.serving

    @property
    def is_building(self) -> bool:
        """Whether a build runs in this process right now."""
        return "service" in self._parts and self._service.busy

    # ------------------------------------------------------------ prefixes and kernels

    def verify(self, ref: str) -> VerificationReport:
        """Compare every file of a version with what was installed.

        Raises
        ------
        BrokenPrefixError
            When the version is not on disk.
        """
        from jupyter_envstore.prefixes.inspection import inspect

        return inspect(self.version(ref))

    def surroundings(self, ref: str) -> Difference:
        """Return what changes in the process environment of a command that runs as the version's kernel would.

        Raises
        ------
        BrokenPrefixError
            When the version is not on disk.
        """
        return self.presentation.surroundings(self.version(ref))

    def kernels(self, ref: str) -> list[str]:
        """Return the names of the kernel specs that this store has set up for an environment."""
        reference = self.reference(ref)
        return self.presentation.kernels(reference.namespace, reference.name)

    def uninstall(self) -> list[str]:
        """Take away this store's kernel specs, and its lines in conda's list; return the kernels' names."""
        return self.presentation.withdraw_all()

    # ------------------------------------------------------------ inner

    def _new_resolver(self) -> Resolver:
        from jupyter_envstore.builds.resolver import Resolver
        from jupyter_envstore.folder import ensure_writable

        ensure_writable(self.layout)
        return Resolver(self.layout)

    def _part(self, name: str, make: Callable[[], T]) -> T:
        """Return a part of the store, made once however many threads ask for it at the same time."""
        with self._opening:
            if name not in self._parts:
                self._parts[name] = make()
            part: T = self._parts[name]
            return part

    def _cancel_abandoned(self, reference: Reference) -> None:
        """Let go of a name that is held by a build whose process is gone."""
        try:
            build = self.catalog.environments.get(reference.namespace, reference.name).build
        except EnvironmentNotFoundError:
            return
        if build is not None and build.finished is None:
            self._service.recover()
            if self.abandoned([self.build(build.id)]):
                self.cancel(build.id)

    def _reconcile(self) -> None:
        """Set up kernels that an earlier process could not, and say what could not be done now either."""
        try:
            notes = self.presentation.reconcile()
        except EnvStoreError as error:
            # A kernel that cannot be shown is no reason not to build; a build says it again, with its own words.
            notes = [error.message]
        for note in notes:
            self.log.warning(note)

    def _one_version(self, ref: str) -> Version:
        reference = self.reference(ref)
        if reference.version is None:
            raise InvalidReferenceError(
                f"{reference} names a whole environment, but this is about one version. Add its number: {reference}@1",
                reference=str(reference),
            )
        return self.version(ref)

    def _whole_environment(self, ref: str) -> Reference:
        reference = self.reference(ref)
        if reference.version is not None:
            raise InvalidReferenceError(
                f"{reference} names one version, but this is about a whole environment. Leave out the number.",
                reference=str(reference),
            )
        return reference


def author() -> str:
    """Return the login name of whoever runs this process."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
