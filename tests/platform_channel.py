"""A channel of tiny real packages for linux-64, with records of them for other platforms where some are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fixtures.store import StoreHome
from small_channels import record, write_channel
from small_packages import SmallPackage, write_package

PACKAGES = [
    SmallPackage("base"),
    SmallPackage("tool", depends=["base"]),
    SmallPackage("tool", version="2.0", depends=["base"]),
]
TEXT = "# mine\nname: wide\ndependencies:\n  - base\n  - tool >=2  # what it is about\n"
"""To be had on linux-64 and osx-64; win-64 has an older tool, osx-arm64 none, linux-aarch64 nothing at all."""


def platform_home(folder: Path, **settings: Any) -> StoreHome:
    """Return a home on such a channel."""
    place = StoreHome(folder / "home")
    place.root.mkdir(parents=True)
    url = write_platform_channel(folder / "channel")
    place.settings = {"default_channels": [url], "conda_environments_file": str(place.conda_list), **settings}
    return place


def write_platform_channel(folder: Path) -> str:
    """Write the channel and return its URL."""
    records = []
    for package in PACKAGES:
        package.files[f"share/{package.name}.txt"] = package.stem.encode()
        written = write_package(package, folder)
        fields = ("name", "version", "build", "depends", "md5", "sha256", "size")
        records.append({**{key: written[key] for key in fields}, "build_number": 0, "timestamp": 1_700_000_000_000})
    write_channel(folder, [record("base", "1.1"), record("tool", "2.0", "base")], subdir="osx-64")
    write_channel(folder, [record("base", "1.0")], subdir="osx-arm64")
    write_channel(folder, [record("base", "1.0"), record("tool", "1.0", "base")], subdir="win-64")
    return write_channel(folder, records)
