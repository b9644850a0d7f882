"""Writes what workers tell about their progress to catalog and log."""

from __future__ import annotations

from typing import Any

from jupyter_envstore.builds.log import BuildLog
from jupyter_envstore.builds.progress import STEP_WORDS, ProgressMeter
from jupyter_envstore.builds.task import Task
from jupyter_envstore.builds.throttle import Throttle

PROGRESS_SECONDS = 0.2
"""Progress within a step is written to the catalog at most this often."""


class Meter:
    """Follows one build: each new step is written at once, what happens within it not too often."""

    def __init__(self, task: Task, log: BuildLog) -> None:
        self._task = task
        self._log = log
        self._progress = ProgressMeter()
        self._throttle = Throttle(PROGRESS_SECONDS)
        self._step = ""

    def take(self, event: dict[str, Any]) -> None:
        """Take a worker's event; one that is not about progress is passed over."""
        taken = self._progress.take(event)
        if taken is None:
            return
        state, progress = taken
        begins = progress.step != self._step
        if begins:
            self._step = progress.step
            self._log.write(STEP_WORDS[progress.step])
        if begins or self._throttle.passes():
            self._task.catalog.builds.set_progress(self._task.build.id, self._task.holder, state, progress)
