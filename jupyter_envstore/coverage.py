"""Which platforms a version covers, which it could cover, and which were tried in vain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from jupyter_envstore.builds.admission import origin_of
from jupyter_envstore.builds.asking import ask
from jupyter_envstore.builds.parents import allowed_for
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.surroundings import check_arguments
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.document import by_platform
from jupyter_envstore.lock.facts import stated_of, unsolved_of
from jupyter_envstore.lock.platforms import KNOWN_PLATFORMS, current_platform
from jupyter_envstore.policy import Policy, evaluate
from jupyter_envstore.schemas import (
    BuildRequest,
    Explanation,
    Package,
    PlatformDifference,
    PlatformOverview,
    PlatformReport,
    PlatformStanding,
    Version,
    Workaround,
)
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.platform_edits import USUAL_PLATFORMS


class Coverage:
    """The platforms of one store's versions."""

    def __init__(
        self, catalog: Catalog, layout: StoreLayout, settings: StoreSettings, resolver: Callable[[], Resolver]
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._settings = settings
        self._resolver = resolver

    def known(self, version: Version) -> PlatformOverview:
        """Say what is known of a version, without solving anything."""
        parts = by_platform(self._catalog.locks.packages(version.lock))
        reports = self._catalog.platform_checks.of(version.lock)
        for platform in unsolved_of(self._catalog.locks.document(version.lock)):
            reports.setdefault(platform, _unsolved_elsewhere(platform))
        specification = Specification.parse(version.specification)
        for platform, packages in parts.items():
            reports[platform] = _report(platform, "covered", packages, parts, specification, version.created)
        for platform in self._wanted(specification):
            reports.setdefault(platform, PlatformReport(platform=platform, standing="unchecked"))
        return PlatformOverview(
            reference=f"{version.namespace}/{version.name}@{version.number}",
            specification=version.specification,
            own=current_platform(),
            configured=list(self._settings.platforms),
            platforms=_ordered(reports.values()),
        )

    def check(
        self, version: Version, platforms: Sequence[str] = (), cancelled: Callable[[], bool] = lambda: False
    ) -> PlatformOverview:
        """Solve a version's specification for platforms that it does not cover, and remember what comes of it.

        Parameters
        ----------
        platforms
            None: those that are listed, configured or usual.
        cancelled
            Asked again and again meanwhile.

        Raises
        ------
        PlatformError, ChannelUnavailableError, SpecificationError, PolicyError
        """
        specification = Specification.parse(version.specification)
        wanted = [name for name in platforms or self._wanted(specification) if name not in version.platforms]
        answer: dict[str, Any] = {}
        if wanted:
            request = BuildRequest(
                specification=version.specification,
                platforms=wanted,
                virtual_packages=stated_of(self._catalog.locks.document(version.lock)),
                **allowed_for(self._catalog, version),
            )
            answer = self._ask(request, version.platforms, cancelled)
            parts = by_platform(self._catalog.locks.packages(version.lock))
            found = _reports(answer["platforms"], parts, specification)
            self._catalog.platform_checks.put(version.lock, found)
        known = self.known(version)
        return known.model_copy(
            update={"warnings": answer.get("warnings") or [], "seconds": answer.get("seconds") or {}}
        )

    def check_text(
        self,
        text: str,
        platforms: Sequence[str] = (),
        cancelled: Callable[[], bool] = lambda: False,
        virtual_packages: Mapping[str, Mapping[str, str]] | None = None,
    ) -> PlatformOverview:
        """Solve a specification for platforms, this machine's always among them.

        Parameters
        ----------
        platforms
            None: those that are listed, configured or usual.
        virtual_packages
            By platform: all that its machines offer.

        Raises
        ------
        PlatformError, ChannelUnavailableError, SpecificationError, PolicyError
        """
        specification = Specification.parse(text)
        own = current_platform()
        wanted = list(dict.fromkeys([own, *(platforms or specification.platforms or self._wanted(specification))]))
        stated = {platform: dict(packages) for platform, packages in (virtual_packages or {}).items()}
        request = BuildRequest(specification=text, platforms=wanted, virtual_packages=stated)
        answer = self._ask(request, [], cancelled)
        own_packages = answer["platforms"][own].get("packages") or []
        parts = {own: [Package.model_validate(item) for item in own_packages]}
        return PlatformOverview(
            specification=text,
            own=own,
            configured=list(self._settings.platforms),
            platforms=_ordered(_reports(answer["platforms"], parts, specification)),
            warnings=answer.get("warnings") or [],
            seconds=answer.get("seconds") or {},
        )

    def _ask(self, request: BuildRequest, covered: Sequence[str], cancelled: Callable[[], bool]) -> dict[str, Any]:
        policy = Policy.of(self._settings)
        evaluate(origin_of("create", request, policy), [], policy).require()  # before a channel is asked
        arguments = check_arguments(self._settings, self._layout, request, covered)
        return ask(self._resolver(), "platforms", arguments, cancelled=cancelled)

    def _wanted(self, specification: Specification) -> list[str]:
        asked = [*specification.platforms, *self._settings.platforms]
        return list(dict.fromkeys([*(name for name in asked if name in KNOWN_PLATFORMS), *USUAL_PLATFORMS]))


def _reports(
    told: Mapping[str, Any], parts: Mapping[str, Sequence[Package]], specification: Specification
) -> list[PlatformReport]:
    now = datetime.now(timezone.utc)
    reports = []
    for platform, one in told.items():
        if "packages" in one:
            packages = [Package.model_validate(item) for item in one["packages"]]
            reports.append(_report(platform, "solvable", packages, parts, specification, now))
        else:
            reports.append(
                PlatformReport(
                    platform=platform,
                    standing="unsolved",
                    checked=now,
                    explanation=Explanation.model_validate(one["explanation"]),
                    workarounds=[Workaround.model_validate(way) for way in one["workarounds"]],
                )
            )
    return reports


def _report(
    platform: str,
    standing: PlatformStanding,
    packages: Sequence[Package],
    parts: Mapping[str, Sequence[Package]],
    specification: Specification,
    checked: datetime,
) -> PlatformReport:
    """Report on a platform with a solution; ``parts`` has this machine's packages, which it is compared with."""
    here = {package.name: package.version for package in parts.get(current_platform(), ())}
    there = {package.name: package.version for package in packages}
    alone = platform == current_platform() or not here
    direct = {spec.name for spec in specification.match_specs(platform)}
    sizes = [package.size for package in packages]
    return PlatformReport(
        platform=platform,
        standing=standing,
        checked=checked,
        package_count=len(packages),
        download=sum(size or 0 for size in sizes),
        unknown_sizes=sizes.count(None),
        differences=[] if alone else _differences(here, there, direct),
        only_here=[] if alone else sorted(here.keys() - there.keys()),
        only_there=[] if alone else sorted(there.keys() - here.keys()),
    )


def _differences(
    here: Mapping[str, str], there: Mapping[str, str], direct: Collection[str]
) -> list[PlatformDifference]:
    names = sorted(name for name in here.keys() & there.keys() if here[name] != there[name])
    found = [PlatformDifference(name=name, direct=name in direct, here=here[name], there=there[name]) for name in names]
    return sorted(found, key=lambda one: not one.direct)


def _unsolved_elsewhere(platform: str) -> PlatformReport:
    summary = f"There was no solution for {platform} where the lock was made. Check it to see why."
    explanation = Explanation(platform=platform, summary=summary, conflict=[])
    return PlatformReport(platform=platform, standing="unsolved", explanation=explanation)


def _ordered(reports: Iterable[PlatformReport]) -> list[PlatformReport]:
    """Put this machine's platform first, then those that are known in their order, then the others."""
    own = current_platform()
    places = {platform: place for place, platform in enumerate(KNOWN_PLATFORMS)}
    marked = [report.model_copy(update={"own": report.platform == own}) for report in reports]
    return sorted(marked, key=lambda one: (not one.own, places.get(one.platform, len(places)), one.platform))
