"""The audit record: who did what to what, when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jupyter_envstore.schemas.base import Schema


class AuditEvent(Schema):
    """One thing that somebody did.

    Attributes
    ----------
    who
        The identity that Jupyter gives, or the operating system's login name.
    what
        A verb with its object, such as ``environment.create``.
    subject
        The reference it was done to, such as ``local/analysis@3``.
    """

    id: int
    created: datetime
    who: str
    what: str
    subject: str
    details: dict[str, Any] = {}
