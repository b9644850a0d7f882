"""The second half of a build: from a lock to a prefix, a version of the catalog, and a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.meter import Meter
from jupyter_envstore.builds.parents import activate_rebuilt, given_version
from jupyter_envstore.builds.task import WITHOUT_VERSION, Task
from jupyter_envstore.builds.worker_process import WorkerProcess
from jupyter_envstore.errors import EnvStoreError, KernelNotRegisteredError, LeaseLostError, LockError, NotFoundError
from jupyter_envstore.lock.facts import machine_of
from jupyter_envstore.lock.pip.sources import built_from_source
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.roots import roots_of
from jupyter_envstore.machine import differences, this_machine
from jupyter_envstore.policy import Admitted, Origin, evaluate
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.removal import remove_prefix
from jupyter_envstore.prefixes.verification import verify
from jupyter_envstore.schemas import Package, Version


def make(task: Task, lock: str, log: BuildLog, meter: Meter) -> Version:
    """Build this machine's part of a lock, make the version that it is for, and set up the kernel; return the version.

    Raises
    ------
    LockError
        When the lock has nothing for this machine.
    PolicyError
        When its packages may not be used here any more.
    BuildError, DownloadError
        As the builder says.
    BuildCancelledError, LeaseLostError
    """
    platform = current_platform()
    packages = task.catalog.locks.packages(lock, platform)
    if not packages:
        raise LockError(
            f"The lock has no package for {platform}, so there is nothing to build on this machine.",
            platform=platform,
        )
    admitted = evaluate(Origin.version(), packages, task.surroundings.policy()).admit()
    _compare_machines(task, lock, packages, log)
    content = prefix_hash(packages, platform)
    if task.build.kind == "repair" or _is_broken(task, content):
        _discard_damaged(task, content, log)
    version, failure = _build(task, content, platform, admitted, log, meter)
    _show(task, version, failure, log)
    return version


def _compare_machines(task: Task, lock: str, packages: list[Package], log: BuildLog) -> None:
    """Record what machine this is, and tell where that may matter for packages that were chosen on another."""
    here = this_machine()
    task.catalog.builds.set_machine(task.build.id, task.holder, here)
    log.write(f"On {here.system} {here.system_version}, {here.processor or 'unknown processor'} ({here.level})")
    for sentence in differences(machine_of(task.catalog.locks.document(lock)), here, packages):
        task.warn("machine_differs", sentence, log)


def _build(
    task: Task, content: str, platform: str, admitted: Admitted, log: BuildLog, meter: Meter
) -> tuple[Version, EnvStoreError | None]:
    """Have a builder make the prefix; return its version, and what failed after it was published, or None."""
    published: list[Version] = []

    def on_event(event: dict[str, Any]) -> None:
        if "published" in event:
            published.append(_publish(task, event["published"], content, platform, log))
        else:
            meter.take(event)

    arguments = {
        "root": str(task.layout.root),
        "platform": platform,
        "prefix_hash": content,
        "packages": [package.model_dump(exclude={"license"}) for package in admitted.packages],
        "root_names": [package.name for package in roots_of(admitted.packages)],
        "allow_source": _allowed_sources(task, admitted.packages),
        **task.surroundings.build_arguments(),
    }
    worker = WorkerProcess("builder", task.layout, log.write)
    failure: EnvStoreError | None = None
    try:
        answer = worker.call(
            "build", arguments, on_event=on_event, cancelled=lambda: not published and task.must_stop()
        )
        task.catalog.prefixes.set_activation(content, answer["activation"], answer.get("kernels") or [])
        worker.close()
    except EnvStoreError as error:
        if not published or isinstance(error, LeaseLostError):
            raise
        failure = error
    finally:
        worker.kill()
    return published[0], failure


def _allowed_sources(task: Task, packages: Sequence[Package]) -> list[str]:
    """Return the names of packages of pip whose own code may be run to build them.

    A lock that this store made has only such that a person allowed; of one from elsewhere the person's word counts.
    """
    if task.build.kind in ("import", "restore"):
        return list(task.catalog.builds.request(task.build.id).allow_source)
    return built_from_source(packages)


def _publish(task: Task, published: dict[str, Any], content: str, platform: str, log: BuildLog) -> Version:
    catalog, build = task.catalog, task.build
    size, files = int(published["size"]), int(published["files"])
    if build.kind in WITHOUT_VERSION:
        catalog.builds.set_state(build.id, task.holder, "registering")
        catalog.prefixes.put_ready(content, platform, size=size, files=files)
        request = catalog.builds.request(build.id)
        activate_rebuilt(catalog, build, request)
        return given_version(catalog, build, request)
    version = catalog.builds.publish_version(
        build.id, task.holder, prefix_hash=content, platform=platform, size=size, files=files
    )
    scripts = published.get("link_scripts") or []
    if scripts and not task.surroundings.build_arguments().get("run_link_scripts"):
        task.warn(
            "link_scripts_not_run",
            f"{', '.join(scripts)} bring installation scripts, which were not run. If something is missing, allow "
            "them with the setting EnvStore.run_link_scripts and build again.",
            log,
        )
    return version


def _is_broken(task: Task, content: str) -> bool:
    """Tell whether the prefix is known to be damaged, so that nobody must take it as it is."""
    try:
        return task.catalog.prefixes.get(content).state == "broken"
    except NotFoundError:
        return False


def _discard_damaged(task: Task, content: str, log: BuildLog) -> None:
    """Take away a published prefix whose files do not agree with what was installed, so that it is made anew."""
    prefix = task.layout.prefix(content)
    if not prefix.is_dir():
        return
    problems = verify(prefix)
    for problem in problems[:20]:
        log.write(f"Not as installed: {problem}")
    if problems:
        remove_prefix(task.layout, content)


def _show(task: Task, version: Version, failure: EnvStoreError | None, log: BuildLog) -> None:
    """Set up the kernel. A version whose kernel fails is still a version: it is told, and tried again later.

    What a builder left open that ended too early is asked of another one, by who shows the version.
    """
    if failure is not None:
        log.write(f"What activating does is found out once more: {failure.message}")
    try:
        for note in task.surroundings.present(version.namespace, version.name):
            task.warn("kernel_note", note, log)
    except EnvStoreError as error:
        task.warn(
            KernelNotRegisteredError.code,
            f"The version is ready, but its kernel could not be set up: {error.message} It is tried again when the "
            "server starts and when a kernel is asked for.",
            log,
        )
