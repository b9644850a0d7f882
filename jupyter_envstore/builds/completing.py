"""What a lockfile from outside leaves out, taken over from what its channels say: digests and dependencies."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.dependencies import dependency_mapping
from jupyter_envstore.lock.document import Document
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.schemas import Package


def incomplete(packages: Sequence[Package], document: Document) -> list[Package]:
    """Return the packages of which channels are to be asked: this machine's, and those of others that lack something.

    The metadata of the other platforms would be a large download for sizes alone.
    """
    own, bare = current_platform(), _is_bare(document)
    return [
        package
        for package in packages
        if package.manager == "conda" and (package.platform == own or bare or not (package.md5 and package.sha256))
    ]


def complete_document(document: Document, packages: Sequence[Package]) -> Document:
    """Return a document with the digests of packages, and with the dependencies that an explicit list cannot say.

    What the document says itself stays.
    """
    known = {(package.platform, package.url): package for package in packages}
    bare = _is_bare(document)
    entries = []
    for entry in document["package"]:
        package = known.get((entry["platform"], entry["url"]))
        if package is not None and package.manager == "conda":
            stated = {"md5": package.md5, "sha256": package.sha256}
            hashes = {kind: entry["hash"].get(kind) or digest for kind, digest in stated.items()}
            entry = {**entry, "hash": {kind: digest for kind, digest in hashes.items() if digest}}
            if bare and not entry["dependencies"]:
                entry["dependencies"] = dependency_mapping(package.depends)
        entries.append(entry)
    return {**document, "package": entries}


def require_digests(packages: Sequence[Package]) -> None:
    """Return when each package has a digest.

    Raises
    ------
    LockfileError
        With those that have none, neither in the file nor in their channel.
    """
    without = [
        f"{one.name} {one.version}" for one in packages if not (one.md5 or one.sha256) and one.manager == "conda"
    ]
    if without:
        more = f" and {len(without) - 3} more" if len(without) > 3 else ""
        raise LockfileError(
            f"Neither the list nor its channel states a digest for {', '.join(without[:3])}{more}, so that nobody "
            "could tell whether a download is the right file. Write the list with digests: conda list --explicit --md5",
            packages=without[:100],
        )


def _is_bare(document: Document) -> bool:
    """Tell whether a document was read from a list that says nothing of dependencies."""
    return (document["metadata"].get("custom_metadata") or {}).get("envstore_read_from") == "explicit"
