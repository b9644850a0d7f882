"""One project on the configured package indexes, by its exact name: its versions, and whether there are wheels of them.

Worker side: runs uv, which reads an index's pages and the metadata of wheels, and is allowed to build nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from jupyter_envstore.lock.pip.conflicts import is_silent, silent_index
from jupyter_envstore.lock.pip.machine import uv_environment
from jupyter_envstore.lock.pip.settings import PipSettings
from jupyter_envstore.lock.pip.uv import Question, UvError, resolve
from jupyter_envstore.lock.pip.uv_log import NO_WHEEL, is_source_refused, without_wheel

MOST_VERSIONS = 10
"""Versions that are told, the newest first."""
VERSION_SECONDS = 8.0
"""After so long no further version is looked for."""


class Project(NamedTuple):
    """What the indexes have of one name: versions, the newest first, and whether all of them are source only."""

    versions: list[str]
    source_only: bool


def find_project(name: str, settings: PipSettings) -> Project | None:
    """Return what there is of a project; None when there is nothing that could be installed here.

    Of a project that has wheels, only versions that have one are told: they are what a lock takes.

    Raises
    ------
    IndexUnavailableError, LockError, InvalidInputError
    """
    environment = uv_environment(settings.index_url, settings.extra_index_urls)
    found: list[str] = []
    deadline = time.monotonic() + VERSION_SECONDS
    while len(found) < MOST_VERSIONS and (not found or time.monotonic() < deadline):
        question = Question(
            [f"{name}<{found[-1]}" if found else name],
            dependencies=False,
            universal=True,
            candidates=not found,
            offline=settings.offline,
        )
        try:
            resolution = resolve(question, settings.cache, environment, settings.seconds)
        except UvError as error:
            if is_silent(error.text):
                raise silent_index(error.text) from None
            if not found and is_source_refused(canonicalize_name(name), error.text):
                return Project(_sources(canonicalize_name(name), error), source_only=True)
            break
        version = next((str(table["version"]) for table in resolution.packages), None)
        if version is None or not _is_older(version, found):
            break
        found.append(version)
    return Project(found, source_only=False) if found else None


def _sources(name: str, error: UvError) -> list[str]:
    """Return the versions that uv would not build, the newest first."""
    abroad = {what for _, what, kind in without_wheel(error.text) if kind != NO_WHEEL}
    versions = _readable(version for version in error.candidates.get(name, ()) if f"{name}=={version}" not in abroad)
    finished = [version for version in versions if not version.is_prerelease]
    return [str(version) for version in sorted(finished or versions, reverse=True)[:MOST_VERSIONS]]


def _readable(versions: Iterable[str]) -> list[Version]:
    found = []
    for version in versions:
        try:
            found.append(Version(version))
        except InvalidVersion:
            continue
    return found


def _is_older(version: str, found: list[str]) -> bool:
    try:
        return not found or Version(version) < Version(found[-1])
    except InvalidVersion:
        return False
