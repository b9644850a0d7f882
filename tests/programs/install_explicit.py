"""Stand in for conda where there is none: ``create --file LIST --prefix FOLDER`` of an explicit list, and no more.

py-rattler does the work: it gets every package from the address in the list and holds it against the digest there.
Which packages these are, only the list says.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import rattler
from rattler import PackageRecord, RepoDataRecord


def main() -> None:
    """Install."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("command", choices=["create"])
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--prefix", type=Path, required=True)
    for agreed in ("--quiet", "--yes"):
        parser.add_argument(agreed, action="store_true")
    asked = parser.parse_args()
    lines = [line for line in asked.file.read_text().splitlines() if line and not line.startswith(("#", "@"))]
    records = [record_of(line) for line in lines]
    asyncio.run(rattler.install(records, asked.prefix, cache_dir=Path(os.environ["PACKAGES"]), show_progress=False))


def record_of(line: str) -> Any:
    """Return what one line of an explicit list says."""
    url, digest = urldefrag(line)
    subdir, file = unquote(urlsplit(url).path).split("/")[-2:]
    stem = file.removesuffix(".conda").removesuffix(".tar.bz2")
    name, version, build = stem.rsplit("-", 2)
    told: dict[str, Any] = {"sha256" if len(digest) == 64 else "md5": bytes.fromhex(digest)}
    record = PackageRecord(name, version, rattler.BuildString(build), 0, subdir, **told)
    return RepoDataRecord(record, file, url, url.rpartition(f"/{subdir}/")[0])


if __name__ == "__main__":
    status = 1
    try:
        main()
        status = 0
    except BaseException:  # noqa: BLE001  the interpreter must not be taken down after native code has run
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(status)
