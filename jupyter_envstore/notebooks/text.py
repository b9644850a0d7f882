"""A notebook as the text of a JSON file, in which one member of its metadata is changed and every other byte stays.

The text is not written anew: who keeps notebooks in git wants to see the one change, whatever wrote the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jupyter_envstore.errors import NotebookError

MAX_BYTES = 100_000_000
"""Bytes of a notebook that is read. Outputs may be large; beyond this, one was most likely written by mistake."""
METADATA = "metadata"

_MARK = "\ufeff"
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Member:
    """Where a member of a JSON object stands in the text: its name, then its value, each from and up to an index."""

    name: str
    start: int
    value: int
    end: int


@dataclass(frozen=True)
class NotebookText:
    """A notebook's text, and the values that stand in it.

    Attributes
    ----------
    text
        As in the file, without a mark at its beginning.
    values
        The same as Python has it. It is not to be changed.
    where
        What messages call the notebook.
    mark
        The mark at the beginning of the file, or nothing.
    """

    text: str
    values: dict[str, Any]
    where: str
    mark: str = ""

    @classmethod
    def read(cls, data: bytes, where: str = "The file") -> NotebookText:
        """Read a notebook of whatever form: nbformat 2 to 4.

        Raises
        ------
        NotebookError
            When it is no notebook, or larger than is read.
        """
        if len(data) > MAX_BYTES:
            raise NotebookError(
                f"{where} has {len(data):,} bytes; of a notebook at most {MAX_BYTES:,} are read. Clear its outputs.",
                path=where,
                size=len(data),
            )
        try:
            text = data.decode()
            mark, text = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _no_notebook(where, "it is not JSON") from error
        if not isinstance(values, dict) or type(values.get("nbformat")) is not int:
            raise _no_notebook(where, "it does not say which form of notebooks it has")
        cells = "cells" if values["nbformat"] >= 4 else "worksheets"
        if not isinstance(values.get(cells), list) or not isinstance(values.get(METADATA), dict):
            raise _no_notebook(where, f"it has no {cells} or no metadata")
        return cls(text, values, where, mark)

    @property
    def metadata(self) -> dict[str, Any]:
        """What the notebook says of itself."""
        found: dict[str, Any] = self.values[METADATA]
        return found

    @property
    def sources(self) -> list[str]:
        """The texts of its code cells, in order; of a notebook of an old form, none."""
        return [source_of(cell) for cell in code_cells(self.values.get("cells"))]

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return (self.mark + self.text).encode("utf-8")

    def require_current(self) -> None:
        """Return when it has the form that notebooks have today.

        Raises
        ------
        NotebookError
            With how to bring it there.
        """
        if self.values["nbformat"] < 4:
            raise NotebookError(
                f"{self.where} is a notebook of an old form ({self.values['nbformat']}). Open and save it in Jupyter "
                "once, or run: jupyter nbconvert --to notebook --inplace",
                path=self.where,
            )

    def with_metadata(self, key: str, value: Any) -> NotebookText:
        """Return it with one member of the metadata set, the names in order as nbformat writes them.

        Raises
        ------
        NotebookError
            When its text is ambiguous, or nested too deeply: no program that writes notebooks makes such a file. When
            it would become larger than is read.
        """
        with _within_reach(self.where):
            if key in self.metadata and _canonical(self.metadata[key]) == _canonical(value):
                return self
            place, members = self._metadata()
            written = self._written(value, nested=2)
            there = next((member for member in reversed(members) if member.name == key), None)
            if there is not None:
                changed = self.text[: there.value] + written + self.text[there.end :]
            else:
                changed = self._inserted(place, members, key, f'"{key}": {written}')
            return self._checked(changed, {**self.metadata, key: value})

    def without_metadata(self, key: str) -> NotebookText:
        """Return it without one member of the metadata: what `with_metadata` added is taken away to the byte.

        Raises
        ------
        NotebookError
            When its text is ambiguous.
        """
        with _within_reach(self.where):
            if key not in self.metadata:
                return self
            place, members = self._metadata()
            number = next(number for number, member in enumerate(members) if member.name == key)
            gone = members[number]
            if number > 0:
                changed = self.text[: members[number - 1].end] + self.text[gone.end :]
            elif len(members) > 1:
                changed = self.text[: gone.start] + self.text[members[1].start :]
            else:
                inside = self.text[place.value + 1 : gone.start] + self.text[gone.end : place.end - 1]
                usual = self._line(2) + self._line(1)
                changed = self.text[: place.value] + f"{{{'' if inside == usual else inside}}}" + self.text[place.end :]
            return self._checked(changed, {name: value for name, value in self.metadata.items() if name != key})

    def _metadata(self) -> tuple[Member, list[Member]]:
        top = _members(self.text, _skip(self.text, 0))
        place = next(member for member in reversed(list(top)) if member.name == METADATA)
        return place, list(_members(self.text, place.value))

    def _inserted(self, place: Member, members: list[Member], key: str, entry: str) -> str:
        """Put a new member behind the last one whose name comes before it; how, `without_metadata` has to know."""
        text = self.text
        line = self._line(2) if self._indent is not None else " "
        earlier = 0
        while earlier < len(members) and members[earlier].name < key:
            earlier += 1
        if earlier:
            end = members[earlier - 1].end
            return f"{text[:end]},{line}{entry}{text[end:]}"
        if members:
            start = members[0].start
            return f"{text[:start]}{entry},{line}{text[start:]}"
        inside = text[place.value + 1 : place.end - 1]
        filled = f"{inside}{entry}" if inside else f"{self._line(2)}{entry}{self._line(1)}"
        return f"{text[: place.value]}{{{filled}}}{text[place.end :]}"

    def _checked(self, text: str, metadata: dict[str, Any]) -> NotebookText:
        values = json.loads(text)
        expected = {**self.values, METADATA: metadata}
        if values.keys() != expected.keys() or not all(_is_same(values[key], expected[key]) for key in values):
            # A name that occurs twice in one object, and the like.
            raise _no_notebook(self.where, "its text is ambiguous")
        if len(text) > len(self.text) and len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise NotebookError(
                f"{self.where} would have more than {MAX_BYTES:,} bytes, which are the most that are read. Clear its "
                "outputs. Nothing was changed.",
                path=self.where,
            )
        return NotebookText(text, values, self.where, self.mark)

    @property
    def _indent(self) -> str | None:
        """What one level is indented by, or None in a text that is one line."""
        first = _skip(self.text, _skip(self.text, 0) + 1)
        before = self.text.rfind("\n", 0, first)
        return None if before < 0 else self.text[before + 1 : first]

    def _line(self, level: int) -> str:
        """Return what begins a line of that level; nothing in a text that is one line."""
        indent = self._indent
        return "" if indent is None else self._newline + indent * level

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _written(self, value: Any, nested: int) -> str:
        indent = self._indent
        written = json.dumps(value, indent=indent or None, sort_keys=True, ensure_ascii=False)
        try:
            written.encode()
        except UnicodeEncodeError:  # half a character, which only an escape can say
            written = json.dumps(value, indent=indent or None, sort_keys=True)
        return written if indent is None else written.replace("\n", self._line(nested))


def code_cells(cells: Any) -> list[dict[str, Any]]:
    """Return those cells of a notebook that are cells of code."""
    listed = cells if isinstance(cells, list) else []
    return [cell for cell in listed if isinstance(cell, dict) and cell.get("cell_type") == "code"]


def source_of(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which may stand in it as one, or as a list of lines."""
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _members(text: str, start: int) -> Iterator[Member]:
    """Yield the members of the JSON object that begins at ``start``, in a text that is known to be JSON."""
    decoder = json.JSONDecoder()
    place = _skip(text, start + 1)
    while text[place] != "}":
        name, after = decoder.raw_decode(text, place)
        value = _skip(text, _skip(text, after) + 1)
        _, end = decoder.raw_decode(text, value)
        yield Member(name, place, value, end)
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same, NaN included; they may be large, and nearly always are equal at once."""
    return bool(one == other) or _canonical(one) == _canonical(other)


@contextmanager
def _within_reach(where: str) -> Iterator[None]:
    """Say in words that something is nested so deeply that it can be read, but no more."""
    try:
        yield
    except RecursionError as error:
        raise _no_notebook(where, "it is nested too deeply") from error


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _no_notebook(where: str, reason: str) -> NotebookError:
    return NotebookError(f"{where} is no Jupyter notebook: {reason}. Nothing was changed.", path=where)
