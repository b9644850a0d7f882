"""The block of PEP 723 in a notebook's cell, as juv and pixi write it: read as TOML, never run."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from jupyter_envstore.errors import SpecificationError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

_BEGIN = re.compile(r"# /// (?P<type>[a-zA-Z0-9-]+)[ \t]*")
_END = re.compile(r"# ///[ \t]*")
_LONGEST = 1_000_000
"""Characters of a cell that is looked into."""
_MOST_TOML = 4_000_000
"""Characters of a TOML text that is read, which takes a second or two: a lock of a thousand packages has a third."""


def read_script_block(sources: Iterable[str]) -> dict[str, Any] | None:
    """Return the values of the first block of a script's metadata; None where there is none.

    Parameters
    ----------
    sources
        The texts of the code cells.

    Raises
    ------
    SpecificationError
        When it is no TOML.
    """
    for source in sources:
        if "# ///" not in source or len(source) > _LONGEST:
            continue
        for kind, lines in _blocks(source.replace("\r\n", "\n")):
            if kind == "script":
                return parse_toml("\n".join(lines), "The block “# /// script”")
    return None


def _blocks(source: str) -> Iterator[tuple[str, list[str]]]:
    """Yield type and lines of each block. Line by line: a pattern for all of it takes minutes for what never ends."""
    kind = ""
    lines: list[str] = []
    for line in source.split("\n"):
        if kind and lines and _END.fullmatch(line):
            yield kind, lines
            kind, lines = "", []
        elif kind and (line == "#" or line.startswith("# ")):
            lines.append(line[2:])
        else:
            begin = _BEGIN.fullmatch(line)
            kind, lines = begin["type"] if begin else "", []


def parse_toml(text: str, what: str) -> dict[str, Any]:
    """Return the values of a TOML text.

    Raises
    ------
    SpecificationError
        When it is none, or too long to be read.
    """
    if len(text) > _MOST_TOML:
        raise SpecificationError(f"{what} of the notebook has more than {_MOST_TOML:,} characters.")
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SpecificationError(f"{what} of the notebook is no TOML: {str(error)[:200]}.") from None
    return values
