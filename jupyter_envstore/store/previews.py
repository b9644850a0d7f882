"""Previews of drafts that are being solved, or were a moment ago."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from jupyter_envstore.errors import PreviewNotFoundError
from jupyter_envstore.store.pending import Asked, PendingWork

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft
    from jupyter_envstore.schemas import Preview, PreviewState
    from jupyter_envstore.store.store import EnvStore


class StorePreviews:
    """The previews of one store in this process. All methods may be called from any thread."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store
        self._work: PendingWork[Preview] = PendingWork("preview", PreviewNotFoundError, store.log)

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
        return self._work.begin(lambda cancelled: self._store.drafts.preview(draft, cancelled))

    def ended(self, preview_id: str) -> Future[Preview]:
        """Return what is done when a preview has ended: to be waited for, and for nothing else.

        Raises
        ------
        PreviewNotFoundError
        """
        return self._work.get(preview_id).future

    def get(self, preview_id: str) -> PreviewState:
        """Return how a preview stands.

        Raises
        ------
        PreviewNotFoundError
        """
        return _state(self._work.get(preview_id))

    def cancel(self, preview_id: str) -> PreviewState:
        """Give a preview up, so that the resolver is free for others; one that has ended stays as it is.

        Raises
        ------
        PreviewNotFoundError
        """
        return _state(self._work.cancel(preview_id))

    def close(self) -> None:
        """Give all of them up."""
        self._work.close()


def _state(asked: Asked[Preview]) -> PreviewState:
    from jupyter_envstore.schemas import PreviewState

    if asked.is_cancelled:
        return PreviewState(id=asked.id, state="cancelled", started=asked.started)
    if not asked.future.done():
        return PreviewState(id=asked.id, state="solving", started=asked.started)
    preview, error = asked.outcome("preview")
    return PreviewState(
        id=asked.id, state="failed" if error else "ready", preview=preview, error=error, started=asked.started
    )
