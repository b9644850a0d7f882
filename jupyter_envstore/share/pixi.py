"""``pixi.lock``, format 6: what every pixi since 0.39 reads, and rattler and conda's lockfile plugin with it.

Version, name and build are left out where they stand in the address, as pixi leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jupyter_envstore.schemas import Package
from jupyter_envstore.share.scalars import scalar
from jupyter_envstore.share.shared import Shared, commented

FORMAT_VERSION = 6
ENVIRONMENT = "default"

_VERSIONS = re.compile(r"(?:(?:[<>]=?|[!=~]=)[A-Za-z0-9.!+*]+,?)+")


def write(shared: Shared) -> str:
    """Return the lock of all platforms, or of the one that was asked for.

    Raises
    ------
    FormatUnavailableError
        When a package lies on this machine only.
    PlatformError
        When the lock does not cover the platform that was asked for.
    """
    platforms = shared.wanted_platforms
    shared.require_fetchable(platforms)
    packages = {platform: shared.packages_for(platform) for platform in platforms}
    return commented(shared.heading()) + "".join(f"{line}\n" for line in _lines(shared, packages))


def _lines(shared: Shared, packages: dict[str, list[Package]]) -> Iterable[str]:
    yield f"version: {FORMAT_VERSION}"
    yield "environments:"
    yield f"  {ENVIRONMENT}:"
    channels = _channels(shared, [package for part in packages.values() for package in part])
    yield "    channels:" if channels else "    channels: []"
    for channel in channels:
        yield f"    - url: {scalar(channel + '/')}"
    yield "    packages:"
    for platform, part in packages.items():
        yield f"      {platform}:" if part else f"      {platform}: []"
        for package in part:
            yield f"      - {_selector(package)}"
    every = {_selector(package): package for part in packages.values() for package in part}
    yield "packages:" if every else "packages: []"
    for selector, package in sorted(every.items(), key=lambda item: (item[1].name, item[0])):
        yield f"- {selector}"
        yield from _conda(package) if package.manager == "conda" else _pypi(package)


def _selector(package: Package) -> str:
    return f"conda: {scalar(package.url)}" if package.manager == "conda" else f"pypi: {scalar(_location(package))}"


def _location(package: Package) -> str:
    """Return the address of a wheel; a commit of a repository as pixi writes it."""
    address, _, commit = package.url.rpartition("@")
    if package.url.startswith("git+") and re.fullmatch(r"[0-9a-f]{7,40}", commit):
        return f"{address}?rev={commit}#{commit}"
    return package.url


def _conda(package: Package) -> Iterable[str]:
    yield from _digests(package)
    yield from _list("depends", package.depends)
    if package.license:
        yield f"  license: {scalar(package.license)}"
    if package.size is not None:
        yield f"  size: {package.size}"


def _pypi(package: Package) -> Iterable[str]:
    yield f"  name: {scalar(package.name)}"
    yield f"  version: {scalar(package.version)}"
    yield from _digests(package)
    yield from _list("requires_dist", [_requirement(text) for text in package.depends])


def _digests(package: Package) -> Iterable[str]:
    if package.sha256:
        yield f"  sha256: {scalar(package.sha256)}"
    if package.md5:
        yield f"  md5: {scalar(package.md5)}"


def _requirement(text: str) -> str:
    """Return what a package of pip needs as pip says it; a version that other tools wrote their own way is left out."""
    name, _, versions = text.partition(" ")
    versions = versions.replace(" ", "")
    return name + versions if _VERSIONS.fullmatch(versions) else name


def _channels(shared: Shared, packages: Sequence[Package]) -> list[str]:
    """Return the URLs of the channels, those first that the lock lists, in its order."""
    used = dict.fromkeys(package.channel for package in packages if package.manager == "conda")
    listed = [channel["url"].rstrip("/") for channel in shared.document["metadata"]["channels"]]
    ordered = [url for name in listed for url in used if url == name or url.endswith(f"/{name}")]
    return list(dict.fromkeys([*ordered, *used]))


def _list(key: str, values: Sequence[str]) -> Iterable[str]:
    if values:
        yield f"  {key}:"
        for value in values:
            yield f"  - {scalar(value)}"
