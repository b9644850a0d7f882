"""Channels of metadata only, written in a test: enough to lock against, nothing to install."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def record(name: str, version: str, *depends: str, build: str = "0", **more: Any) -> dict[str, Any]:
    """Write one package's metadata; its hashes are made up from its name, as there is no file."""
    stem = f"{name}-{version}-{build}"
    return {
        "name": name,
        "version": version,
        "build": build,
        "build_number": 0,
        "depends": list(depends),
        "md5": hashlib.md5(stem.encode()).hexdigest(),
        "sha256": hashlib.sha256(stem.encode()).hexdigest(),
        "size": 1000,
        "license": "MIT",
        "timestamp": 1_700_000_000_000,
        **more,
    }


def write_channel(
    folder: Path,
    records: Iterable[dict[str, Any]],
    *,
    subdir: str = "linux-64",
    summaries: dict[str, str] | None = None,
) -> str:
    """Write a channel's ``repodata.json`` files and return its URL."""
    for name, members in ((subdir, list(records)), ("noarch", [])):
        packages = {f"{r['name']}-{r['version']}-{r['build']}.conda": {**r, "subdir": name} for r in members}
        (folder / name).mkdir(parents=True, exist_ok=True)
        data = {"info": {"subdir": name}, "packages": {}, "packages.conda": packages, "repodata_version": 1}
        if name == subdir or not (folder / name / "repodata.json").exists():
            (folder / name / "repodata.json").write_text(json.dumps(data), encoding="utf-8")
    if summaries is not None:
        entries = {name: {"summary": summary} for name, summary in summaries.items()}
        (folder / "channeldata.json").write_text(json.dumps({"packages": entries}), encoding="utf-8")
    return folder.as_uri()
