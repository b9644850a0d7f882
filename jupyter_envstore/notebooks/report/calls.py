"""Commands that a cell starts from Python: ``subprocess.run(["pip", "install", "x"])``, ``os.system("pip install x")``.

Told by the names of functions and by what stands there word for word; what is put together at run time is not read.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator

from jupyter_envstore.notebooks.report.sources import Command

_STARTING = frozenset({"system", "popen", "Popen", "run", "call", "check_call", "check_output", "getoutput"})
_INTERPRETER = "sys.executable"


def commands_started(tree: ast.Module) -> Iterator[Command]:
    """Yield what the calls of a cell would start."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _STARTING:
            given = node.args[:1] or [keyword.value for keyword in node.keywords if keyword.arg == "args"]
            text = _text(given[0]) if given else ""
            if text:
                yield Command(node.lineno, text)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(given: ast.expr) -> str:
    """Return a command as a shell would read it; empty where it is none that can be read."""
    if isinstance(given, ast.Constant):
        return given.value if isinstance(given.value, str) else ""
    if isinstance(given, (ast.List, ast.Tuple)):
        words = [_word(one) for one in given.elts]
        return shlex.join(words) if words and words[0] else ""
    return ""


def _word(given: ast.expr) -> str:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return given.value
    return _INTERPRETER if isinstance(given, ast.Attribute) and given.attr == "executable" else ""
