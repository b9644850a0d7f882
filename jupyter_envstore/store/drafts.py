"""Versions to be: drafts of edits and updates, and what they would change. Nothing is built here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft, Revisions
    from jupyter_envstore.schemas import EditedSpecification, Preview, SpecificationReport
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
        add_pip: Sequence[str] = (),
        remove_pip: Sequence[str] = (),
        specification: str | None = None,
        channels: Sequence[str] | None = None,
        add_channels: Sequence[str] = (),
        remove_channels: Sequence[str] = (),
        variables: Mapping[str, str | None] | None = None,
        pin: Sequence[str] = (),
        unpin: Sequence[str] = (),
        platforms: Sequence[str] = (),
        virtual_packages: Mapping[str, Mapping[str, str]] | None = None,
        allow_source: Sequence[str] = (),
        local_wheels: Sequence[str] = (),
        message: str = "",
    ) -> Draft:
        """Draft an edit of a version, of the active one when none is named.

        Parameters
        ----------
        add, remove
            Match specs to ask for, and names to ask no more for.
        add_pip, remove_pip
            The same for pip.
        specification
            A text instead of the version's; the rest is done to it.
        channels
            All channels, in order.
        add_channels, remove_channels
            Channels to put behind the others, and to take away; the configured ones count where none is named.
        variables
            Values by name; None takes a variable away, the others stay.
        pin, unpin
            Names of packages to keep at their locked version, and to ask for as before they were pinned.
        platforms
            Lock for these too. Those for which the version has no solution are tried again.
        virtual_packages
            By platform: all that its machines offer; what was stated for the version stays so for other platforms.
        allow_source, local_wheels
            See `StoreBuilds.create`; what was allowed for the version that it starts from stays so.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, SpecificationError
        InvalidInputError
            When a package to be pinned is not in the version.
        """
        from jupyter_envstore.specification import Specification
        from jupyter_envstore.specification.edits import SpecificationEdit, with_and_without

        parent = self._store.versions.get(ref)
        if add_channels or remove_channels:
            there = channels
            if there is None:
                there = Specification.parse(specification or parent.specification).channels
            channels = with_and_without(there or self._store.default_channels, add_channels, remove_channels)
        return self.revisions.edit(
            parent,
            SpecificationEdit(
                add=add,
                remove=remove,
                add_pip=add_pip,
                remove_pip=remove_pip,
                channels=channels,
                variables=variables or {},
            ),
            specification=specification,
            pin=pin,
            unpin=unpin,
            platforms=platforms,
            virtual_packages=virtual_packages,
            allow_source=allow_source,
            local_wheels=local_wheels,
            message=message,
        )

    def edit_text(
        self,
        text: str,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        add_pip: Sequence[str] = (),
        remove_pip: Sequence[str] = (),
        channels: Sequence[str] | None = None,
        variables: Mapping[str, str | None] | None = None,
        name: str | None = None,
    ) -> EditedSpecification:
        """Change a text line by line, as `edit` does with that of a version; comments and order stay.

        Raises
        ------
        SpecificationError
            When the text cannot be read, something to be removed is not there, or what is written is not allowed.
        """
        from jupyter_envstore.schemas import EditedSpecification
        from jupyter_envstore.specification import Specification
        from jupyter_envstore.specification.edits import SpecificationEdit

        change = SpecificationEdit(
            add=add,
            remove=remove,
            add_pip=add_pip,
            remove_pip=remove_pip,
            channels=channels,
            variables=variables or {},
            name=name,
        )
        after = change.apply_to(Specification.parse(text)).text
        return EditedSpecification(specification=after, report=self.check(after))

    def update(
        self,
        ref: str,
        names: Sequence[str] = (),
        *,
        as_of: str | None = None,
        platforms: Sequence[str] = (),
        allow_source: Sequence[str] = (),
        message: str = "",
    ) -> Draft:
        """Draft an update of the packages called ``names``, of all when none is named; lock for ``platforms`` too.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, InvalidInputError
        """
        parent = self._store.versions.get(ref)
        return self.revisions.update(
            parent, names, as_of=as_of, platforms=platforms, allow_source=allow_source, message=message
        )

    def preview(self, draft: Draft, cancelled: Callable[[], bool] = lambda: False) -> Preview:
        """Say what a draft would change, and why; ``cancelled`` is asked again and again while it is solved.

        Raises
        ------
        LockError, ChannelUnavailableError, SpecificationError, PolicyError
        """
        from jupyter_envstore.builds.admission import admit

        admit(draft.kind, draft.request, self._store.policy)
        return self.revisions.preview(draft, lambda: self._store.closing or cancelled())

    def check(self, text: str) -> SpecificationReport:
        """Say how the text of an environment.yml is understood and what is wrong with it; never raises for that."""
        from jupyter_envstore.builds.admission import report_on

        return report_on(text, self._store.policy)
