"""The folder with kernel specs, as one store may change it: what stands there, and changes that happen in one step.

Only folders that this store wrote are ever touched: their kernel.json names the store.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_envstore.errors import KernelNotRegisteredError, KernelsFolderError
from jupyter_envstore.kernels.registered import RegisteredKernel, read_registered
from jupyter_envstore.kernels.specs import KernelFolder
from jupyter_envstore.kernels.swapping import swap
from jupyter_envstore.kernels.target import FOLDER_START

WORK_FOLDER = ".envstore"
"""Holds the lock and what is being written. Jupyter sees no kernel there, since it looks one level deep."""
LOCK_SECONDS = 30.0


class SpecFolders:
    """The specs of the store at ``store_root`` in ``kernels_dir`` (both absolute)."""

    def __init__(self, kernels_dir: Path, store_root: Path) -> None:
        self.kernels_dir = kernels_dir
        self.store_root = store_root

    def check_writable(self) -> None:
        """Find out, before anything expensive is begun, whether kernels can be set up.

        Raises
        ------
        KernelsFolderError
            When the folder cannot be made or written.
        """
        with self._writing():
            work = self.kernels_dir / WORK_FOLDER
            work.mkdir(parents=True, exist_ok=True)
            probe = work / f"probe-{secrets.token_hex(8)}"
            probe.mkdir()
            probe.rmdir()

    def registered(self, environments: Collection[str] | None = None) -> list[RegisteredKernel]:
        """Return the specs that this store wrote, by name.

        Parameters
        ----------
        environments
            Look only at folders that are called after these (``namespace/name``): one among thousands is then found
            without reading them all.
        """
        names = [name for name in self._names() if name.startswith(FOLDER_START)]
        if environments is not None:
            starts = [FOLDER_START + environment.replace("/", "--", 1).lower() for environment in environments]
            names = [name for name in names if any(name == s or name.startswith(f"{s}--") for s in starts)]
        found = (read_registered(self.kernels_dir / name, self.store_root) for name in sorted(names))
        return [kernel for kernel in found if kernel]

    def is_usable(self, name: str) -> bool:
        """Whether a spec of that name stands there that this store wrote and that can be used."""
        if Path(name).name != name:  # it comes from whoever asks for a kernel, and must not lead elsewhere
            return False
        kernel = read_registered(self.kernels_dir / name, self.store_root)
        return kernel is not None and kernel.usable

    def remove_work_folder_if_alone(self) -> None:
        """Remove the folder for the lock when no store has a spec here any more."""
        if not any(name.startswith(FOLDER_START) for name in self._names()):
            shutil.rmtree(self.kernels_dir / WORK_FOLDER, ignore_errors=True)

    def write(self, folder: KernelFolder) -> None:
        """Write a spec in one step, also over one that is there; the lock must be held."""
        place = self.kernels_dir / folder.name
        made = self._new_name()
        made.mkdir()
        for name, content in folder.files.items():
            (made / name).write_bytes(content)
        if place.is_dir():
            swap(made, place)
            shutil.rmtree(made)
        else:
            made.rename(place)

    def discard(self, place: Path) -> None:
        """Take a spec away in one step, then delete its files; the lock must be held."""
        aside = self._new_name()
        place.rename(aside)
        shutil.rmtree(aside)

    def _new_name(self) -> Path:
        return self.kernels_dir / WORK_FOLDER / f"spec-{secrets.token_hex(8)}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing the folder.

        Raises
        ------
        KernelsFolderError
            When the folder cannot be written, also for what fails so within the block.
        KernelNotRegisteredError
            When another process does not let go.
        """
        from filelock import FileLock, Timeout  # its import costs more than finding out that nothing changed

        with self._writing():
            work = self.kernels_dir / WORK_FOLDER
            work.mkdir(parents=True, exist_ok=True)
            lock = FileLock(work / "lock", timeout=LOCK_SECONDS)
            try:
                lock.acquire()
            except Timeout as error:
                raise KernelNotRegisteredError(
                    f"Another process has been changing the kernels in {self.kernels_dir} for {LOCK_SECONDS:.0f} s. "
                    "Try again; if nothing else runs, restart the server that uses this store.",
                    folder=str(self.kernels_dir),
                ) from error
            try:
                for rest in work.glob("spec-*"):  # a process that was killed left it; we hold the lock
                    shutil.rmtree(rest, ignore_errors=True)
                yield
            finally:
                lock.release()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise KernelsFolderError(
                f"Kernels cannot be set up in {self.kernels_dir} ({error.strerror or error}). Make the folder "
                "writable, or set EnvStore.kernels_dir to a folder of yours that Jupyter searches.",
                folder=str(self.kernels_dir),
            ) from error

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.kernels_dir)  # noqa: PTH208  thousands of Path objects would cost more than the rest
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise KernelsFolderError(
                f"The kernels folder {self.kernels_dir} cannot be read ({error.strerror}). Make it readable, or set "
                "EnvStore.kernels_dir to a folder of yours.",
                folder=str(self.kernels_dir),
            ) from error

    def is_foreign(self, name: str) -> bool:
        """Whether something that this store did not write stands at that name."""
        place = self.kernels_dir / name
        return (place.exists() or place.is_symlink()) and read_registered(place, self.store_root) is None

    def foreign_words(self, name: str) -> str:
        """Return what to tell a person about that."""
        return (
            f"The kernel {name} was not set up: {self.kernels_dir / name} belongs to another store or was made by "
            "hand. Remove that folder, or give this store another kernels folder (EnvStore.kernels_dir)."
        )
