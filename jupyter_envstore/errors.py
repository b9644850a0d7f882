"""Every way in which the store can refuse or fail, each with a code, words for people and an HTTP status.

An error is raised once, where the fact is known, and turned into an answer in one place: the command line
prints it, the HTTP handlers send it, a worker process writes it to its supervisor. This module must never
import anything of the package: everything else may import it.

The message is for the person: what happened, why, and what to do. ``details`` is for programs: names, numbers
and the like, always JSON. Neither may hold a secret.
"""

from __future__ import annotations

from typing import Any, ClassVar


class EnvStoreError(Exception):
    """The base of all errors of the store.

    Parameters
    ----------
    message
        What happened, why, and what to do, in one to three sentences.
    details
        JSON values that a program may want, by name.
    """

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = details

    def to_dict(self) -> dict[str, Any]:
        """Return ``{"message", "code", "details"}``, the form errors have in the API and between processes."""
        return {"message": self.message, "code": self.code, "details": self.details}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> EnvStoreError:
        """Rebuild an error that another process wrote with `to_dict`; an unknown code gives the base class."""
        kind = _classes_by_code().get(str(data.get("code")), EnvStoreError)
        error = kind.__new__(kind)
        EnvStoreError.__init__(error, str(data.get("message", "")))
        error.details = dict(data.get("details") or {})
        return error


def _classes_by_code() -> dict[str, type[EnvStoreError]]:
    classes: dict[str, type[EnvStoreError]] = {}
    waiting = [EnvStoreError]
    while waiting:
        kind = waiting.pop()
        classes[kind.code] = kind
        waiting.extend(kind.__subclasses__())
    return classes


# ---------------------------------------------------------------- what was asked for cannot be understood


class InvalidInputError(EnvStoreError):
    """A request that does not make sense as it was written."""

    code = "invalid_input"
    http_status = 400
    exit_status = 2


class InvalidNameError(InvalidInputError):
    """A name that an environment, namespace or kernel cannot have."""

    code = "invalid_name"


class InvalidReferenceError(InvalidInputError):
    """A text that should name an environment or a version and does not."""

    code = "invalid_reference"


class SpecificationError(InvalidInputError):
    """An environment.yml that cannot be read. ``details`` has ``line`` (from 1, or None) and ``path``."""

    code = "invalid_specification"
    exit_status = 1

    def __init__(self, reason: str, *, line: int | None = None, path: str | None = None, **details: Any) -> None:
        place = f"Line {line}: " if line is not None else ""
        where = f"{path}: " if path else ""
        super().__init__(f"{where}{place}{reason}", line=line, path=path, reason=reason, **details)


class PackageSpecError(SpecificationError):
    """A package that was named in words of a command, not in a file, and is no match spec."""

    exit_status = 2


class PackageNotLockedError(InvalidInputError):
    """A package to be changed that the version does not have."""

    code = "package_not_locked"
    exit_status = 1


class LockfileError(InvalidInputError):
    """A lockfile that cannot be read, or does not say what an installation needs."""

    code = "invalid_lockfile"
    exit_status = 1


class LockChangedError(LockfileError):
    """A lock that is not the one that was recorded beside it."""

    code = "lock_changed"


class TooLargeError(InvalidInputError):
    """A request with more bytes than are read."""

    code = "too_large"
    http_status = 413


class ContentsError(InvalidInputError):
    """A file among the server's contents that cannot be read. ``details["path"]`` names it."""

    code = "contents_unreadable"


class NotebookError(InvalidInputError):
    """A file that is no notebook, or cannot be read or written. ``details["path"]`` names it."""

    code = "invalid_notebook"
    exit_status = 1


class NothingCarriedError(EnvStoreError):
    """A notebook that carries no environment."""

    code = "nothing_carried"
    http_status = 422


class CellFailedError(EnvStoreError):
    """A cell of a notebook ended in an error.

    ``details`` has ``cell`` (of all, from 1), ``name`` and ``value``; from a command also ``warnings``.
    """

    code = "cell_failed"
    http_status = 422


class FormatUnavailableError(EnvStoreError):
    """A version that cannot be written in a format. The message is the reason."""

    code = "format_unavailable"
    http_status = 422


# ---------------------------------------------------------------- what was asked for is not there, or is in the way


class NotFoundError(EnvStoreError):
    """Something named does not exist."""

    code = "not_found"
    http_status = 404


class EnvironmentNotFoundError(NotFoundError):
    """No environment of that name."""

    code = "environment_not_found"


class VersionNotFoundError(NotFoundError):
    """The environment has no such version."""

    code = "version_not_found"


class BuildNotFoundError(NotFoundError):
    """No build of that number."""

    code = "build_not_found"


class PreviewNotFoundError(NotFoundError):
    """No preview of that id: it ended some time ago and was forgotten, or belongs to a server that was restarted."""

    code = "preview_not_found"


class PlatformCheckNotFoundError(NotFoundError):
    """No platform check of that id: it ended some time ago and was forgotten, or the server was restarted."""

    code = "platform_check_not_found"


class ConflictError(EnvStoreError):
    """The request disagrees with the state that the store is in."""

    code = "conflict"
    http_status = 409


class NameTakenError(ConflictError):
    """An environment of that name exists."""

    code = "name_taken"


class NotebookOpenError(ConflictError):
    """A notebook that somebody has open: what is written to its file would be lost, or theirs would."""

    code = "notebook_open"


class NotebookChangedError(ConflictError):
    """A notebook that somebody changed after it was read: what they wrote would be lost."""

    code = "notebook_changed"

    @classmethod
    def of(cls, where: str) -> NotebookChangedError:
        """Return the error about the notebook that messages call ``where``."""
        return cls(f"{where} was changed by somebody else just now. Nothing was written. Do it again.", path=where)


class LeaseLostError(ConflictError):
    """A build that this process worked on belongs to another one now, or has ended."""

    code = "lease_lost"


class VersionActiveError(ConflictError):
    """What cannot be done to the version that is active."""

    code = "version_active"


class VersionPinnedError(ConflictError):
    """What cannot be done to a version that is pinned."""

    code = "version_pinned"


class NothingToBuildError(ConflictError):
    """A change that leads to the very packages and the very specification that are there."""

    code = "nothing_to_build"


class NoRunnerError(ConflictError):
    """Work was to be left to a server, and none is running."""

    code = "no_runner"


class TooManyPreviewsError(EnvStoreError):
    """More previews are being solved than one server takes on at a time."""

    code = "too_many_previews"
    http_status = 429


# ---------------------------------------------------------------- no lock could be made


class LockError(EnvStoreError):
    """A specification for which no lock could be made."""

    code = "lock_failed"
    http_status = 422


class UnsolvableError(LockError):
    """No versions fit together. ``details["explanation"]`` is an `Explanation` as JSON."""

    code = "unsolvable"


class SourceNotAllowedError(UnsolvableError):
    """A package whose own code would have to run to build it. ``details["packages"]`` has the names to be allowed."""

    code = "source_not_allowed"


class PackageNotFoundError(LockError):
    """A requested package is in none of the channels. ``details["packages"]`` maps each name to near names."""

    code = "package_not_found"


class PlatformError(LockError):
    """A platform that is unknown, or on which nothing can be built."""

    code = "platform_not_supported"


class PolicyError(EnvStoreError):
    """Packages that may not be used here. ``details`` has ``findings``, as `PolicyFinding`, and their ``channels``."""

    code = "not_allowed"
    http_status = 422


class ChannelNotAllowedError(PolicyError):
    """Packages of channels that nobody here chose. ``details["channels"]`` has url and packages."""

    code = "channel_not_allowed"


class ChannelUnavailableError(EnvStoreError):
    """A channel does not answer. ``details`` has ``channel``, ``seconds`` and ``tried``."""

    code = "channel_unavailable"
    http_status = 502


class IndexUnavailableError(ChannelUnavailableError):
    """A package index of pip does not answer. ``details["channel"]`` names it."""

    code = "index_unavailable"


# ---------------------------------------------------------------- a build, a prefix or a kernel went wrong


class BuildError(EnvStoreError):
    """A build that did not succeed."""

    code = "build_failed"


class HashMismatchError(BuildError):
    """A file is not the one that was locked; it was not installed."""

    code = "hash_mismatch"


class DownloadError(BuildError):
    """A package of the lock could not be fetched."""

    code = "download_failed"
    http_status = 502


class PackageCollisionError(BuildError):
    """A wheel and a conda package that have the same file, or are the same package. ``details`` has both sides."""

    code = "package_collision"
    http_status = 422


class UvMissingError(BuildError):
    """The program that locks and installs packages of pip is not there, though we depend on it."""

    code = "uv_missing"
    http_status = 500


class PipInstallError(BuildError):
    """A package of pip that cannot be installed, or not be built from its source. ``details["package"]`` names it."""

    code = "pip_install_failed"
    http_status = 422


class DiskFullError(BuildError):
    """There is not enough room."""

    code = "disk_full"
    http_status = 507


class BrokenPrefixError(BuildError):
    """Files of a prefix do not agree with its lock. ``details["files"]`` names some of them."""

    code = "broken_prefix"
    http_status = 409

    @classmethod
    def not_on_disk(cls, reference: str, prefix: str | None) -> BrokenPrefixError:
        """Return the error for a version whose files are not there."""
        return cls(
            f"{reference} is not on disk: its files were freed or lost. Its lock is kept, so they can be made again: "
            f"jupyter envstore repair {reference}",
            prefix=prefix,
        )


class WorkerDiedError(BuildError):
    """A worker process ended without an answer."""

    code = "worker_died"


class InterruptedBuildError(BuildError):
    """The process that ran the build ended twice before the build did."""

    code = "interrupted"


class BuildCancelledError(BuildError):
    """Somebody cancelled the build."""

    code = "cancelled"
    http_status = 409


class KernelsFolderError(EnvStoreError):
    """The folder for kernel specs cannot be written."""

    code = "kernels_folder_unwritable"


class KernelNotRegisteredError(EnvStoreError):
    """The version is ready but its kernel could not be set up."""

    code = "kernel_not_registered"
    http_status = 409


class CondaListError(EnvStoreError):
    """Conda's list of known environments could not be changed; kernels work all the same."""

    code = "conda_list_unwritable"


# ---------------------------------------------------------------- the store itself


class StoreError(EnvStoreError):
    """The store cannot be used."""

    code = "store_unusable"


class StoreReadOnlyError(StoreError):
    """The store's folder cannot be written."""

    code = "store_read_only"


class CatalogTooNewError(StoreError):
    """The catalog was written by a newer program."""

    code = "catalog_too_new"
