"""Change which kernel a notebook names, and leave every other byte of the file as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_envstore.notebooks.files import read_notebook, replace_file
from jupyter_envstore.notebooks.text import NotebookText

KEY = "kernelspec"


def kernelspec_of(notebook: NotebookText) -> dict[str, Any]:
    """Return what a notebook says of its kernel; nothing when it says nothing."""
    named = notebook.metadata.get(KEY)
    return named if isinstance(named, dict) else {}


def with_kernelspec(notebook: NotebookText, kernelspec: dict[str, str]) -> NotebookText:
    """Return a notebook that names that kernel.

    Raises
    ------
    NotebookError
        When it is of an old form, or ambiguous.
    """
    notebook.require_current()
    return notebook.with_metadata(KEY, kernelspec)


def read_kernelspec(path: Path) -> dict[str, Any]:
    """Return what a notebook file says of its kernel; nothing when it says nothing.

    Raises
    ------
    NotebookError
        When the file is no notebook, or cannot be read.
    """
    notebook = read_notebook(path)
    notebook.require_current()
    return kernelspec_of(notebook)


def write_kernelspec(path: Path, kernelspec: dict[str, str]) -> bool:
    """Let a notebook file name that kernel; return whether the file was changed.

    Raises
    ------
    NotebookError
        When the file is no notebook, or cannot be read or written. It is left as it is.
    NotebookChangedError
        When somebody else changed it meanwhile.
    """
    notebook = read_notebook(path)
    changed = with_kernelspec(notebook, kernelspec)
    if changed is notebook:
        return False
    replace_file(path, changed.data, notebook.data)
    return True
