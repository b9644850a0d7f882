"""Versions made from versions: drafts of edits and updates, what they would change, and comparisons.

Nothing here builds anything: a draft carries the request that a build would have to fulfil.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jupyter_envstore.builds.admission import origin_of
from jupyter_envstore.builds.asking import ask
from jupyter_envstore.builds.parents import allowed_for, changes_nothing, keeping, nothing_to_build
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.surroundings import lock_arguments
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.changes import PackageSet, compare
from jupyter_envstore.errors import InvalidInputError, NotFoundError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.facts import stated_of, unsolved_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.policy import Policy, evaluate
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.schemas import BuildKind, BuildRequest, Explanation, Package, Version
from jupyter_envstore.schemas.changes import Comparison, PlatformChanges, Preview, Side
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.differences import offered_message, unified_diff
from jupyter_envstore.specification.edits import SpecificationEdit
from jupyter_envstore.specification.pins import named_once
from jupyter_envstore.specification.pins import pin as with_pin
from jupyter_envstore.specification.pins import unpin as without_pin
from jupyter_envstore.specification.pip_requests import requests_of


@dataclass(frozen=True)
class Draft:
    """A version to be: what it starts from, and what its build would be asked."""

    kind: BuildKind
    parent: Version
    request: BuildRequest
    restated: bool = False
    """Whether it says anew what machines offer."""

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
    """Drafts and comparisons of one store's versions."""

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
        InvalidInputError
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
        offered = offered_message(before, after, came_along=named_once(pin), unpinned=loose, platforms=further)
        document = self._catalog.locks.document(parent.lock)
        unsolved = [name for name in unsolved_of(document) if name not in platforms]
        stated = {name: dict(found) for name, found in (virtual_packages or {}).items()}
        request = BuildRequest(
            specification=after.text,
            platforms=_platforms(parent, before, after, platforms, unsolved),
            attempted=unsolved if after.platforms == before.platforms else [],
            virtual_packages={**stated_of(document), **stated},
            message=message or offered,
            parent=parent.number,
            **allowed_for(self._catalog, parent, allow_source, local_wheels),
        )
        return Draft("edit", parent, request, restated=bool(stated))

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
        own = [package for package in packages if package.platform == current_platform()]
        after = Side(
            reference=f"{parent.namespace}/{parent.name}",
            package_count=len(own),
            size_on_disk=self._size_on_disk(prefix_hash(own, current_platform())),
        )
        before = self._catalog.locks.packages(parent.lock)
        return Preview(
            parent=parent.number,
            specification=request.specification,
            message=request.message,
            comparison=self._comparison(
                self._side(parent), parent.specification, before, after, request.specification, packages, request.freed
            ),
            nothing_to_build=changes_nothing(self._catalog, parent, request.specification, packages),
            unsolved=unsolved,
            warnings=warnings,
            seconds=seconds,
        )

    def compare(self, one: Version, other: Version) -> Comparison:
        """Return what differs from version ``one`` to version ``other``, of one environment or of two."""
        return self._comparison(
            self._side(one),
            one.specification,
            self._catalog.locks.packages(one.lock),
            self._side(other),
            other.specification,
            self._catalog.locks.packages(other.lock),
            None,
        )

    def _comparison(
        self,
        before: Side,
        before_text: str,
        before_packages: Iterable[Package],
        after: Side,
        after_text: str,
        after_packages: Iterable[Package],
        freed: Collection[str] | None,
    ) -> Comparison:
        was, now = _by_platform(before_packages), _by_platform(after_packages)
        asked_before, asked_after = Specification.parse(before_text), Specification.parse(after_text)
        own = current_platform()
        changes: list[PlatformChanges] = [
            compare(
                platform,
                PackageSet(was[platform], _asked(asked_before, platform)),
                PackageSet(now[platform], _asked(asked_after, platform)),
                freed=freed,
            )
            for platform in sorted(was.keys() & now.keys(), key=lambda name: (name != own, name))
        ]
        return Comparison(
            before=before,
            after=after,
            platforms=changes,
            platforms_added=sorted(now.keys() - was.keys()),
            platforms_removed=sorted(was.keys() - now.keys()),
            specification_diff=unified_diff(before_text, after_text, before.reference, after.reference),
        )

    def _side(self, version: Version) -> Side:
        return Side(
            reference=f"{version.namespace}/{version.name}@{version.number}",
            version=version.number,
            package_count=version.package_count,
            size_on_disk=self._size_on_disk(version.prefix_hash),
        )

    def _size_on_disk(self, hash_: str | None) -> int | None:
        if hash_ is None:
            return None
        try:
            return self._catalog.prefixes.get(hash_).size or None
        except NotFoundError:
            return None

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


def _not_locked(parent: Version, name: str, locked: Collection[str]) -> InvalidInputError:
    near = difflib.get_close_matches(name[:100], locked, n=1)
    hint = f" Did you mean {near[0]}?" if near else " To add it: jupyter envstore edit … --add"
    return InvalidInputError(
        f"{parent.namespace}/{parent.name}@{parent.number} has no package {name[:80]!a}.{hint}", name=name[:80]
    )


def _platforms(
    parent: Version, before: Specification, after: Specification, asked: Sequence[str], unsolved: Sequence[str]
) -> list[str]:
    """Return what to lock for: platforms that were asked for once stay, unless the edit is about them."""
    if after.platforms == before.platforms:
        return sorted({*parent.platforms, *after.platforms, *asked}.difference(unsolved))
    return sorted({*after.platforms, *asked}) if asked else []


def _by_platform(packages: Iterable[Package]) -> dict[str, list[Package]]:
    parts: dict[str, list[Package]] = {}
    for package in packages:
        parts.setdefault(package.platform, []).append(package)
    return parts


def _asked(specification: Specification, platform: str) -> list[str]:
    """Return what a person asks conda and pip for, as match specs."""
    return [*specification.dependencies_for(platform), *requests_of(specification, platform)]
