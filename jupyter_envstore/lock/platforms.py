"""Names of platforms as conda writes them. Never loads the solver: the server asks this module too."""

from __future__ import annotations

import platform as host
from dataclasses import dataclass

from jupyter_envstore.errors import PlatformError
from jupyter_envstore.specification.content import PLATFORMS

KNOWN_PLATFORMS: tuple[str, ...] = (
    "linux-64",
    "linux-aarch64",
    "linux-ppc64le",
    "osx-64",
    "osx-arm64",
    "win-64",
)
"""What can be locked for: the platforms for which conda-lock has selectors and publishes default virtual packages."""

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
        It is not; the message says why, and lists those that are.
    """
    if name in KNOWN_PLATFORMS:
        return name
    why = f"“{name[:64]}” is no platform of conda's."
    if name in PLATFORMS:
        why = (
            f"Nothing can be locked for {name}: conda-lock, whose lockfiles these are, knows neither selectors for it "
            "nor what its machines offer."
        )
    ways = "".join(f" Lock for {way.platform}: {way.words}." for way in emulations(name)[:1])
    raise PlatformError(f"{why}{ways} Platforms to lock for are {', '.join(KNOWN_PLATFORMS)}.", platform=name[:64])


@dataclass(frozen=True)
class Emulation:
    """A platform whose programs run on another one.

    Attributes
    ----------
    platform
        The platform to lock for.
    how
        What runs them; one word.
    words
        The same in a clause.
    """

    platform: str
    how: str
    words: str


def emulations(platform: str) -> tuple[Emulation, ...]:
    """Return what can be run on ``platform`` besides its own programs, the fastest first."""
    return _EMULATIONS.get(platform, ())


_ROSETTA = Emulation("osx-64", "rosetta", "it runs on osx-arm64 through Rosetta 2, somewhat slower")
_CONTAINER = Emulation("linux-64", "container", "it runs in a Linux container (Docker, Podman)")
_EMULATIONS = {
    "osx-arm64": (
        _ROSETTA,
        Emulation("linux-aarch64", "container", "it runs in a Linux container (Docker, Podman)"),
        Emulation("linux-64", "container", "it runs in a Linux container with emulation, much slower"),
    ),
    "osx-64": (_CONTAINER,),
    "win-64": (Emulation("linux-64", "container", "it runs in the Windows Subsystem for Linux or a container"),),
    "win-arm64": (Emulation("win-64", "windows", "Windows on ARM runs it by emulation, somewhat slower"),),
    "linux-aarch64": (Emulation("linux-64", "container", "it runs in a container with QEMU, much slower"),),
    "linux-ppc64le": (Emulation("linux-64", "container", "it runs in a container with QEMU, much slower"),),
}
