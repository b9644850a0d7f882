"""Previews under way: what a client reads until the solver has answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import ErrorReport
from jupyter_envstore.schemas.changes import Preview

PreviewProgress = Literal["solving", "ready", "failed", "cancelled"]


class PreviewState(Schema):
    """A preview that was asked for; forgotten some minutes after its end.

    Attributes
    ----------
    id
        By which it is read and cancelled.
    preview
        What would change, when it is ``ready``.
    error
        Why there is none, when it ``failed``: as the build would fail.
    """

    id: str
    state: PreviewProgress
    preview: Preview | None = None
    error: ErrorReport | None = None
    started: datetime
