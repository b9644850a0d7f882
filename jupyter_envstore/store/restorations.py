"""The environments that notebooks carry, looked into and had here. What a notebook says is a stranger's word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import KernelNotRegisteredError, LockfileError, NothingCarriedError, PlatformError

if TYPE_CHECKING:
    from jupyter_envstore.builds.lockfiles import ForeignLock
    from jupyter_envstore.notebooks.carried import Carried
    from jupyter_envstore.notebooks.text import NotebookText
    from jupyter_envstore.schemas import Build, NotebookEnvironment, Restoration
    from jupyter_envstore.store.store import EnvStore


class StoreRestorations:
    """What one store does with the environments that notebooks carry."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

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
            What a new environment is called; None: as the notebook says, with a number where that name is taken, and
            where a build of the very same goes on, that one is answered.
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
        from jupyter_envstore.notebooks.describing import asked_before, build_going_on, same_files
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
            going = None if asked_anew else build_going_on(carried, self._store.catalog)
            if going is not None:
                return Restoration(carried=told, build=going)
        build = self._build(carried, ref or told.name, relock, allow_channels, by, wait)
        return Restoration(carried=told, build=build)

    def create(
        self,
        data: bytes,
        ref: str | None = None,
        *,
        file: str | None = None,
        allow_channels: Sequence[str] = (),
        message: str = "",
        description: str = "",
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
        how = {"message": message, "description": description}
        return self._build(carried, name, False, allow_channels, by, wait, **how)

    def lock_in(
        self, notebook: bytes | Mapping[str, Any], file: str | None = None, allow_channels: Sequence[str] = ()
    ) -> tuple[ForeignLock, str | None]:
        """Return the lock that a notebook carries, and what its environment is called there.

        Parameters
        ----------
        notebook
            Its bytes, or the values of its JSON.

        Raises
        ------
        NotebookError, NothingCarriedError, LockChangedError
        LockfileError
            When it carries none, or it cannot be understood.
        """
        from jupyter_envstore.builds.lockfiles import ForeignLock
        from jupyter_envstore.notebooks.text import NotebookText

        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        carried = self._carried(NotebookText.read(data, file or "The notebook"), file)
        if carried.document is None:
            raise LockfileError(
                f"The notebook says which packages it needs, as {carried.convention} writes it, but carries no lock of "
                "them. Open it and restore its environment, or: jupyter envstore notebook restore FILE",
                convention=carried.convention,
            )
        text, policy = carried.specification, self._store.policy
        return ForeignLock(carried.document, policy, tuple(allow_channels), words="notebook", text=text), carried.name

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

    def _build(
        self,
        carried: Carried,
        ref: str,
        relock: bool,
        allow: Sequence[str],
        by: str | None,
        wait: bool,
        **words: str,
    ) -> Build:
        from jupyter_envstore.builds.lockfiles import other_platforms
        from jupyter_envstore.lock.platforms import current_platform
        from jupyter_envstore.notebooks.describing import require_harmless
        from jupyter_envstore.specification import Specification

        if carried.document is None or (relock and carried.specification):
            require_harmless(Specification.parse(carried.specification), self._store.policy, allow)
            asked = carried.specification
            return self._store.builds.restore(ref, asked, allow_channels=allow, by=by, wait=wait, **words)
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
            **words,
        )
