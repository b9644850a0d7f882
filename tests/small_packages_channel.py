"""A channel of real packages of one file each, so that many versions are built in little time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from small_channels import write_channel
from small_packages import SmallPackage, write_package

PACKAGES = [
    SmallPackage("base"),
    SmallPackage("tool", depends=["base"]),
    SmallPackage("extra", depends=["base"]),
    SmallPackage("other", depends=["base"]),
    SmallPackage("lib"),
    SmallPackage("lib", version="2.0"),
    SmallPackage("app", depends=["lib"]),
    SmallPackage("app", version="2.0", depends=["lib >=2"]),
]
SMALL = "# small\nname: small\ndependencies:\n  - tool  # mine\n"
"""A specification for it, with comments."""


def write_small_channel(folder: Path) -> Path:
    """Write the channel, for every platform, and return its folder."""
    records = []
    for package in PACKAGES:
        files = {f"share/{package.name}.txt": package.stem.encode()}
        package = replace(package, files=files, subdir="noarch", noarch="generic")
        written = write_package(package, folder)
        fields = ("name", "version", "build", "depends", "md5", "sha256", "size")
        records.append({**{key: written[key] for key in fields}, "build_number": 0, "timestamp": 1_700_000_000_000})
    for platform in ("linux-64", "osx-arm64"):
        write_channel(folder, [], subdir=platform)
    index = {f"{r['name']}-{r['version']}-{r['build']}.conda": {**r, "subdir": "noarch"} for r in records}
    data = {"info": {"subdir": "noarch"}, "packages": {}, "packages.conda": index, "repodata_version": 1}
    (folder / "noarch" / "repodata.json").write_text(json.dumps(data))
    return folder
