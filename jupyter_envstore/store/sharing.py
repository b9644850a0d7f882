"""Versions as files for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_envstore.schemas import SharedFormat
    from jupyter_envstore.share.formats import Format
    from jupyter_envstore.share.shared import Shared
    from jupyter_envstore.store.store import EnvStore


@dataclass(frozen=True)
class ExportedFile:
    """A version as a file.

    Attributes
    ----------
    name, media
        What it is to be called, and its media type.
    """

    text: str
    name: str
    media: str


class StoreSharing:
    """What one store's versions are in the formats of others."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store

    def formats(self, ref: str, *, platform: str | None = None) -> Sequence[SharedFormat]:
        """Say for each format whom it is for and how large the file is, or why the version cannot be written in it.

        Parameters
        ----------
        platform
            Only this one; all that the lock covers, or this machine's for a format of one, when None.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, PlatformError
        """
        from jupyter_envstore.share.formats import describe

        return describe(self._shared(ref, platform))

    def export(self, ref: str, format: str, *, platform: str | None = None) -> ExportedFile:
        """Return a version in one format; the same version gives the same text always.

        Parameters
        ----------
        format
            Its name; see `jupyter_envstore.share.formats`.
        platform
            As for `formats`.

        Raises
        ------
        NotFoundError
            There is no such format.
        FormatUnavailableError
            When the version cannot be written in it, with the reason.
        EnvironmentNotFoundError, VersionNotFoundError, PlatformError
        """
        from jupyter_envstore.share.formats import format_named

        wanted = format_named(format)
        shared = self._shared(ref, platform)
        return ExportedFile(wanted.write(shared), self._file_name(wanted, shared), wanted.media)

    def _file_name(self, wanted: Format, shared: Shared) -> str:
        platform = shared.one_platform if wanted.covers == "one" else shared.platform
        name = shared.environment.partition("/")[2]
        return wanted.file_name(name, shared.version, platform if wanted.covers != "none" else None)

    def _shared(self, ref: str, platform: str | None) -> Shared:
        from jupyter_envstore.lock.platforms import current_platform
        from jupyter_envstore.share.shared import Shared

        version = self._store.versions.get(ref)
        locks = self._store.catalog.locks
        return Shared(
            environment=f"{version.namespace}/{version.name}",
            version=version.number,
            lock=version.lock,
            specification=version.specification,
            document=locks.document(version.lock),
            packages=locks.packages(version.lock),
            own_platform=current_platform(),
            platform=platform,
        )
