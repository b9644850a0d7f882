"""Work that takes a while: done in threads of its own, kept for who asks again, given up when nobody wants it.

It lives in the memory of one process: what it says holds for this moment, so nothing is lost with it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Generic, TypeVar

from jupyter_envstore.errors import EnvStoreError, NotFoundError, TooManyPreviewsError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import ErrorReport

T = TypeVar("T")
Work = Callable[[Callable[[], bool]], T]
"""What is to be done; gets a function that says whether it is to be given up."""

MOST_UNDER_WAY = 16
"""Pieces of work of one kind that go on, or wait for it, at a time. The resolver takes one after the other."""
MOST_KEPT = 64
"""Those that are remembered, with those that ended: each may be as large as a list of a thousand packages."""
KEPT_SECONDS = 300.0
"""How long one that ended is remembered."""


@dataclass(eq=False)
class Asked(Generic[T]):
    """A piece of work that was asked for."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))  # a stranger must not guess it
    started: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    cancelled: threading.Event = field(default_factory=threading.Event)
    future: Future[T] = field(default_factory=Future)
    ended: float | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it was given up."""
        return self.cancelled.is_set() or self.future.cancelled()

    def outcome(self, noun: str) -> tuple[T | None, ErrorReport | None]:
        """Return what came of it, or why nothing did; only when it has ended and was not given up."""
        from jupyter_envstore.schemas import ErrorReport

        try:
            return self.future.result(), None
        except EnvStoreError as error:
            return None, ErrorReport.model_validate(error.to_dict())
        except Exception as error:  # noqa: BLE001
            # Its text may hold anything: it stands in the log.
            words = f"The {noun} failed on an unexpected {type(error).__name__}. The server's log has the details."
            return None, ErrorReport(message=words, code="internal")


class PendingWork(Generic[T]):
    """Work of one kind in this process. All methods may be called from any thread.

    Parameters
    ----------
    noun
        What one piece of it is called.
    missing
        The error for one that is not known.
    log
        Where unexpected exceptions go.
    """

    def __init__(self, noun: str, missing: type[NotFoundError], log: logging.Logger) -> None:
        self._noun = noun
        self._missing = missing
        self._log = log
        self._lock = threading.Lock()
        self._asked: dict[str, Asked[T]] = {}
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"envstore-{noun.split()[-1]}")

    def begin(self, work: Work[T]) -> str:
        """Begin and return the id.

        Raises
        ------
        TooManyPreviewsError
        """
        asked: Asked[T] = Asked()
        with self._lock:
            self._forget()
            under_way = sum(other.ended is None for other in self._asked.values())
            if under_way >= MOST_UNDER_WAY:
                raise TooManyPreviewsError(
                    f"{under_way} {self._noun}s are being solved already, which is as many as one server takes on. "
                    "Wait until some of them are done, or cancel one.",
                    solving=under_way,
                )
            self._asked[asked.id] = asked
        asked.future = self._threads.submit(self._do, asked, work)
        return asked.id

    def get(self, work_id: str) -> Asked[T]:
        """Return one that was asked for.

        Raises
        ------
        NotFoundError
            Of the kind for this work.
        """
        with self._lock:
            self._forget()
            asked = self._asked.get(work_id)
        if asked is None:
            raise self._missing(
                f"There is no {self._noun} {work_id[:40]!a}. One that has ended is forgotten after "
                f"{KEPT_SECONDS / 60:.0f} minutes, and all of them when the server is restarted: ask for it again."
            )
        return asked

    def cancel(self, work_id: str) -> Asked[T]:
        """Give one up, so that the resolver is free for others; one that has ended stays as it is.

        Raises
        ------
        NotFoundError
        """
        asked = self.get(work_id)
        if not asked.future.done():
            asked.cancelled.set()
            if asked.future.cancel():
                self._end(asked)
        return asked

    def close(self) -> None:
        """Give all of them up."""
        with self._lock:
            everything = list(self._asked.values())
        for asked in everything:
            asked.cancelled.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _do(self, asked: Asked[T], work: Work[T]) -> T:
        try:
            return work(asked.cancelled.is_set)
        except EnvStoreError:
            raise
        except Exception:
            self._log.exception("A %s failed", self._noun)
            raise
        finally:
            self._end(asked)

    def _end(self, asked: Asked[T]) -> None:
        with self._lock:
            asked.ended = time.monotonic()

    def _forget(self) -> None:
        now = time.monotonic()
        ended = [asked for asked in self._asked.values() if asked.ended is not None]
        superfluous = len(self._asked) - MOST_KEPT
        for number, asked in enumerate(ended):
            if number < superfluous or (asked.ended is not None and now - asked.ended > KEPT_SECONDS):
                del self._asked[asked.id]
