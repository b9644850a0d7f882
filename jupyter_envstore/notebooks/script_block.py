"""The block of PEP 723 in a notebook's cell, as juv and pixi write it: read as TOML, never run."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any

from jupyter_envstore.errors import SpecificationError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

_BLOCK = re.compile(r"^# /// (?P<type>[a-zA-Z0-9-]+)[ \t]*\n(?P<content>(?:^#(?:| .*)\n)+?)^# ///[ \t]*$", re.MULTILINE)
_LONGEST = 1_000_000
"""Characters of a cell that is looked into."""


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
        for block in _BLOCK.finditer(source.replace("\r\n", "\n")):
            if block["type"] == "script":
                return parse_toml(
                    "\n".join(line[2:] for line in block["content"].splitlines()), "The block “# /// script”"
                )
    return None


def parse_toml(text: str, what: str) -> dict[str, Any]:
    """Return the values of a TOML text.

    Raises
    ------
    SpecificationError
        When it is none.
    """
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SpecificationError(f"{what} of the notebook is no TOML: {str(error)[:200]}.") from None
    return values
