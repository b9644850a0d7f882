"""The source of a cell, taken apart: what is Python, and what are commands of IPython or of a shell.

IPython's own transformation is not used: it belongs to the kernel, and the store runs without it. What cannot be parsed
is read line by line, so that one bad line does not hide the imports of the others.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from dataclasses import dataclass

MOST_PARSED = 500_000
"""Characters of a cell that are parsed; one with more was not written by a person, and is read line by line."""

_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "pypy", "debug", "px", "memit"})
"""Cell magics whose cell is Python."""
_SHELL_MAGICS = frozenset({"bash", "sh", "zsh", "system", "sx", "cmd", "!"})
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>!|[A-Za-z_]\w*)(?P<rest>.*)")
_SCRIPT = re.compile(r"\s*(?:/\S*/)?(?:env\s+)?(?P<program>bash|sh|zsh|python3?)\b")
_COMMAND = re.compile(r"(?P<indent>\s*)(?P<target>[A-Za-z_][\w., ]{0,200}=\s*)?(?P<sign>!!?|%)(?P<rest>\S.*)")
_HELP = re.compile(r"\s*(\?{1,2}\S.*|\S[^#'\"]*\?{1,2})\s*")
_AUTOMAGIC = re.compile(r"\s*(?P<rest>(?:pip|conda|mamba|micromamba|uv)\s+\S.*)")
_warnings = threading.Lock()


@dataclass(frozen=True)
class Command:
    """A command of a shell, or a magic.

    Attributes
    ----------
    line
        Of the cell, from 1.
    magic
        Whether ``%`` stands before it, so that its first word names a magic.
    text
        Without what stands before it.
    """

    line: int
    text: str
    magic: bool = False


@dataclass(frozen=True)
class Source:
    """A cell taken apart.

    Attributes
    ----------
    tree
        Its Python, None when that cannot be parsed.
    python
        The text of its Python, line by line as in the cell; commands are left out.
    commands
        In order.
    """

    tree: ast.Module | None
    python: str
    commands: tuple[Command, ...] = ()

    @classmethod
    def read(cls, text: str) -> Source:
        """Take a cell apart."""
        first, _, body = text.lstrip("\n").partition("\n")
        cell_magic = _CELL_MAGIC.match(first)
        if cell_magic is None:
            return cls._read_lines(text)
        skipped = len(text) - len(text.lstrip("\n")) + 1
        name = cell_magic["name"]
        if name == "script":
            program = _SCRIPT.match(cell_magic["rest"])
            name = program["program"] if program else ""
        if name in _SHELL_MAGICS:
            return cls(None, "", _shell(body, skipped))
        if name in _PYTHON_MAGICS:
            return cls._read_lines("\n" * skipped + body)
        return cls(None, "", ())

    @classmethod
    def _read_lines(cls, text: str) -> Source:
        tree = _parse(text)
        if tree is not None:
            return cls(tree, text)  # no command can be parsed as Python
        python, commands = _without_commands(text)
        return cls(_parse(python), python, tuple(commands))


def _without_commands(text: str) -> tuple[str, list[Command]]:
    kept: list[str] = []
    commands: list[Command] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line, start = lines[number], number
        found = _COMMAND.fullmatch(line) or _AUTOMAGIC.fullmatch(line)
        if found is None:
            kept.append("" if _HELP.fullmatch(line) else line)
            number += 1
            continue
        words = found["rest"]
        while words.endswith("\\") and number + 1 < len(lines):
            number += 1
            words = f"{words[:-1]} {lines[number].strip()}"
        parts = found.groupdict()
        commands.append(Command(start + 1, words.strip(), magic=parts.get("sign") == "%"))
        indent = len(line) - len(line.lstrip())
        # A block may hold nothing but commands, and its lines must keep their numbers.
        kept += [f"{' ' * indent}pass"] + [""] * (number - start)
        number += 1
    return "\n".join(kept), commands


def _shell(body: str, skipped: int) -> tuple[Command, ...]:
    lines = [(number, line.strip()) for number, line in enumerate(body.split("\n"), start=skipped + 1)]
    return tuple(Command(number, line) for number, line in lines if line and not line.startswith("#"))


def _parse(text: str) -> ast.Module | None:
    if len(text) > MOST_PARSED:
        return None
    try:
        # The parser complains of a stranger's backslashes as if they were ours.
        with _warnings, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
        # The last where another thread parses too: CPython then may lose count of how deep it is.
        return None
