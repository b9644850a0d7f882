"""The first half of a build: from its request to a lock in the catalog."""

from __future__ import annotations

from typing import Any

from jupyter_envstore.builds.admission import origin_of
from jupyter_envstore.builds.asking import ask
from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.meter import Meter
from jupyter_envstore.builds.parents import given_version, keeping_arguments, refuse_if_nothing_changes
from jupyter_envstore.builds.resolver import Listening
from jupyter_envstore.builds.surroundings import pip_consent
from jupyter_envstore.builds.task import WITHOUT_VERSION, Task
from jupyter_envstore.errors import BuildCancelledError, EnvStoreError
from jupyter_envstore.lock.document import all_packages, lock_hash, platforms_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.policy import Origin, evaluate
from jupyter_envstore.schemas import BuildRequest, Package


def lock(task: Task, log: BuildLog, meter: Meter) -> str:
    """Find the lock of a build, keep it, and return its hash. A lock that an earlier attempt found is used.

    Raises
    ------
    LockError, ChannelUnavailableError
        When no packages fit together, or a channel cannot be read.
    NothingToBuildError
        When an edit leads where it started.
    PolicyError
        When packages may not be used here.
    BuildCancelledError, LeaseLostError
    """
    found = task.catalog.builds.lock_of(task.build.id)
    if found is not None:
        return found
    request = task.catalog.builds.request(task.build.id)
    if task.build.kind in WITHOUT_VERSION:
        digest = given_version(task.catalog, task.build, request).lock
        task.catalog.builds.set_lock(task.build.id, task.holder, digest)
        return digest
    policy = task.surroundings.policy()
    origin = origin_of(task.build.kind, request, policy)
    packages = all_packages(request.lockfile) if request.lockfile is not None else []
    evaluate(origin, packages, policy).require()  # before a channel is asked that may not be used any more
    warnings: list[str] = []
    if request.lockfile is not None:
        document = request.lockfile
        if task.build.kind == "import":
            packages = _completed(task, packages, log)
    else:
        document, packages, warnings = _solve(task, request, log, meter)
    digest = lock_hash(document)
    admitted = evaluate(origin, packages, policy, offered=_offered(task, origin, packages, log)).admit()
    refuse_if_nothing_changes(task.catalog, task.build, request, packages)
    task.catalog.locks.put(digest, document, admitted)
    task.catalog.builds.set_lock(task.build.id, task.holder, digest)
    for warning in warnings:
        task.warn("lock_note", warning, log)
    log.write(f"Locked: {digest}, {len(packages)} packages for {', '.join(platforms_of(document))}")
    return digest


def _solve(
    task: Task, request: BuildRequest, log: BuildLog, meter: Meter
) -> tuple[dict[str, Any], list[Package], list[str]]:
    arguments = task.surroundings.lock_arguments(request.specification, request.platforms, request.as_of)
    arguments |= keeping_arguments(task.catalog, task.build, request, arguments["platforms"])
    arguments["pip"] |= pip_consent(request, may_build=True)
    listening: Listening = {"on_event": meter.take, "on_log": log.write, "cancelled": task.must_stop}
    if request.activate:
        answer = ask(task.resolver, "lock", arguments, **listening)
    else:
        # Nobody waits: better tried again than nothing new found in what is known from before.
        answer = task.resolver.call("lock", arguments, **listening)
    warnings = list(answer.get("warnings") or [])
    for platform, explanation in (answer.get("unsolved") or {}).items():
        warnings.append(f"{platform} is not covered: {explanation.get('summary', 'no versions fit together')}")
    return answer["lockfile"], [Package.model_validate(item) for item in answer["packages"]], warnings


def _offered(
    task: Task, origin: Origin, packages: list[Package], log: BuildLog
) -> frozenset[tuple[str, str, str]] | None:
    """Ask the package indexes whether they have the wheels of a lock from elsewhere; None where nobody has to."""
    if origin.kind != "stranger" or not any(package.manager == "pip" for package in packages):
        return None
    arguments = task.surroundings.confirm_arguments(packages)
    answer = ask(task.resolver, "confirm", arguments, on_log=log.write, cancelled=task.must_stop)
    return frozenset((name, version, sha256) for name, version, sha256 in answer["offered"])


def _completed(task: Task, packages: list[Package], log: BuildLog) -> list[Package]:
    """Add what a lockfile from outside leaves out, such as sizes, where the channels state it; it builds without, too.

    Only of this machine's packages: the metadata of the other platforms would be a large download for a number.
    """
    platform = current_platform()
    own = [package for package in packages if package.platform == platform]
    arguments = task.surroundings.completion_arguments(own)
    try:
        answer = ask(task.resolver, "complete", arguments, on_log=log.write, cancelled=task.must_stop)
    except BuildCancelledError:
        raise
    except EnvStoreError as error:
        log.write(f"Sizes stay unknown: {error.message}")
        return packages
    others = [package for package in packages if package.platform != platform]
    return [*(Package.model_validate(item) for item in answer["packages"]), *others]
