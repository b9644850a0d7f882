"""Solved packages → a conda-lock v1 document. Worker side: loads conda-lock, which takes half a second.

The same specification and the same packages give the same bytes: no time, no path of this machine. The content hash is
conda-lock's own, over the specification as written and its default virtual packages, so that
``conda-lock lock --check-input-hash`` finds the lock up to date. Nothing is downloaded.
"""

from __future__ import annotations

import json
import locale
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from conda_lock.content_hash import compute_content_hashes
from conda_lock.lockfile.v2prelim.models import HashModel, LockedDependency, Lockfile, LockMeta
from conda_lock.models.channel import Channel
from conda_lock.src_parser import make_lock_spec
from conda_lock.virtual_package import FakeRepoData, default_virtual_package_repodata

from jupyter_envstore.errors import LockError, SpecificationError
from jupyter_envstore.lock.dependencies import dependency_mapping
from jupyter_envstore.lock.pip.options import without_options
from jupyter_envstore.lock.pip.sources import built_from_source, commit_of
from jupyter_envstore.lock.urls import hide_credentials
from jupyter_envstore.schemas import Package

SOURCE = "environment.yml"
"""What the lock calls its source: the specification is handed on beside it under this name."""


def write_document(
    specification: str,
    channels: Sequence[str],
    packages: Mapping[str, Sequence[Package]],
    virtual_packages: Mapping[str, Mapping[str, str]],
    as_of: str | None = None,
    custom: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the document.

    Parameters
    ----------
    specification
        Text of the environment.yml.
    channels
        What was solved with, in order, names as they may be shown.
    packages
        By platform; only platforms that were solved.
    virtual_packages
        By platform: what was solved with.
    as_of
        The date up to which packages were taken, as it was given.
    custom
        Further facts for the lock's metadata.

    Raises
    ------
    LockError
        A channel states no md5, which conda-lock's format demands.
    SpecificationError
        conda-lock cannot read the specification.
    """
    platforms = sorted(packages)
    custom_metadata = {
        **(custom or {}),
        "envstore_virtual_packages": _compact({name: dict(virtual_packages[name]) for name in platforms}),
    }
    if as_of:
        custom_metadata["envstore_as_of"] = as_of
    if built := built_from_source(package for platform in platforms for package in packages[platform]):
        custom_metadata["envstore_built_from_source"] = _compact(built)
    lockfile = Lockfile(
        package=[_locked(package) for platform in platforms for package in packages[platform]],
        metadata=LockMeta(
            content_hash=content_hashes(specification, platforms),
            channels=[Channel(url=hide_credentials(name), used_env_vars=()) for name in channels],
            platforms=platforms,
            sources=[SOURCE],
            custom_metadata=custom_metadata,
        ),
    )
    lockfile.alphasort_inplace()
    lockfile.filter_virtual_packages_inplace()
    document: dict[str, Any] = lockfile.to_v1().dict_for_output()
    return document


def content_hashes(specification: str, platforms: Sequence[str]) -> dict[str, str]:
    """Return conda-lock's content hash of a specification, by platform.

    Raises
    ------
    SpecificationError
        conda-lock cannot read it.
    """
    with tempfile.TemporaryDirectory(prefix="envstore-lock-") as folder:
        source = Path(folder, SOURCE)
        # conda-lock reads it in the locale's encoding; only comments and variables can hold what that cannot write
        encoding = locale.getpreferredencoding(False)
        source.write_text(without_options(specification), encoding=encoding, errors="replace", newline="\n")
        names = Path(folder, "names.json")
        names.write_text("{}", encoding="utf-8")  # without it conda-lock would download its table of names
        try:
            lock_spec = make_lock_spec(
                src_files=[source], platform_overrides=list(platforms), mapping_url=names.as_uri()
            )
        except Exception as error:  # its parsers raise whatever they stumble over
            reason = hide_credentials(str(error)).replace(str(source), SOURCE)[:300] or type(error).__name__
            raise SpecificationError(f"conda-lock cannot read the specification: {reason}.") from error
    hashes: dict[str, str] = compute_content_hashes(lock_spec, _default_virtual_packages())
    return hashes


@cache
def _default_virtual_packages() -> FakeRepoData:
    repodata = default_virtual_package_repodata(cuda_version="default")
    shutil.rmtree(repodata.base_path, ignore_errors=True)  # only its values are needed, and we end without atexit
    return repodata


def _locked(package: Package) -> LockedDependency:
    if package.manager == "conda" and not package.md5:
        raise LockError(
            f"The channel {package.channel} states no md5 for {package.name} {package.version}, and a lockfile of "
            "conda-lock must have it. Ask the channel's owner to index it again, or use another version.",
            package=package.name,
        )
    return LockedDependency(
        name=package.name,
        version=package.version,
        manager=package.manager,
        platform=package.platform,
        dependencies=dependency_mapping(package.depends),
        url=package.url,
        # conda-lock writes the commit there when a package comes out of a repository
        hash=HashModel(md5=package.md5, sha256=package.sha256 or commit_of(package.url)),
        categories={"main"},
    )


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
