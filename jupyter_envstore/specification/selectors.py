"""Platform selectors: comments like ``# [linux]`` that keep a line for some platforms only, as conda-lock reads them.

A line whose comment ends with one word in brackets stands only for the platforms that the word names; a word that is
not known names none. Plain conda reads such a line everywhere. Works on lines, before YAML, as conda-lock does.
"""

from __future__ import annotations

import re

_FAMILIES = {"linux": frozenset({"linux", "unix"}), "osx": frozenset({"osx", "unix"}), "win": frozenset({"win"})}
_EXACT = {
    "linux-64": "linux64",
    "linux-aarch64": "aarch64",
    "linux-ppc64le": "ppc64le",
    "osx-64": "osx64",
    "osx-arm64": "arm64",
    "win-64": "win64",
}
SELECTABLE_PLATFORMS = tuple(_EXACT)
"""The platforms that have a selector of their own."""
SELECTORS = tuple(sorted({*_EXACT.values(), *(word for words in _FAMILIES.values() for word in words)}))
"""The words that mean something."""

_BRACKETS = re.compile(r"\[([^\[\]]+)\]")


def selector_of(line: str) -> str | None:
    """Return the word between the brackets of a line's selector, or None if the line has none.

    That is the last pair of brackets of its comment with no parenthesis after it. A line that is only a comment
    has none.
    """
    comment = line.find("#", 1)
    if comment < 0 or line.lstrip().startswith("#"):
        return None
    after = max(comment, line.rfind("("), line.rfind(")"))
    word = None
    for match in _BRACKETS.finditer(line, comment + 1):
        if match.end() > after:
            word = match.group(1)
    return word


def platform_words(platform: str) -> frozenset[str]:
    """Return the selectors that keep a line for ``platform``."""
    family = _FAMILIES.get(platform.split("-", 1)[0], frozenset())
    return family | ({_EXACT[platform]} if platform in _EXACT else frozenset())


def has_selectors(text: str) -> bool:
    """Say whether any line has a selector."""
    return "#" in text and any(selector_of(line) is not None for line in text.split("\n"))


def filter_lines(text: str, platform: str) -> str:
    """Return ``text`` with the lines that are not for ``platform`` emptied, so that line numbers stay what they are."""
    words = platform_words(platform)

    def kept(line: str) -> str:
        selector = selector_of(line)
        return line if selector is None or selector in words else ""

    return "\n".join(kept(line) for line in text.split("\n"))
