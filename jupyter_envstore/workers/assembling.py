"""Filling a partial prefix: conda's packages, then the wheels, then a look at every file; and once more if need be."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import BrokenPrefixError, BuildError, StoreReadOnlyError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.permissions import expected_permissions, restore_permissions
from jupyter_envstore.prefixes.records import InstalledPackage, read_installed
from jupyter_envstore.prefixes.removal import remove_busy_tree
from jupyter_envstore.prefixes.verification import Problem, States, require_valid, verify, verify_sources
from jupyter_envstore.workers.failures import broken_packages
from jupyter_envstore.workers.pip_part import PipPart
from jupyter_envstore.workers.progress import Progress

if TYPE_CHECKING:
    from jupyter_envstore.workers.installation import Source

STALL_SECONDS = 60.0
"""Without a byte for so long, a download is given up. A total limit would refuse large files on slow lines."""


def install_and_verify(
    layout: StoreLayout, arguments: dict[str, Any], pip: PipPart, partial: Path, final: Path, progress: Progress
) -> tuple[list[InstalledPackage], States]:
    """Install, and verify every file; once more if the cache turns out to hold files that somebody changed.

    A file that is edited in a prefix is, by its hard link, edited in the cache. Reading every file once, after it was
    linked, finds that at half the price of having the installer read the cache as well.
    """
    # Imported here: a prefix that is there already needs no installer.
    from jupyter_envstore.workers.installation import Source

    source = Source(
        cache=layout.package_cache,
        mirrors=arguments.get("mirrors") or {},
        copy_files=bool(arguments.get("run_link_scripts")),
        stall_seconds=stall_seconds(arguments),
    )
    threading.Thread(target=_import_what_follows, daemon=True).start()
    count = len(arguments["packages"])
    try:
        _install(arguments, pip, partial, final, source, progress)
        progress.begin("verify", count)
        installed, states, problems = _verify(layout, pip, partial)
        require_valid(problems + verify_sources(layout.package_cache, installed))
    except (BuildError, StoreReadOnlyError) as error:
        if type(error) not in (BuildError, BrokenPrefixError, StoreReadOnlyError):
            raise
        restored = _restore_permissions(layout.package_cache, stems_of(arguments), pip, progress)
        if isinstance(error, StoreReadOnlyError) and not restored:
            raise
        progress.log(f"The package cache is checked, and the packages are linked again, because: {error.message}")
        empty(partial)
        pip.check_cache()
        _install(arguments, pip, partial, final, replace(source, check_cache=True), progress)
        progress.begin("verify", count)
        installed, states, problems = _verify(layout, pip, partial)
        if problems:
            raise broken_packages(problems) from None
    progress.advance(count, count)
    return installed, states


def stems_of(arguments: dict[str, Any]) -> list[str]:
    """Return the full names of the conda packages of a build."""
    return [f"{package['name']}-{package['version']}-{package['build']}" for package in _conda(arguments)]


def stall_seconds(arguments: dict[str, Any]) -> float:
    """Return how long a download may stand still."""
    return float(arguments.get("stall_seconds") or STALL_SECONDS)


def empty(partial: Path) -> None:
    """Empty the partial prefix for another attempt; threads of the one that failed may still write there a moment."""
    remove_busy_tree(partial)
    partial.mkdir(exist_ok=True)


def _conda(arguments: dict[str, Any]) -> list[dict[str, Any]]:
    return [package for package in arguments["packages"] if package.get("manager", "conda") == "conda"]


def _install(
    arguments: dict[str, Any], pip: PipPart, partial: Path, final: Path, source: Source, progress: Progress
) -> None:
    from jupyter_envstore.workers.installation import install_packages

    pip.fetch(partial)
    install_packages(_conda(arguments), partial, final, source, progress, empty)
    pip.install(partial, final)


def _verify(layout: StoreLayout, pip: PipPart, partial: Path) -> tuple[list[InstalledPackage], States, list[Problem]]:
    installed, states = read_installed(partial), States()
    permissions = expected_permissions(layout.package_cache, installed) | pip.permissions
    return installed, states, verify(partial, installed=installed, permissions=permissions, states=states)


def _restore_permissions(cache: Path, stems: Sequence[str], pip: PipPart, progress: Progress) -> bool:
    try:
        restored = restore_permissions(cache, stems) + pip.restore_permissions()
    except OSError as error:
        progress.log(f"the permissions of the package cache cannot be mended: {error}")
        return False
    for path in restored[:20]:
        progress.log(f"permission to read or execute was lost and is given back, wherever it is shared: {path}")
    return bool(restored)


def _import_what_follows() -> None:
    """Import the parts of later steps while the native installer works and Python would wait."""
    with contextlib.suppress(ImportError):
        import jupyter_envstore.kernels.activation
        import jupyter_envstore.prefixes.bytecode  # noqa: F401
