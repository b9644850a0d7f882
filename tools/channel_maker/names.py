"""Names: what PyPI calls a package and what conda-forge calls it."""

from __future__ import annotations

from packaging.utils import canonicalize_name

_CONDA_NAMES = {
    "ipython-pygments-lexers": "ipython_pygments_lexers",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "matplotlib": "matplotlib-base",
    "msgpack": "msgpack-python",
    "pure-eval": "pure_eval",
    "pysocks": "pysocks",
    "stack-data": "stack_data",
    "typing-extensions": "typing_extensions",
    "tzdata": "python-tzdata",
}


def conda_name(pypi_name: str) -> str:
    """The conda-forge name of a PyPI package (which is its normalised name, unless the table says otherwise)."""
    normalised = canonicalize_name(pypi_name)
    return _CONDA_NAMES.get(normalised, normalised)
