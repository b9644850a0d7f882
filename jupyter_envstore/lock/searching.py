"""Packages by name. Worker side: loads the solver. Fetches channel metadata and nothing else."""

from __future__ import annotations

import asyncio
import fnmatch
import gzip
import json
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from hashlib import sha256
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.lock.availability import request_to
from jupyter_envstore.lock.channels import Channel, ChannelGroup, local_folder
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.schemas import SearchResult

MAX_PATTERN = 128
MAX_VERSIONS = 50
CHANNELDATA_SECONDS = 24 * 3600.0
CHANNELDATA_TIMEOUT = 10.0
CHANNELDATA_BYTES = 128 * 1024 * 1024
SUMMARIES_PATIENCE = 1.5

_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="channeldata")
_downloads: dict[str, Future[dict[str, str]]] = {}


async def search(
    repodata: Repodata, groups: Sequence[ChannelGroup], platform: str, pattern: str, limit: int, cache: Path
) -> tuple[list[SearchResult], int]:
    """Find packages whose name holds ``pattern``, or matches it where it has ``*`` or ``?``.

    Exact names come first, then names that begin with the pattern, then the others, each alphabetically. A package that
    is in several channels is shown from the first, as it would be installed.

    Returns
    -------
    tuple
        Up to ``limit`` results, and how many there are in all.

    Raises
    ------
    ChannelUnavailableError, InvalidInputError
    """
    pattern = pattern.strip().lower()
    if not pattern or len(pattern) > MAX_PATTERN:
        raise InvalidInputError(f"A search needs one to {MAX_PATTERN} characters.")
    offered = await repodata.names(groups, platform)
    owners: dict[str, tuple[ChannelGroup, Channel]] = {}
    for group in groups:
        for channel in group.channels:
            for name in offered[channel.url]:
                owners.setdefault(name, (group, channel))
    matches = sorted((name for name in owners if _matches(name, pattern)), key=lambda name: _rank(name, pattern))
    shown = matches[: max(0, limit)]
    if not shown:
        return [], len(matches)
    records = await repodata.records(groups, platform, shown)
    summaries = await _summaries([channel for group in groups for channel in group.channels], repodata, cache)
    results = []
    for name in shown:
        group, channel = owners[name]
        urls = {member.url for member in group.channels}
        own = [r for r in records if r.name.normalized == name and str(r.channel).rstrip("/") in urls]
        versions = sorted({record.version for record in own}, reverse=True)
        results.append(
            SearchResult(
                name=name,
                channel=channel.name,
                versions=[str(version) for version in versions[:MAX_VERSIONS]],
                summary=summaries.get(channel.url, {}).get(name, ""),
                subdirs=sorted({record.subdir for record in own}),
            )
        )
    return results, len(matches)


def _matches(name: str, pattern: str) -> bool:
    if any(character in pattern for character in "*?["):
        return fnmatch.fnmatchcase(name, pattern)
    return pattern in name or pattern.replace("_", "-") in name.replace("_", "-")


def _rank(name: str, pattern: str) -> tuple[int, str]:
    if name == pattern:
        return 0, name
    return (1 if name.startswith(pattern) else 2), name


async def _summaries(channels: Sequence[Channel], repodata: Repodata, cache: Path) -> dict[str, dict[str, str]]:
    """Return name → one line, by channel; a large channel's file is waited for a moment, and the next search has it."""
    pending = {}
    for channel in channels:
        running = _downloads.get(channel.url)
        if running is None:
            running = _downloads[channel.url] = _threads.submit(_channel_summaries, channel, cache, repodata.offline)
        pending[channel.url] = running
    await asyncio.to_thread(wait, pending.values(), SUMMARIES_PATIENCE)
    found = {url: future.result() for url, future in pending.items() if future.done()}
    for url in found:
        _downloads.pop(url, None)
    return found


def _channel_summaries(channel: Channel, cache: Path, offline: bool) -> dict[str, str]:
    """Return name → one line about it; empty where the channel offers none. Never raises: it is an extra."""
    if (folder := local_folder(channel)) is not None:
        try:
            return _read_channeldata((folder / "channeldata.json").read_bytes())
        except OSError:
            return {}
    kept = cache / f"channeldata-{sha256(channel.url.encode()).hexdigest()[:16]}.json"
    try:
        if offline or time.time() - kept.stat().st_mtime < CHANNELDATA_SECONDS:
            return _read_channeldata(kept.read_bytes(), short=True)
    except OSError:
        pass
    summaries: dict[str, str] = {} if offline else _fetch_summaries(channel.locations[0])
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(summaries), encoding="utf-8")  # an empty one too: do not ask again today
        partial.replace(kept)
    except OSError:
        pass
    return summaries


def _fetch_summaries(location: str) -> dict[str, str]:
    if not location.startswith(("http://", "https://")):
        return {}
    import urllib.request

    request = request_to(location, "channeldata.json")
    try:
        with urllib.request.urlopen(request, timeout=CHANNELDATA_TIMEOUT) as answer:
            data = answer.read(CHANNELDATA_BYTES)
            if answer.headers.get("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
    except (OSError, ValueError, EOFError):
        return {}
    return _read_channeldata(data)


def _read_channeldata(data: bytes, *, short: bool = False) -> dict[str, str]:
    try:
        document: Any = json.loads(data)
        if short:
            return {str(name): str(text) for name, text in document.items()}
        packages = document["packages"]
        return {name: str(entry["summary"])[:300] for name, entry in packages.items() if entry.get("summary")}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
