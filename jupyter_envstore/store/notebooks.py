"""Notebooks and the environments that they name and carry. What they say is a stranger's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import EnvironmentNotFoundError, KernelNotRegisteredError
from jupyter_envstore.store.restorations import StoreRestorations

if TYPE_CHECKING:
    from jupyter_envstore.notebooks.embedding import CarriedLock
    from jupyter_envstore.notebooks.parameters import Value
    from jupyter_envstore.notebooks.running import OnCell, OnWarning, Ran
    from jupyter_envstore.notebooks.text import NotebookText
    from jupyter_envstore.schemas import NotebookEdit, NotebookState, Version
    from jupyter_envstore.store.store import EnvStore

_KEPT = 4
"""Locks that are kept at hand as notebooks carry them: those that the notebooks that are being edited need."""


class StoreNotebooks(StoreRestorations):
    """What one store does with notebooks.

    A notebook is given and returned as a `NotebookText`, whatever it was read from: only the caller knows whether its
    file may be written.
    """

    def __init__(self, store: EnvStore) -> None:
        super().__init__(store)
        self._carried_lock = lru_cache(maxsize=_KEPT)(self._read_lock)

    # ------------------------------------------------------------ what it carries

    def embed(
        self, notebook: NotebookText, ref: str | None = None, *, platforms: Sequence[str] = ()
    ) -> tuple[NotebookText, NotebookEdit]:
        """Let a notebook carry a version's specification and lock; the same version gives the same bytes always.

        Parameters
        ----------
        ref
            The version; that of the kernel that the notebook names when None.
        platforms
            Only these; all that the lock covers when none is named.

        Raises
        ------
        NotebookError, EnvironmentNotFoundError, VersionNotFoundError, PlatformError
        """
        from jupyter_envstore.notebooks.embedding import embed, size_of, what_is_carried

        version = self._store.versions.get(ref) if ref else self._of_kernel(notebook)
        lock = self._carried_lock(version.lock, tuple(platforms))
        changed = embed(notebook, what_is_carried(version, lock))
        edit = _edit(notebook, changed)
        return changed, edit.model_copy(update={"bytes": size_of(edit.metadata or {}, lock)})

    def strip(self, notebook: NotebookText) -> tuple[NotebookText, NotebookEdit]:
        """Take out of a notebook what this program put into it, and nothing else.

        Raises
        ------
        NotebookError
        """
        from jupyter_envstore.notebooks.embedding import strip

        changed = strip(notebook)
        return changed, _edit(notebook, changed)

    def state(
        self, notebook: NotebookText, *, kernel: str | None = None, environment: str | None = None
    ) -> NotebookState:
        """Say how what a notebook carries stands to its kernel.

        Parameters
        ----------
        kernel
            The one that it runs on, if that is another than it names.
        environment
            Reference of the version that this kernel was started with, if it would start another now.

        Raises
        ------
        InvalidReferenceError, EnvironmentNotFoundError, VersionNotFoundError
            When ``environment`` is none.
        """
        from jupyter_envstore.notebooks.state import state_of

        started = self._store.versions.get(environment) if environment else None
        return state_of(notebook, self._store.catalog, kernel, started)

    # ------------------------------------------------------------ running on it

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
        chosen = self.kernelspec(ref, language)
        write_kernelspec(path, chosen)
        return chosen["name"]

    def unpin(self, path: Path) -> str:
        """Let a notebook follow the environment of its kernel again, whichever version is active.

        Returns
        -------
        The name of the kernel that it uses then: the environment's own, and of several the one that was pinned.

        Raises
        ------
        NotebookError, NotebookChangedError
            When the file is no notebook, or somebody else changed it meanwhile.
        EnvironmentNotFoundError
            When its kernel is none of this store.
        KernelNotRegisteredError, KernelsFolderError
        """
        from jupyter_envstore.notebooks.files import read_notebook
        from jupyter_envstore.notebooks.kernelspec import write_kernelspec

        notebook = read_notebook(path)
        notebook.require_current()
        name = self._following(notebook)
        write_kernelspec(path, self._store.presentation.kernelspec(name))
        return name

    def run(
        self,
        notebook: NotebookText,
        ref: str,
        folder: Path,
        *,
        parameters: Mapping[str, Value] | None = None,
        on_cell: OnCell = lambda number, total: None,
        on_warning: OnWarning = lambda warning: None,
        timeout: int | None = None,
    ) -> Ran:
        """Run a notebook from top to bottom on one version, and return it with its outputs, also when a cell failed.

        Parameters
        ----------
        ref
            The version; `restore` has it ready.
        folder
            Where its kernel is started.
        parameters
            Values by name, in papermill's way.
        on_cell
            Is told which cell begins, and of how many.
        on_warning
            Is told what may not be as it was meant, such as a parameter that the notebook does not have.
        timeout
            Seconds that a cell may take.

        Raises
        ------
        NotebookError, InvalidInputError, KernelNotRegisteredError, EnvironmentNotFoundError, VersionNotFoundError
        """
        from jupyter_envstore.machine import this_machine
        from jupyter_envstore.notebooks.kernelspec import kernelspec_of
        from jupyter_envstore.notebooks.record import forget, ran_in_order, record_of, remember
        from jupyter_envstore.notebooks.running import run

        version = self._store.versions.get(ref)
        kernelspec = self.kernelspec(ref, kernelspec_of(notebook).get("language"))
        ran = run(
            notebook,
            kernelspec,
            Path(self._store.kernels_dir),
            folder,
            parameters=parameters,
            on_cell=on_cell,
            on_warning=on_warning,
            timeout=timeout,
        )
        forget(ran.notebook.metadata)  # what an earlier run gave is not there any more
        if self._store.record_runs and ran.failure is None:
            in_order = ran_in_order(ran.notebook.cells)
            record = record_of(version.lock, ran.finished, this_machine(), in_order=in_order)
            remember(ran.notebook.metadata, record)
        return ran

    def record(
        self, notebook: NotebookText, ref: str, counts: Sequence[int | None] | None = None
    ) -> tuple[NotebookText, NotebookEdit]:
        """Let a notebook say that it was run as a whole: on which version, now, on what kind of machine.

        Where the store keeps no records of runs, or something of somebody else has our name there, the notebook stays
        as it is.

        Parameters
        ----------
        ref
            The version that its kernel was started with.
        counts
            The numbers that its cells of code got; None: as they stand in it.

        Raises
        ------
        NotebookError, InvalidReferenceError, EnvironmentNotFoundError, VersionNotFoundError
        """
        from jupyter_envstore.machine import this_machine
        from jupyter_envstore.notebooks.embedding import KEY
        from jupyter_envstore.notebooks.record import are_in_order, ran_in_order, record_of, remember

        version = self._store.versions.get(ref)
        if not self._store.record_runs:
            return notebook, _edit(notebook, notebook)
        notebook.require_current()
        in_order = ran_in_order(notebook.values["cells"]) if counts is None else are_in_order(counts)
        metadata = dict(notebook.metadata)
        remember(metadata, record_of(version.lock, datetime.now(timezone.utc), this_machine(), in_order=in_order))
        changed = notebook.with_metadata(KEY, metadata[KEY])
        return changed, _edit(notebook, changed)

    def version_to_run(self, notebook: NotebookText) -> str | None:
        """Return the reference of the version of the kernel that a notebook names; None when it is none of this store.

        For a notebook that carries nothing.
        """
        from jupyter_envstore.notebooks.state import kernel_of, version_of_kernel

        version = version_of_kernel(kernel_of(notebook), self._store.catalog)
        return f"{version.namespace}/{version.name}@{version.number}" if version else None

    # ------------------------------------------------------------ parts

    def _read_lock(self, lock: str, platforms: tuple[str, ...]) -> CarriedLock:
        from jupyter_envstore.notebooks.embedding import CarriedLock

        return CarriedLock.of(self._store.catalog.locks.document(lock), platforms)

    def _of_kernel(self, notebook: NotebookText) -> Version:
        from jupyter_envstore.notebooks.state import kernel_of, version_of_kernel

        version = version_of_kernel(kernel_of(notebook), self._store.catalog)
        if version is None:
            raise _not_ours(
                notebook, "Say which environment it is to carry (--environment NAME; environment in a request)."
            )
        return version

    def _following(self, notebook: NotebookText) -> str:
        """Return the kernel that starts the active version of the environment whose kernel a notebook names."""
        from jupyter_envstore.kernels.target import read_kernel_name
        from jupyter_envstore.notebooks.kernelspec import kernelspec_of
        from jupyter_envstore.notebooks.state import environment_of_kernel, kernel_of

        named = kernel_of(notebook)
        asked, environment = read_kernel_name(named), environment_of_kernel(named, self._store.catalog)
        if asked is None or environment is None:
            raise _not_ours(notebook, "Choose a kernel of an environment in the notebook itself.")
        shown = self._store.presentation
        names = shown.kernels(*environment)
        if not names:
            shown.present(*environment)
            names = shown.kernels(*environment)
        language = kernelspec_of(notebook).get("language")

        def fits(name: str) -> tuple[bool, bool]:
            found = read_kernel_name(name)
            return found is not None and found.kernel == asked.kernel, shown.kernelspec(name)["language"] == language

        if not names:
            place = "/".join(environment)
            raise KernelNotRegisteredError(
                f"{place} has no kernel. `jupyter envstore show {place}` says what is wrong with it.", environment=place
            )
        return max(names, key=fits)


def _not_ours(notebook: NotebookText, way: str) -> EnvironmentNotFoundError:
    from jupyter_envstore.notebooks.state import kernel_of

    kernel = kernel_of(notebook)
    return EnvironmentNotFoundError(
        f"{notebook.where} uses {kernel!a}, which is no kernel of this store. {way}", kernel=kernel
    )


def _edit(before: NotebookText, after: NotebookText) -> NotebookEdit:
    from jupyter_envstore.notebooks.embedding import KEY, is_ours
    from jupyter_envstore.schemas import NotebookEdit

    held: Any = after.metadata.get(KEY)
    if not is_ours(held):
        return NotebookEdit(changed=after is not before)
    place, lockfile = _mapping(held.get("environment")), _mapping(held.get("lockfile"))
    platforms = _mapping(lockfile.get("metadata")).get("platforms")
    return NotebookEdit(
        changed=after is not before,
        environment=f"{place.get('namespace')}/{place.get('name')}@{place.get('version')}" if place else "",
        lock=str(held.get("sha256", "")),
        platforms=sorted(str(platform) for platform in platforms) if isinstance(platforms, list) else [],
        metadata=held,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
