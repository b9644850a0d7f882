"""Who is said to have done something."""

from __future__ import annotations

import re
from typing import Any

_INVENTED = re.compile(r"[0-9a-f]{32}")


def author_of(user: Any) -> str | None:
    """Return the name that an identity provider knows a person by, or None when Jupyter invented one.

    Under plain token login Jupyter makes up a user with a random id and a name such as “Anonymous Callisto”. One who
    has given that user a name of their own is called by it.
    """
    username, name = str(getattr(user, "username", "")), str(getattr(user, "name", ""))
    if not _INVENTED.fullmatch(username):
        return username or None
    return None if not name or name.startswith("Anonymous ") or name == username else name
