"""Platform selectors: comments like ``# [linux]`` that keep a line for some platforms only, as conda-lock reads them.

A line whose comment ends with one word in brackets stands only for the platforms that the word names; a word that is
not known names none. Plain conda reads such a line everywhere. Works on lines, before YAML, as conda-lock does.
"""

from __future__ import annotations

import re
from collections.abc import Collection

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


def own_word(platform: str) -> str | None:
    """Return the selector that keeps a line for ``platform`` alone, or None when there is none."""
    return _EXACT.get(platform)


def platforms_of_word(word: str) -> frozenset[str]:
    """Return the platforms for which a selector keeps a line."""
    return frozenset(platform for platform in _EXACT if word in platform_words(platform))


def cover(platforms: Collection[str], avoid: Collection[str]) -> list[str]:
    """Return few selectors that keep a line for all of ``platforms`` and for none of ``avoid``."""
    words: list[str] = []
    left = set(platforms)
    # The widest first; a family's word before the same with a number, as people write it.
    for word in sorted(SELECTORS, key=lambda word: (-len(platforms_of_word(word)), word in _EXACT.values(), word)):
        reach = platforms_of_word(word)
        if left & reach and not reach & set(avoid):
            words.append(word)
            left -= reach
    return words


def with_selector(line: str, word: str) -> str:
    """Return a line with ``word`` as its selector, in place of one that it has; its comment stays.

    Raises
    ------
    ValueError
        When its comment is written in a way that lets it have none.
    """
    present = selector_of(line)
    if present is not None:
        start = line.rindex(f"[{present}]")
        written = f"{line[:start]}[{word}]{line[start + len(present) + 2 :]}"
    elif line.find("#", 1) >= 0:
        written = f"{line.rstrip()} [{word}]"
    else:
        written = f"{line.rstrip()}  # [{word}]"
    if selector_of(written) != word:
        raise ValueError(f"no selector can be written into {line!r}")
    return written
