"""How a worker process talks with the one that supervises it: one JSON object a line.

To the worker (standard input):   ``{"id": 1, "call": "lock", "arguments": {…}}``
From the worker (standard output): ``{"id": 1, "event": {…}}`` any number of times, then ``{"id": 1, "result": {…}}``
or ``{"id": 1, "error": {"message", "code", "details"}}``.

The worker's standard error is the log. When standard input ends, the supervisor is gone and the worker ends
with all that it started. This module is for the worker's side and imports nothing heavy: a builder lives for
less than a second.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jupyter_envstore.errors import EnvStoreError

Emit = Callable[[dict[str, Any]], None]
"""Send one event of the current call."""
Handler = Callable[[dict[str, Any], Emit], dict[str, Any]]
"""Answer one call: arguments and `Emit` in, result out; an `EnvStoreError` is passed on as it is."""


def serve(handlers: Mapping[str, Handler], *, calls: int | None = None) -> NoReturn:
    """Answer calls until ``calls`` of them are done, or for ever; then end the process.

    The process always ends by `os._exit`: native code may crash when an interpreter is taken down (see
    `docs/` on workers), and a crash after the work is done would look like a failure of the work.
    """
    answers = _claim_stdout()
    waiting: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_read_calls, args=(waiting,), daemon=True).start()
    status = 0
    done = 0
    while calls is None or done < calls:
        call = waiting.get()
        status = 0 if _answer(call, handlers, answers) else 1
        done += 1
    sys.stderr.flush()
    os._exit(status)


def _answer(call: dict[str, Any], handlers: Mapping[str, Handler], answers: _Answers) -> bool:
    number = call.get("id")

    def emit(event: dict[str, Any]) -> None:
        answers.send({"id": number, "event": event})

    try:
        result = handlers[call["call"]](call.get("arguments") or {}, emit)
    except EnvStoreError as error:
        answers.send({"id": number, "error": error.to_dict()})
        return False
    except BaseException as error:  # noqa: BLE001  the supervisor must hear of everything
        traceback.print_exc()
        words = f"The work stopped on an unexpected {type(error).__name__}: {error}. The log has the details."
        answers.send({"id": number, "error": {"message": words, "code": "internal", "details": {}}})
        return False
    answers.send({"id": number, "result": result})
    return True


class _Answers:
    """The way back to the supervisor. Native callbacks send from their own threads, so lines are kept whole."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()


def _claim_stdout() -> _Answers:
    """Keep standard output for answers; whatever a library prints goes to the log."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return _Answers(descriptor)


def _read_calls(waiting: queue.Queue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        if line.strip():
            waiting.put(json.loads(line))
    # The supervisor is gone, or wants us gone. We lead a process group of our own (it sees to that): nothing
    # that we started, such as an activation script, may outlive us.
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(3)
