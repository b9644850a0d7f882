"""A kernel that only says why the real one cannot start, and what to do. A program: nothing imports it.

It stands in when a launch script finds its prefix gone, so that a person reads words in the notebook instead of
"kernel died". It runs on the server's interpreter and must need nothing but pyzmq and jupyter_client: the files
of the environment are what is missing, and of this package too only this file is certain to be there.

    python fallback.py --environment local/analysis@7 --reason freed -f connection.json
    python fallback.py --environment local/analysis@7 --reason freed -- COMMAND…   (a kernel's command line)
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import Any

# This folder has modules with everyday names; none of them may be taken for somebody else's.
_HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE]

import zmq  # noqa: E402
from jupyter_client.session import Session  # noqa: E402

REASONS = {
    "freed": "its files were freed to make room, or moved away",
    "damaged": "some of its files are missing",
    "broken": "its files do not agree with its lock",
}
LANGUAGES = {
    "python": {"mimetype": "text/x-python", "file_extension": ".py", "version": ""},
    "r": {"mimetype": "text/x-r-source", "file_extension": ".r", "version": ""},
    "julia": {"mimetype": "application/julia", "file_extension": ".jl", "version": ""},
}
PLAIN = {"mimetype": "text/plain", "file_extension": ".txt", "version": ""}
PORTS = ("shell", "control", "stdin", "iopub", "hb")


def explain(environment: str, reason: str, detail: str, remedy: str) -> str:
    """Return what a person reads: what happened, that nothing is lost, and what to do."""
    name, _, version = environment.partition("@")
    why = detail or REASONS.get(reason, reason)
    return (
        f"The kernel of the environment {name}, version {version}, could not start: {why}.\n"
        "Nothing is lost: the version's lock is kept and gives the same files again.\n"
        "\n"
        f"Build it again with the panel (Environments, {name}, Versions, Rebuild) or in a terminal:\n"
        "\n"
        f"    {remedy}\n"
        "\n"
        "and then restart this kernel."
    )


class FallbackKernel:
    """Answers everything a front end asks, and every execution with the explanation.

    Parameters
    ----------
    connection
        The connection file's content.
    message
        The explanation.
    language
        Of the kernel that it stands for.
    """

    def __init__(self, connection: dict[str, Any], message: str, language: str) -> None:
        self.message = message
        self.language = language or "text"
        self.count = 0
        self.running = True
        self.session = Session(
            key=str(connection.get("key", "")).encode(),
            signature_scheme=str(connection.get("signature_scheme") or "hmac-sha256"),
        )
        self.context = zmq.Context()
        self.shell = self._bind(zmq.ROUTER, connection, "shell")
        self.control = self._bind(zmq.ROUTER, connection, "control")
        self.stdin = self._bind(zmq.ROUTER, connection, "stdin")
        self.iopub = self._bind(zmq.PUB, connection, "iopub")
        self.heartbeat = self._bind(zmq.REP, connection, "hb")

    def _bind(self, kind: int, connection: dict[str, Any], port: str) -> zmq.Socket[bytes]:
        socket: zmq.Socket[bytes] = self.context.socket(kind)
        socket.linger = 1000
        if kind == zmq.ROUTER:
            socket.router_handover = 1  # a client that reconnects keeps its identity
        if connection.get("curve_secretkey"):
            socket.curve_secretkey = str(connection["curve_secretkey"]).encode()
            socket.curve_publickey = str(connection["curve_publickey"]).encode()
            socket.curve_server = True
        number = connection[f"{port}_port"]
        separator = "-" if connection["transport"] == "ipc" else ":"
        socket.bind(f"{connection['transport']}://{connection['ip']}{separator}{number}")
        return socket

    def run(self) -> None:
        """Answer until told to shut down."""
        poller = zmq.Poller()
        for socket in (self.shell, self.control, self.heartbeat):
            poller.register(socket, zmq.POLLIN)
        while self.running:
            ready = dict(poller.poll())
            if self.heartbeat in ready:
                self.heartbeat.send_multipart(self.heartbeat.recv_multipart())
            for socket in (self.control, self.shell):
                if socket in ready and self.running:
                    self._answer(socket)
        self.context.destroy(linger=1000)

    def _answer(self, socket: zmq.Socket[bytes]) -> None:
        try:
            identities, parts = self.session.feed_identities(socket.recv_multipart())
            request = self.session.deserialize(parts)
        except (ValueError, TypeError, KeyError, IndexError):
            return  # not signed by our client, or no message at all
        kind = str(request["header"]["msg_type"])
        self._publish("status", {"execution_state": "busy"}, request)
        answer = getattr(self, f"_on_{kind}", None)
        content = answer(request) if answer else {"status": "ok"}
        if kind.endswith("_request"):
            name = kind.removesuffix("_request") + "_reply"
            self.session.send(socket, name, content, parent=request, ident=identities)
        self._publish("status", {"execution_state": "idle"}, request)

    def _publish(self, kind: str, content: dict[str, Any], request: dict[str, Any]) -> None:
        self.session.send(self.iopub, kind, content, parent=request, ident=kind.encode())

    def _on_kernel_info_request(self, request: dict[str, Any]) -> dict[str, Any]:
        # The notebook's own language, or a front end would write another one into the notebook.
        known = LANGUAGES.get(self.language.lower(), PLAIN)
        return {
            "status": "ok",
            "protocol_version": "5.3",
            "implementation": "jupyter-envstore-fallback",
            "implementation_version": "1",
            "language_info": {"name": self.language, **known},
            "banner": self.message,
            "help_links": [],
        }

    def _on_execute_request(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = request["content"]
        error = {
            "ename": "EnvironmentNotAvailable",
            "evalue": self.message.split("\n", 1)[0],
            "traceback": [],
        }
        if not asked.get("silent"):
            self.count += 1
            count = {"execution_count": self.count}
            self._publish("execute_input", {"code": asked.get("code", ""), **count}, request)
            self._publish("stream", {"name": "stderr", "text": self.message + "\n"}, request)
            self._publish("error", error, request)
        return {"status": "error", "execution_count": self.count, "user_expressions": {}, "payload": [], **error}

    def _on_is_complete_request(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "complete"}

    def _on_complete_request(self, request: dict[str, Any]) -> dict[str, Any]:
        place = request["content"].get("cursor_pos", 0)
        return {"status": "ok", "matches": [], "cursor_start": place, "cursor_end": place, "metadata": {}}

    def _on_inspect_request(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}

    def _on_history_request(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "history": []}

    def _on_comm_info_request(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "comms": {}}

    def _on_shutdown_request(self, request: dict[str, Any]) -> dict[str, Any]:
        self.running = False
        content = {"status": "ok", "restart": bool(request["content"].get("restart"))}
        self._publish("shutdown_reply", content, request)
        return content


def find_connection(arguments: list[str]) -> dict[str, Any] | None:
    """Find the connection file among a kernel's arguments: kernels take it each in a way of their own."""
    for argument in arguments:
        for text in (argument, argument.partition("=")[2]):
            try:
                content = json.loads(Path(text).read_bytes()) if text else None
            except (OSError, ValueError):
                continue
            if isinstance(content, dict) and all(f"{port}_port" in content for port in PORTS):
                return content
    return None


def main() -> int:
    """Run the kernel; 1 when there is nobody to talk to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", default="?@?")
    parser.add_argument("--reason", default="freed")
    parser.add_argument("--detail", default="")
    parser.add_argument("--remedy", default="jupyter envstore --help")
    parser.add_argument("--language", default="python")
    parser.add_argument("-f", dest="connection_file")
    parser.add_argument("command", nargs="*")
    arguments = parser.parse_args()
    message = explain(arguments.environment, arguments.reason, arguments.detail, arguments.remedy)
    sys.stderr.write(message + "\n")  # for whoever reads the server's log
    sys.stderr.flush()
    connection = find_connection([*filter(None, [arguments.connection_file]), *arguments.command])
    if connection is None:
        return 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt finds nothing to stop
    FallbackKernel(connection, message, arguments.language).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
