"""How what a notebook carries stands to the kernel that it uses: the same, another, or nothing."""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.changes import PackageSet, compare
from jupyter_envstore.errors import EnvStoreError, NotFoundError, PlatformError
from jupyter_envstore.kernels.target import read_kernel_name
from jupyter_envstore.lock.document import all_packages, lock_hash, platforms_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.notebooks.carried import Carried, read_carried
from jupyter_envstore.notebooks.describing import build_going_on, reference_in, same_files
from jupyter_envstore.notebooks.embedding import part_of
from jupyter_envstore.notebooks.kernelspec import kernelspec_of
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.schemas import NotebookState, Package, PlatformChanges, Version
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.pip_requests import requests_of


def state_of(
    notebook: NotebookText, catalog: Catalog, kernel: str | None = None, started: Version | None = None
) -> NotebookState:
    """Return the state of a notebook; never raises for what stands in it.

    Parameters
    ----------
    kernel
        The one that it runs on now; the one that it names when None.
    started
        The version that this kernel was started with; the one that it starts now when None.
    """
    used = kernel or kernel_of(notebook)
    version = started or version_of_kernel(used, catalog)
    told: dict[str, object] = {"kernel": used, "environment": _reference(version) if version else ""}
    try:
        carried = read_carried(notebook)
    except EnvStoreError as error:
        return NotebookState.model_validate(told | {"state": "missing", "problem": error.message})
    if carried is None:
        return NotebookState.model_validate(told | {"state": "none"})
    existing = same_files(carried, catalog)
    told |= {
        "carried": reference_in(carried),
        "convention": carried.convention,
        "lock": carried.sha256,
        "platforms": platforms_of(carried.document) if carried.document else [],
        "recorded": carried.recorded,
        "packages": _count(carried),
        "existing": [_reference(one) for one in existing],
    }
    if version is not None and _agrees(carried, version, catalog):
        return NotebookState.model_validate(told | {"state": "agrees"})
    build = build_going_on(carried, catalog)
    told |= {"building": build.id if build else None}
    if version is None:
        return NotebookState.model_validate(told | {"state": "differs" if existing else "missing"})
    told |= {"direction": _direction(version, existing), "changes": _changes(carried, version, catalog)}
    return NotebookState.model_validate(told | {"state": "differs"})


def kernel_of(notebook: NotebookText) -> str:
    """Return the name of the kernel that a notebook names; empty where it names none."""
    name = kernelspec_of(notebook).get("name")
    return name if isinstance(name, str) and len(name) <= 300 and name.isprintable() else ""


def version_of_kernel(kernel: str, catalog: Catalog) -> Version | None:
    """Return the version that a kernel starts, or None when it is none of this store."""
    asked = read_kernel_name(kernel) if kernel else None
    if asked is None:
        return None
    try:
        if asked.version is None:
            return catalog.versions.get(asked.namespace, asked.name)
        return catalog.meant_versions.get(asked.namespace, asked.name, asked.version, asked.lock)
    except NotFoundError:
        return None


def environment_of_kernel(kernel: str, catalog: Catalog) -> tuple[str, str] | None:
    """Return namespace and name of the environment of a kernel, also when the version that it stays at is deleted."""
    version, asked = version_of_kernel(kernel, catalog), read_kernel_name(kernel) if kernel else None
    if version is not None:
        return version.namespace, version.name
    if asked is None or asked.lock:
        return None
    try:
        active = catalog.versions.get(*catalog.meant_versions.active(asked.namespace, asked.name))
    except NotFoundError:
        return None
    return active.namespace, active.name


def _agrees(carried: Carried, version: Version, catalog: Catalog) -> bool:
    """Tell whether a notebook carries a version: its whole lock, the part for some platforms, or what it asks for.

    A notebook without a lock is held against what was asked for: whatever was locked for that agrees with it.
    """
    if carried.document is None:
        return carried.specification == version.specification
    if carried.sha256 == version.lock:
        return True
    try:
        part = part_of(catalog.locks.document(version.lock), platforms_of(carried.document))
    except PlatformError:
        return False
    return lock_hash(part) == carried.sha256


def _count(carried: Carried) -> int | None:
    if carried.document is None or current_platform() not in platforms_of(carried.document):
        return None
    return sum(package.platform == current_platform() for package in all_packages(carried.document))


def _direction(version: Version, existing: Iterable[Version]) -> str:
    numbers = [one.number for one in existing if (one.namespace, one.name) == (version.namespace, version.name)]
    if not numbers:
        return "other"
    return "older" if min(numbers) < version.number else "newer"


def _changes(carried: Carried, version: Version, catalog: Catalog) -> list[PlatformChanges]:
    if carried.document is None:
        return []
    was, now = _by_platform(all_packages(carried.document)), _by_platform(catalog.locks.packages(version.lock))
    before, after = Specification.parse(carried.specification or version.specification), version.specification
    own = current_platform()
    return [
        compare(
            platform,
            PackageSet(was[platform], _asked(before, platform)),
            PackageSet(now[platform], _asked(Specification.parse(after), platform)),
        )
        for platform in sorted(was.keys() & now.keys(), key=lambda name: (name != own, name))
    ]


def _asked(specification: Specification, platform: str) -> list[str]:
    return [*specification.dependencies_for(platform), *requests_of(specification, platform)]


def _by_platform(packages: Iterable[Package]) -> dict[str, list[Package]]:
    parts: dict[str, list[Package]] = {}
    for package in packages:
        parts.setdefault(package.platform, []).append(package)
    return parts


def _reference(version: Version) -> str:
    return f"{version.namespace}/{version.name}@{version.number}"
