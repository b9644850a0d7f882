"""Who shares which bytes: every file of the store counted once, by the prefixes and the cache entry that have it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jupyter_envstore.disk.footprints import Footprint

_COUNTED = -1


@dataclass(frozen=True)
class CacheEntry:
    """One package, or one package's byte-code, in a cache.

    Attributes
    ----------
    name
        Relative to the folder of caches: ``pkgs/<package>``, ``wheels/<digest>``,
        ``pyc/<python>/<digest>``.
    users
        Names of the prefixes that were made with it, as far as their marks say so; who has a file of it counts too.
    """

    name: str
    footprint: Footprint
    users: frozenset[str] = frozenset()


@dataclass
class Accounts:
    """The bytes of a store's prefixes and of what they share.

    Attributes
    ----------
    shares
        Bytes by who has them: names of prefixes, and the name of the cache entry, or None.
    users
        Of each cache entry, the prefixes that need it.
    sizes
        Of each prefix and cache entry, all its bytes.
    alone
        Of each cache entry, the bytes that are in no prefix.
    """

    shares: dict[tuple[frozenset[str], str | None], int] = field(default_factory=dict)
    users: dict[str, frozenset[str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    alone: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.shares.values())

    def entries_without(self, removed: Collection[str]) -> set[str]:
        """Return the cache entries that no prefix needs once those of ``removed`` are gone."""
        gone = set(removed)
        return {name for name, users in self.users.items() if users <= gone}

    def given_back(self, removed: Collection[str], entries: Collection[str]) -> int:
        """Return the bytes that removing these prefixes and cache entries gives back."""
        gone = set(removed)
        return sum(
            size
            for (prefixes, entry), size in self.shares.items()
            if prefixes <= gone and (entry in entries if entry is not None else prefixes)
        )

    def frees(self, removed: Collection[str]) -> int:
        """Return what removing these prefixes gives back, with what only they need of the caches.

        What nobody needs even now is left out: it is given back without them, too.
        """
        gone = set(removed)
        return sum(size for (prefixes, _), size in self.shares.items() if prefixes and prefixes <= gone)

    def one_by_one(self, removed: Sequence[str], entries: Collection[str]) -> Iterator[tuple[str, int]]:
        """Yield what each prefix gives back when they are removed in this order; the sum is what all of them do."""
        gone: set[str] = set()
        before = self.given_back(gone, entries)
        for name in removed:
            gone.add(name)
            after = self.given_back(gone, entries)
            yield name, after - before
            before = after

    def own_and_shared(self, prefixes: Collection[str], others: Collection[str]) -> tuple[int, int]:
        """Return the bytes that only these prefixes have, and those that they have together with others.

        Parameters
        ----------
        others
            Those among the prefixes that do not belong to their owner alone.
        """
        mine = set(prefixes)
        alone = mine - set(others)
        own = shared = 0
        for (users, _), size in self.shares.items():
            if users and users <= alone:
                own += size
            elif not mine.isdisjoint(users):
                shared += size
        return own, shared


def draw_up(prefixes: Mapping[str, Footprint], entries: Iterable[CacheEntry]) -> Accounts:
    """Return the accounts of prefixes, by name, and of the entries of the caches."""
    accounts = Accounts()
    groups = _Groups()
    group_of: dict[int, int] = {}
    size_of: dict[int, int] = {}
    for name, footprint in prefixes.items():
        accounts.sizes[name] = footprint.size
        _add(accounts, groups.members[groups.joined(0, name)], None, footprint.folders)
        after = groups.joiner(name)
        for inode, size in zip(footprint.inodes, footprint.sizes, strict=True):
            group_of[inode] = after[group_of.get(inode, 0)]
            size_of[inode] = size
    for entry in entries:
        _enter(accounts, groups, entry, group_of, size_of)
    for inode, group in group_of.items():
        if group != _COUNTED:
            _add(accounts, groups.members[group], None, size_of[inode])
    return accounts


def _enter(
    accounts: Accounts, groups: _Groups, entry: CacheEntry, group_of: dict[int, int], size_of: Mapping[int, int]
) -> None:
    """Count an entry's files, unless another entry had them."""
    accounts.sizes[entry.name] = entry.footprint.size
    found: dict[int, int] = {}
    for inode, size in zip(entry.footprint.inodes, entry.footprint.sizes, strict=True):
        group = group_of.get(inode, 0)
        group_of[inode] = _COUNTED
        if group == _COUNTED:
            continue
        found[group] = found.get(group, 0) + (size_of[inode] if group else size)
    users = entry.users.union(*(groups.members[group] for group in found))
    accounts.users[entry.name] = users
    for group, size in found.items():
        # A file that no prefix has is needed by those who need the entry: nobody else keeps it there.
        _add(accounts, groups.members[group] if group else users, entry.name, size)
    _add(accounts, users, entry.name, entry.footprint.folders)
    accounts.alone[entry.name] = found.get(0, 0) + entry.footprint.folders


def _add(accounts: Accounts, prefixes: frozenset[str], entry: str | None, size: int) -> None:
    key = (prefixes, entry)
    accounts.shares[key] = accounts.shares.get(key, 0) + size


class _Groups:
    """Sets of prefixes, numbered: a few hundred, while there are hundreds of thousands of files."""

    def __init__(self) -> None:
        self.members: list[frozenset[str]] = [frozenset()]
        self._numbers = {self.members[0]: 0}

    def joined(self, group: int, name: str) -> int:
        """Return the number of a group and one more prefix."""
        members = self.members[group] | {name}
        number = self._numbers.setdefault(members, len(self.members))
        if number == len(self.members):
            self.members.append(members)
        return number

    def joiner(self, name: str) -> _Joiner:
        """Return a mapping from each group to that group with the prefix ``name``."""
        return _Joiner(self, name)


class _Joiner(dict[int, int]):
    def __init__(self, groups: _Groups, name: str) -> None:
        super().__init__()
        self._groups = groups
        self._name = name

    def __missing__(self, group: int) -> int:
        self[group] = number = self._groups.joined(group, self._name)
        return number
