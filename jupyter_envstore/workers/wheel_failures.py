"""What uv's words mean when it cannot install a wheel: one error of ours, for people, for each way to fail.

As with the conda part, an unknown text is passed on as it is: nothing is hidden.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_envstore.errors import (
    ChannelUnavailableError,
    DownloadError,
    EnvStoreError,
    HashMismatchError,
    LockfileError,
    PipInstallError,
)
from jupyter_envstore.workers.failures import disk_full, read_only
from jupyter_envstore.workers.locked_wheels import LockedWheel
from jupyter_envstore.workers.redaction import redact

_STATUS = re.compile(r"HTTP status \w+ error \((\d{3})")
_DIGEST = re.compile(r"(Expected|Computed):\s+sha256:([0-9a-f]{64})")
_BLOCK = 1 << 20
_SECONDS = 20.0
_NO_ANSWER = ("error sending request", "tcp connect error", "dns error", "timed out", "timeout", "error decoding")
_DAMAGED = ("Failed to extract", "Failed to read archive", "zip", "Invalid wheel", "wheel is invalid", "RECORD")


def explain_wheel_failure(text: str, wheel: LockedWheel, url: str, folder: Path) -> EnvStoreError:
    """Return the error for what uv said about one wheel.

    Parameters
    ----------
    url
        Where it was fetched from.
    folder
        A folder on the disk that may have run full.
    """
    clean = redact(text)
    shown, place = f"The wheel {wheel.name} {wheel.version}", redact(url)
    details = {"package": wheel.name, "url": place}
    if "os error 28" in text or "No space left" in text or "os error 122" in text:
        return disk_full(folder, wheel.size)
    if "os error 30" in text or ("os error 13" in text and str(folder) in text):
        return read_only(folder)
    if "Hash mismatch" in text:
        found = dict(_DIGEST.findall(text))
        return wheel_mismatch(wheel, url, found.get("Computed", "another"))
    status = _STATUS.search(text)
    if status is not None:
        return _refused(wheel, place, int(status[1]))
    if urlsplit(url).scheme == "file" and ("os error 2" in text or "not exist" in text or "not found" in text):
        return _gone(wheel, place)
    if any(words in text for words in _NO_ANSWER):
        return ChannelUnavailableError(
            f"{_host(place)} does not answer as it should: {_last(clean)}. {wheel.name} could not be fetched. Check "
            "the network, try again later, or configure a mirror.",
            channel=_host(place),
            seconds=None,
            tried=[place],
            package=wheel.name,
        )
    if "has no binary distribution" in text or "not compatible" in text:
        return LockfileError(
            f"{shown} ({place.rpartition('/')[2]}) is not for this machine and the environment's Python. Lock the "
            "environment again.",
            **details,
        )
    if wheel.kind != "wheel":
        return PipInstallError(
            f"{wheel.name} {wheel.version} could not be built from its source: {_last(clean)}. The log has what was "
            "printed. Take a version that has a wheel.",
            **details,
        )
    if any(words in text for words in _DAMAGED):
        got = served_digest(url)
        if got is not None and got != wheel.digest:
            return wheel_mismatch(wheel, url, got)
        return DownloadError(
            f"{shown} could not be unpacked: {_last(clean)}. Try again; if it happens again, the file in its index is "
            "damaged.",
            **details,
        )
    return PipInstallError(
        f"{shown} could not be installed: {' '.join(clean.split())[:600]}. Try again; the log has more.", **details
    )


def wheel_mismatch(wheel: LockedWheel, url: str, got: str) -> HashMismatchError:
    """Return the error for a file with another digest than the lock's."""
    return HashMismatchError(
        f"The wheel {wheel.name} {wheel.version} is not the file that was locked: its digest is {got}, the lock says "
        f"{wheel.digest}. It was not installed. Its index replaced the file, or it was changed on the way: lock the "
        "environment again, or ask the index's owner.",
        package=wheel.name,
        url=redact(url),
        expected=wheel.digest,
        got=got,
    )


def served_digest(url: str) -> str | None:
    """Return the sha256 of what is served, None when it cannot be had: uv does not say it of what it cannot unpack."""
    digest = hashlib.sha256()
    if urlsplit(url).scheme not in ("file", "http", "https"):
        return None
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
            while block := answer.read(_BLOCK):
                digest.update(block)
    except (OSError, ValueError, http.client.HTTPException):
        return None
    return digest.hexdigest()


def _refused(wheel: LockedWheel, place: str, status: int) -> EnvStoreError:
    if status in (404, 410):
        return _gone(wheel, place)
    if status in (401, 403):
        return DownloadError(
            f"{_host(place)} does not let us have {wheel.name} (HTTP {status}, {place}). Log in to it (its credentials "
            "stand in ~/.netrc or a keyring), or use another index.",
            package=wheel.name,
            url=place,
            status=status,
        )
    return ChannelUnavailableError(
        f"{_host(place)} answers with an error (HTTP {status}) for {wheel.name}. Try again later, or configure a "
        "mirror.",
        channel=_host(place),
        seconds=None,
        tried=[place],
        status=status,
        package=wheel.name,
    )


def _gone(wheel: LockedWheel, place: str) -> DownloadError:
    return DownloadError(
        f"The wheel {wheel.name} {wheel.version} is not in its index any more ({place}). Lock the environment again, "
        "or configure a mirror that has it.",
        package=wheel.name,
        url=place,
    )


def _host(place: str) -> str:
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else place


def _last(text: str) -> str:
    causes = [part.strip() for part in re.split(r"\n\s*cause:", text.strip())]
    return " ".join(causes[-1].split())[:400]
