"""Change which kernel a notebook names, and leave every other byte of the file as it is.

The text is not written anew: who keeps notebooks in git wants to see the one change, whatever wrote the file.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import NotebookError

KEY = "kernelspec"
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Member:
    """Where a member of a JSON object stands in the text: its name, then its value, each from and up to an index."""

    name: str
    start: int
    value: int
    end: int


def read_kernelspec(path: Path) -> dict[str, Any]:
    """Return what a notebook says of its kernel; nothing when it says nothing.

    Raises
    ------
    NotebookError
        When the file is no notebook, or cannot be read.
    """
    named = _read(path)[1]["metadata"].get(KEY)
    return named if isinstance(named, dict) else {}


def write_kernelspec(path: Path, kernelspec: dict[str, str]) -> bool:
    """Let a notebook name that kernel; return whether the file was changed.

    Raises
    ------
    NotebookError
        When the file is no notebook, or cannot be read or written. It is left as it is.
    """
    text, notebook = _read(path)
    if notebook["metadata"].get(KEY) == kernelspec:
        return False
    changed = _with_kernelspec(text, kernelspec)
    notebook["metadata"][KEY] = kernelspec
    if _canonical(json.loads(changed)) != _canonical(notebook):
        # A name that occurs twice in one object, and the like: no program that writes notebooks makes such a file.
        raise _no_notebook(path, "its text is ambiguous")
    _replace(path, changed.encode())
    return True


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_bytes().decode()
        notebook = json.loads(text)
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise _no_notebook(path, "it is not JSON") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        raise _no_notebook(path, "it does not say which form of notebooks it has")
    if notebook["nbformat"] < 4:
        raise NotebookError(
            f"{path} is a notebook of an old form ({notebook['nbformat']}). Open and save it in Jupyter once, or run: "
            "jupyter nbconvert --to notebook --inplace",
            path=str(path),
        )
    if not isinstance(notebook.get("cells"), list) or not isinstance(notebook.get("metadata"), dict):
        raise _no_notebook(path, "it has no cells or no metadata")
    return text, notebook


def _with_kernelspec(text: str, kernelspec: dict[str, str]) -> str:
    top = list(_members(text, _skip(text, 0)))
    metadata = next(member for member in reversed(top) if member.name == "metadata")
    inner = list(_members(text, metadata.value))
    indent = _indent(text, top[0].start)
    value = _written(text, kernelspec, indent)
    for member in reversed(inner):
        if member.name == KEY:
            return text[: member.value] + value + text[member.end :]
    entry = f'"{KEY}": {value}'
    line = f"{_newline(text)}{indent * 2}" if indent is not None else " "
    later = next((member for member in inner if member.name > KEY), None)
    if later is not None:  # names in order, as nbformat writes them
        return f"{text[: later.start]}{entry},{line}{text[later.start :]}"
    if inner:
        return f"{text[: inner[-1].end]},{line}{entry}{text[inner[-1].end :]}"
    closing = f"{_newline(text)}{indent}" if indent is not None else ""
    opening = line if indent is not None else ""
    return f"{text[: metadata.value]}{{{opening}{entry}{closing}}}{text[metadata.end :]}"


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


def _indent(text: str, first: int) -> str | None:
    """Return what one level is indented by, or None in a text that is one line."""
    before = text.rfind("\n", 0, first)
    return None if before < 0 else text[before + 1 : first]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _written(text: str, kernelspec: dict[str, str], indent: str | None) -> str:
    value = json.dumps(kernelspec, indent=indent or None, sort_keys=True, ensure_ascii=False)
    return value if indent is None else value.replace("\n", f"{_newline(text)}{indent * 2}")


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _replace(path: Path, content: bytes) -> None:
    real = Path(os.path.realpath(path))  # people link to notebooks that lie elsewhere
    temporary = real.with_name(f".{real.name}.{secrets.token_hex(8)}")
    try:
        temporary.write_bytes(content)
        shutil.copymode(real, temporary)
        temporary.replace(real)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise NotebookError(f"{path} cannot be written: {error.strerror}.", path=str(path)) from error


def _no_notebook(path: Path, reason: str) -> NotebookError:
    return NotebookError(f"{path} is no Jupyter notebook: {reason}. Nothing was changed.", path=str(path))
