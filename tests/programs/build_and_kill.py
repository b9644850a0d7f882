"""Create or edit an environment, and kill a process when the build comes to a given step.

Arguments: a JSON object with ``store`` (settings of `EnvStore`), ``specification`` of a new one or ``edit`` (``ref``
and what to ``add``), ``step`` (a worker's step, or ``published`` for the moment between the rename of the prefix and
the commit of the version), ``victim`` (``worker``, or ``process``, which is this one) and ``delay`` in seconds. Prints
the build as it ended, when this process lives to see it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

from jupyter_envstore.builds.worker_process import WorkerProcess
from jupyter_envstore.schemas import Build
from jupyter_envstore.store import EnvStore


def main(task: dict[str, Any]) -> None:
    """Do the task."""
    kill_at(task["step"], task["victim"], task["delay"])
    store = EnvStore(**task["store"])
    *_, build = store.builds.watch(begin(store, task).id)
    store.close()
    sys.stdout.write(build.model_dump_json())


def begin(store: EnvStore, task: dict[str, Any]) -> Build:
    """Queue the build that the task is about."""
    if "edit" in task:
        return store.builds.submit(store.drafts.edit(task["edit"]["ref"], add=task["edit"]["add"]))
    return store.builds.create("victim", task["specification"])


def kill_at(step: str, victim: str, delay: float) -> None:
    """Have the victim killed at the first event of ``step``, before this process takes note of the event."""
    original = WorkerProcess.call
    killed: list[int] = []

    def call(worker: WorkerProcess, name: str, arguments: dict[str, Any], **options: Any) -> dict[str, Any]:
        on_event = options.pop("on_event", lambda event: None)

        def watched(event: dict[str, Any]) -> None:
            here = "published" if "published" in event else event.get("step")
            if here == step and not killed:
                killed.append(worker.pid)
                time.sleep(delay)
                sys.stderr.write(f"killing the {victim} at {step}\n")
                os.kill(worker.pid if victim == "worker" else os.getpid(), signal.SIGKILL)
            on_event(event)

        return original(worker, name, arguments, on_event=watched, **options)

    setattr(WorkerProcess, "call", call)  # noqa: B010  it is replaced for this process on purpose


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
