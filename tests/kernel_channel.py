"""A channel of one small package with two kernels, so that environments with kernels are built in little time."""

from __future__ import annotations

import json
from pathlib import Path

from small_channels import write_channel
from small_packages import SmallPackage, write_package

SPECIFICATION = "name: analysis\ndependencies: [demo=1]\n"
PROGRAM = b"#!/bin/sh\necho version %s\n"


LASTING_PROGRAM = b"#!/bin/sh\n# version %s\nexec sleep 600\n"


def write_kernel_channel(folder: Path, program: bytes = PROGRAM) -> str:
    """Write the channel and return its URL: ``demo`` 1.0 and 2.0, whose kernels are programs that print a line."""
    records = []
    for version in ("1.0", "2.0"):
        files = {"bin/demo-kernel": program % version.encode()}
        for name, language in (("python3", "python"), ("ir", "R")):
            spec = {"argv": ["demo-kernel", "{connection_file}"], "display_name": language, "language": language}
            files[f"share/jupyter/kernels/{name}/kernel.json"] = json.dumps(spec).encode()
        package = SmallPackage("demo", files, version=version, executable=frozenset({"bin/demo-kernel"}))
        written = write_package(package, folder)
        fields = ("name", "version", "build", "depends", "md5", "sha256", "size")
        records.append({**{key: written[key] for key in fields}, "build_number": 0, "timestamp": 1_700_000_000_000})
    return write_channel(folder, records)
