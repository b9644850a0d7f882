"""``conda-lock.yml`` (version 1), as YAML and as JSON: what conda-lock, micromamba and conda install from.

The YAML is written line by line: it has the one shape that conda-lock gives it, and a library needs a second for
3,000 packages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from jupyter_envstore.errors import FormatUnavailableError
from jupyter_envstore.share.scalars import scalar
from jupyter_envstore.share.shared import Shared, commented

_USE = ["", "Install it with:", "    conda-lock install -n YOURENV conda-lock.yml", "or:"]
_MICROMAMBA = "    micromamba create -n YOURENV -f conda-lock.yml"


def write(shared: Shared) -> str:
    """Return the lock as YAML.

    Raises
    ------
    FormatUnavailableError
        When a conda package has no md5, which the format demands.
    PlatformError
        When it does not cover the platform that was asked for.
    """
    document = document_for(shared)
    return commented([*shared.heading(), *_USE, _MICROMAMBA]) + "".join(f"{line}\n" for line in _lines(document))


def write_json(shared: Shared) -> str:
    """Return the lock as JSON; see `write`."""
    return json.dumps(document_for(shared), indent=2, ensure_ascii=False) + "\n"


def document_for(shared: Shared) -> dict[str, Any]:
    """Return the document, or the part of it for the platform that was asked for; see `write`."""
    platforms = shared.wanted_platforms
    shared.require_fetchable(platforms)
    document = shared.document if platforms == shared.platforms else _part(shared.document, platforms)
    for entry in document["package"]:
        if entry["manager"] == "conda" and not entry["hash"].get("md5"):
            raise FormatUnavailableError(
                f"The channel states no md5 for {entry['name']} {entry['version']}, and a lockfile of conda-lock must "
                "have it. pixi.lock does without.",
                package=entry["name"],
            )
    return document


def _part(document: dict[str, Any], platforms: list[str]) -> dict[str, Any]:
    metadata = document["metadata"]
    hashes = {name: digest for name, digest in metadata["content_hash"].items() if name in platforms}
    return {
        **document,
        "metadata": {**metadata, "content_hash": hashes, "platforms": platforms},
        "package": [entry for entry in document["package"] if entry["platform"] in platforms],
    }


def _lines(document: dict[str, Any]) -> Iterable[str]:
    metadata = document["metadata"]
    yield "version: 1"
    yield "metadata:"
    yield from _mapping("content_hash", metadata["content_hash"], "  ")
    if not metadata["channels"]:
        yield "  channels: []"
    else:
        yield "  channels:"
        for channel in metadata["channels"]:
            yield f"  - url: {scalar(channel['url'])}"
            yield from _list("used_env_vars", channel.get("used_env_vars") or [], "    ")
    yield from _list("platforms", metadata["platforms"], "  ")
    yield from _list("sources", metadata.get("sources") or [], "  ")
    if metadata.get("custom_metadata"):
        yield from _mapping("custom_metadata", metadata["custom_metadata"], "  ")
    if not document["package"]:
        yield "package: []"
        return
    yield "package:"
    for entry in document["package"]:
        yield f"- name: {scalar(entry['name'])}"
        for key in ("version", "manager", "platform"):
            yield f"  {key}: {scalar(entry[key])}"
        yield from _mapping("dependencies", entry["dependencies"], "  ")
        yield f"  url: {scalar(entry['url'])}"
        yield from _mapping("hash", entry["hash"], "  ")
        if "source" in entry:
            yield from _mapping("source", entry["source"], "  ")
        yield f"  category: {scalar(entry['category'])}"
        yield f"  optional: {'true' if entry['optional'] else 'false'}"


def _mapping(key: str, values: Mapping[str, str], indent: str) -> Iterable[str]:
    if not values:
        yield f"{indent}{key}: {{}}"
        return
    yield f"{indent}{key}:"
    for name, value in values.items():
        yield f"{indent}  {scalar(name)}: {scalar(value)}"


def _list(key: str, values: Iterable[str], indent: str) -> Iterable[str]:
    values = list(values)
    if not values:
        yield f"{indent}{key}: []"
        return
    yield f"{indent}{key}:"
    for value in values:
        yield f"{indent}- {scalar(value)}"
