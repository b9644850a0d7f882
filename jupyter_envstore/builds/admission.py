"""What is refused before it is queued: requests that no build could ever fulfil."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envstore.builds.parents import given_version
from jupyter_envstore.builds.task import WITHOUT_VERSION
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import EnvStoreError, SpecificationError
from jupyter_envstore.lock.document import all_packages
from jupyter_envstore.lock.pip.requirements import read_section
from jupyter_envstore.lock.platforms import check_platform, current_platform
from jupyter_envstore.lock.recognition import refuse_what_is_no_specification
from jupyter_envstore.policy import Origin, Policy, evaluate
from jupyter_envstore.references import check_name
from jupyter_envstore.schemas import (
    Build,
    BuildKind,
    BuildRequest,
    Package,
    PolicyFinding,
    Remark,
    SpecificationReport,
    Version,
)
from jupyter_envstore.specification import Specification


def origin_of(kind: BuildKind, request: BuildRequest, policy: Policy) -> Origin:
    """Return who brings the packages of a build."""
    if kind == "restore":  # with a lock or without: somebody else wrote the notebook
        return Origin.stranger("notebook", allowed=request.allow_channels, sources=request.allow_source)
    if kind == "import" and request.lockfile is not None:
        return Origin.stranger(allowed=request.allow_channels, sources=request.allow_source)
    if kind in WITHOUT_VERSION or request.lockfile is not None:
        return Origin.version()  # the lock of a clone is one of this store
    specification = Specification.parse(request.specification)
    return Origin.person(specification, policy.usual, wheels=request.local_wheels, sources=request.allow_source)


def admit(kind: BuildKind, request: BuildRequest, policy: Policy, packages: Sequence[Package] = ()) -> None:
    """Return when the request can be tried: it is understood, and the policy has nothing against what is known of it.

    Parameters
    ----------
    kind, request
        The build to be.
    policy
        What the store allows now.
    packages
        What it would install, where that is known before it is locked.

    Raises
    ------
    SpecificationError
        With line and reason, when the specification cannot be read, or its pip section not be locked.
    PlatformError
        When a platform is unknown, or this machine's is none that can be built on.
    PolicyError
        When packages may not be used here, or come from where nobody chose.
    """
    _understand(request)
    evaluate(origin_of(kind, request, policy), packages, policy).require()


def require_rebuildable(catalog: Catalog, version: Version, policy: Policy) -> None:
    """Return when the files of a version may be made again.

    Raises
    ------
    PolicyError
        When packages of its lock may not be used here any more.
    """
    evaluate(Origin.version(), catalog.locks.packages(version.lock), policy).require()


def require_retriable(catalog: Catalog, build: Build, policy: Policy) -> None:
    """Return when the policy has nothing against what is known of a build that is to be tried again.

    Raises
    ------
    PolicyError
    """
    request = catalog.builds.request(build.id)
    packages: Sequence[Package] = ()
    if build.kind in WITHOUT_VERSION:
        packages = catalog.locks.packages(given_version(catalog, build, request).lock)
    elif request.lockfile is not None:
        packages = all_packages(request.lockfile)
    evaluate(origin_of(build.kind, request, policy), packages, policy).require()


def _understand(request: BuildRequest) -> None:
    specification = Specification.parse(request.specification)
    read_section(specification, local_wheels=request.local_wheels)
    own = current_platform()
    if request.lockfile is None and not specification.dependencies_for(own) and not specification.pip_for(own):
        where = f" on {own}" if specification.dependencies or specification.pip else ""
        raise SpecificationError(f"The specification asks for no package{where}. Add a package under “dependencies:”.")
    for platform in request.platforms:
        check_platform(platform)


def report_on(text: str, policy: Policy) -> SpecificationReport:
    """Say how a specification is understood, and whether `admit` would let it pass; with all remarks on the way."""
    try:
        specification = Specification.parse(text)
    except SpecificationError as error:
        error = _other_file(text) or error
        remark = _error(error, str(error.details["reason"]), error.details["line"])
        return SpecificationReport(valid=False, remarks=[remark])
    errors: list[Remark] = []
    findings: Sequence[PolicyFinding] = ()
    try:
        if specification.name is not None:
            check_name(specification.name)
        _understand(BuildRequest(specification=text, platforms=list(specification.platforms)))
        verdict = evaluate(Origin.person(specification, policy.usual), [], policy)
        errors, findings = verdict.remarks, verdict.findings
    except EnvStoreError as error:
        errors = [_error(error, str(error.details.get("reason") or error.message), error.details.get("line"))]
    warnings = [
        Remark(severity="warning", code=warning.code, message=warning.message, line=warning.line)
        for warning in specification.warnings
    ]
    return SpecificationReport(
        valid=all(remark.severity != "error" for remark in errors),
        name=specification.name,
        channels=list(specification.channels),
        dependencies=list(specification.dependencies),
        pip=list(specification.pip),
        variables=dict(specification.variables),
        platforms=list(specification.platforms),
        remarks=[*errors, *warnings],
        findings=list(findings),
    )


def _other_file(text: str) -> SpecificationError | None:
    """Return what there is to say about a text that is another kind of file, and not one that was just begun."""
    try:
        if text.strip().count("\n") > 0 or text.lstrip().startswith("{"):
            refuse_what_is_no_specification(text.encode("utf-8", "surrogatepass"))
    except SpecificationError as error:
        return error
    return None


def _error(error: EnvStoreError, message: str, line: int | None) -> Remark:
    return Remark(
        severity="error",
        code=error.code,
        message=message,
        line=line,
        wrong=error.details.get("wrong"),
        correction=error.details.get("correction"),
    )
