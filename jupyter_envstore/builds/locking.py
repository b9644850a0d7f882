"""The first half of a build: from its request to a lock in the catalog."""

from __future__ import annotations

from typing import Any

from jupyter_envstore.builds.admission import origin_of
from jupyter_envstore.builds.asking import ask
from jupyter_envstore.builds.completing import complete_document, incomplete, require_digests
from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.meter import Meter
from jupyter_envstore.builds.parents import given_version, keeping_arguments, refuse_if_nothing_changes
from jupyter_envstore.builds.resolver import Listening
from jupyter_envstore.builds.task import WITHOUT_VERSION, Task
from jupyter_envstore.errors import BuildCancelledError, EnvStoreError
from jupyter_envstore.lock.document import all_packages, lock_hash, platforms_of
from jupyter_envstore.policy import Origin, evaluate
from jupyter_envstore.schemas import BuildRequest, Explanation, Package, PlatformReport
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.synthesis import REMARK


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
    if task.build.kind in WITHOUT_VERSION or request.lockfile is not None:
        meter.take({"step": "read-lock"})
    if task.build.kind in WITHOUT_VERSION:
        digest = given_version(task.catalog, task.build, request).lock
        task.catalog.builds.set_lock(task.build.id, task.holder, digest)
        return digest
    policy = task.surroundings.policy()
    origin = origin_of(task.build.kind, request, policy)
    packages = all_packages(request.lockfile) if request.lockfile is not None else []
    evaluate(origin, packages, policy).require()  # before a channel is asked that may not be used any more
    warnings: list[str] = []
    specification: str | None = None
    unsolved: list[PlatformReport] = []
    if request.lockfile is not None:
        document = request.lockfile
        if task.build.kind == "import":
            document, packages, specification = _completed(task, request, packages, log)
        elif task.build.kind == "restore":  # the lock stays as the notebook has it, by which it is known again
            _, packages, _ = _completed(task, request, packages, log)
    else:
        document, packages, warnings, unsolved = _solve(task, request, log, meter)
    digest = lock_hash(document)
    admitted = evaluate(origin, packages, policy, offered=_offered(task, origin, request, packages, log)).admit()
    refuse_if_nothing_changes(task.catalog, task.build, request, packages)
    task.catalog.locks.put(digest, document, admitted)
    task.catalog.platform_checks.put(digest, unsolved)
    task.catalog.builds.set_lock(task.build.id, task.holder, digest, specification)
    for warning in warnings:
        task.warn("lock_note", warning, log)
    log.write(f"Locked: {digest}, {len(packages)} packages for {', '.join(platforms_of(document))}")
    return digest


def _solve(
    task: Task, request: BuildRequest, log: BuildLog, meter: Meter
) -> tuple[dict[str, Any], list[Package], list[str], list[PlatformReport]]:
    arguments = task.surroundings.lock_arguments(request)
    arguments |= keeping_arguments(task.catalog, task.build, request, arguments["platforms"])
    listening: Listening = {"on_event": meter.take, "on_log": log.write, "cancelled": task.must_stop}
    if request.activate:
        answer = ask(task.resolver, "lock", arguments, **listening)
    else:
        # Nobody waits: better tried again than nothing new found in what is known from before.
        answer = task.resolver.call("lock", arguments, **listening)
    warnings = list(answer.get("warnings") or [])
    unsolved = []
    for platform, told in (answer.get("unsolved") or {}).items():
        explanation = Explanation.model_validate(told)
        warnings.append(f"{platform} is not covered: {explanation.summary}")
        unsolved.append(PlatformReport(platform=platform, standing="unsolved", explanation=explanation))
    return answer["lockfile"], [Package.model_validate(item) for item in answer["packages"]], warnings, unsolved


def _offered(
    task: Task, origin: Origin, request: BuildRequest, packages: list[Package], log: BuildLog
) -> frozenset[tuple[str, str, str]] | None:
    """Ask the package indexes whether they have the files of a lock from elsewhere; None where nobody has to."""
    if origin.kind != "stranger" or not any(package.manager == "pip" for package in packages):
        return None
    arguments = task.surroundings.confirm_arguments(packages, request.allow_source)
    answer = ask(task.resolver, "confirm", arguments, on_log=log.write, cancelled=task.must_stop)
    return frozenset((name, version, sha256) for name, version, sha256 in answer["offered"])


def _completed(
    task: Task, request: BuildRequest, packages: list[Package], log: BuildLog
) -> tuple[dict[str, Any], list[Package], str | None]:
    """Add what a lockfile from outside leaves out, such as sizes, where the channels state it; it builds without, too.

    Returns
    -------
    The document, its packages, and the specification where another one is written for it now.

    Raises
    ------
    LockfileError
        When a package has no digest, neither there nor in its channel.
    """
    document: dict[str, Any] = request.lockfile or {}
    asked = incomplete(packages, document)
    known: dict[tuple[str, str], Package] = {}
    try:
        arguments = task.surroundings.completion_arguments(asked)
        answer = ask(task.resolver, "complete", arguments, on_log=log.write, cancelled=task.must_stop)
        known = {(one.platform, one.url): one for one in map(Package.model_validate, answer["packages"])}
    except BuildCancelledError:
        raise
    except EnvStoreError as error:
        log.write(f"Sizes stay unknown: {error.message}")
    packages = [known.get((package.platform, package.url), package) for package in packages]
    require_digests(packages)
    completed = complete_document(document, packages)
    specification: str | None = None
    if completed != document and request.specification.startswith(REMARK):
        # With the dependencies it is known what nothing else needs.
        name = Specification.parse(request.specification).name
        specification = task.surroundings.specification_for(completed, name)
    if not completed["metadata"]["content_hash"]:
        hashes = _input_hashes(task, specification or request.specification, platforms_of(completed), log)
        completed = {**completed, "metadata": {**completed["metadata"], "content_hash": hashes}}
    return completed, packages, specification


def _input_hashes(task: Task, specification: str, platforms: list[str], log: BuildLog) -> dict[str, str]:
    """Return the input hashes that conda-lock would write; none where it cannot read the specification."""
    arguments = {"specification": specification, "platforms": platforms}
    try:
        answer = ask(task.resolver, "input_hashes", arguments, on_log=log.write, cancelled=task.must_stop)
    except BuildCancelledError:
        raise
    except EnvStoreError as error:
        log.write(f"The lock has no input hash: {error.message}")
        return {}
    return dict(answer["hashes"])
