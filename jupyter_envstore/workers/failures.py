"""What the native installer's words mean: one error of ours, for people, for each way to fail.

The library raises one kind of exception for everything; what happened stands in its text. Where that text changes,
the plain `BuildError` with the text in it is what is left: nothing is hidden.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_envstore.errors import (
    BuildError,
    ChannelUnavailableError,
    DiskFullError,
    DownloadError,
    EnvStoreError,
    HashMismatchError,
    StoreReadOnlyError,
)
from jupyter_envstore.prefixes.verification import Problem
from jupyter_envstore.workers.redaction import redact

Package = Mapping[str, Any]

_FILE = re.compile(r"failed to (?:fetch|link) (\S+?)(?:\.conda|\.tar\.bz2)?(?:\n|$)")
_HASHES = re.compile(r"expected ([0-9a-f]{32,64}), got ([0-9a-f]{32,64})")
_STATUS = re.compile(r"HTTP status \w+ error \((\d{3})")
_NO_ANSWER = (
    "error sending request",
    "dns error",
    "tcp connect error",
    "operation timed out",
    "Connection refused",
    "connection closed before",
    "end of file before message length",
    "error reading a body",
    "error decoding response body",
)
_UNPACKED = 4
"""What an unpacked package takes up, roughly, as a multiple of what is downloaded (measured: 4.1 over 135 MB)."""


def explain_failure(text: str, packages: Sequence[Package], cache: Path, to_fetch: int) -> EnvStoreError:
    """Return the error for what the installer said.

    Parameters
    ----------
    packages
        All packages of the build, to find the one that the text is about.
    cache
        A folder on the disk that may have run full.
    to_fetch
        Bytes that had to be downloaded.
    """
    package = _find(text, packages)
    if "os error 28" in text or "No space left" in text or "os error 122" in text:
        return disk_full(cache, to_fetch)
    if "os error 30" in text or ("os error 13" in text and str(cache) in text):
        return read_only(cache)
    hashes = _HASHES.search(text)
    if package is not None and "hash mismatch" in text and hashes is not None:
        return hash_mismatch(package, hashes[1], hashes[2])
    status = _STATUS.search(text)
    if package is not None and status is not None:
        return _refused(package, int(status[1]))
    if package is not None and "failed to fetch" in text:
        if any(words in text for words in _NO_ANSWER):
            return _unreachable(package, text)
        if "zip archive" in text or "failed to unpack" in text or "io error" in text:
            return DownloadError(
                f"{_named(package)} could not be unpacked: {_last(text)}. Try again; if it happens again, the copy in "
                "its channel is damaged.",
                package=package["name"],
                url=redact(package["url"]),
            )
    return BuildError(
        f"The packages could not be installed: {redact(' '.join(text.split()))[:600]}. Try again; the log has more.",
        package=None if package is None else package["name"],
    )


def hash_mismatch(package: Package, expected: str, got: str) -> HashMismatchError:
    """Return the error for a file with another digest than the lock's."""
    return HashMismatchError(
        f"{_named(package)} is not the file that was locked: its digest is {got}, the lock says {expected}. It was not "
        "installed. The channel replaced the file, or it was changed on the way: lock the environment again, or ask "
        "the channel's owner.",
        package=package["name"],
        url=redact(package["url"]),
        expected=expected,
        got=got,
    )


def broken_packages(problems: Sequence[Problem]) -> BuildError:
    """Return the error for packages whose files, fetched anew, are not those that their own lists name."""
    stems = sorted({problem.package for problem in problems if problem.package})
    files = [problem.path for problem in problems]
    shown = "; ".join(f"{problem.kind}: {problem.path}" for problem in problems[:3])
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    named = ", ".join(stems[:5]) + (f" and {len(stems) - 5} more" if len(stems) > 5 else "")
    if not stems:
        what, do = "The packages do not fit together", "Leave out what you added last"
    elif len(stems) == 1:
        what, do = f"The package {named} is broken", "Leave it out or ask for another version of it"
    else:
        what, do = f"The packages {named} are broken", "Leave them out or ask for other versions of them"
    return BuildError(
        f"{what}: what was installed is not what their own lists of files say ({shown}{more}), though it was fetched "
        f"again. Nothing was installed. {do}, and report it to the channel.",
        package=stems[0].rsplit("-", 2)[0] if stems else None,
        packages=stems[:100],
        files=files[:100],
        count=len(files),
    )


def missing_file(package: Package) -> DownloadError:
    """Return the error for a package that its channel does not have any more."""
    url = redact(package["url"])
    return DownloadError(
        f"{_named(package)} is not in its channel any more ({url}). Update the environment to lock versions that are, "
        "or configure a mirror that has it.",
        package=package["name"],
        url=url,
    )


def silent_channel(package: Package, seconds: float) -> ChannelUnavailableError:
    """Return the error for a download that stopped coming."""
    channel = _channel(package)
    return ChannelUnavailableError(
        f"{channel} sent nothing for {seconds:.0f} seconds while {package['name']} was fetched. Try again later, or "
        "configure a mirror.",
        channel=channel,
        seconds=seconds,
        tried=[redact(package["url"])],
        package=package["name"],
    )


def disk_full(folder: Path, to_fetch: int = 0) -> DiskFullError:
    """Return the error for a disk without room; ``to_fetch`` are the bytes of the packages to be downloaded."""
    free = _free(folder)
    needed = _needed(to_fetch)
    about = f"about {_megabytes(needed)} are needed and " if needed else ""
    return DiskFullError(
        f"There is not enough room on the disk of {folder}: {about}{_megabytes(free)} are free. Free what nobody "
        "needs with `jupyter envstore collect`, or move the store to a larger disk.",
        needed=needed or None,
        free=free,
        folder=str(folder),
    )


def read_only(folder: Path) -> StoreReadOnlyError:
    """Return the error for a store that cannot be written."""
    return StoreReadOnlyError(
        f"{folder} cannot be written. Check its owner and permissions, or choose another store with --store.",
        folder=str(folder),
    )


def not_enough_room(folder: Path, to_fetch: int) -> bool:
    """Whether the downloads, unpacked, will not fit: by the estimate that `disk_full` tells."""
    return to_fetch > 0 and _free(folder) < _needed(to_fetch)


def _needed(to_fetch: int) -> int:
    return to_fetch * (1 + _UNPACKED)


def _free(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _refused(package: Package, status: int) -> EnvStoreError:
    url, channel = redact(package["url"]), _channel(package)
    if status in (404, 410):
        return missing_file(package)
    if status in (401, 403):
        return DownloadError(
            f"{channel} does not let us have {package['name']} (HTTP {status}, {url}). Log in to the channel (the "
            "configuration of rattler or conda holds its credentials), or use another.",
            package=package["name"],
            url=url,
            status=status,
        )
    return ChannelUnavailableError(
        f"{channel} answers with an error (HTTP {status}) for {package['name']}. Try again later, or configure a "
        "mirror.",
        channel=channel,
        seconds=None,
        tried=[url],
        status=status,
        package=package["name"],
    )


def _unreachable(package: Package, text: str) -> ChannelUnavailableError:
    channel = _channel(package)
    return ChannelUnavailableError(
        f"{channel} does not answer as it should: {_last(text)}. {package['name']} could not be fetched. Check the "
        "network, try again later, or configure a mirror.",
        channel=channel,
        seconds=None,
        tried=[redact(package["url"])],
        package=package["name"],
    )


def _find(text: str, packages: Sequence[Package]) -> Package | None:
    match = _FILE.search(text)
    if match is None:
        return None
    stem = match[1]
    for package in packages:
        file = urlsplit(package["url"]).path.rpartition("/")[2]
        if file.removesuffix(".conda").removesuffix(".tar.bz2") == stem:
            return package
    return None


def _named(package: Package) -> str:
    return f"The package {package['name']} {package['version']} ({package['build']})"


def _channel(package: Package) -> str:
    return redact(package.get("channel") or package["url"])


def _last(text: str) -> str:
    return redact(text.strip().split("Caused by:")[-1].strip())


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{size} bytes"
