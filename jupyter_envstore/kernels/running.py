"""Which version a kernel that runs was started with: a later version, or a rename, leaves it as it is.

Its kernel spec says only what would be started now. So the launch script hands its version to the kernel in a
variable, and that is read from the process: it holds for whoever started the kernel, and after a restart too.
"""

from __future__ import annotations

from pathlib import Path

import psutil

from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.kernels.environment import VERSION_VARIABLE
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.references import Reference, parse_reference


def version_of(process_id: int, layout: StoreLayout) -> Reference | None:
    """Return the version of the store that a kernel's process runs.

    None when it has ended or belongs to somebody else, is no kernel of this store, or has not come so far: for a
    moment the process is the shell that starts the kernel.
    """
    try:
        environ = psutil.Process(process_id).environ()
    except (psutil.Error, OSError):
        return None
    if Path(environ.get("CONDA_PREFIX", "")).parent != layout.prefixes:
        return None
    try:
        reference = parse_reference(environ.get(VERSION_VARIABLE, ""))
    except EnvStoreError:
        return None
    return reference if reference.version is not None else None
