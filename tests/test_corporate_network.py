"""Networks of organisations: traffic goes through a proxy, and certificates come from an authority of their own."""

from __future__ import annotations

import contextlib
import functools
import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from fixtures.store import StoreHome

TIMEOUT = 60


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_channel(channels_dir: Path, authority: trustme.CA) -> Iterator[str]:
    """The local channel over HTTPS, with a certificate of an authority that nobody knows."""
    handler = functools.partial(_Quiet, directory=str(channels_dir))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"https://localhost:{server.server_port}/conda-forge"
    server.shutdown()
    server.server_close()


@pytest.fixture
def authorities(authority: trustme.CA, tmp_path: Path) -> str:
    """The file that an organisation names in ``SSL_CERT_FILE`` so that programs trust its authority."""
    bundle = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(bundle)
    return str(bundle)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Proxy:
    """A proxy that passes ``CONNECT`` on and remembers where to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: the test is over
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            target = head.split()[1].decode()
            self.asked.append(target)
            host, _, port = target.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=TIMEOUT) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join(TIMEOUT)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    opened = Proxy()
    yield opened
    opened.close()


def test_an_organisations_own_authority_is_trusted_where_the_machine_says_so(
    home: StoreHome, secure_channel: str, authorities: str
) -> None:
    home.settings["default_channels"] = [secure_channel]
    refused = home.run("create", "-n", "small", "idna")
    assert refused.returncode == 1
    assert "certificate is not trusted" in refused.stderr

    done = home.run("create", "-n", "small", "idna", SSL_CERT_FILE=authorities)
    assert done.returncode == 0, done.stderr
    assert home.json("packages", "small")["items"][0]["channel"] == secure_channel


def test_all_traffic_goes_through_the_proxy_that_the_machine_names(
    home: StoreHome, secure_channel: str, authorities: str, proxy: Proxy
) -> None:
    home.settings["default_channels"] = [secure_channel]
    done = home.run(
        "create", "-n", "small", "idna", HTTPS_PROXY=proxy.url, https_proxy=proxy.url, SSL_CERT_FILE=authorities
    )
    assert done.returncode == 0, done.stderr
    host = secure_channel.split("/")[2]
    assert set(proxy.asked) == {host}


def test_a_proxy_that_does_not_answer_is_told_in_words(
    home: StoreHome, secure_channel: str, authorities: str, proxy: Proxy
) -> None:
    proxy.close()
    home.settings["default_channels"] = [secure_channel]
    done = home.run(
        "create", "-n", "small", "idna", HTTPS_PROXY=proxy.url, https_proxy=proxy.url, SSL_CERT_FILE=authorities
    )
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
