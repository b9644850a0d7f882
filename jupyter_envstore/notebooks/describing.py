"""What is to be known of an environment that a notebook carries before anybody builds it. Nothing is asked or built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jupyter_envstore.builds.lockfiles import ForeignLock
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.expected import expected_cost, with_known_sizes
from jupyter_envstore.errors import EnvironmentNotFoundError, EnvStoreError, LockfileError, PolicyError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.document import all_packages
from jupyter_envstore.lock.pip.requirements import read_section
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.notebooks.carried import Carried
from jupyter_envstore.notebooks.conventions import plain_requirement
from jupyter_envstore.policy import Policy
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.references import MAX_NAME_LENGTH
from jupyter_envstore.schemas import (
    ACTIVE_STATES,
    Build,
    LockfileChannel,
    NotebookEnvironment,
    Package,
    Remark,
    Version,
)
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification

WORDS = "notebook"
NAMELESS = "notebook"
"""What an environment is called that nothing names."""
_MOST_TRIED = 1_000


def describe(
    carried: Carried, catalog: Catalog, layout: StoreLayout, settings: StoreSettings, allow: Sequence[str] = ()
) -> NotebookEnvironment:
    """Return what a notebook carries, and what is in the way of it here.

    Parameters
    ----------
    allow
        Channels that the person allows besides those that the store uses.
    """
    wanted = carried.name or NAMELESS
    name = free_name(catalog, settings.default_namespace, wanted)
    told = {
        "convention": carried.convention,
        "locked": carried.document is not None,
        "name": name,
        "name_taken": name != wanted,
        "environment": reference_in(carried),
        "recorded": carried.recorded,
        "lock": carried.sha256,
        "platform": current_platform(),
    }
    if carried.document is None:
        before = [f"{one.namespace}/{one.name}@{one.number}" for one in asked_before(carried, catalog, settings)]
        return NotebookEnvironment.model_validate(told | _asked(carried, settings, allow) | {"existing": before})
    lock = ForeignLock(carried.document, Policy.of(settings), tuple(allow), words=WORDS, text=carried.specification)
    report = lock.report(name)
    existing = same_files(carried, catalog)
    found = NotebookEnvironment.model_validate(
        told
        | {
            "platforms": report.platforms,
            "channels": report.channels,
            "packages": report.packages,
            "pip": sum(package.manager == "pip" for package in report.packages),
            "specification": report.specification,
            "variables": dict(Specification.parse(report.specification).variables) if report.specification else {},
            "existing": [f"{one.namespace}/{one.name}@{one.number}" for one in existing],
            "valid": report.valid,
            "remarks": report.remarks,
            "findings": report.findings,
        }
    )
    return with_costs(found, report.packages, catalog, layout)


def with_costs(
    told: NotebookEnvironment, packages: Sequence[Package], catalog: Catalog, layout: StoreLayout
) -> NotebookEnvironment:
    """Return what is told with these packages, and what they would cost here."""
    sized = with_known_sizes(packages, catalog)
    cost = expected_cost(sized, catalog, layout)
    return told.model_copy(update={"packages": sized, **cost._asdict()})


def same_files(carried: Carried, catalog: Catalog) -> list[Version]:
    """Return the versions with the very files that the notebook carries, the one that it names first."""
    if carried.document is None:
        return []
    own = current_platform()
    packages = [package for package in all_packages(carried.document) if package.platform == own]
    try:
        prefix = prefix_hash(packages, own) if packages else None
    except LockfileError:  # a package without a digest
        prefix = None
    found = catalog.versions.with_files(carried.sha256, prefix)
    named = (carried.namespace.lower(), (carried.name or "").lower(), carried.version)
    return sorted(
        found,
        key=lambda one: (
            (one.namespace.lower(), one.name.lower(), one.number) != named,
            (one.namespace.lower(), one.name.lower()) != named[:2],
            one.prefix_state != "ready",
        ),
    )


def build_going_on(carried: Carried, catalog: Catalog) -> Build | None:
    """Return a build that goes on for the very lock that the notebook carries, the newest; None when there is none."""
    if carried.document is None:
        return None
    going = catalog.builds.list(states=ACTIVE_STATES).items
    restoring = (build for build in going if build.kind == "restore")
    return next((build for build in restoring if catalog.builds.request(build.id).lockfile == carried.document), None)


def asked_before(carried: Carried, catalog: Catalog, settings: StoreSettings) -> list[Version]:
    """Return the versions for this machine that were made when the very same was asked for under that name."""
    namespace, wanted, own = settings.default_namespace, carried.name or NAMELESS, current_platform()
    found: list[Version] = []
    for name in _numbered(wanted):
        try:
            versions = catalog.versions.list(namespace, name).items
        except EnvironmentNotFoundError:
            break
        found += [one for one in versions if one.specification == carried.specification and own in one.platforms]
    return found


def require_harmless(specification: Specification, policy: Policy, allow: Sequence[str]) -> None:
    """Return when a notebook's specification takes nothing from where nobody here chose.

    Raises
    ------
    PolicyError
        With the channels that nobody did.
    SpecificationError
        When its pip section says more than names and versions: an option or an address says where programs come from.
    InvalidInputError
        When one is none.
    """
    for entry in specification.pip:
        plain_requirement(entry)
    trust = policy.trust(allow)
    strange = [name for name in _channels(specification) if not policy.all_within(trust, name)]
    if strange:
        raise PolicyError(
            f"The notebook takes packages from {', '.join(strange)}, which this store does not use. If you trust who "
            "publishes there, allow it for this notebook (--allow-channel URL; allow_channels in a request).",
            channels=[{"url": name, "packages": []} for name in strange],
            findings=[],
        )


def free_name(catalog: Catalog, namespace: str, wanted: str) -> str:
    """Return the name itself, or the first with a number behind it that no environment has."""
    for name in _numbered(wanted):
        try:
            there = catalog.environments.get(namespace, name)
        except EnvironmentNotFoundError:
            return name
        if there.active_version is None and (there.build is None or there.build.finished is not None):
            return name
    return wanted


def _numbered(wanted: str) -> Iterator[str]:
    for number in range(1, _MOST_TRIED):
        end = f"-{number}" if number > 1 else ""
        yield wanted[: MAX_NAME_LENGTH - len(end)].rstrip("-") + end


def reference_in(carried: Carried) -> str:
    """Return what a notebook says that it carries; empty where it does not."""
    if not carried.namespace or carried.version is None:
        return ""
    return f"{carried.namespace}/{carried.name}@{carried.version}"


def _asked(carried: Carried, settings: StoreSettings, allow: Sequence[str]) -> dict[str, object]:
    specification, policy = Specification.parse(carried.specification), Policy.of(settings)
    remarks: list[Remark] = []
    channels: list[LockfileChannel] = []
    try:
        trust, approved = policy.trust(allow), policy.approved()
        channels = [
            LockfileChannel(
                name=name,
                url=name,
                packages=0,
                configured=policy.all_within(trust, name),
                allowable=approved is None or policy.all_within(approved, name),
            )
            for name in _channels(specification) or policy.usual
        ]
        require_harmless(specification, policy, allow)
        read_section(specification)
    except EnvStoreError as error:
        remarks.append(Remark(severity="error", code=error.code, message=error.message))
    return {
        "platforms": list(specification.platforms),
        "channels": channels,
        "pip": len(specification.pip),
        "specification": specification.text,
        "valid": not remarks,
        "remarks": remarks,
    }


def _channels(specification: Specification) -> list[str]:
    insisted = [spec.channel for spec in specification.match_specs() if spec.channel]
    return [name for name in dict.fromkeys([*specification.channels, *insisted]) if name != "nodefaults"]
