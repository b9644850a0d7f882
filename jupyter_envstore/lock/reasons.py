"""The solver's error text → a tree of `Reason`. Plain Python on text; never fails, at worst one node holds it all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jupyter_envstore.lock.urls import hide_credentials
from jupyter_envstore.schemas import Reason

_LINE = re.compile(r"(?P<indent>(?:[│ ]  )*)(?P<branch>[├└]─ )?(?P<text>.*)")
_OPENING = "Cannot solve the request because of: "
_HEADINGS = {"The following packages are incompatible", ""}
MAX_DEPTH = 12


def parse_reasons(text: str) -> list[Reason]:
    """Read the tree that the solver draws with box characters."""
    lines = list(_lines(hide_credentials(text)))
    children, _ = _take(lines, 0, 0)
    return children


def clean_text(text: str) -> str:
    """Return the solver's text without its opening words and without secrets."""
    return hide_credentials(text).removeprefix(_OPENING).strip()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line in text.removeprefix(_OPENING).splitlines():
        match = _LINE.fullmatch(line)
        if match is None or not match["text"].strip():
            continue
        depth = len(match["indent"]) // 3 + (1 if match["branch"] else 0)
        yield min(depth, MAX_DEPTH), _sentence(match["text"])


def _sentence(text: str) -> str:
    text = re.sub(r"(?<=\S) \*(?=[ ,.]|$)", "", text.strip())  # “numpy *” is numpy, any version
    return text.removesuffix(":").removesuffix(", which can be installed with any of the following options")


def _take(lines: list[tuple[int, str]], start: int, depth: int) -> tuple[list[Reason], int]:
    reasons: list[Reason] = []
    position = start
    while position < len(lines) and lines[position][0] >= depth:
        level, text = lines[position]
        children, position = _take(lines, position + 1, level + 1)
        if text in _HEADINGS:
            reasons.extend(children)
        else:
            reasons.append(Reason(text=text, because=children))
    return reasons, position
