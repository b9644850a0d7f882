"""The pip packages of a lock for all of its platforms at once: one entry for what they share, markers for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jupyter_envstore.errors import FormatUnavailableError
from jupyter_envstore.schemas import Package
from jupyter_envstore.share.shared import Shared

MARKERS = {
    "linux-64": "sys_platform == 'linux' and platform_machine == 'x86_64'",
    "linux-aarch64": "sys_platform == 'linux' and platform_machine == 'aarch64'",
    "linux-ppc64le": "sys_platform == 'linux' and platform_machine == 'ppc64le'",
    "osx-64": "sys_platform == 'darwin' and platform_machine == 'x86_64'",
    "osx-arm64": "sys_platform == 'darwin' and platform_machine == 'arm64'",
    "win-64": "sys_platform == 'win32' and platform_machine == 'AMD64'",
}
"""By which pip tells the platforms apart."""


@dataclass(frozen=True)
class Release:
    """One version of a package, with its files for the platforms that have it.

    Attributes
    ----------
    files
        Each file once, by address.
    platforms
        Where it is installed, sorted.
    marker
        What says so; None where that is everywhere.
    """

    name: str
    version: str
    files: Sequence[Package]
    platforms: Sequence[str]
    marker: str | None


def releases(shared: Shared) -> list[Release]:
    """Return the pip packages for the wanted platforms, by name and version.

    Raises
    ------
    FormatUnavailableError
        When there are none, or pip has no word for a platform on which they differ.
    PlatformError
        When the lock does not cover the platform that was asked for.
    """
    platforms = shared.wanted_platforms
    found: dict[tuple[str, str, bool], dict[str, Package]] = {}
    for platform in platforms:
        for package in shared.packages_for(platform, "pip"):
            key = (package.name, package.version, is_repository(package))
            found.setdefault(key, {})[platform] = package
    if not found:
        raise FormatUnavailableError("It has no packages of pip: all of them come from conda's channels.")
    return [
        Release(
            name=name,
            version=version,
            files=list({package.url: package for package in files.values()}.values()),
            platforms=sorted(files),
            marker=_marker(sorted(files), platforms),
        )
        for (name, version, _), files in sorted(found.items())
    ]


def is_repository(package: Package) -> bool:
    """Tell whether a package comes out of a repository, such as ``git+https://…@commit``."""
    return "+" in package.url.partition(":")[0]


def marker_of(platform: str) -> str:
    """Return what tells a platform from others.

    Raises
    ------
    FormatUnavailableError
        When pip has no word for it.
    """
    if platform not in MARKERS:
        raise FormatUnavailableError(
            f"pip has no way to tell {platform} from other platforms. Ask for the file of one platform.",
            platform=platform,
        )
    return MARKERS[platform]


def python_of(shared: Shared) -> str | None:
    """Return the Python of the lock as ``3.12``, where all wanted platforms have the same; else None."""
    versions = {
        ".".join(package.version.split(".")[:2])
        for platform in shared.wanted_platforms
        for package in shared.packages_for(platform, "conda")
        if package.name == "python"
    }
    return versions.pop() if len(versions) == 1 else None


def _marker(some: list[str], all_of_them: list[str]) -> str | None:
    if some == all_of_them:
        return None
    parts = [marker_of(platform) for platform in some]
    return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)
