"""Versions to be: drafts of edits and updates, and what they would change. Nothing is built here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft, Revisions
    from jupyter_envstore.schemas import Preview, SpecificationReport
    from jupyter_envstore.store.store import EnvStore


class StoreDrafts:
    """Drafts of versions of one store's environments; `StoreBuilds.submit` has one built."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    @cached_property
    def revisions(self) -> Revisions:
        """What makes versions from versions."""
        from jupyter_envstore.revisions import Revisions

        store = self._store
        return Revisions(store.catalog, store.layout, store, lambda: store.resolver)

    def edit(
        self,
        ref: str,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        specification: str | None = None,
        message: str = "",
    ) -> Draft:
        """Draft an edit of a version, of the active one when none is named.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, SpecificationError
        """
        parent = self._store.versions.get(ref)
        return self.revisions.edit(parent, add=add, remove=remove, specification=specification, message=message)

    def update(self, ref: str, names: Sequence[str] = (), *, as_of: str | None = None, message: str = "") -> Draft:
        """Draft an update of the packages called ``names``, of all when none is named.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, InvalidInputError
        """
        return self.revisions.update(self._store.versions.get(ref), names, as_of=as_of, message=message)

    def preview(self, draft: Draft) -> Preview:
        """Say what a draft would change, and why.

        Raises
        ------
        LockError, ChannelUnavailableError, PipNotSupportedError, SpecificationError
        """
        from jupyter_envstore.builds.admission import admit

        admit(draft.request)
        return self.revisions.preview(draft, lambda: self._store.closing)

    def check(self, text: str) -> SpecificationReport:
        """Say how the text of an environment.yml is understood and what is wrong with it; never raises for that."""
        from jupyter_envstore.builds.admission import report_on

        return report_on(text)
