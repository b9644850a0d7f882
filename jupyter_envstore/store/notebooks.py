"""Notebooks and the environments that they name and carry. What they say is a stranger's word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import (
    EnvironmentNotFoundError,
    KernelNotRegisteredError,
    NothingCarriedError,
    PlatformError,
)

if TYPE_CHECKING:
    from jupyter_envstore.notebooks.carried import Carried
    from jupyter_envstore.notebooks.parameters import Value
    from jupyter_envstore.notebooks.running import OnCell, Ran
    from jupyter_envstore.notebooks.text import NotebookText
    from jupyter_envstore.schemas import Build, NotebookEdit, NotebookEnvironment, NotebookState, Restoration, Version
    from jupyter_envstore.store.store import EnvStore


class StoreNotebooks:
    """What one store does with notebooks.

    A notebook is given and returned as a `NotebookText`, whatever it was read from: only the caller knows whether its
    file may be written.
    """

    def __init__(self, store: EnvStore) -> None:
        self._store = store

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
        from jupyter_envstore.notebooks.embedding import embed, what_is_carried

        version = self._store.versions.get(ref) if ref else self._of_kernel(notebook)
        document = self._store.catalog.locks.document(version.lock)
        carried = what_is_carried(version, document, platforms)
        changed = embed(notebook, carried)
        return changed, _edit(notebook, changed)

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

    def look_into(
        self,
        notebook: NotebookText,
        *,
        file: str | None = None,
        allow_channels: Sequence[str] = (),
        sizes: bool = False,
    ) -> NotebookEnvironment:
        """Say what environment a notebook carries, what it costs, and what is in the way of it here. Nothing is built.

        Parameters
        ----------
        file
            What the notebook's file is called: names the environment where nothing else does.
        allow_channels
            Channels to accept besides those that the store uses.
        sizes
            Ask the channels for sizes that are not known here; where one does not answer, they stay unknown.

        Raises
        ------
        NothingCarriedError
            When it carries none.
        LockChangedError, LockfileError, SpecificationError
            When what it carries cannot be understood.
        """
        told = self._describe(self._carried(notebook, file), allow_channels)
        if not sizes or not told.valid or told.existing:  # a channel that nobody allowed is not even asked
            return told
        return self._with_asked_sizes(told)

    # ------------------------------------------------------------ having it here

    def restore(
        self,
        notebook: NotebookText,
        ref: str | None = None,
        *,
        file: str | None = None,
        relock: bool = False,
        allow_channels: Sequence[str] = (),
        by: str | None = None,
        wait: bool = True,
    ) -> Restoration:
        """Have what a notebook carries: find the version with the very same files, or queue the build that makes it.

        Parameters
        ----------
        ref
            What a new environment is called; None: as the notebook says, with a number where that name is taken.
        relock
            Lock anew what was asked for, whatever lock it carries.
        allow_channels
            Channels to accept besides those that the store uses.

        Raises
        ------
        NothingCarriedError, LockChangedError, LockfileError, SpecificationError, PolicyError
            When there is nothing to build, or it must not be built.
        NameTakenError, InvalidNameError, NoRunnerError
        """
        from jupyter_envstore.notebooks.describing import asked_before, same_files
        from jupyter_envstore.schemas import Restoration

        carried = self._carried(notebook, file)
        told = self._describe(carried, allow_channels)
        if ref is None:
            asked_anew = relock or carried.document is None
            there = (
                asked_before(carried, self._store.catalog, self._store)
                if asked_anew
                else same_files(carried, self._store.catalog)
            )
            for version in there[:1]:
                place = f"{version.namespace}/{version.name}@{version.number}"
                if version.prefix_state != "ready":
                    build = self._store.builds.repair(place, by=by, wait=wait)
                    return Restoration(carried=told, build=build, environment=place)
                return self.restored(notebook, told, place)
        build = self._build(carried, ref or told.name, relock, allow_channels, by, wait)
        return Restoration(carried=told, build=build)

    def create(
        self,
        data: bytes,
        ref: str | None = None,
        *,
        file: str | None = None,
        allow_channels: Sequence[str] = (),
        by: str | None = None,
        wait: bool = True,
    ) -> Build:
        """Queue the build of a new environment from what a notebook's bytes carry, also where it is here already.

        Raises
        ------
        NotebookError, NothingCarriedError, LockChangedError, LockfileError, SpecificationError, PolicyError
        NameTakenError, InvalidNameError, NoRunnerError
        """
        from jupyter_envstore.notebooks.text import NotebookText

        carried = self._carried(NotebookText.read(data, file or "The file"), file)
        name = ref or self._describe(carried, allow_channels).name
        return self._build(carried, name, False, allow_channels, by, wait)

    def restored(self, notebook: NotebookText, told: NotebookEnvironment, ref: str) -> Restoration:
        """Return what is said when the version is there: which kernel the notebook may use, where there is one."""
        from jupyter_envstore.notebooks.kernelspec import kernelspec_of
        from jupyter_envstore.schemas import Remark, Restoration

        try:
            kernel = self.kernelspec(ref, kernelspec_of(notebook).get("language"))["name"]
        except KernelNotRegisteredError as error:  # the environment is there all the same
            remark = Remark(severity="warning", code=error.code, message=error.message)
            told = told.model_copy(update={"remarks": [*told.remarks, remark]})
            kernel = ""
        return Restoration(carried=told, environment=ref, kernel=kernel)

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

    def kernelspec(self, ref: str, language: object = None) -> dict[str, str]:
        """Return what a notebook says of the kernel that stays at a version: that of the language, else the first.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, KernelsFolderError, KernelNotRegisteredError
        InvalidReferenceError
            When ``ref`` names no version.
        """
        offered = [self._store.presentation.kernelspec(name) for name in self._store.versions.kernels(ref)]
        return next((spec for spec in offered if spec["language"] == language), offered[0])

    def run(
        self,
        notebook: NotebookText,
        ref: str,
        folder: Path,
        *,
        parameters: Mapping[str, Value] | None = None,
        on_cell: OnCell = lambda number, total: None,
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
        timeout
            Seconds that a cell may take.

        Raises
        ------
        NotebookError, InvalidInputError, KernelNotRegisteredError, EnvironmentNotFoundError, VersionNotFoundError
        """
        from jupyter_envstore.machine import this_machine
        from jupyter_envstore.notebooks.kernelspec import kernelspec_of
        from jupyter_envstore.notebooks.record import record_of, remember
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
            timeout=timeout,
        )
        if self._store.record_runs and ran.failure is None:
            remember(ran.notebook.metadata, record_of(version.lock, ran.finished, this_machine(), ran.notebook.cells))
        return ran

    def version_to_run(self, notebook: NotebookText) -> str | None:
        """Return the reference of the version of the kernel that a notebook names; None when it is none of this store.

        For a notebook that carries nothing.
        """
        from jupyter_envstore.notebooks.state import kernel_of, version_of_kernel

        version = version_of_kernel(kernel_of(notebook), self._store.catalog)
        return f"{version.namespace}/{version.name}@{version.number}" if version else None

    # ------------------------------------------------------------ parts

    def _carried(self, notebook: NotebookText, file: str | None) -> Carried:
        from jupyter_envstore.notebooks.carried import read_carried

        carried = read_carried(notebook, file)
        if carried is None:
            raise NothingCarriedError(
                f"{notebook.where} carries no environment. Whoever has one for it can put it in: jupyter envstore "
                "notebook embed FILE --environment NAME",
                path=notebook.where,
            )
        return carried

    def _describe(self, carried: Carried, allow: Sequence[str]) -> NotebookEnvironment:
        from jupyter_envstore.notebooks.describing import describe

        return describe(carried, self._store.catalog, self._store.layout, self._store, allow)

    def _with_asked_sizes(self, told: NotebookEnvironment) -> NotebookEnvironment:
        """Return what is told with the sizes that channels state."""
        from jupyter_envstore.notebooks.describing import with_costs

        store = self._store
        unknown = [package for package in told.packages if package.size is None and package.manager == "conda"]
        if not unknown:
            return told
        stated = {package.url: package for package in store.channels.complete(unknown)}
        packages = [stated.get(package.url, package) for package in told.packages]
        return with_costs(told, packages, store.catalog, store.layout)

    def _of_kernel(self, notebook: NotebookText) -> Version:
        from jupyter_envstore.notebooks.state import kernel_of, version_of_kernel

        kernel = kernel_of(notebook)
        version = version_of_kernel(kernel, self._store.catalog)
        if version is None:
            raise EnvironmentNotFoundError(
                f"{notebook.where} uses {kernel!a}, which is no kernel of this store. Say which environment it is to "
                "carry (--environment NAME; environment in a request).",
                kernel=kernel,
            )
        return version

    def _build(
        self, carried: Carried, ref: str, relock: bool, allow: Sequence[str], by: str | None, wait: bool
    ) -> Build:
        from jupyter_envstore.lock.platforms import current_platform
        from jupyter_envstore.notebooks.describing import other_platforms, require_harmless
        from jupyter_envstore.specification import Specification

        if carried.document is None or (relock and carried.specification):
            require_harmless(Specification.parse(carried.specification), self._store.policy, allow)
            return self._store.builds.restore(ref, carried.specification, allow_channels=allow, by=by, wait=wait)
        covered = carried.document["metadata"]["platforms"]
        if current_platform() not in covered:
            raise PlatformError(other_platforms(sorted(covered)), platform=current_platform())
        return self._store.builds.create_from_lockfile(
            ref,
            carried.document,
            allow_channels=allow,
            specification=carried.specification or None,
            kind="restore",
            by=by,
            wait=wait,
        )


def _edit(before: NotebookText, after: NotebookText) -> NotebookEdit:
    from jupyter_envstore.notebooks.embedding import KEY, is_ours
    from jupyter_envstore.schemas import NotebookEdit

    held: Any = after.metadata.get(KEY)
    if not is_ours(held):
        return NotebookEdit(changed=after is not before)
    place = held.get("environment") or {}
    return NotebookEdit(
        changed=after is not before,
        bytes=len(json.dumps({KEY: held}, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")),
        environment=f"{place.get('namespace')}/{place.get('name')}@{place.get('version')}",
        lock=str(held.get("sha256", "")),
        platforms=sorted(held["lockfile"]["metadata"]["platforms"]),
        metadata=held,
    )
