"""How checks say what they found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jupyter_envstore.schemas import NotebookPlace
from jupyter_envstore.specification.credentials import has_credentials

MOST_PLACES = 100
_MOST_NAMED = 4
_LONGEST = 80
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def number(count: int) -> str:
    """Return a number as a sentence begins with it."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def counted(count: int, noun: str) -> str:
    """Return ``1 package``, ``2 packages``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Iterable[str]) -> str:
    """Return the first names, and how many there are besides."""
    every = list(names)
    more = len(every) - _MOST_NAMED
    shown = every if more <= 1 else every[:_MOST_NAMED]
    return ", ".join(shown) + (f" and {more} more" if more > 1 else "")


def in_cells(places: Sequence[NotebookPlace]) -> str:
    """Return ``shap (cell 7), xgboost (cells 9, 12)``."""
    cells: dict[str, list[int]] = {}
    for place in places:
        found = cells.setdefault(place.what, [])
        if place.cell not in found:
            found.append(place.cell)
    return listed(f"{what} ({cells_of(numbers, 3)})".strip() for what, numbers in cells.items())


def shown(text: str) -> str:
    """Return a stranger's text as a report shows it: short, on one line, and never with a credential."""
    if has_credentials(text):
        return "(not shown: it may carry a credential)"
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def cells_of(numbers: Sequence[int], most: int = 10) -> str:
    """Return ``cell 7``, ``cells 9, 12``: not more than so many, and a sign that there are more."""
    if len(numbers) == 1:
        return f"cell {numbers[0]}"
    first = ", ".join(str(one) for one in numbers[:most])
    return f"cells {first}" + (" …" if len(numbers) > most else "")
