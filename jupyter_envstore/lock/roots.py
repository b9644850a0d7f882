"""Which packages of a lock were wanted for their own sake: those that no other package needs. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jupyter_envstore.schemas import Package

_NAME_END = re.compile(r"[\s=<>!~\[]")


def roots_of(packages: Sequence[Package]) -> list[Package]:
    """Return the packages of one platform from which all others are reached, by name.

    Of packages that need each other in a circle, and that nothing else needs, one stands for all.
    """
    known = {package.name: package for package in packages}
    needs = {name: _needs(package, known) for name, package in known.items()}
    needed = set().union(*needs.values()) if needs else set()
    roots = set(known) - needed
    reached = _reached(roots, needs)
    while len(reached) < len(known):
        rest = sorted(set(known) - reached)
        # From a circle that nothing leads into one sees the most.
        first = max(rest, key=lambda name: len(_reached({name}, needs)))
        roots.add(first)
        reached |= _reached({first}, needs)
    return [known[name] for name in sorted(roots)]


def _needs(package: Package, known: Mapping[str, Package]) -> set[str]:
    names = {_NAME_END.split(spec.strip(), maxsplit=1)[0] for spec in package.depends}
    return (names & known.keys()) - {package.name}


def _reached(names: set[str], needs: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(needs[name])
    return reached


def in_order(packages: Sequence[Package]) -> list[Package]:
    """Return the packages of one platform so that each comes after those that it needs; by name where nothing decides.

    Of packages that need each other in a circle, the first one by name comes last.
    """
    known = {package.name: package for package in packages}
    needs = {name: _needs(package, known) for name, package in known.items()}
    done: dict[str, None] = {}
    entered: set[str] = set()
    for start in sorted(known):
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                done.setdefault(name)
            elif name not in entered:
                entered.add(name)
                stack.append((name, True))
                stack.extend((other, False) for other in sorted(needs[name], reverse=True) if other not in entered)
    return [known[name] for name in done]
