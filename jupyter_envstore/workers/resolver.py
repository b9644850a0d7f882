"""The resolver: a program that answers calls about packages (lock, search, warm) until it is told to end.

It lives in a process of its own, because the solver is native code and may hang or crash, and it lives long,
because warm channel metadata makes a lock ten times faster. It writes nothing but the metadata cache and its own
temporary folder. The supervisor starts it by this file's absolute path.
"""

# ruff: noqa: E402  the path has to be put right, and the clock started, before anything is imported

from __future__ import annotations

import os
import sys
import time

_STARTED = time.perf_counter()
if __name__ == "__main__":
    # Python puts the script's folder first: modules there would be taken for libraries of the same name.
    _here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") not in (_here, os.getcwd())]  # noqa: PTH100, PTH109
    _root = os.path.dirname(os.path.dirname(_here))  # noqa: PTH120
    if _root not in sys.path:
        sys.path.append(_root)

import asyncio
import importlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import EnvStoreError, InvalidInputError
from jupyter_envstore.lock.channels import ChannelSettings, resolve_channels
from jupyter_envstore.lock.repodata import PATIENCE_SECONDS, Repodata
from jupyter_envstore.workers.protocol import Emit, serve

if TYPE_CHECKING:
    from jupyter_envstore.lock.request import LockRequest

MAX_KEPT = 4
"""Sets of channel settings whose metadata is kept warm at the same time."""


class Resolver:
    """Answers calls, one at a time, on one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._repodata: dict[str, Repodata] = {}
        self._import_seconds = time.perf_counter() - _STARTED

    def lock(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Make a lock; see `jupyter_envstore.lock.request.LockRequest` for the arguments."""
        from jupyter_envstore.lock.locking import make_lock

        settings = _settings(arguments)
        request = _lock_request(arguments, settings)
        repodata = self._repodata_for(arguments, settings)
        result = self._loop.run_until_complete(make_lock(repodata, request, emit))
        result["seconds"]["import"] = round(result["seconds"]["import"] + self._import_seconds, 4)
        self._import_seconds = 0.0  # paid once a process
        return result

    def platforms(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Say on which platforms a specification can be had; the arguments are those of `lock`."""
        from jupyter_envstore.lock.platform_report import report_platforms

        settings = _settings(arguments)
        request = _lock_request(arguments, settings)
        return self._loop.run_until_complete(report_platforms(self._repodata_for(arguments, settings), request))

    def search(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Find packages by name; ``pattern``, ``platform`` and ``limit`` besides the channel arguments."""
        from jupyter_envstore.lock.platforms import check_platform
        from jupyter_envstore.lock.searching import search

        settings = _settings(arguments)
        repodata = self._repodata_for(arguments, settings)
        items, total = self._loop.run_until_complete(
            search(
                repodata,
                resolve_channels(arguments["channels"], settings),
                check_platform(arguments["platform"]),
                arguments["pattern"],
                int(arguments.get("limit") or 50),
                Path(arguments["repodata_cache"]),
            )
        )
        return {"items": [item.model_dump(mode="json") for item in items], "total": total}

    def complete(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Add to ``packages`` what their ``channels`` know of them; see `jupyter_envstore.lock.completion`."""
        from jupyter_envstore.lock.completion import complete
        from jupyter_envstore.schemas import Package

        settings = _settings(arguments)
        packages = [Package.model_validate(package) for package in arguments["packages"]]
        groups = resolve_channels(arguments["channels"], settings)
        repodata = self._repodata_for(arguments, settings)
        completed = self._loop.run_until_complete(complete(repodata, groups, packages))
        return {"packages": [package.model_dump(mode="json") for package in completed]}

    def input_hashes(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Return what conda-lock calls the content hash of ``specification``, for each of ``platforms``."""
        from jupyter_envstore.lock.lockfile import content_hashes

        return {"hashes": content_hashes(arguments["specification"], arguments["platforms"])}

    def offered(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Tell which of ``packages`` their channels still have; see `jupyter_envstore.lock.offered`."""
        from jupyter_envstore.lock.offered import offered
        from jupyter_envstore.schemas import Package

        settings = _settings(arguments)
        packages = [Package.model_validate(package) for package in arguments["packages"]]
        repodata = self._repodata_for(arguments, settings)
        found, silent = self._loop.run_until_complete(offered(repodata, settings, packages))
        return {"offered": found, "silent": silent}

    def confirm(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Tell which wheels among ``packages`` the package indexes offer; see `jupyter_envstore.lock.pip.offering`."""
        from jupyter_envstore.lock.pip.offering import confirm
        from jupyter_envstore.lock.pip.settings import PipSettings
        from jupyter_envstore.schemas import Package

        packages = [Package.model_validate(package) for package in arguments["packages"]]
        notes: list[str] = []
        offered = confirm(packages, PipSettings.from_arguments(arguments), arguments.get("python"), notes)
        return {"offered": [list(file) for file in offered], "notes": notes}

    def pip_project(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Return what the package indexes have of the project called ``name``, or None."""
        from jupyter_envstore.lock.pip.projects import find_project
        from jupyter_envstore.lock.pip.settings import PipSettings

        project = find_project(arguments["name"], PipSettings.from_arguments(arguments))
        return {"project": project._asdict() if project else None}

    def warm(self, arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """Fetch the channels' metadata ahead for ``platform``, by default this machine's."""
        from jupyter_envstore.lock.platforms import check_platform, current_platform

        settings = _settings(arguments)
        groups = resolve_channels(arguments["channels"], settings)
        platform = check_platform(arguments.get("platform") or current_platform())
        self._loop.run_until_complete(self._repodata_for(arguments, settings).names(groups, platform))
        return {}

    def _repodata_for(self, arguments: Mapping[str, Any], settings: ChannelSettings) -> Repodata:
        """Return metadata that is kept for callers with the same settings."""
        cache = Path(arguments["repodata_cache"])
        if not cache.is_absolute():
            raise InvalidInputError("The folder for cached metadata must be an absolute path.")
        offline = bool(arguments.get("offline"))
        patience = float(arguments.get("patience_seconds") or PATIENCE_SECONDS)
        mirrors = {url: list(locations) for url, locations in settings.mirrors.items()}
        key = json.dumps([str(cache), offline, patience, settings.alias, mirrors])
        repodata = self._repodata.pop(key, None) or Repodata(cache, offline=offline, patience=patience)
        self._repodata[key] = repodata  # the latest is last
        while len(self._repodata) > MAX_KEPT:
            del self._repodata[next(iter(self._repodata))]
        return repodata


def _settings(arguments: Mapping[str, Any]) -> ChannelSettings:
    """Read the channel arguments: ``channel_alias``, ``mirrors``, ``condarc`` (true for the usual places, or paths)."""
    settings = ChannelSettings()
    condarc = arguments.get("condarc")
    if condarc:
        from jupyter_envstore.lock.condarc import read_settings, usual_places

        places = usual_places() if condarc is True else [Path(place) for place in condarc]
        settings = read_settings(places, settings)
    mirrors = {**settings.mirrors, **{url: tuple(urls) for url, urls in (arguments.get("mirrors") or {}).items()}}
    return ChannelSettings(
        alias=arguments.get("channel_alias") or settings.alias,
        default_channels=settings.default_channels,
        custom_channels=settings.custom_channels,
        custom_multichannels=settings.custom_multichannels,
        mirrors=mirrors,
    )


def _lock_request(arguments: Mapping[str, Any], settings: ChannelSettings) -> LockRequest:
    from jupyter_envstore.lock.pip.settings import PipSettings
    from jupyter_envstore.lock.platforms import check_platform
    from jupyter_envstore.lock.request import LockRequest
    from jupyter_envstore.lock.solving import parse_as_of
    from jupyter_envstore.schemas import Package
    from jupyter_envstore.specification import Specification

    parse_as_of(arguments.get("as_of"))
    return LockRequest(
        specification=Specification.parse(arguments["specification"]),
        platforms=tuple(check_platform(name) for name in dict.fromkeys(arguments["platforms"])),
        channels=tuple(arguments.get("channels") or ()),
        settings=settings,
        further_channels=tuple(arguments.get("further_channels") or ()),
        pip=PipSettings.from_arguments(arguments),
        preferred=tuple(Package.model_validate(package) for package in arguments.get("preferred") or ()),
        freed=tuple(arguments.get("freed") or ()),
        as_of=arguments.get("as_of"),
        virtual_packages=arguments.get("virtual_packages") or {},
        exact_virtual_packages=arguments.get("exact_virtual_packages") or {},
        attempted=tuple(arguments.get("attempted") or ()),
        carried=tuple(arguments.get("carried") or ()),
        carried_virtual_packages=arguments.get("carried_virtual_packages") or {},
        explain_seconds=float(arguments.get("explain_seconds", 20.0)),
    )


def _import_ahead() -> None:
    # conda-lock takes half a second to import and is needed last. Imported while the first call waits for input and for
    # native code, it costs that call almost nothing.
    try:
        for name in ("locking", "lockfile"):
            importlib.import_module(f"jupyter_envstore.lock.{name}")
    except (ImportError, EnvStoreError):
        pass  # the call that needs it will say so


def main() -> None:
    """Answer calls until standard input ends."""
    resolver = Resolver()
    threading.Thread(target=_import_ahead, daemon=True).start()
    serve(
        {
            "lock": resolver.lock,
            "platforms": resolver.platforms,
            "search": resolver.search,
            "complete": resolver.complete,
            "input_hashes": resolver.input_hashes,
            "offered": resolver.offered,
            "confirm": resolver.confirm,
            "pip_project": resolver.pip_project,
            "warm": resolver.warm,
        }
    )


if __name__ == "__main__":
    main()
