"""Which of two conda versions is newer, as conda orders them. Pure Python: the server never loads the solver for it.

A version is ``epoch!main+local``. Main and local are lists of parts, split at ``.``, ``_`` and ``-``; a part is a list
of numbers and words. Words come before numbers (``1.0rc1`` before ``1.0``), ``dev`` before all words and ``post`` after
all numbers, and what is missing counts as zero.
"""

from __future__ import annotations

import functools
import re
from itertools import zip_longest

Atom = tuple[int, int, str]
"""Rank, number, word: compares as conda compares."""
Part = tuple[Atom, ...]

_ATOM = re.compile(r"[0-9]+|[^0-9]+")
_ZERO: Atom = (2, 0, "")
MAX_DIGITS = 40
"""Longer numbers are cut: they come from strangers, and reading digits takes time that grows with their square."""


@functools.lru_cache(maxsize=8192)
def parts_of(version: str) -> tuple[int, tuple[Part, ...], tuple[Part, ...]]:
    """Return epoch, main parts and local parts. Any text has some: what is no version is ordered as its words are."""
    text = version.strip().lower()
    epoch, mark, rest = text.partition("!")
    if not mark or not epoch.isdecimal():
        epoch, rest = "0", text
    main, _, local = rest.partition("+")
    return int(epoch[:MAX_DIGITS]), _parts(main), _parts(local) if local else ()


def compare_versions(one: str, other: str) -> int:
    """Return -1, 0 or 1 when ``one`` is older than, as new as, or newer than ``other``."""
    if one == other:
        return 0
    first, second = parts_of(one), parts_of(other)
    if first[0] != second[0]:
        return -1 if first[0] < second[0] else 1
    return _compare(first[1], second[1]) or _compare(first[2], second[2])


def starts_with(version: str, prefix: str) -> bool:
    """Tell whether ``version`` is ``prefix`` or one under it: 1.26.4 under 1.26, but not 1.260 nor 1.2."""
    (epoch, main, local), (wanted_epoch, wanted, wanted_local) = parts_of(version), parts_of(prefix)
    if epoch != wanted_epoch:
        return False
    if wanted_local:
        return not _compare(main, wanted) and _begins(local, wanted_local)
    return _begins(main, wanted)


def _begins(parts: tuple[Part, ...], prefix: tuple[Part, ...]) -> bool:
    if not prefix:
        return True
    *before, last = prefix
    if _compare(parts[: len(before)], tuple(before)):
        return False
    part = parts[len(before)] if len(before) < len(parts) else (_ZERO,)
    for number, wanted in enumerate(last):
        atom = part[number] if number < len(part) else _ZERO
        final = number == len(last) - 1
        if atom != wanted and not (final and wanted[0] == atom[0] == 1 and atom[2].startswith(wanted[2])):
            return False
    return True


def _compare(one: tuple[Part, ...], other: tuple[Part, ...]) -> int:
    for part, against in zip_longest(one, other, fillvalue=()):
        for atom, facing in zip_longest(part, against, fillvalue=_ZERO):
            if atom != facing:
                return -1 if atom < facing else 1
    return 0


def _parts(text: str) -> tuple[Part, ...]:
    # A mark at the very end is no separator: openssl wrote 1.0.1_ for what comes before 1.0.1a.
    text = text.replace("-", "_")
    body, end = (text[:-1], "_") if text.endswith("_") else (text, "")
    pieces = body.replace("_", ".").split(".")
    pieces[-1] += end
    return tuple(_part(piece) for piece in pieces)


def _part(text: str) -> Part:
    atoms = tuple(_atom(token) for token in _ATOM.findall(text))
    # A part that begins with a word has a zero before it, so that numbers face numbers.
    return (_ZERO, *atoms) if atoms and not text[0].isdecimal() else atoms


def _atom(token: str) -> Atom:
    if token[0].isdecimal():
        return (2, int(token[:MAX_DIGITS]), "")
    if token == "post":
        return (3, 0, "")
    if token == "dev":
        return (0, 0, "")
    return (1, 0, token)
