"""What the packages of a lock would cost here: bytes to fetch, and bytes on disk. Nothing is asked or measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.survey import folders
from jupyter_envstore.errors import LockfileError, NotFoundError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.schemas import Package

_USUAL_GROWTH = 3.5
"""How much larger packages are on disk than as files to download, where this store has none to tell by."""


class ExpectedCost(NamedTuple):
    """What packages cost; see `NotebookEnvironment` for the meaning of each field."""

    size: int | None
    here: int
    download: int | None
    unknown_sizes: int
    size_on_disk: int | None
    size_is_estimated: bool


def with_known_sizes(packages: Sequence[Package], catalog: Catalog) -> list[Package]:
    """Return packages with the sizes that locks of this store state of the very same files."""
    known = catalog.locks.sizes([package for package in packages if package.size is None])
    return [
        package.model_copy(update={"size": known[package.sha256]}) if package.sha256 in known else package
        for package in packages
    ]


def expected_cost(packages: Sequence[Package], catalog: Catalog, layout: StoreLayout) -> ExpectedCost:
    """Return what the packages of this machine's part of a lock cost."""
    conda, wheels = set(folders(layout.package_cache)), set(folders(layout.wheel_cache))
    missing = [package for package in packages if not _is_here(package, conda, wheels)]
    sizes, fetched = _sizes(packages), _sizes(missing)
    on_disk = _known_on_disk(packages, catalog)
    estimated = on_disk is None and bool(sizes)
    if estimated:
        on_disk = round(sum(sizes) * (catalog.prefixes.growth() or _USUAL_GROWTH))
    return ExpectedCost(
        size=sum(sizes) if sizes else None,
        here=len(packages) - len(missing),
        download=sum(fetched) if fetched or not missing else None,
        unknown_sizes=len(missing) - len(fetched),
        size_on_disk=on_disk,
        size_is_estimated=estimated,
    )


def _is_here(package: Package, conda: set[str], wheels: set[str]) -> bool:
    if package.manager == "pip":
        return package.sha256 in wheels
    return f"{package.name}-{package.version}-{package.build}" in conda


def _sizes(packages: Sequence[Package]) -> list[int]:
    return [package.size for package in packages if package.size is not None]


def _known_on_disk(packages: Sequence[Package], catalog: Catalog) -> int | None:
    try:
        return catalog.prefixes.get(prefix_hash(packages, current_platform())).size or None
    except (LockfileError, NotFoundError):  # a package without a digest; never made here
        return None
