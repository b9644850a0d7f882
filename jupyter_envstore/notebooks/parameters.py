"""Values for a notebook's parameters, in papermill's way: a cell of their own behind the one tagged ``parameters``."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.notebooks.defaults import assigned_names
from jupyter_envstore.schemas import ErrorReport

TAG = "parameters"
INJECTED = "injected-parameters"
Value = str | int | float | bool | None

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.\d*|\.?\d+)(?:[eE][+-]?\d+)?")
_MOST_DIGITS = 4_000
"""Of an integer; Python reads hardly more."""
_LONGEST = 80
"""Characters of a name that is shown, or guessed."""
_MOST_LIKELY = 1_000
"""Names among which the one that was meant is looked for."""
_WORDS: dict[str, Value] = {"True": True, "true": True, "False": False, "false": False, "None": None, "null": None}


def read_parameters(texts: Sequence[str]) -> dict[str, Value]:
    """Read ``name=value`` as people write it: numbers, true, false and none are these, all else is text.

    Raises
    ------
    InvalidInputError
        When a text is none of that form.
    """
    values: dict[str, Value] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not _NAME.fullmatch(name):
            raise InvalidInputError(f"{text[:80]!a} gives no parameter a value: write name=value, as in year=2026.")
        values[name] = _value(value)
    return values


def inject(notebook: Any, parameters: Mapping[str, Value], language: str) -> list[ErrorReport]:
    """Put a cell with the values into a notebook, in place of one that an earlier run put there.

    Parameters
    ----------
    notebook
        As nbformat has it; it is changed.
    language
        Of the kernel.

    Returns
    -------
    What papermill would warn of: that no cell is tagged, or that it gives a name no value that could be replaced.

    Raises
    ------
    InvalidInputError
        When values cannot be said in that language.
    """
    if not parameters:
        return []
    import nbformat

    write = _LANGUAGES.get(language.lower())
    if write is None:
        raise InvalidInputError(
            f"Parameters can be given to notebooks in {', '.join(sorted(_LANGUAGES))}; this one is in "
            f"{language[:40]!a}."
        )
    source = "\n".join([f"{_COMMENT} Parameters", *(f"{name} = {write(value)}" for name, value in parameters.items())])
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": [INJECTED]})  # type: ignore[no-untyped-call]
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    earlier, tagged = _first(notebook, INJECTED), _first(notebook, TAG)
    if tagged is None:
        warnings = [_untagged(earlier)]
    else:
        warnings = list(_unknown(parameters, notebook.cells[tagged], language.lower()))
    if earlier is not None:
        notebook.cells[earlier] = cell
    else:
        notebook.cells.insert(0 if tagged is None else tagged + 1, cell)
    return warnings


_COMMENT = "#"


def _untagged(earlier: int | None) -> ErrorReport:
    where = "a new cell before all others" if earlier is None else f"cell {earlier + 1}, as in an earlier run"
    return ErrorReport(
        code="no_parameters_cell",
        message=f"No cell is tagged “{TAG}”: the values stand in {where}, and what the notebook itself gives these "
        "names further down counts. Tag the cell with its defaults.",
        details={"cell": 1 if earlier is None else earlier + 1},
    )


def _unknown(parameters: Mapping[str, Value], cell: Any, language: str) -> Iterator[ErrorReport]:
    """Yield a word on each parameter that the tagged cell does not have: most likely it is misspelt."""
    known = assigned_names(cell.source, language) if cell.cell_type == "code" else set()
    likely = sorted(name for name in known if len(name) <= _LONGEST)[:_MOST_LIKELY]
    for name in parameters:
        if name not in known:
            near = difflib.get_close_matches(name[:_LONGEST], likely, n=1)
            meant = f" Was {near[0]} meant?" if near else ""
            yield ErrorReport(
                code="unknown_parameter",
                message=f"The cell tagged “{TAG}” gives {name[:_LONGEST]} no value.{meant}",
                details={"parameter": name[:_LONGEST], "meant": near[0] if near else None},
            )


def _first(notebook: Any, tag: str) -> int | None:
    return next((number for number, one in enumerate(notebook.cells) if tag in _tags(one)), None)


def _tags(cell: Any) -> list[Any]:
    tags = cell.metadata.get("tags")
    return tags if isinstance(tags, list) else []


def _value(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text)
    number = float(text) if _NUMBER.fullmatch(text) else math.inf
    return text if math.isinf(number) else number  # what is too large for a number stays what was written


def _python(value: Value) -> str:
    return repr(value)


def _julia(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("$", "\\$")
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("None", "nothing")


def _r(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return {True: "TRUE", False: "FALSE"}[value] if isinstance(value, bool) else repr(value).replace("None", "NULL")


_LANGUAGES = {"python": _python, "r": _r, "julia": _julia}
