"""Why a package changed, read off the two sets: who asks for it, who needs it so, and what it could not stay beside.

A reason is only given when it holds: a requirement is named as the cause when what was there before does not
satisfy it. Where nothing of the kind is found, the resolver's choice is called that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from jupyter_envstore.schemas import Package
from jupyter_envstore.schemas.changes import Why
from jupyter_envstore.specification.version_matching import name_of, satisfies

Key = tuple[str, str]
"""Manager and name."""


class Requests:
    """What a person asked for, by name."""

    def __init__(self, specs: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        for spec in specs:
            self._by_name.setdefault(name_of(spec), []).append(spec.strip())

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def of(self, name: str) -> list[str]:
        """Return the match specs that name the package."""
        return self._by_name.get(name, [])


class Reasons:
    """The reasons of all changes between two sets of one platform."""

    def __init__(
        self,
        before: Mapping[Key, Package],
        after: Mapping[Key, Package],
        asked_before: Requests,
        asked_after: Requests,
        freed: Collection[str] | None,
    ) -> None:
        self._before = before
        self._after = after
        self._asked_before = asked_before
        self._asked_after = asked_after
        self._freed = freed
        self._needs_before = _needs(before.values())
        self._needs_after = _needs(after.values())

    def is_direct(self, name: str) -> bool:
        """Tell whether a person asks, or asked, for the package by name."""
        return name in self._asked_after or name in self._asked_before

    def why(self, was: Package | None, now: Package | None) -> Why:
        """Return why a package that was ``was`` is now ``now``; one of them may be None."""
        if was is None and now is not None:
            return self._why_added(now)
        if now is None and was is not None:
            return self._why_removed(was)
        assert was is not None
        assert now is not None
        return self._why_moved(was)

    def _why_added(self, now: Package) -> Why:
        asked = self._asked_after.of(now.name)
        if asked:
            return Why(code="asked", requirement=asked[0], text="you added it")
        needs = self._needs_after.get(now.name, [])
        # Who came with it, or changed, is more likely the reason than who was there all the time.
        if not needs:
            return _chosen()
        package, requirement = min(needs, key=lambda need: (self._stayed(need[0]), need[0].name))
        return Why(code="required", by=_named(package), requirement=requirement, text=f"needed by {package.name}")

    def _why_removed(self, was: Package) -> Why:
        if was.name in self._asked_before and was.name not in self._asked_after:
            return Why(code="asked", requirement=self._asked_before.of(was.name)[0], text="you removed it")
        for package, requirement in self._needs_before.get(was.name, []):
            now = self._after.get((package.manager, package.name))
            by = f"{package.name} {now.version}" if now else package.name
            text = f"{by} needs it no longer" if now else "nothing needs it now"
            return Why(code="unneeded", by=_named(package), requirement=requirement, text=text)
        return Why(code="unneeded", text="nothing needs it now")

    def _why_moved(self, was: Package) -> Why:
        for spec in self._asked_after.of(was.name):
            if not satisfies(was.version, was.build, spec):
                return Why(code="asked", requirement=spec, text=f"you ask for {_constraint(spec)}")
        for package, requirement in self._needs_after.get(was.name, []):
            if not satisfies(was.version, was.build, requirement):
                text = f"{_named(package)} needs {requirement}"
                return Why(code="required", by=_named(package), requirement=requirement, text=text)
        for requirement in was.depends:
            other = self._in_after(was.manager, name_of(requirement))
            if other is not None and not satisfies(other.version, other.build, requirement):
                text = f"{_named(was)} needs {requirement}, and {other.name} is {other.version} now"
                return Why(code="incompatible", by=_named(other), requirement=requirement, text=text)
        if self._freed is not None and was.name in self._freed:
            return Why(code="freed", text="you asked for its update")
        if self._freed is not None and not self._freed:
            return Why(code="freed", text="the update let it move")
        return _chosen()

    def _in_after(self, manager: str, name: str) -> Package | None:
        """Return what is there of a name; a package of pip may need one of conda."""
        return self._after.get((manager, name)) or (self._after.get(("conda", name)) if manager == "pip" else None)

    def _stayed(self, package: Package) -> bool:
        was = self._before.get((package.manager, package.name))
        return was is not None and was.url == package.url


def _needs(packages: Iterable[Package]) -> dict[str, list[tuple[Package, str]]]:
    """Return, by name of what is needed, who needs it and how."""
    needs: dict[str, list[tuple[Package, str]]] = {}
    for package, name, requirement in _requirements(packages):
        needs.setdefault(name, []).append((package, requirement))
    return needs


def _requirements(packages: Iterable[Package]) -> Iterator[tuple[Package, str, str]]:
    for package in packages:
        for requirement in package.depends:
            yield package, name_of(requirement), requirement


def _named(package: Package) -> str:
    return f"{package.name} {package.version}"


def _constraint(spec: str) -> str:
    """Return a match spec without its name: what a person sees beside the name."""
    return spec.strip()[len(name_of(spec)) :].strip() if "::" not in spec else spec.strip()


def _chosen() -> Why:
    return Why(code="chosen", text="chosen so that all fits together")
