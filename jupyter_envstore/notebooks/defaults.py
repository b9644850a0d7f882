"""Which names the cell tagged ``parameters`` gives a value. Nothing of it is run."""

from __future__ import annotations

import ast
import re

from jupyter_envstore.notebooks.report.sources import Source

_SIGN = re.compile(r"<<?-|(?<![=!<>])=(?!=)")
"""What assigns to what stands before it, in Python, R or Julia."""
_WORD = re.compile(r"[A-Za-z_]\w*")


def assigned_names(source: str, language: str) -> set[str]:
    """Return the names that a cell assigns, as far as can be told; rather too many than one too few."""
    if language != "python":
        return _by_lines(source)
    read = Source.read(source)
    if read.tree is None:
        return _by_lines(source)
    names = {one.id for one in ast.walk(read.tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return names | _by_lines(source) if read.commands else names  # such as: files = !ls


def _by_lines(source: str) -> set[str]:
    names: set[str] = set()
    for line in source.splitlines():
        code = line.partition("#")[0]
        left = _SIGN.split(code)[:-1]
        right = code.rpartition("->")[2] if "->" in code else ""  # as R has it
        names.update(_WORD.findall(" ".join([*left, right])))
    return names
