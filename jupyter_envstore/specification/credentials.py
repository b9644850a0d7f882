"""Credentials in a specification: found anywhere in its text, comments included, and never shown.

A specification is kept in the catalog, written into notebooks and handed to others. So a password or token in it is
refused where it stands. Nothing here may put the text it looks at into a message, except through `quoted`.
"""

from __future__ import annotations

import re

from jupyter_envstore.errors import SpecificationError

# ${NAME} stands for a secret that is elsewhere; it is none itself.
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
# Every repetition is bounded: searched from each "://" of a long line, an open one would take quadratic time.
_CREDENTIALS = (
    # A user with a password. An unescaped "/" in a password is no valid URL and common all the same.
    re.compile(r"://[^/\s@:]{0,128}:(?!\d{1,5}(?:/|\s|$))[^\s@]{1,256}@"),
    # Over http a lone user name is nearly always a token. ssh's git@ is none.
    re.compile(r"https?://[^/\s@]{1,256}@", re.IGNORECASE),
    # Anaconda's way to put a token into a channel's address: certain where it looks like one or stands in a list,
    # even a list that is commented out. Elsewhere `/t/` is a forum's topic.
    re.compile(r"/t/(?:[a-z]{2}-)?[0-9a-f]{8}-?[0-9a-f-]{8}", re.IGNORECASE),
    re.compile(r"^[\s#]{0,64}-\s{1,64}(?![\"']?file:)[^\s]{1,256}/t/[^/\s]"),
    re.compile(r"[?&](?:[a-z_-]{0,64}token|api_?key|password|passwd|secret)=[^&\s]", re.IGNORECASE),
)
# Enough not to show a text, though not to refuse one: `name:password@host`, any `/t/`.
_DOUBTFUL = re.compile(r":[^\s@]{1,256}@|/t/")
_SHOWN = 80


def has_credentials(text: str) -> bool:
    """Say whether ``text`` holds an address with a password or a token."""
    text = _VARIABLE.sub("", text)
    if "/" not in text:
        return False
    return any(pattern.search(text) for pattern in _CREDENTIALS)


def refuse_credentials(text: str, path: str | None = None) -> None:
    """Raise if any line of a specification, comments included, holds credentials.

    Raises
    ------
    SpecificationError
        With the line, without the secret.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if has_credentials(line):
            raise SpecificationError(
                "An address in this line carries a password or token, which would be stored and shared with the "
                "environment. Write the address without it; keep credentials in your .netrc, keyring or .condarc.",
                line=number,
                path=path,
            )


def quoted(text: str) -> str:
    """Return ``text`` as messages show it: between backticks, short, on one line, and never with a credential."""
    if has_credentials(text) or _DOUBTFUL.search(text):
        return "(not shown: it may carry a credential)"
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return "`" + "".join(c if c.isprintable() else f"(U+{ord(c):04X})" for c in shown) + "`"
