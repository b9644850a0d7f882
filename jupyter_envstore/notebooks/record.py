"""What a notebook says of its last complete run: with which lock, when, on what kind of machine, and in which order.

It stands under our name beside what is embedded, so that `strip` takes it out. It names no machine, person or folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from jupyter_envstore.notebooks.embedding import KEY, SCHEMA, is_ours
from jupyter_envstore.notebooks.text import code_cells, source_of
from jupyter_envstore.schemas import Machine

RUN = "run"
_TOLD = ("platform", "system", "system_version", "libc", "processor", "level", "driver", "cuda")


def record_of(lock: str, finished: datetime, machine: Machine, *, in_order: bool) -> dict[str, Any]:
    """Return the record of a run.

    Parameters
    ----------
    lock
        Hash of the lock of the version that it ran on.
    machine
        What it ran on.
    in_order
        Whether every cell of code was run, from top to bottom, in one go.
    """
    return {
        "lock": lock,
        "finished": finished.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": {name: value for name in _TOLD if (value := getattr(machine, name))},
        "in_order": in_order,
    }


def ran_in_order(cells: Any) -> bool:
    """Tell whether every cell of code was run, from top to bottom, in one go."""
    return are_in_order([cell.get("execution_count") for cell in code_cells(cells) if source_of(cell).strip()])


def are_in_order(numbers: Sequence[object]) -> bool:
    """Tell whether these are the numbers of cells that were run from top to bottom, in one go."""
    return list(numbers) == list(range(1, len(numbers) + 1))


def remember(metadata: dict[str, Any], record: dict[str, Any]) -> None:
    """Put the record of a run into a notebook's metadata, unless something of somebody else has our name there."""
    before = metadata.get(KEY)
    if before is None or is_ours(before):
        metadata[KEY] = {**(before or {"schema": SCHEMA}), RUN: record}


def forget(metadata: dict[str, Any]) -> None:
    """Take the record of a run out of a notebook's metadata; what it carries stays."""
    before = metadata.get(KEY)
    if is_ours(before) and RUN in before:
        metadata[KEY] = {name: value for name, value in before.items() if name != RUN}
