"""What is refused before it is queued: requests that no build could ever fulfil."""

from __future__ import annotations

from jupyter_envstore.errors import EnvStoreError, PipNotSupportedError, SpecificationError
from jupyter_envstore.lock.platforms import check_platform, current_platform
from jupyter_envstore.lock.recognition import refuse_what_is_no_specification
from jupyter_envstore.references import check_name
from jupyter_envstore.schemas import BuildRequest, Remark, SpecificationReport
from jupyter_envstore.specification import Specification


def admit(request: BuildRequest) -> None:
    """Return when the request can be tried.

    Raises
    ------
    SpecificationError
        With line and reason, when the specification cannot be read.
    PipNotSupportedError
        When it has a pip section: installing half of what was asked for would be worse than saying no.
    PlatformError
        When a platform is unknown, or this machine's is none that can be built on.
    """
    specification = Specification.parse(request.specification)
    if specification.pip:
        raise PipNotSupportedError(
            f"The specification has a pip section ({_some(specification.pip)}), and pip packages cannot be built yet. "
            "Take the section out, or name the packages as conda packages where a channel has them.",
            pip=list(specification.pip),
        )
    current_platform()
    for platform in request.platforms:
        check_platform(platform)


def report_on(text: str) -> SpecificationReport:
    """Say how a specification is understood, and whether `admit` would let it pass; with all remarks on the way."""
    try:
        specification = Specification.parse(text)
    except SpecificationError as error:
        error = _other_file(text) or error
        remark = _error(error, str(error.details["reason"]), error.details["line"])
        return SpecificationReport(valid=False, remarks=[remark])
    errors = []
    try:
        if specification.name is not None:
            check_name(specification.name)
        admit(BuildRequest(specification=text, platforms=list(specification.platforms)))
    except EnvStoreError as error:
        errors.append(_error(error, error.message, None))
    warnings = [
        Remark(severity="warning", code=warning.code, message=warning.message, line=warning.line)
        for warning in specification.warnings
    ]
    return SpecificationReport(
        valid=not errors,
        name=specification.name,
        channels=list(specification.channels),
        dependencies=list(specification.dependencies),
        pip=list(specification.pip),
        variables=dict(specification.variables),
        platforms=list(specification.platforms),
        remarks=[*errors, *warnings],
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


def _some(entries: tuple[str, ...]) -> str:
    shown = ", ".join(entries[:3])
    return f"{shown} and {len(entries) - 3} more" if len(entries) > 3 else shown
