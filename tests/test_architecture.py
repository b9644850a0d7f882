"""The rules of the house: which part may know which, and what is never loaded where."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "jupyter_envstore"
LEVELS: list[set[str]] = [
    # Each part may import its own modules and those of the levels below it.
    {"app", "jobs"},
    {"handlers", "cli"},
    {"background"},
    {"store"},
    {"switching", "revisions", "coverage", "schedule", "notebooks"},
    {"comparisons", "presentation", "disk"},
    {"targets"},
    {"builds"},
    {"share"},
    {"workers"},
    {"kernels"},
    {"catalog"},
    {"policy"},
    {"prefixes", "lock", "changes"},
    {"machine"},
    {"specification", "settings", "folder"},
    {"schemas"},
    {"references", "layout", "login"},
    {"errors"},
]
NATIVE = ("rattler", "conda_lock")
SERVER = ("tornado", "jupyter_server")


def _modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "labextension" not in path.parts]


def _part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each module imported, and whether that happens when the file itself is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    later = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_type_checking(node)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node not in later) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node not in later


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _level(part: str) -> int:
    return next(number for number, parts in enumerate(LEVELS) if part in parts)


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_one_way(path: Path) -> None:
    part = _part(path)
    if part == "__init__":
        return
    for module, _ in _imports(path):
        if module.startswith("jupyter_envstore."):
            other = module.split(".")[1]
            assert other == part or _level(other) > _level(part), f"{part} must not know {other}"


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_workers_know_native_code_and_only_handlers_know_the_server(path: Path) -> None:
    part = _part(path)
    for module, at_import in _imports(path):
        if module.split(".")[0] in NATIVE:
            assert part in ("workers", "lock"), f"{module} must not be imported in {part}"
        if module.split(".")[0] in SERVER:
            assert part in ("app", "handlers", "__init__"), f"{module} must not be imported in {part}"
            assert part != "__init__" or not at_import


def test_every_file_is_named_by_what_it_holds() -> None:
    for path in _modules():
        assert path.stem not in ("utils", "helpers", "misc", "common", "manager"), path


def test_the_command_line_loads_neither_solver_nor_server(tmp_path: Path) -> None:
    program = (
        "import sys; from jupyter_envstore.store import EnvStore\n"
        f"store = EnvStore(root_dir={str(tmp_path / 'store')!r})\n"
        "store.environments.list(); store.builds.list(); store.presentation\n"
        "import jupyter_envstore.builds.runner, jupyter_envstore.builds.surroundings\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {*NATIVE, *SERVER} & set(done.stdout.split())
