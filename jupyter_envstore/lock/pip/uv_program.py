"""Where the program uv is. Worker side."""

from __future__ import annotations

import os
from functools import cache

from jupyter_envstore.errors import UvMissingError


@cache
def find_uv() -> str:
    """Return the path of the uv program.

    Raises
    ------
    UvMissingError
        When it is not installed, though it is a dependency of ours.
    """
    try:
        import uv

        return os.fspath(uv.find_uv_bin())
    except (ImportError, FileNotFoundError):
        raise UvMissingError(
            "The program uv, which locks and installs packages of pip, is missing from this installation. Install it "
            "where JupyterLab is, with: pip install uv"
        ) from None
