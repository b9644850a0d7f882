"""Which packages can be had again once they are gone from here.

A prefix is always rebuildable only if its packages are: from the store's own cache, or from where they were locked.
So nothing of which a version still has need leaves the cache before its source was seen to have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jupyter_envstore.disk.offers import Ask, Offer, look_for_files
from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.schemas import Package


@dataclass
class Sources:
    """Finds out which packages can be had again; each is asked for once.

    Attributes
    ----------
    ask
        For packages of channels.
    look
        For files that pip installs.
    notes
        Words about channels that did not answer.
    """

    ask: Ask
    look: Ask = look_for_files
    notes: list[str] = field(default_factory=list)
    _known: dict[str, bool] = field(default_factory=dict)

    def lost(self, packages: Iterable[Package]) -> list[Package]:
        """Return the packages that nobody is known to have but this store."""
        listed = list(packages)
        new = {package.url: package for package in listed if package.url not in self._known}
        remote, wheels = [], []
        for url, package in new.items():
            path = _local_path(url)
            if path is not None:
                self._known[url] = _is_there(path, package.size)
            elif package.manager == "pip":
                wheels.append(package)
            else:
                remote.append(package)
        if wheels:
            found = self.look(wheels)
            self._known.update((package.url, package.url in found.urls) for package in wheels)
            self._note(found)
        if remote:
            offer = self._asked(remote)
            self._known.update((package.url, package.url in offer.urls) for package in remote)
            self._note(offer)
        return [package for package in listed if not self._known[package.url]]

    def _note(self, offer: Offer) -> None:
        for channel in offer.silent:
            self.notes.append(
                f"{channel or 'A channel'} does not answer, so packages that come from there stay in the cache: "
                "they might not be had again."
            )

    def _asked(self, packages: Sequence[Package]) -> Offer:
        try:
            return self.ask(packages)
        except EnvStoreError as error:
            self.notes.append(f"The channels could not be asked, so their packages stay in the cache: {error.message}")
            return Offer()


def _local_path(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _is_there(path: Path, size: int | None) -> bool:
    try:
        state = path.stat()
    except OSError:
        return False
    return size is None or state.st_size == size
