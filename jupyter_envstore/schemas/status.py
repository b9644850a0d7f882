"""What a server says about itself."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import ErrorReport


class Status(Schema):
    """Which program answers, and on which store it works.

    Attributes
    ----------
    version
        The version of jupyter_envstore.
    store
        The absolute path of the store's folder.
    default_namespace, default_channels
        As configured.
    platform
        This machine's; None when it is one that cannot be locked for.
    platforms
        All that can be locked for.
    command
        How a terminal on this machine calls the command line on this store: a program and its first arguments. With
        the program's full path, because a login shell need not have the server's PATH.
    problem
        Why this server cannot run builds at the moment, or None.
    """

    version: str
    store: str
    default_namespace: str
    default_channels: list[str]
    platform: str | None
    platforms: list[str]
    command: list[str]
    problem: ErrorReport | None = None
