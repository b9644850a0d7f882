"""Edits for one platform alone: what the others are asked for stays as it is, to the letter.

There are selectors that keep a line for some platforms, and none that leaves a platform out. So a line that is not to
hold on one platform is written once for each group of the others.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.document import Node, compose
from jupyter_envstore.specification.selectors import (
    SELECTABLE_PLATFORMS,
    cover,
    own_word,
    platform_words,
    platforms_of_word,
    selector_of,
    with_selector,
)
from jupyter_envstore.specification.specification import Specification
from jupyter_envstore.specification.splicing import Splicer
from jupyter_envstore.specification.writing import scalar

USUAL_PLATFORMS = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")
"""Those that an edit for another one must leave alone, whether or not the text lists them."""


def change_for_platform(
    before: Specification, platform: str, remove: Collection[str], add: Sequence[str]
) -> Specification:
    """Return a specification that asks for something else on ``platform``, and on all others for the same as before.

    Parameters
    ----------
    remove
        Requirements as they are written, at least one.
    add
        Requirements that stand instead.

    Raises
    ------
    SpecificationError
        When the text is written in a way that cannot be changed so.
    """
    word = own_word(platform)
    if word is None:
        raise SpecificationError(f"No selector means {platform}; {', '.join(SELECTABLE_PLATFORMS)} have one.")
    others = {*USUAL_PLATFORMS, *before.platforms} - {platform}
    items = [item for item in _items(before, platform) if item.text.strip() in remove]
    if not items:
        raise SpecificationError(f"Nothing of that is asked for on {platform} in a line of its own.")
    splicer = Splicer(before.text)
    lines = before.text.split("\n")
    for item in reversed(items):
        selector = selector_of(lines[item.line])
        there = frozenset(SELECTABLE_PLATFORMS) if selector is None else platforms_of_word(selector)
        words = cover(there & others, avoid={platform, *(set(SELECTABLE_PLATFORMS) - there)})
        written = [_with_selector(lines[item.line], one, item) for one in words]
        if item is items[0]:
            prefix = splicer.before(item)
            written += [_with_selector(f"{prefix}{scalar(text)}", word, item) for text in add]
        splicer.delete_lines(item.line, item.line)
        splicer.insert_lines(item.line, written)
    after = Specification.parse(splicer.text)
    if any(_asked(after, other) != _asked(before, other) for other in others):
        raise SpecificationError("The text is written in a way that this would change other platforms too.")
    return after


def changed_lines(before: str, after: str) -> list[tuple[int, list[str], list[str]]]:
    """Return what differs between two texts: the line where it begins, from 1, lines taken out, and lines put in."""
    old, new = before.split("\n"), after.split("\n")
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i1 + 1, old[i1:i2], new[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag != "equal"]


def _asked(specification: Specification, platform: str) -> tuple[str, ...] | None:
    """Return what is asked for on a platform; None where the lines that are left for it make no specification."""
    try:
        return specification.dependencies_for(platform)
    except SpecificationError:
        return None


def _items(specification: Specification, platform: str) -> list[Node]:
    """Return the requirements that hold on a platform and stand in lines of their own."""
    root = compose(specification.text)
    pairs = root.pairs if root is not None else []
    node = next((value for key, value in pairs if key.text == "dependencies"), None)
    if node is None or node.flow:
        return []
    lines = specification.text.split("\n")
    words = platform_words(platform)
    found = []
    for item in node.items:
        selector = selector_of(lines[item.line])
        own_line = item.kind == "scalar" and not item.flow and item.line == item.end_line
        if own_line and (selector is None or selector in words):
            found.append(item)
    return found


def _with_selector(line: str, word: str, item: Node) -> str:
    try:
        return with_selector(line, word)
    except ValueError:
        raise SpecificationError(
            "The comment of this line leaves no room for a selector. Edit the text itself.", line=item.line + 1
        ) from None
