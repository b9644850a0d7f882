"""What a store costs, from a survey of it: environment by environment, version by version."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from jupyter_envstore.catalog.collection import HeldVersion
from jupyter_envstore.disk.emptying import BYTECODE, FETCHED
from jupyter_envstore.disk.footprints import measure
from jupyter_envstore.disk.survey import Survey
from jupyter_envstore.layout import PREFIX_NAME_LENGTH, StoreLayout
from jupyter_envstore.schemas import CacheUsage, EnvironmentUsage, PlannedCollection, Usage, UsageCode, VersionUsage


def usage_of(survey: Survey, layout: StoreLayout, planned: PlannedCollection | None = None) -> Usage:
    """Return what a surveyed store costs, and what of it can be freed.

    For the latter it is supposed that channels still have the packages that would leave the cache; freeing asks them.
    """
    accounts = survey.accounts
    metadata, other = _metadata(layout), _other(layout)
    room = shutil.disk_usage(layout.root) if layout.root.is_dir() else shutil.disk_usage(_existing(layout.root))
    free = [name for name in survey.on_disk if not survey.needs.judge(name).stays]
    return Usage(
        store=os.fspath(layout.root),
        used=accounts.total + metadata + other,
        can_be_freed=accounts.given_back(free, accounts.entries_without(free)),
        disk_free=room.free,
        disk_size=room.total,
        packages=_cache(survey, *FETCHED),
        bytecode=_cache(survey, BYTECODE),
        metadata=CacheUsage(size=metadata, unshared=metadata),
        other=other,
        environments=_environments(survey, set(free)),
        planned=planned,
        measured=survey.needs.now,
    )


def used_of(survey: Survey, layout: StoreLayout) -> int:
    """Return the bytes that a surveyed store takes."""
    return survey.accounts.total + _metadata(layout) + _other(layout)


def version_code(survey: Survey, version: HeldVersion) -> tuple[bool, UsageCode, str]:
    """Return for one version whether its files stay, with the reason as a code and in words."""
    name = version.prefix_hash[:PREFIX_NAME_LENGTH]
    if name not in survey.on_disk:
        return False, "freed", "freed; its lock is kept, so it can be built again"
    verdict = survey.needs.judge(name)
    reason = verdict.reason
    if verdict.code == "active" and not version.active:
        reason = f"same files as the {reason}"
    elif verdict.code == "pinned" and not version.pinned:
        reason = f"same files as {reason.removesuffix(' is pinned')}, which is pinned"
    elif verdict.code == "offered":
        waiting = "waits to be activated"
        reason = waiting if version.offered else f"same files as {reason.removesuffix(f' {waiting}')}, which {waiting}"
    elif verdict.code == "active":
        reason = "active"
    elif verdict.code == "pinned":
        reason = "pinned"
    return verdict.stays, verdict.code, reason


def _environments(survey: Survey, free: set[str]) -> list[EnvironmentUsage]:
    of_environment: dict[tuple[str, str, bool], list[HeldVersion]] = {}
    for version in survey.versions:
        of_environment.setdefault((version.namespace, version.name, version.removed), []).append(version)
    owners: dict[str, set[tuple[str, str, bool]]] = {}
    for key, versions in of_environment.items():
        for version in versions:
            if not version.deleted:
                owners.setdefault(_name(version), set()).add(key)
    common = {name for name, environments in owners.items() if len(environments) > 1}
    found = [_environment(survey, versions, free, common) for versions in of_environment.values()]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.own, one.namespace, one.name))


def _environment(
    survey: Survey, versions: Sequence[HeldVersion], free: set[str], common: set[str]
) -> EnvironmentUsage | None:
    """Return what an environment costs, or None when only versions are left that were deleted."""
    living = [version for version in versions if not version.deleted]
    if not living:
        return None
    there = {name for version in living if (name := _name(version)) in survey.on_disk}
    own, shared = survey.accounts.own_and_shared(there, there & common)
    used = [moment for name in there if (moment := survey.needs.last_used.get(name)) is not None]
    return EnvironmentUsage(
        namespace=living[0].namespace,
        name=living[0].name,
        own=own,
        shared=shared,
        can_be_freed=survey.accounts.frees(there & free - common),
        last_used=max(used, default=None),
        removed=living[0].removed,
        versions=[_version(survey, version) for version in living],
    )


def _version(survey: Survey, version: HeldVersion) -> VersionUsage:
    name = _name(version)
    stays, code, reason = version_code(survey, version)
    there = name in survey.on_disk
    known = survey.known.get(name)
    others = [other for other in survey.needs.versions.get(name, ()) if other != version and not other.deleted]
    broken = there and known is not None and known.state == "broken"
    return VersionUsage(
        number=version.number,
        active=version.active,
        pinned=version.pinned,
        prefix_state="broken" if broken else "ready" if there else "freed",
        size=survey.accounts.sizes[name] if there else 0,
        frees=survey.accounts.frees([name]) if there and not others else 0,
        last_used=survey.needs.last_used.get(name),
        can_be_freed=there and not stays,
        code=code,
        reason=reason,
    )


def _name(version: HeldVersion) -> str:
    return version.prefix_hash[:PREFIX_NAME_LENGTH]


def _metadata(layout: StoreLayout) -> int:
    return measure(layout.repodata_cache).size + measure(layout.uv_cache).size


def _cache(survey: Survey, *start: str) -> CacheUsage:
    accounts = survey.accounts
    size = sum(size for name, size in accounts.sizes.items() if name.startswith(start))
    # What a file in the cache costs beyond the prefixes: it is in an entry, and in no prefix itself.
    unshared = sum(accounts.alone.get(name, 0) for name in accounts.users if name.startswith(start))
    return CacheUsage(size=size, unshared=unshared)


def _other(layout: StoreLayout) -> int:
    """Return the bytes of all that stands beside prefixes and caches: catalog, logs, artifacts, locks, the folders."""
    counted = {layout.prefixes, layout.cache}
    inner = {layout.package_cache, layout.wheel_cache, layout.bytecode_cache, layout.repodata_cache, layout.uv_cache}
    size = _entries(layout.root, but=counted) + _entries(layout.cache, but=inner)
    for folder in (layout.prefixes, layout.package_cache, layout.wheel_cache):
        size += _entries(folder, but=(), files_only=True)
    tags = [layout.bytecode_cache, *(path for path in _children(layout.bytecode_cache) if path.is_dir())]
    return size + sum(_entries(tag, but=(), files_only=True) for tag in tags)


def _entries(folder: Path, *, but: Iterable[Path], files_only: bool = False) -> int:
    """Return the bytes of a folder's own entry and of what is in it; hidden folders count as files do."""
    left_out = set(but)
    try:
        size = folder.lstat().st_blocks * 512
    except FileNotFoundError:
        return 0
    for child in _children(folder):
        if child in left_out:
            continue
        if child.is_dir() and not child.is_symlink():
            size += 0 if files_only and not child.name.startswith(".") else measure(child).size
        else:
            size += _size(child)
    return size


def _children(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _size(path: Path) -> int:
    try:
        return path.lstat().st_blocks * 512
    except FileNotFoundError:
        return 0


def _existing(path: Path) -> Path:
    return next(parent for parent in path.parents if parent.exists())
