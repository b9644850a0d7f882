"""conda's configuration files, as far as they say where channels are. Plain Python; read only when asked to.

The order is conda's: system, then the user's folders, then the active installation, then ``$CONDARC``; what
comes later wins. Files that cannot be read or understood are passed over, as conda's absence would be.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_envstore.lock.channels import ChannelSettings

MAX_BYTES = 1_000_000


def usual_places(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """List the files that conda would read, in its order, whether they exist or not."""
    folders = [] if sys.platform == "win32" else [Path("/etc/conda"), Path("/var/lib/conda")]
    if root := environment.get("CONDA_ROOT"):
        folders.append(Path(root))
    folders.append(Path(environment.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "conda")
    folders.append(Path("~/.conda").expanduser())
    places: list[Path] = []
    for folder in folders:
        places += [folder / ".condarc", folder / "condarc"]
        places += sorted([*(folder / "condarc.d").glob("*.yml"), *(folder / "condarc.d").glob("*.yaml")])
    places.append(Path("~/.condarc").expanduser())
    if prefix := environment.get("CONDA_PREFIX"):
        places += [Path(prefix) / ".condarc", Path(prefix) / "condarc"]
    if named := environment.get("CONDARC"):
        places.append(Path(named).expanduser())
    return places


def read_settings(places: Iterable[Path], start: ChannelSettings | None = None) -> ChannelSettings:
    """Read channel settings from ``places`` on top of ``start``."""
    settings = start or ChannelSettings()
    for place in places:
        data = _load(place)
        if data:
            settings = _merge(settings, data)
    return settings


def _load(place: Path) -> dict[str, Any]:
    import yaml

    try:
        if place.stat().st_size > MAX_BYTES:
            return {}
        data = yaml.load(place.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _merge(settings: ChannelSettings, data: dict[str, Any]) -> ChannelSettings:
    alias = data.get("channel_alias")
    custom = {**settings.custom_channels, **_texts(data.get("custom_channels"))}
    groups = {**settings.custom_multichannels, **_lists(data.get("custom_multichannels"))}
    # “mirrored_channels” is mamba's: a name and the URLs that stand for it
    mirrors = dict(settings.mirrors)
    for name, urls in _lists(data.get("mirrored_channels")).items():
        base = alias if isinstance(alias, str) else settings.alias
        mirrors[name if "://" in name else f"{_expand(base).rstrip('/')}/{name}"] = urls
    defaults = data.get("default_channels")
    channels = data.get("channels")
    return replace(
        settings,
        alias=_expand(alias) if isinstance(alias, str) else settings.alias,
        default_channels=_strings(defaults) if isinstance(defaults, list) else settings.default_channels,
        custom_channels=custom,
        custom_multichannels=groups,
        mirrors=mirrors,
        channels=(*settings.channels, *_strings(channels)) if isinstance(channels, list) else settings.channels,
    )


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): _expand(text) for key, text in value.items() if isinstance(text, str)}


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    return {str(key): _strings(items) for key, items in value.items() if isinstance(items, list)}


def _strings(items: Sequence[object]) -> tuple[str, ...]:
    return tuple(_expand(item) for item in items if isinstance(item, str))


def _expand(text: str) -> str:
    return os.path.expandvars(text)  # conda does so in its own files, which are the person's
