"""What Jupyter asks a package for: where the front end lies, and where the server extension begins.

Worker processes and the command line import this file too, on their way to a module below it: it must never
import anything that takes time (jupyter_server, pydantic, SQLAlchemy, importlib.metadata …) when it is imported.
"""

from __future__ import annotations

from typing import Any

__version__: str


def __getattr__(name: str) -> Any:
    """Look the version up when it is first asked for; package.json is where it is written."""
    if name == "__version__":
        from importlib.metadata import version

        globals()["__version__"] = version("jupyter_envstore")
        return globals()["__version__"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the built front end is, for JupyterLab and for `jupyter labextension develop`."""
    return [{"src": "labextension", "dest": "jupyter-envstore"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where the server extension is, for jupyter_server."""
    from jupyter_envstore.app import EnvStoreApp

    return [{"module": "jupyter_envstore.app", "app": EnvStoreApp}]
