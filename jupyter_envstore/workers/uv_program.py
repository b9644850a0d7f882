"""Running uv: alone with what it is told, and with the network as the machine has it.

Its own configuration, and the variables by which a shell configures it, are left out: nobody's settings may change what
a lock leads to. How to reach servers is another matter: proxies, certificates, and credentials are passed on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from jupyter_envstore.errors import BuildError

_LEFT_OUT = ("UV_", "PIP_", "PYTHON", "CONDA", "VIRTUAL_ENV", "RUST_")
_PASSED_ON = frozenset({"UV_KEYRING_PROVIDER", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS", "UV_CREDENTIALS_DIR"})
RETRIES = 2


def find_uv() -> str:
    """Return the path of the uv program.

    Raises
    ------
    BuildError
        When it is not installed, though it is a dependency of ours.
    """
    try:
        import uv

        return os.fspath(uv.find_uv_bin())
    except (ImportError, FileNotFoundError) as error:
        raise BuildError(
            "The program uv, which installs packages of pip, is not there. Install it where JupyterLab is, with: "
            "pip install uv"
        ) from error


def uv_environment(cache: Path, temporary: Path, stall_seconds: float) -> dict[str, str]:
    """Return the variables for uv.

    Parameters
    ----------
    cache
        Its cache, for this run.
    stall_seconds
        Without a byte for so long, a download is given up.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT) or _is_login(name)}
    if "UV_KEYRING_PROVIDER" not in kept and shutil.which("keyring"):
        kept["UV_KEYRING_PROVIDER"] = "subprocess"
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


def _is_login(name: str) -> bool:
    return name in _PASSED_ON or (name.startswith("UV_INDEX_") and name.endswith(("_USERNAME", "_PASSWORD")))
