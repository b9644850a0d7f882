"""What the cells of a notebook import. Told from the text alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jupyter_envstore.notebooks.report.beside import module_named
from jupyter_envstore.notebooks.report.reading import CodeCell

_LINE = re.compile(r"\s*(?:from\s+(?P<base>[A-Za-z_][\w.]*)\s+import\b|import\s+(?P<names>[A-Za-z_][\w.\s,]*))")
_EXTENSION = re.compile(r"(?:load_ext|reload_ext)\s+(?P<name>[A-Za-z_][\w.]*)")
_WRITTEN = re.compile(r"\s*%%(?:writefile|file)[ \t]+(?:(?:-a|--append)[ \t]+)?(?P<path>[^\s\"']+)")
_OWN_EXTENSIONS = frozenset({"autoreload", "storemagic"})
"""Those that IPython itself brings, under names that are no modules."""
_GUARDS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True)
class Import:
    """A module that a cell imports.

    Attributes
    ----------
    module
        Its dotted name.
    members
        What is taken from it: modules, perhaps.
    cell, line
        Where.
    optional
        Whether the notebook goes on without it.
    """

    module: str
    cell: int
    line: int
    members: tuple[str, ...] = ()
    optional: bool = False

    @property
    def top(self) -> str:
        """The first part of its name."""
        return self.module.partition(".")[0]


def imports_of(cells: Iterable[CodeCell]) -> list[Import]:
    """Return what Python cells import, in order. What is relative (``from . import``) is left out."""
    return [found for cell in cells for found in _of_cell(cell)]


def modules_written(cells: Iterable[CodeCell]) -> frozenset[str]:
    """Return the top-level names of modules that cells write into the notebook's folder."""
    names = set()
    for cell in cells:
        found = _WRITTEN.match(cell.text)
        if found:
            first, separator, _ = found["path"].removeprefix("./").partition("/")
            names.add(module_named(first, is_folder=bool(separator)))
    return frozenset(name for name in names if name)


def _of_cell(cell: CodeCell) -> Iterator[Import]:
    source = cell.source
    for command in source.commands:
        extension = _EXTENSION.match(command.text) if command.magic else None
        if extension and extension["name"] not in _OWN_EXTENSIONS:
            yield Import(extension["name"], cell.number, command.line)
    if source.tree is not None:
        yield from _of_tree(source.tree, cell.number)
    else:
        yield from _of_lines(source.python, cell.number)


def _of_tree(tree: ast.Module, cell: int) -> Iterator[Import]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    found: list[Import] = []
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            found += [Import(alias.name, cell, node.lineno, optional=optional) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level and node.module != "__future__":
                members = tuple(alias.name for alias in node.names)
                found.append(Import(node.module, cell, node.lineno, members, optional))
        elif isinstance(node, ast.Try):
            guarded = optional or any(_catches_imports(handler) for handler in node.handlers)
            waiting += [(child, guarded) for child in node.body]
            waiting += [(child, optional) for child in [*node.orelse, *node.finalbody]]
            # What stands in for a missing module may be missing as well: one of the two is enough.
            waiting += [(child, guarded) for handler in node.handlers for child in handler.body]
        elif isinstance(node, ast.If) and _is_for_types(node.test):
            waiting += [(child, True) for child in node.body] + [(child, optional) for child in node.orelse]
        elif isinstance(node, (ast.stmt, ast.Module, ast.ExceptHandler, ast.match_case)):
            waiting += [(child, optional) for child in ast.iter_child_nodes(node)]
    yield from sorted(found, key=lambda one: one.line)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(one, ast.Name) and one.id in _GUARDS for one in caught)


def _is_for_types(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def _of_lines(text: str, cell: int) -> Iterator[Import]:
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.match(line[:2000])
        if found is None:
            continue
        if found["base"]:
            yield Import(found["base"], cell, number)
            continue
        for part in found["names"].split(","):
            words = part.split()
            if words and (len(words) == 1 or words[1] == "as"):
                yield Import(words[0], cell, number)
