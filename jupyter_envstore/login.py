"""Who runs this process."""

from __future__ import annotations

import getpass
import os


def login_name() -> str:
    """Return the login name of whoever runs this process, or the user's number when it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
