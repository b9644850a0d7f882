"""Two sets of packages, set against each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from jupyter_envstore.changes.reasons import Key, Reasons, Requests
from jupyter_envstore.schemas import Package
from jupyter_envstore.schemas.changes import ChangeKind, PackageChange, PlatformChanges
from jupyter_envstore.specification.version_order import compare_versions

_ORDER: dict[ChangeKind, int] = {"added": 0, "upgraded": 1, "downgraded": 2, "rebuilt": 3, "removed": 4}


@dataclass(frozen=True)
class PackageSet:
    """The packages of one platform, and what a person asked for there (match specs)."""

    packages: Iterable[Package]
    requests: Iterable[str]


def compare(
    platform: str, before: PackageSet, after: PackageSet, *, freed: Collection[str] | None = None
) -> PlatformChanges:
    """Return what changes from ``before`` to ``after``: direct requests first, then by kind and name.

    Parameters
    ----------
    platform
        The one that both sets are for.
    freed
        Names that an update let move, an empty one for all of them; None when it was no update.
    """
    old: dict[Key, Package] = {(package.manager, package.name): package for package in before.packages}
    new: dict[Key, Package] = {(package.manager, package.name): package for package in after.packages}
    reasons = Reasons(old, new, Requests(before.requests), Requests(after.requests), freed)
    changes = []
    same = 0
    for key in old.keys() | new.keys():
        was, now = old.get(key), new.get(key)
        kind = _kind(was, now)
        if kind is None:
            same += 1
        else:
            changes.append(_change(kind, was, now, reasons))
    changes.sort(key=lambda change: (not change.direct, _ORDER[change.kind], change.name, change.manager))
    arriving = [change.size for change in changes if change.kind != "removed"]
    return PlatformChanges(
        platform=platform,
        changes=changes,
        same=same,
        download=sum(size or 0 for size in arriving),
        unknown_sizes=sum(size is None for size in arriving),
    )


def _kind(was: Package | None, now: Package | None) -> ChangeKind | None:
    if was is None or now is None:
        return "added" if was is None else "removed"
    if is_same_file(was, now):
        return None
    order = compare_versions(was.version, now.version)
    if order == 0:
        return "rebuilt"
    return "upgraded" if order < 0 else "downgraded"


def is_same_file(one: Package, other: Package) -> bool:
    """Tell whether two packages are one file, wherever it is fetched."""
    if one.sha256 and other.sha256:
        return one.sha256 == other.sha256
    if one.md5 and other.md5:
        return one.md5 == other.md5
    return one.url == other.url


def _change(kind: ChangeKind, was: Package | None, now: Package | None, reasons: Reasons) -> PackageChange:
    package = now or was
    assert package is not None, "a change has a side"
    return PackageChange(
        name=package.name,
        manager=package.manager,
        kind=kind,
        direct=reasons.is_direct(package.name),
        before=was.version if was else None,
        after=now.version if now else None,
        before_build=was.build if was else None,
        after_build=now.build if now else None,
        size=now.size if now else None,
        why=reasons.why(was, now),
    )
