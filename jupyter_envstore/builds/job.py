"""One claimed build, from its request to its end: lock, build the prefix, make the version, set up the kernel.

Each step is recorded in the catalog before the next begins, so that another process can take over from any of
them. A job ends in exactly one of: ready, failed, cancelled, or given up because another process has the build.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from jupyter_envstore.builds.asking import ask
from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.parents import activate_rebuilt, keeping_arguments, refuse_if_nothing_changes
from jupyter_envstore.builds.progress import STEP_WORDS, ProgressMeter
from jupyter_envstore.builds.recovery import sweep
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.throttle import Throttle
from jupyter_envstore.builds.worker_process import WorkerProcess
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import (
    BuildCancelledError,
    BuildError,
    DiskFullError,
    EnvStoreError,
    KernelNotRegisteredError,
    LeaseLostError,
    LockError,
)
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.document import lock_hash, packages_of, platforms_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.removal import remove_prefix
from jupyter_envstore.prefixes.verification import verify
from jupyter_envstore.schemas import Build, BuildKind, BuildRequest, Package, Version

_NAME_END = re.compile(r"[\s=<>!~\[]")

WITHOUT_VERSION: tuple[BuildKind, ...] = ("rebuild", "repair")
"""Builds that make the files of a version that exists."""
RECORD_ATTEMPTS = 10
RECORD_SECONDS = 0.5
PROGRESS_SECONDS = 0.2
"""Progress is written to the catalog at most this often."""


class Surroundings(Protocol):
    """What a job needs to know of the store that it works for."""

    def check_before_build(self) -> None:
        """Raise when the result could not be used: an unwritable kernels folder, no room on the disk."""

    def lock_arguments(self, specification: str, platforms: list[str], as_of: str | None) -> dict[str, Any]:
        """Return the arguments of the resolver's ``lock`` call."""

    def build_arguments(self) -> dict[str, Any]:
        """Return the settings among the arguments of the builder's ``build`` call."""

    def present(self, namespace: str, name: str) -> list[str]:
        """Make link and kernel specs of an environment agree with the catalog, and return notes for the person."""


@dataclass
class Job:
    """A build that this process has claimed.

    ``cancelled`` and ``lost`` are set from the runner's thread: the first when somebody asked for it, the second
    when the lease went to another process. ``stopping`` makes the job go back to the queue.
    """

    build: Build
    holder: str
    catalog: Catalog
    layout: StoreLayout
    resolver: Resolver
    surroundings: Surroundings
    cancelled: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    unrecorded: EnvStoreError | None = None
    """Why the end of the build does not stand in the catalog, or None."""

    def run(self) -> None:
        """Do the build. Never raises: how it ended stands in the catalog and in the log."""
        with BuildLog(self.layout.log(self.build.id)) as log:
            try:
                self._run(log)
            except LeaseLostError:
                log.write("Another process has taken this build over.")
            except BuildCancelledError:
                self._end_early(log)
            except EnvStoreError as error:
                self._fail(error, log)
            except Exception as error:  # noqa: BLE001  a thread's exception would vanish and the build hang
                log.write_traceback()
                words = f"The build stopped on an unexpected {type(error).__name__}: {error}. Nothing that was ready is"
                self._fail(BuildError(f"{words} harmed. The log has the details."), log)

    def _run(self, log: BuildLog) -> None:
        build = self.build
        log.write(f"Build {build.id}: {build.kind} {build.namespace}/{build.name}, attempt {build.attempt}")
        self.surroundings.check_before_build()
        meter = _Meter(self, log)
        platform = current_platform()
        locked = self.catalog.builds.lock_of(build.id)
        if locked is None:
            locked = self._lock(log, meter)
        packages = self.catalog.locks.packages(locked, platform)
        if not packages:
            raise LockError(
                f"The lock has no package for {platform}, so there is nothing to build on this machine.",
                platform=platform,
            )
        self._build_prefix(packages, platform, log, meter)

    def _lock(self, log: BuildLog, meter: _Meter) -> str:
        request = self.catalog.builds.request(self.build.id)
        if self.build.kind in WITHOUT_VERSION:
            digest = self._given_version(request).lock
            self.catalog.builds.set_lock(self.build.id, self.holder, digest)
            return digest
        warnings: list[str] = []
        if request.lockfile is not None:
            document, packages = request.lockfile, _all_packages(request.lockfile)
        else:
            document, packages, warnings = self._solve(request, log, meter)
        digest = lock_hash(document)
        refuse_if_nothing_changes(self.catalog, self.build, request, packages)
        self.catalog.locks.put(digest, document, packages)
        self.catalog.builds.set_lock(self.build.id, self.holder, digest)
        for warning in warnings:
            self._warn("lock_note", warning, log)
        log.write(f"Locked: {digest}, {len(packages)} packages for {', '.join(platforms_of(document))}")
        return digest

    def _solve(
        self, request: BuildRequest, log: BuildLog, meter: _Meter
    ) -> tuple[dict[str, Any], list[Package], list[str]]:
        arguments = self.surroundings.lock_arguments(request.specification, request.platforms, request.as_of)
        arguments |= keeping_arguments(self.catalog, self.build, request)
        answer = ask(self.resolver, "lock", arguments, on_event=meter.take, on_log=log.write, cancelled=self._must_stop)
        warnings = list(answer.get("warnings") or [])
        for platform, explanation in (answer.get("unsolved") or {}).items():
            warnings.append(f"{platform} is not covered: {explanation.get('summary', 'no versions fit together')}")
        return answer["lockfile"], [Package.model_validate(item) for item in answer["packages"]], warnings

    def _build_prefix(self, packages: list[Package], platform: str, log: BuildLog, meter: _Meter) -> None:
        content = prefix_hash(packages, platform)
        if self.build.kind == "repair":
            self._discard_damaged(content, log)
        published: list[Version] = []

        def on_event(event: dict[str, Any]) -> None:
            if "published" in event:
                published.append(self._publish_version(event["published"], content, platform, log))
            else:
                meter.take(event)

        arguments = {
            "root": str(self.layout.root),
            "platform": platform,
            "prefix_hash": content,
            "packages": [package.model_dump(exclude={"license"}) for package in packages],
            "root_names": _roots(packages),
            **self.surroundings.build_arguments(),
        }
        worker = WorkerProcess("builder", self.layout, log.write)
        failure: EnvStoreError | None = None
        try:
            answer = worker.call(
                "build", arguments, on_event=on_event, cancelled=lambda: not published and self._must_stop()
            )
            self.catalog.prefixes.set_activation(content, answer["activation"], answer.get("kernels") or [])
            worker.close()
        except EnvStoreError as error:
            if not published or isinstance(error, LeaseLostError):
                raise
            failure = error
        finally:
            worker.kill()
        self._register(published[0], failure, log)

    def _publish_version(self, published: dict[str, Any], content: str, platform: str, log: BuildLog) -> Version:
        size, files = int(published["size"]), int(published["files"])
        if self.build.kind in WITHOUT_VERSION:
            self.catalog.builds.set_state(self.build.id, self.holder, "registering")
            self.catalog.prefixes.put_ready(content, platform, size=size, files=files)
            request = self.catalog.builds.request(self.build.id)
            activate_rebuilt(self.catalog, self.build, request)
            return self._given_version(request)
        version = self.catalog.builds.publish_version(
            self.build.id, self.holder, prefix_hash=content, platform=platform, size=size, files=files
        )
        scripts = published.get("link_scripts") or []
        if scripts and not self.surroundings.build_arguments().get("run_link_scripts"):
            self._warn(
                "link_scripts_not_run",
                f"{', '.join(scripts)} bring installation scripts, which were not run. If something is missing, allow "
                "them with the setting EnvStore.run_link_scripts and build again.",
                log,
            )
        return version

    def _given_version(self, request: BuildRequest) -> Version:
        """Return the version that a build without one of its own is about."""
        return self.catalog.versions.get(self.build.namespace, self.build.name, request.parent)

    def _discard_damaged(self, content: str, log: BuildLog) -> None:
        """Take away a published prefix whose files do not agree with what was installed, so that it is made anew."""
        prefix = self.layout.prefix(content)
        if not prefix.is_dir():
            return
        problems = verify(prefix)
        for problem in problems[:20]:
            log.write(f"Not as installed: {problem}")
        if problems:
            remove_prefix(self.layout, content)

    def _register(self, version: Version, failure: EnvStoreError | None, log: BuildLog) -> None:
        """Set up the kernel. A version whose kernel fails is still a version: it is told, and tried again later."""
        try:
            if failure is not None:
                raise failure
            for note in self.surroundings.present(version.namespace, version.name):
                self._warn("kernel_note", note, log)
        except EnvStoreError as error:
            self._warn(
                KernelNotRegisteredError.code,
                f"The version is ready, but its kernel could not be set up: {error.message} It is tried again when the "
                "server starts and when a kernel is asked for.",
                log,
            )
        log.write(f"Version {version.number} is ready.")  # before its end: who sees that need not look here again
        self.catalog.builds.finish(self.build.id, self.holder)

    def _warn(self, code: str, message: str, log: BuildLog) -> None:
        log.write(f"Note: {message}")
        self.catalog.builds.add_warning(self.build.id, self.holder, code, message)

    def _must_stop(self) -> bool:
        return self.cancelled.is_set() or self.stopping.is_set() or self.lost.is_set()

    def _end_early(self, log: BuildLog) -> None:
        if self.lost.is_set():
            log.write("Another process has taken this build over.")
        elif self.cancelled.is_set():
            log.write("Cancelled.")
            self._record(log, lambda: self.catalog.builds.finish_cancelled(self.build.id, self.holder))
        else:
            log.write("This process is stopping: back to the queue.")
            self._record(log, lambda: self.catalog.builds.requeue(self.build.id, self.holder))

    def _fail(self, error: EnvStoreError, log: BuildLog) -> None:
        log.write(f"Failed ({error.code}): {error.message}")
        if isinstance(error, DiskFullError):
            sweep(self.layout)  # what the dead worker left may be just the room that is missing
        self._record(log, lambda: self.catalog.builds.fail(self.build.id, self.holder, error))

    def _record(self, log: BuildLog, write: Callable[[], object]) -> None:
        """Write how it ended, again and again for a while: a disk that was full may have room in a moment."""
        for attempt in range(RECORD_ATTEMPTS):
            try:
                write()
            except LeaseLostError:
                return
            except EnvStoreError as error:
                self.unrecorded = error
                if attempt == 0:
                    log.write(f"The end of the build could not be recorded yet: {error.message}")
                if self.stopping.wait(RECORD_SECONDS):
                    return
            else:
                self.unrecorded = None
                return


class _Meter:
    """Writes what workers tell about their progress to the catalog, not too often."""

    def __init__(self, job: Job, log: BuildLog) -> None:
        self._job = job
        self._log = log
        self._meter = ProgressMeter()
        self._throttle = Throttle(PROGRESS_SECONDS)
        self._step = ""

    def take(self, event: dict[str, Any]) -> None:
        taken = self._meter.take(event)
        if taken is None:
            return
        state, progress = taken
        if progress.step != self._step:
            self._step = progress.step
            self._log.write(STEP_WORDS[progress.step])
            self._job.catalog.builds.set_progress(self._job.build.id, self._job.holder, state, progress)
        elif self._throttle.passes():
            self._job.catalog.builds.set_progress(self._job.build.id, self._job.holder, state, progress)


def _all_packages(document: dict[str, Any]) -> list[Package]:
    return [package for platform in platforms_of(document) for package in packages_of(document, platform)]


def _roots(packages: list[Package]) -> list[str]:
    """Return the names of the packages that nothing else in the lock depends on, sorted."""
    needed = {_NAME_END.split(spec.strip(), maxsplit=1)[0] for package in packages for spec in package.depends}
    return sorted({package.name for package in packages} - needed)
