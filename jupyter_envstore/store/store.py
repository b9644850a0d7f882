"""`EnvStore`: one store's settings and parts, each part made when it is first used."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_envstore.errors import EnvStoreError, InvalidReferenceError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.references import Reference, parse_reference
from jupyter_envstore.settings import STORE_VARIABLE, StoreSettings

if TYPE_CHECKING:
    from jupyter_envstore.builds.resolver import Resolver
    from jupyter_envstore.builds.service import BuildService
    from jupyter_envstore.catalog import Catalog
    from jupyter_envstore.policy import Policy
    from jupyter_envstore.presentation import Presentation
    from jupyter_envstore.schemas import PolicyReport
    from jupyter_envstore.store.builds import StoreBuilds
    from jupyter_envstore.store.channels import StoreChannels
    from jupyter_envstore.store.disk import StoreDisk
    from jupyter_envstore.store.drafts import StoreDrafts
    from jupyter_envstore.store.environments import StoreEnvironments
    from jupyter_envstore.store.notebooks import StoreNotebooks
    from jupyter_envstore.store.platforms import StorePlatforms
    from jupyter_envstore.store.previews import StorePreviews
    from jupyter_envstore.store.reports import StoreReports
    from jupyter_envstore.store.sharing import StoreSharing
    from jupyter_envstore.store.versions import StoreVersions

T = TypeVar("T")


class EnvStore(StoreSettings):
    """A store of versioned environments in one folder. Safe to use from several threads and processes at once."""

    def __init__(self, *, clock: Callable[[], datetime] | None = None, **settings: Any) -> None:
        """``clock`` gives the time where it decides what is done; tests set it."""
        super().__init__(**settings)
        self._clock = clock
        folder = os.environ.get(STORE_VARIABLE)
        if folder and "root_dir" not in settings:
            self.root_dir = folder
        self._parts: dict[str, Any] = {}
        self._opening = threading.RLock()
        self._closing = threading.Event()

    # ------------------------------------------------------------ what can be done

    @cached_property
    def environments(self) -> StoreEnvironments:
        """Environments as wholes."""
        from jupyter_envstore.store.environments import StoreEnvironments

        return StoreEnvironments(self)

    @cached_property
    def versions(self) -> StoreVersions:
        """The versions that exist."""
        from jupyter_envstore.store.versions import StoreVersions

        return StoreVersions(self)

    @cached_property
    def sharing(self) -> StoreSharing:
        """Versions as files for others, and files of others."""
        from jupyter_envstore.store.sharing import StoreSharing

        return StoreSharing(self)

    @cached_property
    def drafts(self) -> StoreDrafts:
        """Versions to be, and what they would change."""
        from jupyter_envstore.store.drafts import StoreDrafts

        return StoreDrafts(self)

    @cached_property
    def previews(self) -> StorePreviews:
        """Drafts that are being solved, or were a moment ago."""
        from jupyter_envstore.store.previews import StorePreviews

        return StorePreviews(self)

    @cached_property
    def coverage(self) -> StorePlatforms:
        """On which platforms versions and specifications can be had."""
        from jupyter_envstore.store.platforms import StorePlatforms

        return StorePlatforms(self)

    @cached_property
    def builds(self) -> StoreBuilds:
        """What makes versions and their files."""
        from jupyter_envstore.store.builds import StoreBuilds

        return StoreBuilds(self)

    @cached_property
    def channels(self) -> StoreChannels:
        """What channels offer."""
        from jupyter_envstore.store.channels import StoreChannels

        return StoreChannels(self)

    @cached_property
    def disk(self) -> StoreDisk:
        """What the store costs, and giving back what nobody needs."""
        from jupyter_envstore.store.disk import StoreDisk

        return StoreDisk(self)

    @cached_property
    def reports(self) -> StoreReports:
        """Whether notebooks would come out the same elsewhere."""
        from jupyter_envstore.store.reports import StoreReports

        return StoreReports(self)

    @cached_property
    def notebooks(self) -> StoreNotebooks:
        """Notebook files and the environments that they name."""
        from jupyter_envstore.store.notebooks import StoreNotebooks

        return StoreNotebooks(self)

    def uninstall(self) -> list[str]:
        """Take away this store's kernel specs, and its lines in conda's list; return the kernels' names."""
        return self.presentation.withdraw_all()

    def warm_up(self) -> None:
        """Start the resolver in the background: its imports take a second that the caller can use otherwise."""
        self.resolver.start()

    def close(self) -> None:
        """Stop what runs here; builds that are under way go back to the queue, searches and locks are given up."""
        self._closing.set()
        for name in ("previews", "coverage"):
            if name in self.__dict__:
                getattr(self, name).close()
        if "service" in self._parts:
            self.build_service.stop()
        with self._opening:
            parts, self._parts = self._parts, {}
        for name in ("resolver", "searcher", "catalog"):
            if name in parts:
                parts[name].close()

    @property
    def exists(self) -> bool:
        """Whether the store was made already; asking makes none."""
        return bool(self.database_url) or self.layout.catalog.exists()

    @property
    def closing(self) -> bool:
        """Whether `close` was called: who waits for something gives up."""
        return self._closing.is_set()

    # ------------------------------------------------------------ references

    def reference(self, text: str) -> Reference:
        """Read a reference with this store's default namespace.

        Raises
        ------
        InvalidNameError, InvalidReferenceError
        """
        return parse_reference(text, self.default_namespace)

    def environment_reference(self, text: str) -> Reference:
        """Read a reference to a whole environment.

        Raises
        ------
        InvalidNameError
        InvalidReferenceError
            When it names a version.
        """
        reference = self.reference(text)
        if reference.version is not None:
            raise InvalidReferenceError(
                f"{reference} names one version, but this is about a whole environment. Leave out the number.",
                reference=str(reference),
            )
        return reference

    def version_reference(self, text: str) -> Reference:
        """Read a reference to one version.

        Raises
        ------
        InvalidNameError
        InvalidReferenceError
            When it names none.
        """
        reference = self.reference(text)
        if reference.version is None:
            raise InvalidReferenceError(
                f"{reference} names a whole environment, but this is about one version. Add its number: {reference}@1",
                reference=str(reference),
            )
        return reference

    # ------------------------------------------------------------ parts

    @cached_property
    def layout(self) -> StoreLayout:
        """Where things lie."""
        return StoreLayout(Path(self.root_dir))

    @property
    def policy(self) -> Policy:
        """What may be used here, as it is configured now."""
        from jupyter_envstore.policy import Policy

        return Policy.of(self)

    def describe_policy(self) -> PolicyReport:
        """Return the rules in force.

        Raises
        ------
        InvalidInputError
            When a channel of the configuration is none.
        """
        from jupyter_envstore.policy.describing import describe

        return describe(self.policy)

    @property
    def catalog(self) -> Catalog:
        """The catalog, opened (and created) on first use.

        Raises
        ------
        StoreError
            When it cannot be opened, with the reason and what to do.
        """
        from jupyter_envstore.catalog import open_catalog

        place = self.database_url or self.layout.catalog
        clock: dict[str, Any] = {"clock": self._clock} if self._clock else {}
        return self._part("catalog", lambda: open_catalog(place, prefix_path=self.layout.prefix, **clock))

    @property
    def resolver(self) -> Resolver:
        """The process that locks.

        Raises
        ------
        StoreReadOnlyError
            When the store's folder cannot be written: the process needs a temporary folder there.
        """
        return self._part("resolver", self._new_resolver)

    @property
    def searcher(self) -> Resolver:
        """A resolver for searches alone: who looks for a package does not wait for somebody's solve."""
        return self._part("searcher", self._new_resolver)

    @property
    def presentation(self) -> Presentation:
        """What the world outside sees of environments: links, kernel specs, conda's list."""
        from jupyter_envstore.presentation import Presentation

        catalog = self.catalog
        return self._part("presentation", lambda: Presentation(catalog, self.layout, self))

    @property
    def build_service(self) -> BuildService:
        """What runs and watches builds in this process."""
        from jupyter_envstore.builds.service import BuildService
        from jupyter_envstore.builds.surroundings import StoreSurroundings

        catalog, presentation = self.catalog, self.presentation
        return self._part(
            "service",
            lambda: BuildService(
                catalog,
                self.layout,
                lambda: self.resolver,
                StoreSurroundings(self, self.layout, presentation),
                max_parallel=self.max_parallel_builds,
                before=self._reconcile,
            ),
        )

    def has_part(self, name: str) -> bool:
        """Tell whether a part was made already; asking for the part itself would make it."""
        return name in self._parts

    def _new_resolver(self) -> Resolver:
        from jupyter_envstore.builds.resolver import Resolver
        from jupyter_envstore.folder import ensure_writable

        ensure_writable(self.layout)
        return Resolver(self.layout)

    def _part(self, name: str, make: Callable[[], T]) -> T:
        """Return a part of the store, made once however many threads ask for it at the same time."""
        with self._opening:
            if name not in self._parts:
                self._parts[name] = make()
            part: T = self._parts[name]
            return part

    def _reconcile(self) -> None:
        """Set up kernels that an earlier process could not, and say what could not be done now either."""
        try:
            notes = self.presentation.reconcile()
        except EnvStoreError as error:
            # A kernel that cannot be shown is no reason not to build; a build says it again, with its own words.
            notes = [error.message]
        for note in notes:
            self.log.warning(note)
