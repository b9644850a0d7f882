"""Notebook files as commands are given them: by name, or through a pipe."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.errors import NotebookError

if TYPE_CHECKING:
    from jupyter_envstore.notebooks.text import NotebookText

FILE = click.argument("file", type=click.Path(path_type=Path, allow_dash=True))


def read(file: Path) -> NotebookText:
    """Read a notebook file, or standard input where ``-`` is named.

    Raises
    ------
    NotebookError
    """
    from jupyter_envstore.notebooks.files import read_notebook
    from jupyter_envstore.notebooks.text import MAX_BYTES, NotebookText

    if str(file) == "-":
        return NotebookText.read(sys.stdin.buffer.read(MAX_BYTES + 1), "Standard input")
    return read_notebook(file)


def check_output(output: str) -> None:
    """Return when a notebook can most likely be written there. To be asked before it is run, which may take hours.

    Raises
    ------
    NotebookError
    """
    if output == "-":
        return
    place = Path(os.path.realpath(output))  # people link to notebooks that lie elsewhere
    if place.is_dir():
        raise NotebookError(f"{output} is a folder. Name a file in it.", path=output)
    if not place.parent.is_dir():
        raise NotebookError(f"{output} cannot be written: there is no folder {place.parent}. Make it.", path=output)
    if not os.access(place.parent, os.W_OK):
        raise NotebookError(f"{output} cannot be written: in its folder nothing may be written.", path=output)


def write_output(output: str, data: bytes, before: bytes | None = None) -> bool:
    """Write a notebook to where somebody wants it, and tell whether that was standard output.

    Parameters
    ----------
    before
        What was read there, for one that is written back.

    Raises
    ------
    NotebookError
        When it cannot be written.
    NotebookChangedError
        When somebody else changed it meanwhile.
    """
    from jupyter_envstore.notebooks.files import replace_file

    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return True
    check_output(output)
    replace_file(Path(output), data, before)
    return False
