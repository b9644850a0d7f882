"""Previews that take a while: solved in threads of their own, kept for who asks again, given up when nobody wants them.

They live in the memory of one process: what they say holds for this moment, so nothing is lost with them.
"""

from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from jupyter_envstore.errors import EnvStoreError, PreviewNotFoundError, TooManyPreviewsError

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft
    from jupyter_envstore.schemas import Preview, PreviewState
    from jupyter_envstore.store.store import EnvStore

MOST_SOLVING = 16
"""Previews that are solved, or wait for it, at a time. The resolver takes one after the other."""
MOST_KEPT = 64
"""Previews that are remembered, with those that ended: each may be as large as a list of a thousand packages."""
KEPT_SECONDS = 300.0
"""How long one that ended is remembered."""


@dataclass(eq=False)
class _Asked:
    """A preview that was asked for."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))  # a stranger must not guess it
    started: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    cancelled: threading.Event = field(default_factory=threading.Event)
    solving: Future[Preview] = field(default_factory=Future)
    ended: float | None = None


class StorePreviews:
    """The previews of one store in this process. All methods may be called from any thread."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._asked: dict[str, _Asked] = {}
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="envstore-preview")

    def begin(self, draft: Draft) -> str:
        """Begin to solve a draft; return the id of its preview.

        Raises
        ------
        SpecificationError, PlatformError, PolicyError
            When it could never be built.
        TooManyPreviewsError
        """
        from jupyter_envstore.builds.admission import admit

        admit(draft.kind, draft.request, self._store.policy)
        asked = _Asked()
        with self._lock:
            self._forget()
            solving = sum(other.ended is None for other in self._asked.values())
            if solving >= MOST_SOLVING:
                raise TooManyPreviewsError(
                    f"{solving} previews are being solved already, which is as many as one server takes on. "
                    "Wait until some of them are done, or cancel one.",
                    solving=solving,
                )
            self._asked[asked.id] = asked
        asked.solving = self._threads.submit(self._solve, asked, draft)
        return asked.id

    def ended(self, preview_id: str) -> Future[Preview]:
        """Return what is done when a preview has ended: to be waited for, and for nothing else.

        Raises
        ------
        PreviewNotFoundError
        """
        return self._get(preview_id).solving

    def get(self, preview_id: str) -> PreviewState:
        """Return how a preview stands.

        Raises
        ------
        PreviewNotFoundError
        """
        return self._state(self._get(preview_id))

    def cancel(self, preview_id: str) -> PreviewState:
        """Give a preview up, so that the resolver is free for others; one that has ended stays as it is.

        Raises
        ------
        PreviewNotFoundError
        """
        asked = self._get(preview_id)
        if not asked.solving.done():
            asked.cancelled.set()
            if asked.solving.cancel():
                self._end(asked)
        return self._state(asked)

    def close(self) -> None:
        """Give all of them up."""
        with self._lock:
            everything = list(self._asked.values())
        for asked in everything:
            asked.cancelled.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _get(self, preview_id: str) -> _Asked:
        with self._lock:
            self._forget()
            asked = self._asked.get(preview_id)
        if asked is None:
            raise PreviewNotFoundError(
                f"There is no preview {preview_id[:40]!a}. One that has ended is forgotten after "
                f"{KEPT_SECONDS / 60:.0f} minutes, and all of them when the server is restarted: ask for it again."
            )
        return asked

    def _solve(self, asked: _Asked, draft: Draft) -> Preview:
        try:
            return self._store.drafts.preview(draft, asked.cancelled.is_set)
        except EnvStoreError:
            raise
        except Exception:
            self._store.log.exception("A preview failed")
            raise
        finally:
            self._end(asked)

    def _end(self, asked: _Asked) -> None:
        with self._lock:
            asked.ended = time.monotonic()

    def _forget(self) -> None:
        now = time.monotonic()
        ended = [asked for asked in self._asked.values() if asked.ended is not None]
        superfluous = len(self._asked) - MOST_KEPT
        for number, asked in enumerate(ended):
            if number < superfluous or (asked.ended is not None and now - asked.ended > KEPT_SECONDS):
                del self._asked[asked.id]

    def _state(self, asked: _Asked) -> PreviewState:
        from jupyter_envstore.schemas import ErrorReport, PreviewState

        if asked.cancelled.is_set():
            return PreviewState(id=asked.id, state="cancelled", started=asked.started)
        if not asked.solving.done():
            return PreviewState(id=asked.id, state="solving", started=asked.started)
        try:
            preview = asked.solving.result()
        except CancelledError:
            return PreviewState(id=asked.id, state="cancelled", started=asked.started)
        except EnvStoreError as error:
            report = ErrorReport.model_validate(error.to_dict())
        except Exception as error:  # noqa: BLE001
            # Its text may hold anything: it stands in the log.
            words = f"The preview failed on an unexpected {type(error).__name__}. The server's log has the details."
            report = ErrorReport(message=words, code="internal")
        else:
            return PreviewState(id=asked.id, state="ready", preview=preview, started=asked.started)
        return PreviewState(id=asked.id, state="failed", error=report, started=asked.started)
