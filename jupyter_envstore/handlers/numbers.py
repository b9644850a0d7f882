"""Numbers in a path."""

from __future__ import annotations

import re

from jupyter_envstore.errors import InvalidInputError


def number(text: str, what: str) -> int:
    """Return the number of a version or a build that a path names.

    Raises
    ------
    InvalidInputError
    """
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise InvalidInputError(f"{text[:80]!a} is no number of a {what}.")
    return int(text)
