"""The part of a build that py-rattler does: the lock's packages, fetched, checked and linked into a partial prefix.

Never imported by the server or the command line. Native work goes on when a task is cancelled, so after an error
the process must end (a builder does).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from rattler import install
from rattler.config import Config
from rattler.install import InstallerReporter
from rattler.networking import Client
from rattler.networking.middleware import (
    AuthenticationMiddleware,
    GCSMiddleware,
    MirrorMiddleware,
    OciMiddleware,
    RetryMiddleware,
    S3Middleware,
)
from rattler.package_cache import PackageCache, ValidationMode

from jupyter_envstore.errors import DownloadError
from jupyter_envstore.workers.failures import disk_full, explain_failure, not_enough_room
from jupyter_envstore.workers.fetching import check_local_files
from jupyter_envstore.workers.listening import Listener
from jupyter_envstore.workers.locked_records import make_record
from jupyter_envstore.workers.progress import Progress

RETRIES = 2
_COPY_ONLY = "allow-hard-links = false\nallow-ref-links = true\nallow-symbolic-links = true\n"

Package = Mapping[str, Any]
Mirrors = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Source:
    """Where packages come from and go through.

    Attributes
    ----------
    cache
        The store's package cache.
    mirrors
        URLs to use instead, by the beginning of the URLs that the lock names.
    copy_files
        Copy instead of hard-linking: for link scripts, which may change files that others share.
    check_cache
        Compare the contents of the cache's files with their packages, and fetch anew what differs. Without, the cache
        is believed: then the installed files have to be verified.
    """

    cache: Path
    mirrors: Mirrors
    copy_files: bool = False
    check_cache: bool = False
    stall_seconds: float = 60.0


def install_packages(
    packages: Sequence[Package],
    partial: Path,
    final: Path,
    source: Source,
    progress: Progress,
    empty: Callable[[Path], None],
) -> None:
    """Install into ``partial`` so that all paths in the files name ``final``.

    Parameters
    ----------
    empty
        Called to make ``partial`` empty again before another mirror is tried.

    Raises
    ------
    HashMismatchError, DownloadError, ChannelUnavailableError, DiskFullError, LockfileError, BuildError
        With the package concerned, without credentials.
    """
    attempts = max([1, *(len(mirrors) for mirrors in source.mirrors.values())])
    for attempt in range(attempts):
        mirrors = {canonical: _rotated(urls, attempt) for canonical, urls in source.mirrors.items()}
        try:
            asyncio.run(_install(packages, partial, final, source, mirrors, progress))
            return
        except DownloadError as error:
            # The native client goes to the next mirror when one does not answer, but not when one lacks a file.
            if attempt + 1 == attempts:
                raise
            progress.log(f"{error.message} Trying the next mirror.")
            empty(partial)


def _rotated(urls: Sequence[str], by: int) -> list[str]:
    by %= max(1, len(urls))
    return [*urls[by:], *urls[:by]]


async def _install(
    packages: Sequence[Package], partial: Path, final: Path, source: Source, mirrors: Mirrors, progress: Progress
) -> None:
    urls = [_mirrored_file(package["url"], mirrors) for package in packages]
    records = [make_record(package, url) for package, url in zip(packages, urls, strict=True)]
    source.cache.mkdir(parents=True, exist_ok=True)
    mode = ValidationMode.full() if source.check_cache else ValidationMode.skip()
    cache = PackageCache.new_layered([source.cache], False, mode)
    index = await cache.index()
    missing = [
        (package, url)
        for package, url, record in zip(packages, urls, records, strict=True)
        if not index.contains_record(record)
    ]
    size = sum(package.get("size") or 0 for package, _ in missing)
    progress.begin("download", len(missing), size)
    if not_enough_room(source.cache, size):
        raise disk_full(source.cache, size)
    check_local_files(missing)
    listener = Listener(packages, missing, source.cache, progress)
    config = Config.from_toml(_COPY_ONLY) if source.copy_files else None
    work = asyncio.ensure_future(
        install(
            records,
            partial,
            client=_client(mirrors),
            package_cache=cache,
            alternative_target_prefix=final,
            reporter=cast(InstallerReporter, listener),
            show_progress=False,
            execute_link_scripts=False,
            config=config,
        )
    )
    while not work.done():
        await asyncio.wait({work}, timeout=0.25)
        listener.check(source.stall_seconds)
    error = work.exception()
    if error is not None:
        if not isinstance(error, Exception):
            raise error
        raise explain_failure(str(error), packages, source.cache, size) from None


def _client(mirrors: Mirrors) -> Client:
    over_network = {
        canonical: [url for url in urls if urlsplit(url).scheme != "file"] for canonical, urls in mirrors.items()
    }
    over_network = {canonical: urls for canonical, urls in over_network.items() if urls}
    # Retrying comes before mirroring, so that each retry may go to the next mirror.
    return Client(
        [
            RetryMiddleware(RETRIES),
            *([MirrorMiddleware(over_network)] if over_network else []),
            AuthenticationMiddleware(),
            OciMiddleware(),
            GCSMiddleware(),
            S3Middleware(),
        ]
    )


def _mirrored_file(url: str, mirrors: Mirrors) -> str:
    """Return the URL of the file in the first mirror if that is a folder of this machine; the client reads no files."""
    for canonical, mirrored in mirrors.items():
        start = canonical.rstrip("/") + "/"
        if url.startswith(start) and mirrored and urlsplit(mirrored[0]).scheme == "file":
            return mirrored[0].rstrip("/") + "/" + url[len(start) :]
    return url
