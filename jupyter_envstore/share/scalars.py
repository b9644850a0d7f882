"""Text → a YAML scalar, fast and the same way always. For files of which programs wrote every line.

YAML 1.1 and 1.2 disagree about what is a number, a date or a yes; what either would not read as text is quoted.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./+@%=~-]|:(?=[A-Za-z0-9/_]))*")
_DIGEST = re.compile(r"(?=[0-9a-f]*[a-df])(?!0b)[0-9a-f]{32,64}")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


@lru_cache(maxsize=20_000)
def scalar(text: str) -> str:
    """Return ``text`` as a YAML scalar on one line that every reader takes for this very text."""
    if _DIGEST.fullmatch(text) or (_PLAIN.fullmatch(text) and text.lower() not in _WORDS):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text)
