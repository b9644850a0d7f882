"""What a build takes from the version that it starts from: packages to keep, and whether anything changes at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import NothingToBuildError
from jupyter_envstore.lock.facts import stated_of, virtual_packages_of
from jupyter_envstore.lock.pip.sources import built_from_source
from jupyter_envstore.schemas import Build, BuildKind, BuildRequest, Package, Version
from jupyter_envstore.specification import Specification

REVISIONS: tuple[BuildKind, ...] = ("edit", "update")
"""Kinds of builds that make a version from another."""


def keeping_arguments(
    catalog: Catalog, build: Build, request: BuildRequest, platforms: Sequence[str]
) -> dict[str, Any]:
    """Return what the resolver has to know of the parent of a build; nothing for a first version, which has none."""
    if build.kind not in REVISIONS:
        return {}
    return keeping(catalog, given_version(catalog, build, request), request, platforms)


def keeping(catalog: Catalog, parent: Version, request: BuildRequest, platforms: Sequence[str]) -> dict[str, Any]:
    """Return the arguments of the resolver's ``lock`` call that keep a parent's packages where they are.

    Parameters
    ----------
    request
        Its ``freed`` says what may move: an edit keeps all that can be kept, an update of all packages none. What was
        built from source is told all the same, for a preview that cannot look into a newer one.
        Platforms that it attempts are tried besides.
    platforms
        What is locked for.
    """
    arguments: dict[str, Any] = {}
    attempted = [platform for platform in request.attempted if platform not in platforms]
    if attempted:
        arguments |= {"platforms": [*platforms, *attempted], "attempted": attempted}
    packages = catalog.locks.packages(parent.lock)
    if request.freed is not None and not request.freed:
        names = built_from_source(packages)
        built = [package for package in packages if package.manager == "pip" and package.name in names]
        return arguments | {"preferred": [package.model_dump(mode="json") for package in built], "freed": names}
    arguments |= {
        "preferred": [package.model_dump(mode="json") for package in packages],
        "freed": list(request.freed or ()),
    }
    document = catalog.locks.document(parent.lock)
    restated = {name for name, found in request.virtual_packages.items() if stated_of(document).get(name) != found}
    carried = [platform for platform in _carried(parent, request, platforms) if platform not in restated]
    if carried:
        arguments["carried"] = carried
        arguments["carried_virtual_packages"] = virtual_packages_of(document)
    return arguments


def allowed_for(
    catalog: Catalog, version: Version, allow_source: Sequence[str] = (), local_wheels: Sequence[str] = ()
) -> dict[str, list[str]]:
    """Return what of pip's may be built and which files be used: what a person allows now, and did for a version.

    Returns
    -------
    dict
        The fields of a `BuildRequest` that say so.
    """
    packages = [item for item in catalog.locks.packages(version.lock) if item.manager == "pip"]
    files = {item.url for item in packages if item.url.startswith("file:")}
    return {
        "allow_source": sorted({*allow_source, *built_from_source(packages)}),
        "local_wheels": sorted({*local_wheels, *files}),
    }


def _carried(parent: Version, request: BuildRequest, platforms: Sequence[str]) -> list[str]:
    """Return the platforms that stay exactly as they are because an edit is about others: new ones were added."""
    if request.freed is not None or set(platforms) <= set(parent.platforms):
        return []
    before, after = Specification.parse(parent.specification), Specification.parse(request.specification)
    if before.channels != after.channels:
        return []
    return [
        platform
        for platform in parent.platforms
        if platform in platforms
        and before.dependencies_for(platform) == after.dependencies_for(platform)
        and before.pip_for(platform) == after.pip_for(platform)
    ]


def refuse_if_nothing_changes(
    catalog: Catalog, build: Build, request: BuildRequest, packages: Iterable[Package]
) -> None:
    """Raise when an edit or update would make the version once more that it starts from, or that waits already.

    Raises
    ------
    NothingToBuildError
    """
    if build.kind not in REVISIONS:
        return
    there = [given_version(catalog, build, request)]
    if not request.activate:
        # What is offered already need not be offered a second time.
        offered = catalog.environments.get(build.namespace, build.name).offered_version
        there += [catalog.versions.get(build.namespace, build.name, offered)] if offered else []
    packages = list(packages)
    for version in there:
        if changes_nothing(catalog, version, request.specification, packages):
            raise nothing_to_build(version)


def changes_nothing(catalog: Catalog, parent: Version, specification: str, packages: Iterable[Package]) -> bool:
    """Tell whether specification and packages are those of ``parent``.

    The specification counts to the letter: an edit that only names what came along before, or writes a comment, leads
    to the same packages and yet to another version, since the next edit starts from what it says.
    """
    if specification != parent.specification:
        return False
    there = {(package.platform, package.url) for package in catalog.locks.packages(parent.lock)}
    return there == {(package.platform, package.url) for package in packages}


def frees_sources(catalog: Catalog, parent: Version, request: BuildRequest) -> bool:
    """Tell whether packages may move that a preview cannot look into, since their own code would have to run."""
    if request.freed is None:
        return False
    built = built_from_source(catalog.locks.packages(parent.lock))
    return bool(set(built).intersection(request.freed) if request.freed else built)


def nothing_to_build(parent: Version) -> NothingToBuildError:
    """Return the error that says so."""
    reference = f"{parent.namespace}/{parent.name}@{parent.number}"
    return NothingToBuildError(
        f"Nothing to build: this leads to the same packages and the same specification as {reference}.",
        reference=reference,
        version=parent.number,
    )


def activate_rebuilt(catalog: Catalog, build: Build, request: BuildRequest) -> None:
    """Make the version active whose files were made again for that, unless another became active meanwhile."""
    if request.activate_over is None or request.parent is None:
        return
    with catalog.transaction():
        if catalog.environments.get(build.namespace, build.name).active_version == request.activate_over:
            catalog.environments.set_active(build.namespace, build.name, request.parent, build.author)


def given_version(catalog: Catalog, build: Build, request: BuildRequest) -> Version:
    """Return the version that a build starts from, or makes the files of."""
    return catalog.versions.get(build.namespace, build.name, request.parent)
