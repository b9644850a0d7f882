"""A channel of small packages that have modules, and notebooks for it: what a report is tried on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fixtures.store import StoreHome
from small_channels import write_channel
from small_packages import SmallPackage, write_package

PYTHON = "lib/python3.12"
SITE = f"{PYTHON}/site-packages"
TEXT = "name: lab\ndependencies:\n  - python-stub\n  - frames >=1,<2\n  - picture-tools\n"
"""A specification for it: `frames` brings `numbers-core`, which nobody asks for."""
KERNEL = "envstore-local--lab"


def _package(name: str, *files: str, **fields: Any) -> SmallPackage:
    return SmallPackage(name, files={path: f"# {path}\n".encode() for path in files}, **fields)


PACKAGES = [
    _package("python-stub", f"{PYTHON}/json/__init__.py", f"{PYTHON}/os.py"),
    _package("frames", f"{SITE}/frames/__init__.py", f"{SITE}/frames/io.py", depends=["numbers-core"]),
    _package("numbers-core", f"{SITE}/numbers_core.py", f"{SITE}/shared/sums.py", f"{SITE}/IPython/display.py"),
    _package("picture-tools", f"{SITE}/PIC/__init__.py", f"{SITE}/shared/pictures.cpython-312-x86_64-linux-gnu.so"),
    _package("extra", f"{SITE}/extra.py"),
]


def write_report_channel(folder: Path) -> Path:
    """Write the channel and return its folder."""
    records = []
    for package in PACKAGES:
        written = write_package(replace(package, subdir="noarch", noarch="generic"), folder)
        fields = ("name", "version", "build", "depends", "md5", "sha256", "size")
        records.append({**{key: written[key] for key in fields}, "build_number": 0, "timestamp": 1_700_000_000_000})
    for platform in ("linux-64", "osx-arm64", "win-64"):
        write_channel(folder, [], subdir=platform)
    index = {f"{r['name']}-{r['version']}-{r['build']}.conda": {**r, "subdir": "noarch"} for r in records}
    data = {"info": {"subdir": "noarch"}, "packages": {}, "packages.conda": index, "repodata_version": 1}
    (folder / "noarch" / "repodata.json").write_text(json.dumps(data))
    return folder


def report_home(folder: Path, **settings: Any) -> StoreHome:
    """Return a home with an empty store on the channel."""
    place = StoreHome(folder / "home")
    place.root.mkdir()
    place.settings = {
        "default_channels": [write_report_channel(folder / "channel").as_uri()],
        "conda_environments_file": str(place.conda_list),
        "platforms": ["linux-64", "osx-arm64"],
        **settings,
    }
    return place


def notebook(*cells: str, carried: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    """Return a notebook whose cells ran in order, on the kernel of `lab`."""
    metadata = {
        "kernelspec": {"display_name": "lab", "language": "python", "name": KERNEL},
        "language_info": {"name": "python"},
        **metadata,
    }
    if carried is not None:
        metadata["envstore"] = carried
    return {
        "cells": [code(text, number) for number, text in enumerate(cells, start=1)],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def code(text: str, count: int | None, outputs: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return a cell."""
    return {
        "cell_type": "code",
        "execution_count": count,
        "id": "c1",
        "metadata": {},
        "outputs": list(outputs),
        "source": text.splitlines(keepends=True),
    }
