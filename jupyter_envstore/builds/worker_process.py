"""One worker process as its supervisor sees it: started by path, talked to line by line, ended as a whole.

Whatever the process does, this module gives the caller an answer: a result, an `EnvStoreError`, or
`WorkerDiedError`. It leaves no process and no temporary folder behind. The protocol is described in
`jupyter_envstore.workers.protocol`; nothing of the worker's own code is imported here.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import BuildCancelledError, EnvStoreError, WorkerDiedError
from jupyter_envstore.layout import StoreLayout

PROGRAMS = Path(__file__).resolve().parent.parent / "workers"
POLL_SECONDS = 0.1
"""How often a waiting supervisor looks whether it was told to stop."""

OnEvent = Callable[[dict[str, Any]], None]
OnLog = Callable[[str], None]


class WorkerProcess:
    """A running worker program.

    Parameters
    ----------
    program
        ``"resolver"`` or ``"builder"``: a file of `jupyter_envstore.workers`.
    layout
        The store: working directory and place of the temporary folder.
    on_log
        Called with every line that the worker writes to its log, from a thread of its own.
    """

    def __init__(self, program: str, layout: StoreLayout, on_log: OnLog) -> None:
        self.program = program
        self.on_log = on_log
        self._temporary = layout.temporary / f"{program}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._temporary.mkdir(parents=True)
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._calls = 0
        self._process = subprocess.Popen(
            # By path, not by `-m`: then no folder but the script's own is put on sys.path, and the script takes
            # that one off again. A `build.py` beside somebody's notebook is never imported.
            [sys.executable, str(PROGRAMS / f"{program}.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=layout.root,
            env={**os.environ, "TMPDIR": str(self._temporary), "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
        self._readers = [
            threading.Thread(target=self._read_answers, name=f"{program}-answers", daemon=True),
            threading.Thread(target=self._read_log, name=f"{program}-log", daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def call(
        self,
        name: str,
        arguments: dict[str, Any],
        *,
        on_event: OnEvent = lambda event: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Ask the worker for one thing and wait for the answer.

        ``on_event`` runs in the caller's thread. As soon as ``cancelled()`` is true the process group is killed.

        Raises
        ------
        BuildCancelledError
            When it was cancelled.
        WorkerDiedError
            When the process ended without an answer.
        EnvStoreError
            What the worker answered.
        """
        self._calls += 1
        number = self._calls
        self._send({"id": number, "call": name, "arguments": arguments})
        while True:
            if cancelled():
                self.kill()
                raise BuildCancelledError("The build was cancelled.")
            try:
                message = self._answers.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if message is None:
                raise self._death(name)
            if message.get("id") != number:
                continue
            if "event" in message:
                on_event(message["event"])
            elif "error" in message:
                raise EnvStoreError.from_dict(message["error"])
            else:
                result: dict[str, Any] = message["result"]
                return result

    def close(self, timeout: float = 5.0) -> None:
        """Let the process end by itself, kill it when it does not within ``timeout`` seconds, and clean up."""
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started, at once, and remove its temporary folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for reader in self._readers:
            if reader is not threading.current_thread():
                reader.join(timeout=5)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        # A worker that is gone is noticed by the answer that does not come.
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(message, separators=(",", ":")) + "\n")
            self._process.stdin.flush()

    def _death(self, name: str) -> WorkerDiedError:
        status = self._process.wait()
        how = (
            f"was ended by signal {-status} ({_signal_name(-status)})" if status < 0 else f"ended with status {status}"
        )
        return WorkerDiedError(
            f"The {self.program} process {how} before it had answered. Nothing that was ready is harmed. "
            "Try again; if it happens again, the log says what it was doing, and memory may be short.",
            program=self.program,
            call=name,
            status=status,
        )

    def _read_answers(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                self.on_log(f"unreadable answer of the {self.program}: {line[:200]!r}")
                continue
            self._answers.put(message)
        self._answers.put(None)

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.on_log(line.rstrip("\n"))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
