"""What builds take from the settings: arguments for the workers, and checks before time is spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from jupyter_envstore.builds.lockfiles import ForeignLock
from jupyter_envstore.folder import ensure_executable, ensure_room, ensure_writable
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.pip.machine import index_urls
from jupyter_envstore.lock.platforms import check_platform, current_platform
from jupyter_envstore.policy import Policy, channel_settings
from jupyter_envstore.schemas import BuildRequest, Package
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification

FROZEN_MESSAGE = (
    "This environment is a version kept by jupyter-envstore: it never changes, so that it can be had again. "
    "To add a package, make a new version in JupyterLab's Environments panel, "
    "or with: jupyter envstore edit NAME --add PACKAGE"
)
"""What conda and pip say when somebody tries to install into a prefix."""


class Presenter(Protocol):
    """What shows environments to the world outside; see `jupyter_envstore.presentation.Presentation`."""

    def check_writable(self) -> None:
        """Raise `KernelsFolderError` when kernels could not be set up."""

    def present(self, namespace: str, name: str) -> list[str]:
        """Show the active version of an environment, and return notes for the person."""


class StoreSurroundings:
    """The surroundings of the builds of one store; see `jupyter_envstore.builds.task.Surroundings`."""

    def __init__(self, settings: StoreSettings, layout: StoreLayout, presenter: Presenter) -> None:
        self._settings = settings
        self._layout = layout
        self._presenter = presenter

    def policy(self) -> Policy:
        """Return what the store allows now."""
        return Policy.of(self._settings)

    def check_before_build(self) -> None:
        """Raise when what would be built could not be kept or used.

        Raises
        ------
        StoreReadOnlyError, DiskFullError, KernelsFolderError
        """
        ensure_writable(self._layout)
        ensure_executable(self._layout)
        ensure_room(self._layout)
        self._presenter.check_writable()

    def lock_arguments(self, request: BuildRequest) -> dict[str, Any]:
        """Return the arguments of the resolver's ``lock`` call."""
        return lock_arguments(self._settings, self._layout, request, may_build=True)

    def completion_arguments(self, packages: list[Package]) -> dict[str, Any]:
        """Return the arguments of the resolver's ``complete`` call."""
        return completion_arguments(self._settings, self._layout, packages)

    def confirm_arguments(self, packages: list[Package], allow_source: list[str]) -> dict[str, Any]:
        """Return the arguments of the resolver's ``confirm`` call."""
        return confirm_arguments(self._settings, self._layout, packages, allow_source)

    def specification_for(self, document: dict[str, Any], name: str | None) -> str:
        """Return the text of a specification that leads to the packages of a lock that came without one."""
        return ForeignLock.read(document, self._settings).specification(name).text

    def build_arguments(self) -> dict[str, Any]:
        """Return the settings among the arguments of the builder's ``build`` call."""
        return {
            "mirrors": {url: list(places) for url, places in channel_settings(self._settings).mirrors.items()},
            "run_link_scripts": self._settings.run_link_scripts,
            "link_script_seconds": self._settings.link_script_seconds,
            "frozen_message": FROZEN_MESSAGE,
            "index_urls": index_urls(self._settings.pip_index_url, self._settings.pip_extra_index_urls),
        }

    def present(self, namespace: str, name: str) -> list[str]:
        """Make link and kernel specs of an environment agree with the catalog, and return notes for the person."""
        return self._presenter.present(namespace, name)


def lock_arguments(
    settings: StoreSettings, layout: StoreLayout, request: BuildRequest, *, may_build: bool
) -> dict[str, Any]:
    """Return the arguments of the resolver's ``lock`` call.

    The platforms are those asked for, else the specification's, else the configured ones; this machine's is
    always among them.

    Parameters
    ----------
    may_build
        False where nothing of pip's may be run, whatever the request allows.

    Raises
    ------
    PlatformError
        When one of them is unknown.
    """
    asked = request.platforms or list(Specification.parse(request.specification).platforms) or settings.platforms
    wanted = dict.fromkeys([current_platform(), *(check_platform(name) for name in asked)])
    return {
        "specification": request.specification,
        "platforms": list(wanted),
        "as_of": request.as_of,
        "virtual_packages": settings.virtual_packages,
        "exact_virtual_packages": request.virtual_packages,
        "explain_seconds": settings.explain_seconds,
        "pip": {
            **pip_arguments(settings, layout),
            "allow_source": list(request.allow_source),
            "local_wheels": list(request.local_wheels),
            "may_build": may_build,
        },
        **_channel_arguments(settings, layout, settings.default_channels),
    }


def pip_arguments(settings: StoreSettings, layout: StoreLayout) -> dict[str, Any]:
    """Return the settings among the resolver's arguments about packages of pip; nobody has allowed anything yet."""
    return {
        "cache": str(layout.uv_cache),
        "index_url": settings.pip_index_url,
        "extra_index_urls": list(settings.pip_extra_index_urls),
        "names": dict(settings.pip_names),
    }


def check_arguments(
    settings: StoreSettings, layout: StoreLayout, request: BuildRequest, covered: Sequence[str]
) -> dict[str, Any]:
    """Return the arguments of the resolver's ``platforms`` call: on which platforms a specification can be had.

    Parameters
    ----------
    request
        Its platforms are those that are asked about, and no others.
    covered
        Platforms that are known to have a solution, besides those that are asked about.

    Raises
    ------
    PlatformError
        When one of them is unknown.
    """
    policy = Policy.of(settings)
    approved = policy.approved()
    configured = [*policy.usual, *policy.allowed, *policy.settings.channels, *policy.settings.mirrors]
    return {
        **lock_arguments(settings, layout, request, may_build=False),
        "platforms": list(request.platforms),
        "carried": list(covered),
        "further_channels": [
            name for name in dict.fromkeys(configured) if approved is None or policy.all_within(approved, name)
        ],
    }


def search_arguments(
    settings: StoreSettings, layout: StoreLayout, pattern: str, channels: list[str], platform: str | None, limit: int
) -> dict[str, Any]:
    """Return the arguments of the resolver's ``search`` call.

    Raises
    ------
    PlatformError
        When the platform is unknown.
    """
    return {
        "pattern": pattern,
        "platform": check_platform(platform) if platform else current_platform(),
        "limit": limit,
        **_channel_arguments(settings, layout, channels or settings.default_channels),
    }


def completion_arguments(settings: StoreSettings, layout: StoreLayout, packages: Sequence[Package]) -> dict[str, Any]:
    """Return the arguments of the resolver's ``complete`` call; the channels are those that the packages come from."""
    channels = list(dict.fromkeys(package.channel for package in packages if package.manager == "conda"))
    return {
        "packages": [package.model_dump(mode="json") for package in packages],
        **_channel_arguments(settings, layout, channels),
    }


def confirm_arguments(
    settings: StoreSettings, layout: StoreLayout, packages: Sequence[Package], allow_source: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the arguments of the resolver's ``confirm`` call; ``allow_source`` names what may be built for it."""
    python = next((package.version for package in packages if package.name == "python"), None)
    return {
        "packages": [package.model_dump(mode="json") for package in packages if package.manager == "pip"],
        "python": python,
        "repodata_cache": str(layout.repodata_cache),
        "pip": {**pip_arguments(settings, layout), "allow_source": list(allow_source)},
    }


def pip_project_arguments(settings: StoreSettings, layout: StoreLayout, name: str) -> dict[str, Any]:
    """Return the arguments of the resolver's ``pip_project`` call."""
    return {"name": name, "repodata_cache": str(layout.repodata_cache), "pip": pip_arguments(settings, layout)}


def offered_arguments(settings: StoreSettings, layout: StoreLayout, packages: Sequence[Package]) -> dict[str, Any]:
    """Return the arguments of the resolver's ``offered`` call."""
    return {
        "packages": [package.model_dump(mode="json") for package in packages],
        **_channel_arguments(settings, layout, []),
    }


def _channel_arguments(settings: StoreSettings, layout: StoreLayout, channels: list[str]) -> dict[str, Any]:
    return {
        "channels": list(channels),
        "channel_alias": settings.channel_alias,
        "condarc": settings.read_condarc,
        "mirrors": settings.channel_mirrors,
        "repodata_cache": str(layout.repodata_cache),
    }
