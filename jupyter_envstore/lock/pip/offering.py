"""Which files of given versions the configured package indexes have.

Worker side: runs uv. Nothing but an index's pages and the metadata of wheels is fetched; built is only what a person
allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from jupyter_envstore.lock.pip.conflicts import is_silent, silent_index
from jupyter_envstore.lock.pip.machine import uv_environment
from jupyter_envstore.lock.pip.settings import PipSettings
from jupyter_envstore.lock.pip.sources import is_wheel
from jupyter_envstore.lock.pip.uv import Question, Resolution, UvError, resolve
from jupyter_envstore.schemas import Package

PipFile = tuple[str, str, str]
"""Normalised name, version as it was asked for, sha256 of a file."""
Wanted = dict[str, dict[str, set[str]]]
"""Digests of files by normalised name and version."""

_NAMED = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==\S+)? (?:was not found|has no )")
_NO_VERSION = re.compile(r"there (?:is|are) no versions? of (?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


def confirm(
    packages: Iterable[Package], settings: PipSettings, python: str | None = None, notes: list[str] | None = None
) -> list[PipFile]:
    """Return which files of a lock from elsewhere the configured indexes offer, whatever address the lock names.

    A source is looked for where it may be built: uv may have to do that, to read what it is.

    Parameters
    ----------
    packages
        Of any platforms; what is no file of pip with a sha256 is never confirmed.
    python
        The version of Python that they are for, of which some versions may be too new or too old.
    notes
        Gets sentences about those that their authors took back.

    Raises
    ------
    IndexUnavailableError
        When an index does not answer: then nobody can tell.
    LockError, InvalidInputError
    """
    wheels: Wanted = {}
    sources: Wanted = {}
    buildable = settings.allow_source if settings.may_build else frozenset()
    for package in packages:
        name = canonicalize_name(package.name)
        if package.manager == "pip" and package.sha256 and (is_wheel(package.url) or name in buildable):
            wanted = wheels if is_wheel(package.url) else sources
            wanted.setdefault(name, {}).setdefault(package.version, set()).add(package.sha256.lower())
    said: list[str] = notes if notes is not None else []
    found = _offered(wheels, settings, python, said)
    return sorted([*found, *_offered(sources, settings, python, said, frozenset(sources))])


def _offered(
    wanted: Wanted, settings: PipSettings, python: str | None, notes: list[str], source: frozenset[str] = frozenset()
) -> list[PipFile]:
    environment = uv_environment(settings.index_url, settings.extra_index_urls)
    found: list[PipFile] = []
    while wanted:
        # Two versions of one name, of two platforms, are no single question.
        asked = {name: next(iter(versions)) for name, versions in wanted.items()}
        hashes = _hashes(asked, settings, environment, python, source, notes)
        for name, version in asked.items():
            digests = wanted[name].pop(version)
            found += [(name, version, digest) for digest in sorted(digests & hashes.get(name, set()))]
        wanted = {name: versions for name, versions in wanted.items() if versions}
    return found


def _hashes(
    asked: Mapping[str, str],
    settings: PipSettings,
    environment: Mapping[str, str],
    python: str | None,
    source: frozenset[str],
    notes: list[str],
) -> dict[str, set[str]]:
    """Return the sha256 digests of all files of each version; a version that no index has is left out."""
    if not asked:
        return {}
    try:
        requirements = [f"{name}=={version}" for name, version in sorted(asked.items())]
        resolution = _ask(requirements, settings, environment, python, source)
    except UvError as error:
        if is_silent(error.text):
            raise silent_index(error.text) from None
        lost = _lost(error.text, asked)
        if lost:
            parts = [{name: version for name, version in asked.items() if name not in lost}]
        elif len(asked) == 1:
            parts = []
        else:
            names = sorted(asked)
            parts = [{name: asked[name] for name in half} for half in (names[::2], names[1::2])]
        answers = [_hashes(part, settings, environment, python, source, notes) for part in parts]
        return {name: digests for answer in answers for name, digests in answer.items()}
    notes += resolution.notes
    return {canonicalize_name(table["name"]): _digests(table) for table in resolution.packages}


def _digests(table: Mapping[str, Any]) -> set[str]:
    files = [*(table.get("wheels") or ()), *([table["sdist"]] if table.get("sdist") else ())]
    return {str(file["hashes"]["sha256"]).lower() for file in files if "sha256" in file.get("hashes", {})}


def _lost(text: str, asked: Collection[str]) -> set[str]:
    names: set[str] = {
        canonicalize_name(match["name"]) for pattern in (_NAMED, _NO_VERSION) for match in pattern.finditer(text)
    }
    return names & set(asked)


def _ask(
    requirements: list[str],
    settings: PipSettings,
    environment: Mapping[str, str],
    python: str | None,
    source: frozenset[str] = frozenset(),
) -> Resolution:
    question = Question(
        requirements,
        python=python or "",
        source=source,
        dependencies=False,
        universal=True,
        offline=settings.offline,
    )
    return resolve(question, settings.cache, environment, settings.seconds)
