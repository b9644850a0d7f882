"""What notebooks need: reports on what stands between them and the same results elsewhere, and modules they lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_envstore.notebooks.report.beside import Beside
    from jupyter_envstore.notebooks.report.place_checks import Offered
    from jupyter_envstore.schemas import ModuleSupplier, NotebookReport, Package
    from jupyter_envstore.store.store import EnvStore


class StoreReports:
    """What one store can say of notebooks. All methods may be called from any thread."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def notebook(
        self,
        notebook: bytes | Mapping[str, Any],
        *,
        name: str = "The notebook",
        kernel: str | None = None,
        environment: str | None = None,
        folder: Path | None = None,
        beside: Beside | None = None,
        verify: bool = False,
        fetch: bool = False,
    ) -> NotebookReport:
        """Say what stands between a notebook and the same results elsewhere. Nothing of it is run.

        Parameters
        ----------
        notebook
            Its file, or the values of its JSON.
        name
            What messages call it.
        kernel
            The name of the kernel that it runs on, where that is not the one it names.
        environment
            Reference of the version that this kernel was started with, if it would start another now.
        folder
            Where it lies on this machine: the names in it are looked at.
        beside
            What these say, where it lies elsewhere; None when nobody knows.
        verify
            Read every file of its environment.
        fetch
            Ask channels and indexes what they still offer.

        Raises
        ------
        NotebookError
            When it is no notebook.
        InvalidReferenceError, EnvironmentNotFoundError, VersionNotFoundError
            When ``environment`` is none.
        """
        from jupyter_envstore.notebooks.report.beside import Beside
        from jupyter_envstore.notebooks.report.examination import examine
        from jupyter_envstore.notebooks.report.reading import read_notebook
        from jupyter_envstore.notebooks.report.subject import Subject

        store = self._store
        read = read_notebook(notebook, name)
        subject = Subject(
            notebook=read,
            layout=store.layout,
            catalog=store.catalog if store.exists else None,
            kernel=kernel or read.kernel,
            started=store.versions.get(environment) if environment else None,
            beside=Beside.read(folder) if folder else beside,
            now=datetime.now(timezone.utc),
        )
        ask = self._ask if fetch else None
        return examine(subject, store.policy, platforms=store.platforms, verifying=verify, ask=ask)

    def supplier(self, module: str, ref: str | None = None) -> ModuleSupplier:
        """Say which package supplies a module that an environment lacks, or whether it has it.

        Parameters
        ----------
        module
            As an import names it; its first part counts, unless it is known that more of it makes a difference.
        ref
            The environment that is to have it: its active version is looked at, or the one that is named. Without,
            only names tell.

        Raises
        ------
        InvalidInputError
            When that is no name of a module.
        EnvironmentNotFoundError, VersionNotFoundError
        """
        from jupyter_envstore.notebooks.modules import check_module, supplier_of

        name = check_module(module)
        return supplier_of(name, self._store.versions.get(ref) if ref else None, self._store.catalog)

    def _ask(self, packages: Sequence[Package]) -> Offered:
        """Ask channels and indexes what they still offer.

        An address of a package of pip is never asked: it may be a stranger's. The configured indexes are, for its file.
        """
        from jupyter_envstore.builds.surroundings import confirm_arguments, offered_arguments
        from jupyter_envstore.lock.pip.sources import is_wheel
        from jupyter_envstore.notebooks.report.place_checks import Offered

        store = self._store
        conda = [package for package in packages if package.manager == "conda"]
        wheels = [package for package in packages if package.manager == "pip" and is_wheel(package.url)]
        unasked = [package for package in packages if package.manager == "pip" and not is_wheel(package.url)]
        lost: list[Package] = []
        silent: list[str] = []
        notes: list[str] = []
        if conda:
            arguments = offered_arguments(store, store.layout, conda)
            answer = store.searcher.call("offered", arguments, cancelled=lambda: store.closing)
            silent, found = answer["silent"], set(answer["offered"])
            lost += [package for package in conda if package.url not in found and package.channel not in silent]
        if wheels:
            arguments = confirm_arguments(store, store.layout, packages)
            answer = store.searcher.call("confirm", arguments, cancelled=lambda: store.closing)
            offered, notes = {tuple(file) for file in answer["offered"]}, answer["notes"]
            lost += [one for one in wheels if (canonicalize_name(one.name), one.version, one.sha256) not in offered]
        return Offered(lost, silent, unasked, notes)
