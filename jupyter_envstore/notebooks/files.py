"""Notebook files: read, and put in the place of what was there in one step."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from jupyter_envstore.errors import NotebookChangedError, NotebookError
from jupyter_envstore.notebooks.text import MAX_BYTES, NotebookText


def read_notebook(path: Path) -> NotebookText:
    """Read a notebook file.

    Raises
    ------
    NotebookError
        When it is no notebook, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error
    return NotebookText.read(data, str(path))


def replace_file(path: Path, content: bytes, before: bytes | None = None) -> None:
    """Put another content in a file's place, whole or not at all; links and permissions stay.

    Parameters
    ----------
    before
        What was read there: something else that is there by now stays. None: it is written over.

    Raises
    ------
    NotebookError
        When it cannot be written. It is left as it is.
    NotebookChangedError
        When something else is there by now.
    """
    real = Path(os.path.realpath(path))  # people link to notebooks that lie elsewhere
    temporary = real.with_name(f".{real.name}.{secrets.token_hex(8)}")
    is_there = real.exists()
    try:
        # What others may not read they may not read meanwhile either.
        with open(temporary, "xb", opener=lambda name, how: os.open(name, how, 0o600 if is_there else 0o666)) as file:
            file.write(content)
        if is_there:
            shutil.copymode(real, temporary)
        if before is not None and real.read_bytes() != before:
            raise NotebookChangedError.of(str(path))
        temporary.replace(real)
    except OSError as error:
        raise NotebookError(f"{path} cannot be written: {error.strerror}.", path=str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)
