"""What channels offer: packages found by name, and locks made without building anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import NotFoundError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import LockfileReport, LockResult, Package, Page, SearchResult
    from jupyter_envstore.store.store import EnvStore

PYPI = "pypi"
"""What stands for the configured package indexes where a channel is named."""


class StoreChannels:
    """The channels as one store is configured to read them."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def lock(
        self,
        specification: str,
        *,
        platforms: Sequence[str] = (),
        as_of: str | None = None,
        allow_source: Sequence[str] = (),
        local_wheels: Sequence[str] = (),
        virtual_packages: Mapping[str, Mapping[str, str]] | None = None,
    ) -> LockResult:
        """Lock without building; ``allow_source`` and ``local_wheels`` as for `StoreBuilds.create`.

        Parameters
        ----------
        virtual_packages
            By platform: all that its machines offer, instead of what is detected, configured or usual.

        Raises
        ------
        LockError, ChannelUnavailableError, SpecificationError, PolicyError
        """
        from jupyter_envstore.builds.admission import origin_of
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import lock_arguments
        from jupyter_envstore.lock.document import lock_hash, platforms_of
        from jupyter_envstore.policy import evaluate
        from jupyter_envstore.schemas import BuildRequest, LockResult, Package

        store = self._store
        request = BuildRequest(
            specification=specification,
            platforms=list(platforms),
            virtual_packages={name: dict(found) for name, found in (virtual_packages or {}).items()},
            as_of=as_of,
            allow_source=list(allow_source),
            local_wheels=list(local_wheels),
        )
        arguments = lock_arguments(store, store.layout, request, may_build=True)
        origin = origin_of("create", request, store.policy)
        evaluate(origin, [], store.policy).require()  # before a channel is asked that may not be used
        answer = ask(store.resolver, "lock", arguments, cancelled=lambda: store.closing)
        evaluate(origin, [Package.model_validate(item) for item in answer["packages"]], store.policy).require()
        document = answer.pop("lockfile")
        return LockResult(lockfile=document, hash=lock_hash(document), platforms=platforms_of(document), **answer)

    def look_into(
        self,
        lockfile: bytes | dict[str, Any],
        *,
        file: str | None = None,
        allow_channels: Sequence[str] = (),
        allow_source: Sequence[str] = (),
        environment: str | None = None,
        sizes: bool = False,
    ) -> LockfileReport:
        """Say what a lockfile from outside holds, and whether an environment could be made from it.

        Parameters
        ----------
        lockfile
            As bytes: conda-lock's, an explicit list, a pixi.lock, or a notebook that carries one; conda-lock's and a
            notebook also as the values of its JSON.
        file
            What its file is called: what the environment might be called is told by that.
        allow_channels
            Channels to accept besides the configured ones.
        allow_source
            Names of packages of pip that may be built from source.
        environment
            Which of a pixi.lock's environments; ``default`` when None.
        sizes
            Ask the channels for sizes and licences; where one does not answer, they stay unknown.

        Raises
        ------
        LockfileError
            When it cannot be read.
        NotebookError, NothingCarriedError, LockChangedError
            When a notebook carries no lock, or another than was recorded.
        """
        from jupyter_envstore.builds.lockfiles import ForeignLock, with_sizes
        from jupyter_envstore.lock.recognition import kind_of, name_from_file

        if kind_of(lockfile, file) == "notebook":
            lock, name = self._store.notebooks.lock_in(lockfile, file, allow_channels)
        else:
            lock = ForeignLock.read(lockfile, self._store, allow_channels, environment, sources=allow_source)
            name = name_from_file(file)
        report = lock.report(name)
        if not sizes or not report.valid:  # a channel that nobody allowed is not even asked
            return report
        packages = self.complete(report.packages)
        return with_sizes(lock.completed(packages).report(name), packages)

    def complete(self, packages: Sequence[Package]) -> list[Package]:
        """Return packages of a lock with what their channels state of them; where one does not answer, as they are."""
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import completion_arguments
        from jupyter_envstore.errors import EnvStoreError
        from jupyter_envstore.schemas import Package

        store = self._store
        try:
            arguments = completion_arguments(store, store.layout, packages)
            answer = ask(store.searcher, "complete", arguments, cancelled=lambda: store.closing)
        except EnvStoreError:
            return list(packages)
        return [Package.model_validate(package) for package in answer["packages"]]

    def search(
        self, pattern: str, *, channels: Sequence[str] = (), platform: str | None = None, limit: int = 25
    ) -> Page[SearchResult]:
        """Find packages in ``channels``, the default ones when none are named.

        With the channel `pypi`, the package indexes are asked for the project of exactly that name.

        Raises
        ------
        ChannelUnavailableError, PlatformError
        """
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import search_arguments
        from jupyter_envstore.schemas import Page, SearchResult

        if list(channels) == [PYPI]:
            try:
                return Page[SearchResult](items=[self._project(pattern)], total=1)
            except NotFoundError:
                return Page[SearchResult](items=[], total=0)
        store = self._store
        arguments = search_arguments(store, store.layout, pattern, list(channels), platform, limit)
        answer = ask(store.searcher, "search", arguments, cancelled=lambda: store.closing)
        return Page[SearchResult].model_validate({"items": answer["items"], "total": answer["total"]})

    def confirm(
        self, packages: Sequence[Package], cancelled: Callable[[], bool] = lambda: False
    ) -> frozenset[tuple[str, str, str]]:
        """Return which wheels among packages of pip the configured package indexes offer, whatever their addresses.

        Parameters
        ----------
        packages
            Of a lock from elsewhere, with its Python among them.

        Returns
        -------
        frozenset
            Normalised name, version and sha256 of each.

        Raises
        ------
        ChannelUnavailableError
            When an index does not answer and not enough is known from before.
        """
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import confirm_arguments

        store = self._store
        if not any(package.manager == "pip" for package in packages):
            return frozenset()
        arguments = confirm_arguments(store, store.layout, packages)
        answer = ask(store.searcher, "confirm", arguments, cancelled=lambda: store.closing or cancelled())
        return frozenset((name, version, sha256) for name, version, sha256 in answer["offered"])

    def package(self, name: str, *, channels: Sequence[str] = (), platform: str | None = None) -> SearchResult:
        """Return what the channels offer of the package of exactly that name; with channel `pypi`, package indexes do.

        Raises
        ------
        NotFoundError
            When no channel has it.
        ChannelUnavailableError
        """
        if list(channels) == [PYPI]:
            return self._project(name)
        if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", name):
            found = self.search(name, channels=channels, platform=platform, limit=1).items
            if found and found[0].name == name.lower():
                return found[0]
        raise NotFoundError(f"No package is called {name[:80]!a} in the channels that were searched.", name=name[:80])

    def _project(self, name: str) -> SearchResult:
        from jupyter_envstore.builds.asking import ask
        from jupyter_envstore.builds.surroundings import pip_project_arguments
        from jupyter_envstore.schemas import SearchResult

        store = self._store
        if re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?", name):
            arguments = pip_project_arguments(store, store.layout, name)
            project = ask(store.searcher, "pip_project", arguments, cancelled=lambda: store.closing)["project"]
            if project:
                return SearchResult(name=re.sub(r"[-_.]+", "-", name).lower(), channel=PYPI, **project)
        raise NotFoundError(
            f"No package is called {name[:80]!a} on the package index. It knows exact names only.",
            name=name[:80],
        )
