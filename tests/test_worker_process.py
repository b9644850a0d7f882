"""A worker process: whatever it does, whoever called it gets an answer, and nothing of it stays behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from jupyter_envstore.builds import worker_process
from jupyter_envstore.builds.worker_process import WorkerProcess
from jupyter_envstore.errors import BuildCancelledError, EnvStoreError, UnsolvableError, WorkerDiedError
from jupyter_envstore.layout import StoreLayout

Start = Callable[[str], WorkerProcess]


@pytest.fixture
def layout(tmp_path: Path) -> StoreLayout:
    root = tmp_path / "store"
    root.mkdir()
    return StoreLayout(root)


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def start(tmp_path: Path, layout: StoreLayout, log: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a worker whose one call, ``work``, has the given body."""
    monkeypatch.setattr(worker_process, "PROGRAMS", tmp_path)
    started: list[WorkerProcess] = []

    def start(body: str) -> WorkerProcess:
        program = textwrap.dedent(
            """
            import os, signal, subprocess, sys, time
            from jupyter_envstore.errors import UnsolvableError
            from jupyter_envstore.workers.protocol import serve

            def work(arguments, emit):
            {body}

            serve({{"work": work}})
            """
        ).format(body=textwrap.indent(textwrap.dedent(body), "    "))
        (tmp_path / "worker.py").write_text(program)
        worker = WorkerProcess("worker", layout, log.append)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()


def test_a_call_has_events_and_a_result_and_prints_go_to_the_log(start: Start, log: list[str]) -> None:
    worker = start('print("to the log"); emit({"step": "a"}); emit({"step": "b"}); return {"sum": arguments["x"] + 1}')
    events: list[dict[str, object]] = []
    assert worker.call("work", {"x": 1}, on_event=events.append) == {"sum": 2}
    assert events == [{"step": "a"}, {"step": "b"}]
    assert worker.call("work", {"x": 2}) == {"sum": 3}
    worker.kill()
    assert log.count("to the log") == 2


def test_an_error_arrives_as_the_class_that_was_raised(start: Start) -> None:
    worker = start('raise UnsolvableError("No versions fit together.", explanation={"conflict": ["a", "b"]})')
    with pytest.raises(UnsolvableError) as caught:
        worker.call("work", {})
    assert caught.value.details == {"explanation": {"conflict": ["a", "b"]}}


def test_an_unexpected_exception_is_told_and_its_traceback_logged(start: Start, log: list[str]) -> None:
    worker = start('raise ValueError("boom")')
    with pytest.raises(EnvStoreError, match="ValueError: boom"):
        worker.call("work", {})
    worker.kill()
    assert any("Traceback" in line for line in log)


@pytest.mark.parametrize("body", ["os._exit(7)", "os.kill(os.getpid(), signal.SIGSEGV)", "os.abort()"])
def test_a_worker_that_dies_is_told_in_words(start: Start, body: str) -> None:
    with pytest.raises(WorkerDiedError, match="Nothing that was ready is harmed"):
        start(body).call("work", {})


def test_cancelling_ends_the_worker_and_all_that_it_started(start: Start, layout: StoreLayout) -> None:
    worker = start('emit({"child": subprocess.Popen(["sleep", "600"]).pid}); time.sleep(600)')
    children: list[int] = []
    with pytest.raises(BuildCancelledError):
        worker.call(
            "work", {}, on_event=lambda event: children.append(event["child"]), cancelled=lambda: bool(children)
        )
    assert not worker.alive
    _wait_until(lambda: not _runs(children[0]))
    assert list(layout.temporary.iterdir()) == []


def test_each_worker_has_a_temporary_folder_that_goes_with_it(start: Start, layout: StoreLayout) -> None:
    worker = start('import tempfile; return {"file": tempfile.mkstemp()[1]}')
    file = Path(worker.call("work", {})["file"])
    assert file.is_relative_to(layout.temporary)
    worker.close()
    assert not file.exists()
    assert list(layout.temporary.iterdir()) == []


def test_a_worker_does_not_import_what_lies_in_the_working_folder_or_beside_it(
    start: Start, layout: StoreLayout, tmp_path: Path
) -> None:
    for folder in (layout.root, tmp_path):
        (folder / "colorsys.py").write_text("raise SystemExit('a stranger ran')")
    worker = start("sys.path[:] = [p for p in sys.path if p != os.path.dirname(__file__)]; import colorsys; return {}")
    assert worker.call("work", {}) == {}


def test_a_worker_ends_with_the_process_that_started_it(tmp_path: Path, start: Start, layout: StoreLayout) -> None:
    start("return {}").kill()  # writes the program
    (tmp_path / "worker.py").write_text((tmp_path / "worker.py").read_text().replace("return {}", "time.sleep(600)"))
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
                import threading, time
                from pathlib import Path
                from jupyter_envstore.builds import worker_process
                from jupyter_envstore.layout import StoreLayout
                worker_process.PROGRAMS = Path({str(tmp_path)!r})
                worker = worker_process.WorkerProcess("worker", StoreLayout(Path({str(layout.root)!r})), print)
                threading.Thread(target=worker.call, args=("work", {{}}), daemon=True).start()
                print(worker.pid, flush=True)
                time.sleep(600)
            """),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    assert _runs(pid)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    _wait_until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
