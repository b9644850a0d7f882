"""Versions made from versions: drafts of edits and updates, and what they would change.

Nothing here builds anything: a draft carries the request that a build would have to fulfil.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from jupyter_envstore.builds.admission import origin_of
from jupyter_envstore.builds.asking import ask
from jupyter_envstore.builds.parents import allowed_for, changes_nothing, frees_sources, keeping, nothing_to_build
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.surroundings import lock_arguments
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.comparisons import Comparisons
from jupyter_envstore.errors import PackageNotLockedError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.facts import stated_of, unsolved_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.policy import Policy, evaluate
from jupyter_envstore.schemas import BuildKind, BuildRequest, Explanation, Package, Version
from jupyter_envstore.schemas.changes import Preview
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.differences import offered_message
from jupyter_envstore.specification.edits import SpecificationEdit
from jupyter_envstore.specification.pins import named_once
from jupyter_envstore.specification.pins import pin as with_pin
from jupyter_envstore.specification.pins import unpin as without_pin


@dataclass(frozen=True)
class Draft:
    """A version to be: what it starts from, and what its build would be asked."""

    kind: BuildKind
    parent: Version
    request: BuildRequest
    restated: bool = False
    """Whether it says anew what machines offer."""
    offer: Callable[[Collection[str]], str] | None = None
    """Makes its message once it is known for which platforms there is no solution; None where a person wrote one."""

    @property
    def is_idle(self) -> bool:
        """Whether it asks for nothing that its parent does not have."""
        same_platforms = self.request.platforms in ([], self.parent.platforms) and not self.restated
        return self.kind == "edit" and same_platforms and self.request.specification == self.parent.specification

    def require_change(self) -> None:
        """Raise `NothingToBuildError` when it can be seen without a resolver that nothing would change."""
        if self.is_idle:
            raise nothing_to_build(self.parent)


class Revisions:
    """Drafts of one store's versions."""

    def __init__(
        self, catalog: Catalog, layout: StoreLayout, settings: StoreSettings, resolver: Callable[[], Resolver]
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._settings = settings
        self._resolver = resolver

    def edit(
        self,
        parent: Version,
        change: SpecificationEdit,
        *,
        specification: str | None = None,
        pin: Sequence[str] = (),
        unpin: Sequence[str] = (),
        platforms: Sequence[str] = (),
        virtual_packages: Mapping[str, Mapping[str, str]] | None = None,
        allow_source: Sequence[str] = (),
        local_wheels: Sequence[str] = (),
        message: str = "",
    ) -> Draft:
        """Draft an edit: ``specification`` instead of the parent's text, then ``change``, then ``unpin`` and ``pin``.

        Parameters
        ----------
        pin
            Names of packages to keep at the version that the parent has on this machine's platform.
        unpin
            Names of packages to ask for as before they were pinned.
        platforms
            Lock for these too; none: as the parent was, unless the text lists others now. Those for which the parent
            had no solution are tried again.
        virtual_packages
            By platform: all that its machines offer; what was stated for the parent stays so for the other platforms.
        allow_source, local_wheels
            See `BuildRequest`; what was allowed for the parent stays so.

        Raises
        ------
        SpecificationError
            When a text cannot be read, or something to be removed is not there.
        PackageNotLockedError
            When a package to be pinned is not in the parent.
        """
        before = Specification.parse(parent.specification)
        after = change.apply_to(before if specification is None else Specification.parse(specification))
        loose = named_once(unpin)
        if loose:
            line = self._catalog.versions.lineage(parent.namespace, parent.name, parent.number)
            for name in loose:
                after = without_pin(after, name, line)
        locked = self._locked_versions(parent) if pin else {}
        for name in named_once(pin):
            if name not in locked:
                raise _not_locked(parent, name, locked)
            after = with_pin(after, name, locked[name])
        further = [platform for platform in platforms if platform not in parent.platforms]
        if further and after.platforms == before.platforms and after.platforms:
            # A list that is there would else say something that is no longer so.
            after = after.with_platforms([*after.platforms, *(one for one in further if one not in after.platforms)])

        def offer(unsolved: Collection[str]) -> str:
            covered = [platform for platform in further if platform not in unsolved]
            return offered_message(before, after, came_along=named_once(pin), unpinned=loose, platforms=covered)

        document = self._catalog.locks.document(parent.lock)
        unsolved = [name for name in unsolved_of(document) if name not in platforms]
        stated = {name: dict(found) for name, found in (virtual_packages or {}).items()}
        request = BuildRequest(
            specification=after.text,
            platforms=_platforms(parent, before, after, platforms, unsolved),
            attempted=unsolved if after.platforms == before.platforms else [],
            virtual_packages={**stated_of(document), **stated},
            message=message or offer(()),
            parent=parent.number,
            **allowed_for(self._catalog, parent, allow_source, local_wheels),
        )
        return Draft("edit", parent, request, restated=bool(stated), offer=None if message else offer)

    def update(
        self,
        parent: Version,
        names: Sequence[str] = (),
        *,
        as_of: str | None = None,
        platforms: Sequence[str] = (),
        allow_source: Sequence[str] = (),
        message: str = "",
    ) -> Draft:
        """Draft an update of the packages called ``names``, of all when none is named.

        ``platforms`` are locked for too; none: those of the parent.

        Raises
        ------
        NotFoundError
            When one of them is not in the parent.
        """
        wanted = named_once(names)
        self._require_locked(parent, wanted)
        listed = ", ".join(wanted[:3]) + (f" and {len(wanted) - 3} more" if len(wanted) > 3 else "")
        document = self._catalog.locks.document(parent.lock)
        request = BuildRequest(
            specification=parent.specification,
            platforms=sorted({*parent.platforms, *platforms}),
            attempted=[name for name in unsolved_of(document) if name not in platforms],
            virtual_packages=stated_of(document),
            message=message or f"Update {listed or 'all packages'}{f' as of {as_of}' if as_of else ''}",
            as_of=as_of,
            parent=parent.number,
            freed=wanted,
            **allowed_for(self._catalog, parent, allow_source),
        )
        return Draft("update", parent, request)

    def clone(self, version: Version, name: str) -> BuildRequest:
        """Return the request for a first version that has the very lock of ``version``, under another name."""
        return BuildRequest(
            specification=Specification.parse(version.specification).with_name(name).text,
            platforms=version.platforms,
            message=f"Clone of {version.namespace}/{version.name}@{version.number}",
            lockfile=self._catalog.locks.document(version.lock),
        )

    def preview(self, draft: Draft, cancelled: Callable[[], bool] = lambda: False) -> Preview:
        """Solve a draft and say what it would change; nothing is built.

        Raises
        ------
        LockError, ChannelUnavailableError, PolicyError
            As for a build; the explanation of a conflict is among the details.
        """
        parent, request = draft.parent, draft.request
        unsolved: dict[str, Explanation] = {}
        warnings: list[str] = []
        seconds: dict[str, float] = {}
        if draft.is_idle:
            packages = self._catalog.locks.packages(parent.lock)
        else:
            arguments = lock_arguments(self._settings, self._layout, request, may_build=False)
            arguments |= keeping(self._catalog, parent, request, arguments["platforms"])
            answer = ask(self._resolver(), "lock", arguments, cancelled=cancelled)
            packages = [Package.model_validate(item) for item in answer["packages"]]
            policy = Policy.of(self._settings)
            evaluate(origin_of(draft.kind, request, policy), packages, policy).require()
            unsolved = {name: Explanation.model_validate(why) for name, why in (answer.get("unsolved") or {}).items()}
            warnings, seconds = list(answer.get("warnings") or []), answer.get("seconds") or {}
        return Preview(
            parent=parent.number,
            specification=request.specification,
            message=draft.offer(unsolved) if draft.offer else request.message,
            comparison=Comparisons(self._catalog).expected(parent, request, packages),
            nothing_to_build=changes_nothing(self._catalog, parent, request.specification, packages)
            and not frees_sources(self._catalog, parent, request),
            unsolved=unsolved,
            warnings=warnings,
            seconds=seconds,
        )

    def _require_locked(self, parent: Version, names: Sequence[str]) -> None:
        if not names:
            return
        locked = {package.name for package in self._catalog.locks.packages(parent.lock)}
        for name in names:
            if name not in locked:
                raise _not_locked(parent, name, locked)

    def _locked_versions(self, parent: Version) -> dict[str, str]:
        """Return the versions of a parent's packages by name: this machine's, else those of another platform."""
        own = current_platform()
        packages = self._catalog.locks.packages(parent.lock)
        return {package.name: package.version for package in sorted(packages, key=lambda one: one.platform == own)}


def _not_locked(parent: Version, name: str, locked: Collection[str]) -> PackageNotLockedError:
    near = difflib.get_close_matches(name[:100], locked, n=1)
    reference = f"{parent.namespace}/{parent.name}"
    known = re.fullmatch(r"[A-Za-z0-9._-]{1,80}", name)
    add = f" To add it: jupyter envstore edit {reference} --add {name}" if known else ""
    hint = f" Did you mean {near[0]}?" if near else add
    return PackageNotLockedError(f"{reference}@{parent.number} has no package {name[:80]!a}.{hint}", name=name[:80])


def _platforms(
    parent: Version, before: Specification, after: Specification, asked: Sequence[str], unsolved: Sequence[str]
) -> list[str]:
    """Return what to lock for: platforms that were asked for once stay, unless the edit is about them."""
    if after.platforms == before.platforms:
        return sorted({*parent.platforms, *after.platforms, *asked}.difference(unsolved))
    return sorted({*after.platforms, *asked}) if asked else []
