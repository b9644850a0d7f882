"""The index of a channel: ``repodata.json``, the same compressed, sharded (CEP 16) and ``channeldata.json``.

Written here and not by an indexer that reads packages, because some records have no file (foreign platforms) or
deliberately disagree with it (faults).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]
import zstandard

from .cache import BuiltPackage

Records = Mapping[str, dict[str, Any]]
"""File name → record, of one subdir."""


def write_subdir(folder: Path, subdir: str, records: Records) -> None:
    """Write the three forms of one subdir's index into ``folder`` (made if missing)."""
    folder.mkdir(parents=True, exist_ok=True)
    repodata = {
        "info": {"subdir": subdir},
        "packages": {},
        "packages.conda": {name: records[name] for name in sorted(records)},
        "removed": [],
        "repodata_version": 1,
    }
    plain = json.dumps(repodata, indent=1, sort_keys=True).encode()
    (folder / "repodata.json").write_bytes(plain)
    (folder / "repodata.json.zst").write_bytes(_compressed(plain))
    _write_shards(folder, subdir, records)


def _write_shards(folder: Path, subdir: str, records: Records) -> None:
    by_name: dict[str, dict[str, dict[str, Any]]] = {}
    for file_name in sorted(records):
        by_name.setdefault(records[file_name]["name"], {})[file_name] = _with_binary_hashes(records[file_name])
    shards = folder / "shards"
    shards.mkdir(exist_ok=True)
    hashes: dict[str, bytes] = {}
    for name, packages in sorted(by_name.items()):
        content = _compressed(msgpack.packb({"packages": {}, "packages.conda": packages, "removed": []}))
        hashes[name] = hashlib.sha256(content).digest()
        (shards / f"{hashes[name].hex()}.msgpack.zst").write_bytes(content)
    newest = max((one.get("timestamp", 0) for one in records.values()), default=0)
    index = {
        "version": 1,
        "info": {
            "base_url": "./",
            "shards_base_url": "./shards/",
            "subdir": subdir,
            # The newest record's time and not the clock's, so that the same channel gives the same bytes.
            "created_at": datetime.fromtimestamp(newest / 1000, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "shards": hashes,
    }
    (folder / "repodata_shards.msgpack.zst").write_bytes(_compressed(msgpack.packb(index)))


def _with_binary_hashes(record: dict[str, Any]) -> dict[str, Any]:
    return {key: bytes.fromhex(value) if key in {"md5", "sha256"} else value for key, value in record.items()}


def _compressed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=10, write_content_size=True).compress(data)


def write_channeldata(channel: Path, packages: list[BuiltPackage], subdirs: list[str]) -> None:
    """Write ``channeldata.json``: the newest version, summary and licence of every name."""
    described: dict[str, dict[str, Any]] = {}
    for package in sorted(packages, key=lambda one: one.record["timestamp"]):
        record = package.record
        earlier = described.get(record["name"], {"subdirs": []})
        described[record["name"]] = {
            **package.about,
            "description": package.about["summary"],
            "reference_package": f"{record['subdir']}/{package.file_name}",
            "subdirs": sorted({*earlier["subdirs"], record["subdir"]}),
            "timestamp": record["timestamp"] // 1000,
            "version": record["version"],
        }
    document = {"channeldata_version": 1, "packages": described, "subdirs": subdirs}
    (channel / "channeldata.json").write_text(json.dumps(document, indent=1, sort_keys=True), encoding="utf-8")
