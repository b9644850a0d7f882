"""A channel over HTTP the way conda-forge serves one, and every way in which that can go wrong.

``ChannelServer`` serves a folder of channels from two ports: the channel itself, and a second host for package files,
to which the first redirects. What it does beyond serving files is said by a ``Behaviour``, which a test may change
while the server runs. It is for tests, the demo and benchmarks; it never leaves the loopback interface.
"""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from .answering import ChannelRequestHandler


@dataclass
class Behaviour:
    """How the server answers. Patterns are shell patterns over the path (``/conda-forge/linux-64/numpy-*``)."""

    zstd: bool = True
    """Offer ``repodata.json.zst``."""
    shards: bool = True
    """Offer the sharded index."""
    channeldata: bool = True
    """Offer ``channeldata.json``."""
    redirect: bool = True
    """Send whoever asks for a package file to the second host (302)."""
    conditional: bool = True
    """Answer 304 to a request that names the current ETag or date."""
    bare_not_modified: bool = False
    """Leave every header out of a 304, as careless servers do (py-rattler 0.28 then cannot read a sharded index)."""
    cache_control: str = "public, max-age=0"
    """Value of ``Cache-Control``."""
    credentials: tuple[str, str] | None = None
    """User and password that every request must carry (HTTP Basic), else 401."""
    bytes_per_second: int | None = None
    """Throttle of each response body."""
    delays: dict[str, float] = field(default_factory=dict)
    """Pattern → seconds to wait before answering."""
    hangs: set[str] = field(default_factory=set)
    """Patterns that are never answered: the connection stays open until the behaviour is reset or the server stops."""
    statuses: dict[str, int] = field(default_factory=dict)
    """Pattern → status to answer instead (404, 500, 503 …)."""
    corrupt: set[str] = field(default_factory=set)
    """Patterns whose body has its middle byte changed, so that no hash agrees."""
    truncated: set[str] = field(default_factory=set)
    """Patterns whose body stops half way, with the connection closed."""
    times: dict[str, int] = field(default_factory=dict)
    """Pattern → how often its fault (status, corrupt, truncated, hang, delay) happens before the server recovers;
    always, by default.
    """


@dataclass(frozen=True)
class Request:
    """One request as it was answered. ``host`` is ``channel`` or ``files``; ``sent`` counts body bytes."""

    host: str
    method: str
    path: str
    status: int
    sent: int
    headers: dict[str, str]


class ChannelServer:
    """Serves the channels below a folder on two loopback ports.

    Use it as a context manager, or call ``start`` and ``stop``. Thread-safe.
    """

    def __init__(self, root: Path, behaviour: Behaviour | None = None) -> None:
        self.root = root
        self.behaviour = behaviour or Behaviour()
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._hosts: dict[str, ThreadingHTTPServer] = {}

    def __enter__(self) -> ChannelServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Open both ports (chosen by the system) and answer in threads."""
        for name in ("channel", "files"):
            handler = type("Handler", (ChannelRequestHandler,), {"channel_server": self, "host_name": name})
            host = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            host.daemon_threads = True
            self._hosts[name] = host
            threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Close both ports and let go of whoever still waits."""
        self._released.set()
        for host in self._hosts.values():
            host.shutdown()
            host.server_close()
        self._hosts.clear()

    def url(self, channel: str = "conda-forge") -> str:
        """The address of a channel, as one writes it in ``channels:``."""
        return f"http://127.0.0.1:{self._hosts['channel'].server_port}/{channel}"

    @property
    def files_url(self) -> str:
        """The address of the second host. Its name differs from the first one's, so credentials must not follow a
        redirect there.
        """
        return f"http://localhost:{self._hosts['files'].server_port}"

    @property
    def requests(self) -> list[Request]:
        """What was asked since the start or the last reset, oldest first."""
        with self._lock:
            return list(self._requests)

    def count(self, pattern: str = "*", method: str | None = None, status: int | None = None) -> int:
        """How many requests had a path like ``pattern`` (and that method, and that status)."""
        return sum(
            fnmatch.fnmatchcase(one.path, pattern)
            and (method is None or one.method == method)
            and (status is None or one.status == status)
            for one in self.requests
        )

    def reset(self) -> None:
        """Forget requests, behave well again, release what hangs."""
        with self._lock:
            self._requests.clear()
        self.behaviour = Behaviour()
        self._released.set()
        self._released = threading.Event()

    @contextmanager
    def behaving(self, **changes: object) -> Iterator[Behaviour]:
        """Within the block, behave as ``Behaviour(**changes)``."""
        before, self.behaviour = self.behaviour, Behaviour(**changes)  # type: ignore[arg-type]
        try:
            yield self.behaviour
        finally:
            self.behaviour = before
            self._released.set()
            self._released = threading.Event()

    # What the request handler asks.

    def note(self, request: Request) -> None:
        """Remember a request."""
        with self._lock:
            self._requests.append(request)

    def fault(self, patterns: set[str] | dict[str, float] | dict[str, int], path: str) -> str | None:
        """The first of the patterns that the path is like, unless its fault has happened as often as ``times`` says."""
        for pattern in patterns:
            if fnmatch.fnmatchcase(path, pattern):
                with self._lock:
                    left = self.behaviour.times.get(pattern)
                    if left is not None and left <= 0:
                        continue
                    if left is not None:
                        self.behaviour.times[pattern] = left - 1
                return pattern
        return None

    def wait(self, seconds: float | None) -> bool:
        """Wait (``None``: without end). Returns whether the wait was cut short by a reset or stop."""
        return self._released.wait(seconds)
