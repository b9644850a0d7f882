"""Versions as files for others, and files of others as environments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_envstore.errors import InvalidInputError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Build, SharedFormat
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
    """What one store's versions are in the formats of others, and what becomes of files in these formats."""

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

    def import_file(
        self,
        ref: str | None,
        data: bytes,
        *,
        file: str | None = None,
        environment: str | None = None,
        python: str | None = None,
        allow_channels: Sequence[str] = (),
        allow_source: Sequence[str] = (),
        own: Path | None = None,
        message: str = "",
        description: str = "",
        by: str | None = None,
        wait: bool = True,
    ) -> Build:
        """Queue the build of a new environment from a file of whatever format, which is told by what stands in it.

        Parameters
        ----------
        ref
            Its name; None: what the file says, or is called.
        file
            What the file is called.
        environment
            Which of a pixi.lock's environments; ``default`` when None.
        python
            With a requirements.txt or a pylock.toml: which Python, instead of the one that it says.
        allow_channels
            With a lockfile or a notebook: channels that its packages may come from besides the configured ones.
        allow_source
            Names of packages of pip whose own code may be run to build them.
        own
            Where the file lies when it is the person's own: what it names beside itself is taken along.

        Raises
        ------
        LockfileError, SpecificationError, NotebookError, NothingCarriedError
            With what is wrong and where.
        InvalidInputError
            When something was said that goes with another kind of file.
        PolicyError, NameTakenError, InvalidNameError, NoRunnerError
        """
        from jupyter_envstore.lock.pip.files import own_files_of
        from jupyter_envstore.lock.recognition import kind_of, name_from_file
        from jupyter_envstore.share.reading import read_specification

        kind, told = kind_of(data, file), name_from_file(file)
        _refuse_what_does_not_fit(kind, environment, python, allow_channels, allow_source)
        if kind == "lockfile":
            return self._store.builds.create_from_lockfile(
                ref or told,
                data,
                allow_channels=allow_channels,
                allow_source=allow_source,
                environment=environment,
                message=message,
                description=description,
                by=by,
                wait=wait,
            )
        named = self._store.environment_reference(ref).name if ref else told
        if kind == "notebook":
            return self._store.notebooks.create(
                data,
                ref,
                file=file,
                allow_channels=allow_channels,
                message=message,
                description=description,
                by=by,
                wait=wait,
            )
        read = own_files_of(read_specification(data, file, name=named, python=python), own)
        return self._store.builds.create(
            ref or read.specification.name,
            read.specification.text,
            message=message or "Import a file",
            allow_source=allow_source,
            local_wheels=read.local_wheels,
            description=description,
            by=by,
            wait=wait,
        )

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


def _refuse_what_does_not_fit(
    kind: str,
    environment: str | None,
    python: str | None,
    allow_channels: Sequence[str],
    allow_source: Sequence[str],
) -> None:
    if kind != "lockfile" and (environment is not None or (allow_channels and kind != "notebook")):
        raise InvalidInputError(
            "A channel to allow, and the environment to take, go with a lockfile. This file is none: it names its own "
            "channels, and what it asks for is locked anew."
        )
    if kind not in ("requirements", "pylock") and python is not None:
        raise InvalidInputError(
            "Which Python to take can be said for a requirements.txt or a pylock.toml. This file names its own."
        )
    if kind == "notebook" and allow_source:
        raise InvalidInputError("Nothing is built from its source for a notebook: it may name only wheels.")
