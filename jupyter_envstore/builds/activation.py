"""Have a builder capture what activating a prefix changes, where the build that made it could not."""

from __future__ import annotations

import logging
from typing import Any

from jupyter_envstore.builds.worker_process import WorkerProcess
from jupyter_envstore.layout import StoreLayout

_log = logging.getLogger("jupyter_envstore.builds")


def capture_activation(layout: StoreLayout, prefix_hash: str) -> dict[str, Any]:
    """Return ``{"activation", "kernels"}`` of a published prefix, as the builder's ``build`` call answers them.

    Raises
    ------
    EnvStoreError
        What the builder answered, or `WorkerDiedError`.
    """
    worker = WorkerProcess("builder", layout, _log.debug)
    try:
        return worker.call("activate", {"root": str(layout.root), "prefix_hash": prefix_hash})
    finally:
        worker.kill()
