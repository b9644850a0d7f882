"""How far a build is, as one number that never runs backwards.

The shares say how long the steps of a build with a cold cache take, roughly; a warm one jumps over the early ones.
"""

from __future__ import annotations

from typing import Any

from jupyter_envstore.schemas import BuildProgress, BuildState

_STEPS: dict[str, tuple[BuildState, float, float]] = {
    # step: the state it belongs to, where the bar stands when it begins and when it ends
    "read-lock": ("locking", 0.00, 0.15),
    "repodata": ("locking", 0.00, 0.08),
    "solve": ("locking", 0.08, 0.12),
    "write-lock": ("locking", 0.12, 0.15),
    "wheels": ("fetching", 0.15, 0.30),
    "download": ("fetching", 0.15, 0.55),
    "link": ("installing", 0.55, 0.68),
    "link-wheels": ("installing", 0.68, 0.70),
    "verify": ("installing", 0.70, 0.75),
    "bytecode": ("installing", 0.75, 0.95),
    "publish": ("installing", 0.95, 0.97),
    "activate": ("registering", 0.97, 1.00),
}

STEP_WORDS = {
    "read-lock": "Reading the lock",
    "repodata": "Reading what the channels offer",
    "solve": "Finding versions that fit together",
    "write-lock": "Writing the lockfile",
    "wheels": "Fetching wheels",
    "download": "Fetching packages",
    "link": "Installing packages",
    "link-wheels": "Installing wheels",
    "verify": "Checking every file",
    "bytecode": "Compiling Python files",
    "publish": "Protecting the files and putting them in place",
    "activate": "Looking at what activation changes",
}
"""What the log says when a step begins."""


class ProgressMeter:
    """Turns the events of workers into `BuildProgress`."""

    def __init__(self) -> None:
        self.progress = BuildProgress()

    def take(self, event: dict[str, Any]) -> tuple[BuildState, BuildProgress] | None:
        """Return the state and progress that an event means, or None for an event that is not about progress."""
        step = event.get("step")
        if step not in _STEPS:
            return None
        state, begin, end = _STEPS[step]
        done, total = int(event.get("done") or 0), int(event.get("total") or 0)
        bytes_done, bytes_total = int(event.get("bytes_done") or 0), int(event.get("bytes_total") or 0)
        share = bytes_done / bytes_total if bytes_total else done / total if total else 0.0
        fraction = begin + (end - begin) * min(max(share, 0.0), 1.0)
        self.progress = BuildProgress(
            step=step,
            fraction=round(max(fraction, self.progress.fraction), 4),
            done=done,
            total=total,
            bytes_done=bytes_done,
            bytes_total=bytes_total,
        )
        return state, self.progress
