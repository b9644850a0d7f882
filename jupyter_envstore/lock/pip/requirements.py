"""The entries of `pip:` lists, read and judged. Plain Python; touches neither disk nor network.

What pip accepts and cannot be locked, or would lead out of what a person handed over, is refused with its line and the
reason. Nothing of a text is shown that may carry a credential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.pip.entries import Origin, PipEntry, PipSection
from jupyter_envstore.lock.pip.options import PipOptions, checked_address
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.content import read_content
from jupyter_envstore.specification.credentials import has_credentials, quoted
from jupyter_envstore.specification.pip_entries import without_comment

_HASH = re.compile(r"\s--hash[= ]sha256:(?P<digest>[0-9a-fA-F]{64})(?=\s|$)")
_OTHER_HASH = re.compile(r"\s--hash[= ]")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_REPOSITORIES = ("git+https", "git+ssh", "git+http")
_ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def read_section(
    specification: Specification, platform: str | None = None, *, local_wheels: Iterable[str] = ()
) -> PipSection:
    """Read the pip section of a specification.

    Parameters
    ----------
    platform
        Only what its selectors leave for this platform; None for all.
    local_wheels
        The ``file://`` addresses that are allowed: those that a person named on this machine.

    Raises
    ------
    SpecificationError
        With line and reason, for what cannot be read or is not allowed.
    """
    texts = specification.pip if platform is None else specification.pip_for(platform)
    if not texts:
        return PipSection()
    content = read_content(specification.text, check_duplicates=False)
    lines: dict[str, int] = {}
    for entry in content.pip:
        lines.setdefault(entry.text, entry.line)
    entries: list[PipEntry] = []
    options = PipOptions()
    local = frozenset(local_wheels)
    for text in texts:
        line = lines.get(text)
        written = without_comment(text)
        if written.startswith("-"):
            options.read(text, written, line)
        elif written:
            entries.append(_EntryReader(text, line, local).read(written))
    for repository in content.pip_repositories:
        options.extra_index_urls.append(checked_address("pip-repositories", repository.text, repository.line))
    return PipSection(
        entries=tuple(entries),
        index_url=options.index_url,
        extra_index_urls=tuple(options.extra_index_urls),
        find_links=tuple(options.find_links),
        prereleases=options.prereleases,
    )


class _EntryReader:
    """Reads one requirement, and refuses it with its text and line."""

    def __init__(self, text: str, line: int | None, local_wheels: frozenset[str]) -> None:
        self._text = text
        self._line = line
        self._local = local_wheels

    @property
    def _shown(self) -> str:
        return quoted(self._text)

    def read(self, written: str) -> PipEntry:
        hashes = frozenset(match["digest"].lower() for match in _HASH.finditer(written))
        bare = _HASH.sub("", written).strip()
        if _OTHER_HASH.search(bare):
            self._refuse(f"{self._shown} has a hash that is not a sha256 of 64 digits")
        if " --" in bare:
            self._refuse(f"{self._shown} has an option behind a requirement, which cannot be locked")
        requirement = self._requirement(bare)
        name = canonicalize_name(requirement.name)
        origin, stated = self._origin(requirement)
        return PipEntry(self._text, self._line, name, requirement, origin, hashes | stated)

    def _requirement(self, bare: str) -> Requirement:
        """Read a requirement, and an address that stands without a name where the name can be told."""
        scheme = urlsplit(bare).scheme if "://" in bare.split(" @ ")[0].split("[")[0] else ""
        if scheme in ("https", "http", "file"):
            name = _name_of_file(urlsplit(bare).path)
            if name is None:
                self._refuse(f"{self._shown} does not say which package it is. Write `name @ address`")
            bare = f"{name} @ {bare}"
        elif scheme:
            egg = re.search(r"#egg=(?P<name>[A-Za-z0-9._-]+)", bare)
            if not egg:
                guess = PurePosixPath(urlsplit(bare).path.split("@")[0]).stem.lower() or "name"
                self._refuse(
                    f"{self._shown} does not say which package it is. Write {quoted(f'{guess} @ {bare}')}, with the "
                    "name that the package has"
                )
            bare = f"{egg['name']} @ {bare.replace(egg[0], '')}"
        elif bare.startswith((".", "/", "~")) or _DRIVE.match(bare) or "\\" in bare:
            self._refuse(
                f"{self._shown} is a file or folder of one machine. A wheel beside the specification can be named "
                "when the environment is created from the file on the command line"
            )
        try:
            return Requirement(bare)
        except InvalidRequirement as error:
            reason = str(error).split("\n")[0]
            shown = "" if has_credentials(reason) else f": {reason[:150]}"
            hint = _single_equals(bare)
            self._refuse(f"{self._shown} cannot be read as a requirement of pip{shown}{hint}")

    def _origin(self, requirement: Requirement) -> tuple[Origin, frozenset[str]]:
        if requirement.url is None:
            return "index", frozenset()
        parts = urlsplit(requirement.url)
        if "$" in requirement.url:
            self._refuse(f"{self._shown} takes a part of its address from a variable of the machine")
        if has_credentials(requirement.url.removeprefix("git+")) and parts.scheme != "git+ssh":
            self._refuse(f"The address of `{requirement.name}` carries a password or token")
        stated = re.search(r"(?:^|&)sha256=([0-9a-fA-F]{64})(?:&|$)", parts.fragment)
        hashes = frozenset({stated[1].lower()} if stated else ())
        if stated:
            # uv would take the stated digest for the file's own.
            requirement.url = requirement.url.replace(stated[0], "&" if stated[0].endswith("&") else "").rstrip("#")
        if parts.scheme in _REPOSITORIES:
            return "repository", frozenset()
        if "+" in parts.scheme:
            self._refuse(f"{self._shown} comes out of a repository that cannot be pinned; git with https or ssh can be")
        if parts.scheme == "file":
            if requirement.url.partition("#")[0] not in self._local:
                self._refuse(f"{self._shown} is a file of one machine, which only its owner can name there")
        elif parts.scheme not in ("https", "http"):
            self._refuse(f"{self._shown} has an address that cannot be fetched; https:// is understood")
        path = unquote(parts.path).lower()
        if path.endswith(".whl"):
            name = _name_of_file(parts.path)
            if name != canonicalize_name(requirement.name):
                self._refuse(f"{self._shown} names a wheel of another package")
            return "wheel", hashes
        if not path.endswith(_ARCHIVES) or parts.scheme == "file":
            self._refuse(f"{self._shown} names neither a wheel (.whl) nor an archive (.tar.gz, .zip)")
        return "archive", hashes

    def _refuse(self, reason: str) -> NoReturn:
        raise SpecificationError(f"{reason}.", line=self._line)


def _name_of_file(path: str) -> str | None:
    filename = PurePosixPath(unquote(path)).name
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[0]
        return parse_sdist_filename(filename)[0]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def _single_equals(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9._-]+\s*=\s*[^=<>!~\s]+", text):
        name, _, version = text.partition("=")
        return f". pip writes two signs: {quoted(f'{name.strip()}=={version.strip()}')}"
    return ""
