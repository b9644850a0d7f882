"""Names of platforms as conda writes them. Never loads the solver: the server asks this module too."""

from __future__ import annotations

import platform as host

from jupyter_envstore.errors import PlatformError

KNOWN_PLATFORMS: tuple[str, ...] = (
    "linux-64",
    "linux-aarch64",
    "linux-ppc64le",
    "osx-64",
    "osx-arm64",
    "win-64",
)
"""What can be locked for: the platforms for which conda-lock publishes default virtual packages."""

_HOSTS = {
    ("Linux", "x86_64"): "linux-64",
    ("Linux", "amd64"): "linux-64",
    ("Linux", "aarch64"): "linux-aarch64",
    ("Linux", "arm64"): "linux-aarch64",
    ("Linux", "ppc64le"): "linux-ppc64le",
    ("Darwin", "x86_64"): "osx-64",
    ("Darwin", "arm64"): "osx-arm64",
    ("Windows", "amd64"): "win-64",
    ("Windows", "x86_64"): "win-64",
}


def current_platform() -> str:
    """Return the conda name of the platform that this process runs on, such as ``linux-64``.

    Raises
    ------
    PlatformError
        No conda channel knows this kind of machine under a name that can be locked for.
    """
    system, machine = host.system(), host.machine()
    try:
        return _HOSTS[system, machine.lower() if system != "Darwin" else machine]
    except KeyError:
        raise PlatformError(
            f"This machine ({system} on {machine}) is none of the platforms that can be locked for: "
            f"{', '.join(KNOWN_PLATFORMS)}.",
            platform=f"{system}/{machine}",
        ) from None


def check_platform(name: str) -> str:
    """Return ``name`` when it is a platform that can be locked for.

    Raises
    ------
    PlatformError
        It is not; the message lists those that are.
    """
    if name in KNOWN_PLATFORMS:
        return name
    raise PlatformError(
        f"“{name[:64]}” is not a platform that can be locked for. Use one of: {', '.join(KNOWN_PLATFORMS)}.",
        platform=name[:64],
    )
