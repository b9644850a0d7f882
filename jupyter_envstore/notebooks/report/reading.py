"""A notebook as the report looks at it: its cells in order, whatever form of notebooks it has.

More is accepted than nbformat would: a report on a file that is slightly wrong is worth more than none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jupyter_envstore.errors import NotebookError
from jupyter_envstore.notebooks.report.sources import Source

MAX_BYTES = 100_000_000
"""Bytes of a notebook that is read. Outputs may be large; beyond this, one was most likely written by mistake."""
MOST_CELLS = 20_000
"""Cells that are looked at."""
_PYTHON = ("python", "python2", "python3", "ipython")


@dataclass(frozen=True)
class CodeCell:
    """A cell of code.

    Attributes
    ----------
    number
        Which of all cells, from 1.
    text
        Its source.
    count
        The number that it got when it was run; None when it was not.
    has_outputs
        Whether something stands below it.
    failed
        Whether that is an error.
    """

    number: int
    text: str
    count: int | None = None
    has_outputs: bool = False
    failed: bool = False

    @cached_property
    def source(self) -> Source:
        """The source with the commands of IPython taken apart from Python."""
        return Source.read(self.text)


@dataclass(frozen=True)
class Notebook:
    """What a notebook says.

    Attributes
    ----------
    cells
        Those of code, in order.
    metadata
        As it stands in the file.
    texts
        The sources of all other cells, by number.
    """

    cells: tuple[CodeCell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)

    @property
    def sources(self) -> list[str]:
        """The texts of its code cells."""
        return [cell.text for cell in self.cells]

    @property
    def kernel(self) -> str:
        """Name of the kernel, or empty."""
        return _text(_mapping(self.metadata.get("kernelspec")).get("name"))

    @property
    def language(self) -> str:
        """The language in lower case; Python where nothing is said."""
        info = _mapping(self.metadata.get("language_info"))
        spec = _mapping(self.metadata.get("kernelspec"))
        said = _text(info.get("name")) or _text(spec.get("language"))
        return "python" if not said or said.lower() in _PYTHON else said.lower()

    @property
    def language_version(self) -> str:
        """The version of the language that ran it last, or empty."""
        return _text(_mapping(self.metadata.get("language_info")).get("version"))


def read_notebook(content: bytes | Mapping[str, Any], name: str = "The file") -> Notebook:
    """Read a notebook, as bytes or as the values of its JSON.

    Raises
    ------
    NotebookError
        When it is none.
    """
    values: Any = content
    if isinstance(content, bytes):
        if len(content) > MAX_BYTES:
            raise NotebookError(f"{name} has more than {MAX_BYTES:,} bytes. Clear its outputs.", path=name)
        try:
            values = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise NotebookError(f"{name} is no Jupyter notebook: it is not JSON.", path=name) from error
    if not isinstance(values, Mapping) or not any(isinstance(values.get(key), list) for key in ("cells", "worksheets")):
        raise NotebookError(f"{name} is no Jupyter notebook: it has no cells.", path=name)
    code, texts = [], {}
    for number, cell in enumerate(_cells(values), start=1):
        if number > MOST_CELLS:
            break
        text = _source(cell)
        if cell.get("cell_type") == "code":
            code.append(_code_cell(number, text, cell))
        else:
            texts[number] = text
    return Notebook(tuple(code), _mapping(values.get("metadata")), texts)


def _cells(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = values.get("cells")
    if not isinstance(listed, list):  # before nbformat 4
        listed = []
        for sheet in values["worksheets"]:
            inner = _mapping(sheet).get("cells")
            listed += inner if isinstance(inner, list) else []
    yield from (cell for cell in listed if isinstance(cell, Mapping))


def _code_cell(number: int, text: str, cell: Mapping[str, Any]) -> CodeCell:
    count = cell.get("execution_count", cell.get("prompt_number"))
    listed = cell.get("outputs")
    outputs = [_mapping(output) for output in listed] if isinstance(listed, list) else []
    return CodeCell(
        number,
        text,
        count if isinstance(count, int) and not isinstance(count, bool) else None,
        has_outputs=bool(outputs),
        failed=any(output.get("output_type") in ("error", "pyerr") for output in outputs),
    )


def _source(cell: Mapping[str, Any]) -> str:
    written = cell.get("source", cell.get("input"))
    if isinstance(written, list):
        return "".join(part for part in written if isinstance(part, str))
    return _text(written)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
