"""Notebook files and the environments that they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_envstore.store.store import EnvStore


class StoreNotebooks:
    """What one store does with notebook files."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def pin(self, path: Path, ref: str) -> str:
        """Let a notebook stay with one version: it names the version's own kernel. Return that kernel's name.

        Of a version with several kernels, the notebook gets the one of its language.

        Raises
        ------
        NotebookError
            When the file is no notebook.
        EnvironmentNotFoundError, VersionNotFoundError, KernelsFolderError, KernelNotRegisteredError
        InvalidReferenceError
            When ``ref`` names no version.
        """
        from jupyter_envstore.notebooks.kernelspec import read_kernelspec, write_kernelspec

        language = read_kernelspec(path).get("language")  # before anything is made for it
        offered = [self._store.presentation.kernelspec(name) for name in self._store.versions.kernels(ref)]
        chosen = next((spec for spec in offered if spec["language"] == language), offered[0])
        write_kernelspec(path, chosen)
        return chosen["name"]
