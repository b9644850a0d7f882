"""What differs between versions, or from a version to what a draft of the next one leads to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.changes import PackageSet, compare
from jupyter_envstore.errors import NotFoundError
from jupyter_envstore.lock.document import by_platform
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.schemas import BuildRequest, Package, Version
from jupyter_envstore.schemas.changes import Comparison, Side
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.differences import unified_diff
from jupyter_envstore.specification.pip_requests import requests_of


@dataclass(frozen=True)
class _Content:
    """One side of a comparison, with the text and the packages of all platforms."""

    side: Side
    text: str
    packages: Sequence[Package]


class Comparisons:
    """Comparisons of one store's versions."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def between(self, one: Version, other: Version) -> Comparison:
        """Return what differs from version ``one`` to version ``other``, of one environment or of two."""
        return _compare(self._content(one), self._content(other), None)

    def expected(self, parent: Version, request: BuildRequest, packages: Sequence[Package]) -> Comparison:
        """Return what differs from a version to the one that a request would make of it, with these packages."""
        own = [package for package in packages if package.platform == current_platform()]
        side = Side(
            reference=f"{parent.namespace}/{parent.name}",
            package_count=len(own),
            size_on_disk=self._size_on_disk(prefix_hash(own, current_platform())),
        )
        return _compare(self._content(parent), _Content(side, request.specification, packages), request.freed)

    def _content(self, version: Version) -> _Content:
        side = Side(
            reference=f"{version.namespace}/{version.name}@{version.number}",
            version=version.number,
            package_count=version.package_count,
            size_on_disk=self._size_on_disk(version.prefix_hash),
        )
        return _Content(side, version.specification, self._catalog.locks.packages(version.lock))

    def _size_on_disk(self, hash_: str | None) -> int | None:
        if hash_ is None:
            return None
        try:
            return self._catalog.prefixes.get(hash_).size or None
        except NotFoundError:
            return None


def _compare(before: _Content, after: _Content, freed: Collection[str] | None) -> Comparison:
    was, now = by_platform(before.packages), by_platform(after.packages)
    asked_before, asked_after = Specification.parse(before.text), Specification.parse(after.text)
    own = current_platform()
    return Comparison(
        before=before.side,
        after=after.side,
        platforms=[
            compare(
                platform,
                PackageSet(was[platform], _asked(asked_before, platform)),
                PackageSet(now[platform], _asked(asked_after, platform)),
                freed=freed,
            )
            for platform in sorted(was.keys() & now.keys(), key=lambda name: (name != own, name))
        ],
        platforms_added=sorted(now.keys() - was.keys()),
        platforms_removed=sorted(was.keys() - now.keys()),
        specification_diff=unified_diff(before.text, after.text, before.side.reference, after.side.reference),
    )


def _asked(specification: Specification, platform: str) -> list[str]:
    """Return what a person asks conda and pip for, as match specs."""
    return [*specification.dependencies_for(platform), *requests_of(specification, platform)]
