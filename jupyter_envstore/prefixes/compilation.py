"""Running a prefix's own Python to compile files, on all processors that we may use.

Only starts `compiler.py` and listens: what is compiled, and where it goes, is the caller's.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

COMPILER = Path(__file__).with_name("compiler.py")
_SECONDS = 600.0
"""After so long a compilation is given up: some file makes it hang."""


class Job(NamedTuple):
    """A source, where its byte-code goes, and what tracebacks call it until an import puts the path right."""

    source: str
    target: str
    name: str


def compile_files(
    python: Path,
    tag: str,
    jobs: Sequence[Job],
    sizes: Mapping[str, int],
    report: Callable[[int], None],
    log: Callable[[str], None],
) -> dict[str, bool]:
    """Compile, in parallel; return, by target, whether the file compiled. What was not tried is left out.

    Parameters
    ----------
    python
        The interpreter; run isolated, so that nothing of the prefix or the user is imported on start.
    tag
        What its byte-code must be called; another Python compiles nothing.
    sizes
        Bytes of the source by target, to share the work out evenly.
    report
        Called with the number of files done, from several threads.
    """
    shares = _share_out(jobs, sizes, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    outcome: dict[str, bool] = {}
    lock = threading.Lock()

    def note(job: Job, good: bool) -> None:
        with lock:
            outcome[job.target] = good
            report(len(outcome))

    threads = [threading.Thread(target=_run, args=(python, tag, share, note, log)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def _share_out(jobs: Sequence[Job], sizes: Mapping[str, int], count: int) -> list[list[Job]]:
    count = max(1, min(count, len(jobs) // 8 + 1))
    shares: list[list[Job]] = [[] for _ in range(count)]
    loads = [0] * count
    for job in sorted(jobs, key=lambda job: -sizes[job.target]):
        least = loads.index(min(loads))
        shares[least].append(job)
        # A file costs something even when it is empty.
        loads[least] += sizes[job.target] + 500
    return [share for share in shares if share]


def _run(
    python: Path, tag: str, jobs: Sequence[Job], note: Callable[[Job, bool], None], log: Callable[[str], None]
) -> None:
    command = [os.fspath(python), "-I", "-S", "-B", "-W", "ignore", os.fspath(COMPILER)]
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", text=True
        )
    except OSError as error:
        log(f"no byte-code: the prefix's Python does not start ({error})")
        return
    assert process.stdin is not None
    assert process.stdout is not None
    timer = threading.Timer(_SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    try:
        try:
            json.dump([tag, jobs], process.stdin)
            process.stdin.close()
        except BrokenPipeError:
            pass  # It ended early; its last words come below.
        for line in process.stdout:
            word, _, rest = line.partition(" ")
            number = rest.split(" ", 1)[0].strip()
            if word in ("ok", "no") and number.isdigit() and int(number) < len(jobs):
                note(jobs[int(number)], word == "ok")
            else:
                log(f"byte-code: {line.strip()[:200]}")
    finally:
        timer.cancel()
        process.wait()
        process.stdout.close()
    if process.returncode:
        log(f"byte-code: the compiling Python ended with status {process.returncode}")
