"""Answers to single requests of a channel server: files, conditions, redirects and faults. See ``serving``."""

from __future__ import annotations

import base64
import email.utils
import hashlib
import posixpath
import urllib.parse
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from .serving import Behaviour, ChannelServer

_CHUNK = 64 * 1024
_TYPES = {".json": "application/json", ".zst": "application/zstd"}


@lru_cache(maxsize=4096)
def _tag(path: Path, modified: int, size: int) -> str:
    """A strong ETag: of the content where that is small, else of what identifies the file."""
    content = path.read_bytes() if size < 1_000_000 else f"{path}:{modified}:{size}".encode()
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class ChannelRequestHandler(BaseHTTPRequestHandler):
    """One connection. ``channel_server`` and ``host_name`` are set by the server that makes the class."""

    channel_server: ClassVar[ChannelServer]
    host_name: ClassVar[str]
    protocol_version = "HTTP/1.1"
    _sent = 0

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are remembered, not printed."""

    def _serve(self, with_body: bool) -> None:
        self._sent = 0
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        try:
            status = self._answer(path, self.channel_server.behaviour, with_body)
        except (BrokenPipeError, ConnectionResetError):
            # The client went away, which is what some tests are about.
            status, self.close_connection = 499, True
        self._remember(path, status)

    def _remember(self, path: str, status: int) -> None:
        from .serving import Request

        headers = {name.lower(): value for name, value in self.headers.items()}
        self.channel_server.note(Request(self.host_name, self.command, path, status, self._sent, headers))

    def _answer(self, path: str, behaviour: Behaviour, with_body: bool) -> int:
        server = self.channel_server
        delayed = server.fault(behaviour.delays, path)
        if delayed is not None:
            server.wait(behaviour.delays[delayed])
        if server.fault(behaviour.hangs, path) is not None:
            server.wait(None)
            self.close_connection = True
            return 0
        if behaviour.credentials is not None and self.host_name == "channel" and not self._knows(behaviour.credentials):
            return self._short(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Basic realm="channel"'})
        failing = server.fault(behaviour.statuses, path)
        if failing is not None:
            return self._short(behaviour.statuses[failing])
        file = self._file(path, behaviour)
        if file is None:
            return self._short(HTTPStatus.NOT_FOUND)
        if behaviour.redirect and self.host_name == "channel" and file.name.endswith((".conda", ".tar.bz2")):
            return self._short(HTTPStatus.FOUND, {"Location": server.files_url + urllib.parse.quote(path)})
        return self._send_file(file, path, behaviour, with_body)

    def _knows(self, credentials: tuple[str, str]) -> bool:
        expected = base64.b64encode(":".join(credentials).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _file(self, path: str, behaviour: Behaviour) -> Path | None:
        """The file a path means, ``None`` when there is none, it lies outside, or its form is not offered."""
        inside = posixpath.normpath("/" + path).lstrip("/")
        name = posixpath.basename(inside)
        offered = {
            "repodata.json.zst": behaviour.zstd,
            "repodata_shards.msgpack.zst": behaviour.shards,
            "channeldata.json": behaviour.channeldata,
        }
        parts = inside.split("/")
        file = self.channel_server.root / inside
        if not offered.get(name, True) or any(part.startswith(".") for part in parts) or not file.is_file():
            return None
        return file

    def _send_file(self, file: Path, path: str, behaviour: Behaviour, with_body: bool) -> int:
        stat = file.stat()
        tag = _tag(file.resolve(), stat.st_mtime_ns, stat.st_size)
        modified = email.utils.formatdate(int(stat.st_mtime), usegmt=True)
        headers = {"ETag": tag, "Last-Modified": modified, "Cache-Control": behaviour.cache_control}
        if behaviour.conditional and self._is_current(tag, modified):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            for name, value in ({} if behaviour.bare_not_modified else headers).items():
                self.send_header(name, value)
            self.end_headers()
            return HTTPStatus.NOT_MODIFIED
        body = file.read_bytes()
        if self.channel_server.fault(behaviour.corrupt, path) is not None and body:
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 0xFF]) + body[middle + 1 :]
        first, last, status = self._range(len(body))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status == HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", _TYPES.get(file.suffix, "application/octet-stream"))
        body = body[first : last + 1]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            if self.channel_server.fault(behaviour.truncated, path) is not None:
                body, self.close_connection = body[: len(body) // 2], True
            self._send_body(body, behaviour.bytes_per_second)
        return status

    def _is_current(self, tag: str, modified: str) -> bool:
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return asked == "*" or tag in [one.strip().removeprefix("W/") for one in asked.split(",")]
        return self.headers.get("If-Modified-Since") == modified

    def _range(self, length: int) -> tuple[int, int, HTTPStatus]:
        """First and last byte to send, and the status that goes with it. Only a single ``first-[last]`` range is
        understood.
        """
        unit, _, asked = (self.headers.get("Range") or "").partition("=")
        first, _, last = asked.partition("-")
        if unit != "bytes" or not first.isdigit() or int(first) >= length:
            return 0, max(length - 1, 0), HTTPStatus.OK
        end = min(int(last), length - 1) if last.isdigit() else length - 1
        return int(first), end, HTTPStatus.PARTIAL_CONTENT

    def _send_body(self, body: bytes, bytes_per_second: int | None) -> None:
        # Slices of a twentieth of a second's worth keep a slow download steady instead of jerky.
        step = _CHUNK if bytes_per_second is None else max(bytes_per_second // 20, 1)
        for start in range(0, len(body), step):
            piece = body[start : start + step]
            self.wfile.write(piece)
            self._sent += len(piece)
            if bytes_per_second is not None and self.channel_server.wait(len(piece) / bytes_per_second):
                bytes_per_second, step = None, _CHUNK

    def _short(self, status: int, headers: dict[str, str] | None = None) -> int:
        body = f"{status}\n".encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return status
