"""What a server says about itself."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class Status(Schema):
    """Which program answers, and on which store it works."""

    version: str
    """The version of jupyter_envstore."""
    store: str
    """The absolute path of the store's folder."""
