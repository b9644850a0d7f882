"""Running uv in a builder: for one wheel, in a folder of its own, with the network as the machine has it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from jupyter_envstore.lock.pip.machine import uv_environment
from jupyter_envstore.lock.pip.uv_program import find_uv

RETRIES = 2
_UNUSED = ("UV_FIND_LINKS", "UV_INDEX_STRATEGY")
"""A lock names its files: nothing is looked for but what a source needs to be built."""


def installing_environment(
    indexes: Sequence[str], cache: Path, temporary: Path, stall_seconds: float
) -> dict[str, str]:
    """Return the variables for uv: proxies, certificates and credentials of this machine, and none of its other wishes.

    Parameters
    ----------
    indexes
        Package indexes, the main one first, with credentials: the files that a lock names lie behind the same login.
    cache
        uv's cache, for this run.
    stall_seconds
        Without a byte for so long, a download is given up.

    Raises
    ------
    InvalidInputError
        When a file of configuration cannot be read.
    """
    kept = uv_environment(indexes[0], indexes[1:]) if indexes else uv_environment()
    kept = {name: value for name, value in kept.items() if name not in _UNUSED and not name.startswith("PYTHON")}
    return kept | {
        "UV_CACHE_DIR": str(cache),
        "UV_NO_CONFIG": "1",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_HTTP_TIMEOUT": str(max(1, round(stall_seconds))),
        "UV_HTTP_RETRIES": str(RETRIES),
        "UV_PREVIEW_FEATURES": "pylock",
        "TMPDIR": str(temporary),
        "NO_COLOR": "1",
    }


def start_uv(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Start uv in ``folder``; it stays in our process group, and so ends with us. What it says comes on stdout."""
    return subprocess.Popen(
        [find_uv(), *arguments],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
