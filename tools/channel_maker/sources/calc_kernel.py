"""A desk calculator as a Jupyter kernel, on pyzmq and jupyter_client's message layer alone (Jupyter messaging protocol
5.3).

The language, one statement a line: an expression of numbers, names, ``+ - * / ^ ( )``; ``name = expression``; ``print
"text"``; ``env NAME`` (an environment variable); ``wait seconds`` (something to interrupt). It runs one request at a
time.
"""

from __future__ import annotations

import ast
import json
import operator
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session

_OPERATIONS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class CalcError(Exception):
    """A statement that means nothing in this language."""


class Calculator:
    """The language: remembers variables."""

    def __init__(self) -> None:
        self.variables: dict[str, float] = {}

    def run(self, code: str, write: Any) -> str | None:
        """Run statements; ``write`` takes printed text. Returns the last expression's value as text."""
        result: str | None = None
        for line in filter(None, (one.split("#")[0].strip() for one in code.splitlines())):
            result = self._statement(line, write)
        return result

    def _statement(self, line: str, write: Any) -> str | None:
        word, _, rest = line.partition(" ")
        if word == "print":
            write(rest.strip().strip('"') + "\n")
        elif word == "env":
            write(os.environ.get(rest.strip(), "(not set)") + "\n")
        elif word == "wait":
            time.sleep(self._value(rest))
        elif re.fullmatch(r"[A-Za-z_]\w*\s*=[^=].*", line):
            name, _, expression = line.partition("=")
            self.variables[name.strip()] = self._value(expression)
        else:
            digits = int(os.environ.get("CALC_DIGITS", "12"))
            return f"{self._value(line):.{digits}g}"
        return None

    def _value(self, expression: str) -> float:
        try:
            return float(self._evaluate(ast.parse(expression.strip().replace("^", "**"), mode="eval").body))
        except (SyntaxError, ZeroDivisionError, OverflowError, TypeError) as error:
            raise CalcError(f"cannot compute {expression.strip()!r}: {error}") from error

    def _evaluate(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return node.value
        if isinstance(node, ast.Name):
            if node.id not in self.variables:
                raise CalcError(f"{node.id} has no value")
            return self.variables[node.id]
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
            return _OPERATIONS[type(node.op)](self._evaluate(node.left), self._evaluate(node.right))
        if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATIONS:
            return _OPERATIONS[type(node.op)](self._evaluate(node.operand))
        raise CalcError("this is not arithmetic")


class CalcKernel:
    """Sockets and messages around a calculator."""

    def __init__(self, connection: dict[str, Any]) -> None:
        self.calculator, self.count, self.running = Calculator(), 0, True
        self.session = Session(key=connection["key"].encode(), signature_scheme=connection["signature_scheme"])
        self.context = zmq.Context()
        self.sockets = {
            name: self._bind(connection, name, kind)
            for name, kind in (
                ("shell", zmq.ROUTER),
                ("control", zmq.ROUTER),
                ("stdin", zmq.ROUTER),
                ("iopub", zmq.PUB),
            )
        }
        heartbeat = self._bind(connection, "hb", zmq.REP)
        threading.Thread(target=self._beat, args=(heartbeat,), daemon=True).start()

    def _bind(self, connection: dict[str, Any], name: str, kind: int) -> zmq.Socket[bytes]:
        socket = self.context.socket(kind)
        socket.linger = 1000
        separator = ":" if connection["transport"] == "tcp" else "-"
        socket.bind(f"{connection['transport']}://{connection['ip']}{separator}{connection[f'{name}_port']}")
        return socket

    @staticmethod
    def _beat(socket: zmq.Socket[bytes]) -> None:
        while True:
            socket.send(socket.recv())

    def serve(self) -> None:
        """Answer requests until a shutdown request came."""
        poller = zmq.Poller()
        for name in ("control", "shell"):
            poller.register(self.sockets[name], zmq.POLLIN)
        self._publish("status", {"execution_state": "starting"}, None)
        while self.running:
            try:
                ready = dict(poller.poll())
                for name in ("control", "shell"):
                    if self.sockets[name] in ready and self.running:
                        self._answer(name)
            except KeyboardInterrupt:
                continue  # an interrupt between two requests

    def _answer(self, channel: str) -> None:
        socket = self.sockets[channel]
        identity, message = self.session.recv(socket, mode=0)
        if message is None:
            return
        kind = message["header"]["msg_type"]
        self._publish("status", {"execution_state": "busy"}, message)
        answer = getattr(self, f"_on_{kind}", None)
        if answer is not None:
            self.session.send(socket, kind.replace("_request", "_reply"), answer(message), message, ident=identity)
        self._publish("status", {"execution_state": "idle"}, message)

    def _publish(self, kind: str, content: dict[str, Any], parent: dict[str, Any] | None) -> None:
        self.session.send(self.sockets["iopub"], kind, content, parent, ident=kind.encode())

    def _on_kernel_info_request(self, _message: dict[str, Any]) -> dict[str, Any]:
        language = {"name": "calc", "version": "1.0", "mimetype": "text/x-calc", "file_extension": ".calc"}
        return {
            "status": "ok",
            "protocol_version": "5.3",
            "implementation": "calc-kernel",
            "implementation_version": "1.0",
            "banner": "Calc 1.0",
            "language_info": language,
            "help_links": [],
        }

    def _on_execute_request(self, message: dict[str, Any]) -> dict[str, Any]:
        content = message["content"]
        silent = content.get("silent", False)
        self.count += 0 if silent else 1
        if not silent:
            self._publish("execute_input", {"code": content["code"], "execution_count": self.count}, message)
        try:
            result = self.calculator.run(
                content["code"], lambda text: self._publish("stream", {"name": "stdout", "text": text}, message)
            )
        except (CalcError, KeyboardInterrupt) as error:
            name = type(error).__name__
            failure = {"ename": name, "evalue": str(error), "traceback": [f"{name}: {error}"]}
            self._publish("error", failure, message)
            return {"status": "error", "execution_count": self.count, **failure}
        if result is not None and not silent:
            data = {"execution_count": self.count, "data": {"text/plain": result}, "metadata": {}}
            self._publish("execute_result", data, message)
        return {"status": "ok", "execution_count": self.count, "user_expressions": {}, "payload": []}

    def _on_is_complete_request(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"status": "complete"}

    def _on_complete_request(self, message: dict[str, Any]) -> dict[str, Any]:
        end = message["content"]["cursor_pos"]
        word = re.search(r"\w*$", message["content"]["code"][:end])
        begun = word.group() if word else ""
        matches = sorted(name for name in self.calculator.variables if name.startswith(begun))
        return {"status": "ok", "matches": matches, "cursor_start": end - len(begun), "cursor_end": end, "metadata": {}}

    def _on_comm_info_request(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "comms": {}}

    def _on_history_request(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "history": []}

    def _on_inspect_request(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}

    def _on_interrupt_request(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok"}

    def _on_shutdown_request(self, message: dict[str, Any]) -> dict[str, Any]:
        self.running = False
        return {"status": "ok", "restart": message["content"].get("restart", False)}


def main() -> None:
    """Start the kernel: ``calc-kernel -f CONNECTION_FILE``."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    connection_file = Path(sys.argv[sys.argv.index("-f") + 1])
    CalcKernel(json.loads(connection_file.read_text(encoding="utf-8"))).serve()


if __name__ == "__main__":
    main()
