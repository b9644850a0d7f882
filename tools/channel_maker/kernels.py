"""A small real kernel that is not Python's: ``calc-kernel``, a desk calculator language on Jupyter's own protocol.

Its kernel spec is the kind that other languages install: a bare program name, variables, logos, a language of its own.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

from .archive import Draft, PackageFile
from .cache import BuiltPackage, PackageCache
from .demonstrations import build_small

_SOURCE = Path(__file__).with_name("sources") / "calc_kernel.py"
_FOLDER = "share/jupyter/kernels/calc"

KERNEL_SPEC = {
    "argv": ["calc-kernel", "-f", "{connection_file}"],
    "display_name": "Calc",
    "language": "calc",
    "interrupt_mode": "signal",
    "env": {"CALC_DIGITS": "12"},
    "metadata": {"debugger": False},
}

_LOGO = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="10" fill="#3f6fb5"/>
<path d="M14 22h36M32 8v28M16 46h32M16 54h32" stroke="#fff" stroke-width="6"/></svg>
"""


def build_calc_kernel(cache: PackageCache) -> BuiltPackage:
    """The package ``calc-kernel``: noarch Python, its spec in ``share/jupyter/kernels/calc``."""
    files = [
        PackageFile("site-packages/calc_kernel.py", _SOURCE.read_bytes()),
        PackageFile(f"{_FOLDER}/kernel.json", json.dumps(KERNEL_SPEC, indent=1).encode()),
        PackageFile(f"{_FOLDER}/kernel.js", b"define([], () => ({ onload: () => undefined }));\n"),
        PackageFile(f"{_FOLDER}/logo-svg.svg", _LOGO.encode()),
        PackageFile(f"{_FOLDER}/logo-32x32.png", _plain_png(32)),
        PackageFile(f"{_FOLDER}/logo-64x64.png", _plain_png(64)),
    ]
    draft = Draft(
        name="calc-kernel",
        version="1.0",
        build="pyhlocal_0",
        subdir="noarch",
        depends=["jupyter_client >=8", "python >=3.10", "pyzmq >=25"],
        timestamp=1_704_067_200_000,
        license="BSD-3-Clause",
        summary="A desk calculator as a Jupyter kernel",
        noarch="python",
        entry_points=["calc-kernel = calc_kernel:main"],
        files=files,
    )
    return build_small(cache, draft)


def _plain_png(size: int) -> bytes:
    """A square of one colour as a PNG (ISO/IEC 15948): no image library is needed for it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\x3f\x6f\xb5" * size) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
