"""Kernel specs that stand in a kernels folder, as far as this store wrote them. Reads only."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_envstore.kernels.specs import LAUNCH_FILE, SPEC_FILE
from jupyter_envstore.kernels.target import KernelTarget


@dataclass(frozen=True)
class RegisteredKernel:
    """A kernel spec that this store wrote, as its kernel.json says.

    Attributes
    ----------
    name, path
        The folder.
    environment
        ``namespace/name``.
    version, pinned, lock
        What it starts, whether it stays at that version, and the version's lock hash.
    alias
        ``namespace/name`` that the environment had before, for a spec that goes on under that name; else empty.
    digest
        Of all that its files say.
    stamp, siblings
        Of what it was made from, and the names of all specs that were made with it, itself among them.
    usable
        Whether its launch script and the interpreter for its fallback are there.
    """

    name: str
    path: Path
    environment: str
    version: int
    pinned: bool
    lock: str
    alias: str
    digest: str
    stamp: str
    siblings: tuple[str, ...]
    usable: bool


def read_registered(path: Path, store_root: Path) -> RegisteredKernel | None:
    """Return the spec in a folder, or None when the store at ``store_root`` did not write it."""
    if path.is_symlink():
        return None
    try:
        mark: dict[str, Any] = json.loads((path / SPEC_FILE).read_bytes())["metadata"]["envstore"]
        if mark["store"] != str(store_root) and os.path.realpath(mark["store"]) != os.path.realpath(store_root):
            return None
        return RegisteredKernel(
            name=path.name,
            path=path,
            environment=str(mark["environment"]),
            version=int(mark["version"]),
            pinned=bool(mark["pinned"]),
            lock=str(mark["lock"]),
            alias=str(mark.get("alias") or ""),  # specs of earlier programs have none
            digest=str(mark["digest"]),
            stamp=str(mark["stamp"]),
            siblings=tuple(mark["siblings"]),
            usable=(path / LAUNCH_FILE).exists()
            and os.access(mark["python"], os.X_OK)
            and os.access(mark["program"], os.R_OK),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def is_current(there: RegisteredKernel | None, digest: str) -> bool:
    """Whether a spec says what one with ``digest`` would say, and works."""
    return there is not None and there.usable and there.digest == digest


def of_target(target: KernelTarget) -> Callable[[RegisteredKernel], bool]:
    """Return the test for specs that a target's own would replace."""
    environment = target.environment.lower()
    alias = "/".join(target.alias or ()).lower()

    def belongs(kernel: RegisteredKernel) -> bool:
        if (kernel.environment.lower(), kernel.alias.lower(), kernel.pinned) != (environment, alias, target.pinned):
            return False
        return not target.pinned or kernel.version == target.version

    return belongs
