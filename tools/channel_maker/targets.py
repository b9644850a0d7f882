"""Targets: a platform and a Python minor, and what environment markers (PEP 508) see there."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.requirements import Requirement

PLATFORMS = ("linux-64", "osx-arm64", "win-64")
"""The platforms that the channel has records for; packages exist for this machine's only."""

VIRTUAL_PACKAGES = {"linux-64": "__linux", "linux-aarch64": "__linux", "osx-arm64": "__osx", "win-64": "__win"}

_MARKERS: dict[str, dict[str, str]] = {
    "linux-64": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "linux-aarch64": {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "aarch64",
    },
    "osx-arm64": {
        "os_name": "posix",
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "platform_machine": "arm64",
    },
    "win-64": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
}


@dataclass(frozen=True, order=True)
class Target:
    """One platform (``linux-64``) and one Python minor (``3.12``)."""

    platform: str
    python: str

    def needs(self, requirement: Requirement) -> bool:
        """Whether a requirement applies here, without any extra."""
        if requirement.marker is None:
            return True
        environment = {
            **_MARKERS[self.platform],
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }
        return requirement.marker.evaluate(environment)
