"""The machine and the Python that wheels are chosen for, as uv and as wheels call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.version import InvalidVersion, Version

from jupyter_envstore.errors import LockError
from jupyter_envstore.schemas import Package

_GLIBC = (17, 28, *range(31, 41))
"""The minor versions of glibc 2 that uv knows as a platform."""
_OLDEST_GLIBC = 17
_LINUX = {"linux-64": "x86_64", "linux-aarch64": "aarch64", "linux-ppc64le": "ppc64le"}
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_MAC = {"osx-64": ("x86_64", "x86_64"), "osx-arm64": ("aarch64", "arm64")}
_MACHINES = {
    "linux-64": "x86_64",
    "linux-aarch64": "aarch64",
    "linux-ppc64le": "ppc64le",
    "osx-64": "x86_64",
    "osx-arm64": "arm64",
    "win-64": "AMD64",
}
_MARKERS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "osx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}


@dataclass(frozen=True)
class Target:
    """What wheels have to fit.

    Attributes
    ----------
    platform
        As conda calls it.
    python
        The version of Python that conda supplies.
    name
        As uv calls the platform.
    variables
        Variables for uv.
    environment
        The values of markers.
    tags
        The tags of wheels that fit, the best first.
    """

    platform: str
    python: str
    name: str
    variables: Mapping[str, str]
    environment: Mapping[str, str]
    tags: tuple[Tag, ...]


def target_for(platform: str, python: Package, virtual_packages: Mapping[str, str]) -> Target:
    """Return the target of a solved platform.

    Parameters
    ----------
    python
        The package of that name.
    virtual_packages
        What was solved with: the versions of the C library and of macOS count.

    Raises
    ------
    LockError
        When packages of pip cannot be chosen for it.
    """
    if "pypy" in python.build or python.build.endswith("t"):
        raise LockError(
            f"For {platform}, conda chose a Python that is not the usual one ({python.version} {python.build}), and "
            "packages of pip can be locked for CPython with its lock only. Ask for `python-gil` too, or leave the "
            "pip section out.",
            platform=platform,
        )
    version = Version(python.version)
    interpreter = f"cp{version.major}{version.minor}"
    name, variables, platforms = _platform(platform, virtual_packages)
    major_minor = (version.major, version.minor)
    tags = (
        *cpython_tags(major_minor, [interpreter], platforms),
        *compatible_tags(major_minor, interpreter, platforms),
    )
    environment = {
        **_MARKERS[platform.partition("-")[0]],
        "platform_machine": _MACHINES[platform],
        "python_version": f"{version.major}.{version.minor}",
        "python_full_version": str(version),
        "implementation_name": "cpython",
        "implementation_version": str(version),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
    }
    return Target(platform, str(version), name, variables, environment, tags)


def _platform(platform: str, virtual_packages: Mapping[str, str]) -> tuple[str, dict[str, str], list[str]]:
    if platform == "win-64":
        return "x86_64-pc-windows-msvc", {}, ["win_amd64"]
    if platform in _MAC:
        machine, architecture = _MAC[platform]
        version = _numbers(virtual_packages.get("__osx"), (11, 0))
        variables = {"MACOSX_DEPLOYMENT_TARGET": f"{version[0]}.{version[1]}"}
        return f"{machine}-apple-darwin", variables, list(mac_platforms(version, architecture))
    if platform == "linux-ppc64le":
        raise LockError(
            f"Packages of pip cannot be locked for {platform}: uv, which chooses them, does not know it. Leave the "
            "platform out, or take them from a conda channel.",
            platform=platform,
        )
    machine = _LINUX[platform]
    minor = _numbers(virtual_packages.get("__glibc"), (2, _OLDEST_GLIBC))[1]
    known = max((value for value in _GLIBC if value <= minor), default=_OLDEST_GLIBC)
    return f"{machine}-manylinux_2_{known}", {}, list(_linux_platforms(machine, known))


def _linux_platforms(machine: str, minor: int) -> Iterator[str]:
    oldest = 5 if machine == "x86_64" else _OLDEST_GLIBC
    for number in range(minor, oldest - 1, -1):
        yield f"manylinux_2_{number}_{machine}"
        if number in _LEGACY:
            yield f"{_LEGACY[number]}_{machine}"
    yield f"linux_{machine}"


def _numbers(text: str | None, otherwise: tuple[int, int]) -> tuple[int, int]:
    try:
        version = Version((text or "").split(" ")[0])
    except InvalidVersion:
        return otherwise
    return version.major, version.minor
