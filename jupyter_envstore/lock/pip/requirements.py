"""The entries of `pip:` lists, read and judged. Plain Python; touches neither disk nor network.

What pip accepts and cannot be locked, or would lead out of what a person handed over, is refused with its line and the
reason. Nothing of a text is shown that may carry a credential.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal, NoReturn
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
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.content import read_content
from jupyter_envstore.specification.credentials import has_credentials, quoted

Origin = Literal["index", "wheel", "archive", "repository"]
"""Where the file of an entry comes from: found on an index, the address of a wheel, of a source archive, of a
repository."""

_HASH = re.compile(r"\s--hash[= ]sha256:(?P<digest>[0-9a-fA-F]{64})(?=\s|$)")
_OTHER_HASH = re.compile(r"\s--hash[= ]")
_COMMENT = re.compile(r"(?:^|\s)#(?![A-Za-z0-9_]+=).*$")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_REPOSITORIES = ("git+https", "git+ssh", "git+http")
_ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_REFUSED_OPTIONS = {
    "-e": "installs a folder in place, which no lock can hold. Build a wheel of it and name the wheel",
    "--editable": "installs a folder in place, which no lock can hold. Build a wheel of it and name the wheel",
    "-c": "names a file of constraints. Write them as requirements of their own, or as conda dependencies",
    "--constraint": "names a file of constraints. Write them as requirements of their own, or as conda dependencies",
    "--no-binary": "asks for source distributions. Leave it out, and allow the packages by name when you build",
    "--only-binary": "is the rule here anyway: leave it out",
    "--prefer-binary": "is the rule here anyway: leave it out",
    "--no-index": "leaves no index to ask. Leave it out; a wheel can be named by its address",
    "--trusted-host": "belongs into pip's configuration on your machine, and not into what is shared",
    "--require-hashes": "is the rule here anyway, since a lock has them all: leave it out",
    "--no-deps": "leaves out what packages need. Name the packages that you do not want as conda dependencies",
    "--process-dependency-links": "is understood by no pip of today: leave it out",
}


@dataclass(frozen=True)
class PipEntry:
    """One requirement.

    Attributes
    ----------
    text
        As it was written.
    line
        Where, from 1, or None when that cannot be told.
    name
        Normalised.
    requirement
        As it was read, address and markers included.
    origin
        Where its file comes from.
    hashes
        The sha256 digests one of which its file must have; empty for any.
    """

    text: str
    line: int | None
    name: str
    requirement: Requirement
    origin: Origin = "index"
    hashes: frozenset[str] = frozenset()

    @property
    def needs_consent(self) -> bool:
        """Whether its code has to be run before it can be installed."""
        return self.origin in ("archive", "repository")


@dataclass(frozen=True)
class PipSection:
    """What the `pip:` lists of a specification say.

    Attributes
    ----------
    entries
        Requirements, in order.
    index_url
        Instead of the configured index; None where nothing is said.
    extra_index_urls
        Asked before it.
    find_links
        Pages with links to wheels.
    prereleases
        Whether versions are taken that are not finished.
    """

    entries: tuple[PipEntry, ...] = ()
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    prereleases: bool = False

    def __bool__(self) -> bool:
        return bool(self.entries)

    def for_environment(self, environment: Mapping[str, str]) -> PipSection:
        """Return the section with those entries only whose markers hold in an environment (PEP 508's variables)."""
        held = [
            entry
            for entry in self.entries
            if entry.requirement.marker is None or entry.requirement.marker.evaluate(dict(environment))
        ]
        return replace(self, entries=tuple(held))


@dataclass
class _Found:
    entries: list[PipEntry] = field(default_factory=list)
    index_url: str | None = None
    extra: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    prereleases: bool = False


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
    reader = _Reader(frozenset(local_wheels))
    for text in texts:
        reader.read(text, lines.get(text))
    for repository in content.pip_repositories:
        reader.line = repository.line
        reader.found.extra.append(reader.address("pip-repositories", repository.text))
    found = reader.found
    return PipSection(tuple(found.entries), found.index_url, tuple(found.extra), tuple(found.links), found.prereleases)


class _Reader:
    def __init__(self, local_wheels: frozenset[str]) -> None:
        self.found = _Found()
        self.line: int | None = None
        self._local = local_wheels

    def read(self, text: str, line: int | None) -> None:
        self.line = line
        written = _COMMENT.sub("", text).strip()
        if not written:
            return
        if written.startswith("-"):
            self._option(text, written)
            return
        hashes = frozenset(match["digest"].lower() for match in _HASH.finditer(written))
        bare = _HASH.sub("", written).strip()
        if _OTHER_HASH.search(bare):
            self.refuse(f"{quoted(text)} has a hash that is not a sha256 of 64 digits")
        if " --" in bare:
            self.refuse(f"{quoted(text)} has an option behind a requirement, which cannot be locked")
        requirement = self._requirement(text, bare)
        name = canonicalize_name(requirement.name)
        origin, stated = self._origin(text, requirement)
        self.found.entries.append(PipEntry(text, line, name, requirement, origin, hashes | stated))

    def _option(self, text: str, written: str) -> None:
        try:
            words = shlex.split(written)
        except ValueError:
            self.refuse(f"{quoted(text)} has a quotation mark without its second")
        option, found, value = words[0].partition("=")
        if not option.startswith("--") and len(option) > 2:
            option, value = option[:2], option[2:]
        elif not found:
            value = words[1] if len(words) > 1 else ""
        if option in ("-r", "--requirement"):
            self.refuse(
                f"{quoted(text)} refers to a file beside the specification, and there is no folder to read it from. "
                "Create the environment from the file on the command line, or write its lines here"
            )
        if option in ("-i", "--index-url", "--pypi-url"):
            self.found.index_url = self.address(option, value)
        elif option == "--extra-index-url":
            self.found.extra.append(self.address(option, value))
        elif option in ("-f", "--find-links"):
            self.found.links.append(self.address(option, value))
        elif option == "--pre":
            self.found.prereleases = True
        else:
            reason = _REFUSED_OPTIONS.get(option, "is an option of pip that cannot be locked")
            self.refuse(f"{quoted(text)}: `{option[:40]}` {reason}")

    def address(self, option: str, value: str) -> str:
        """Return the address of an index or a page, when it can be asked."""
        if not value:
            self.refuse(f"`{option}` needs an address behind it")
        if "$" in value:
            self.refuse(
                f"`{option}` takes its address from a variable of the machine, which may be a secret. Write it "
                "without, and keep credentials in your keyring or .netrc"
            )
        if has_credentials(value):
            self.refuse(f"`{option}` names an address that carries a password or token")
        if urlsplit(value).scheme not in ("https", "http"):
            self.refuse(f"`{option}` needs an address that begins with https://; here stands {quoted(value)}")
        return value

    def _requirement(self, text: str, bare: str) -> Requirement:
        """Read a requirement, and an address that stands without a name where the name can be told."""
        scheme = urlsplit(bare).scheme if "://" in bare.split(" @ ")[0].split("[")[0] else ""
        if scheme in ("https", "http", "file"):
            name = _name_of_file(urlsplit(bare).path)
            if name is None:
                self.refuse(f"{quoted(text)} does not say which package it is. Write `name @ address`")
            bare = f"{name} @ {bare}"
        elif scheme:
            egg = re.search(r"#egg=(?P<name>[A-Za-z0-9._-]+)", bare)
            if not egg:
                guess = PurePosixPath(urlsplit(bare).path.split("@")[0]).stem.lower() or "name"
                self.refuse(
                    f"{quoted(text)} does not say which package it is. Write {quoted(f'{guess} @ {bare}')}, with the "
                    "name that the package has"
                )
            bare = f"{egg['name']} @ {bare.replace(egg[0], '')}"
        elif bare.startswith((".", "/", "~")) or _DRIVE.match(bare) or "\\" in bare:
            self.refuse(
                f"{quoted(text)} is a file or folder of one machine. A wheel beside the specification can be named "
                "when the environment is created from the file on the command line"
            )
        try:
            return Requirement(bare)
        except InvalidRequirement as error:
            reason = str(error).split("\n")[0]
            shown = "" if has_credentials(reason) else f": {reason[:150]}"
            hint = _single_equals(bare)
            self.refuse(f"{quoted(text)} cannot be read as a requirement of pip{shown}{hint}")

    def _origin(self, text: str, requirement: Requirement) -> tuple[Origin, frozenset[str]]:
        if requirement.url is None:
            return "index", frozenset()
        parts = urlsplit(requirement.url)
        if "$" in requirement.url:
            self.refuse(f"{quoted(text)} takes a part of its address from a variable of the machine")
        if has_credentials(requirement.url.removeprefix("git+")) and parts.scheme != "git+ssh":
            self.refuse(f"The address of `{requirement.name}` carries a password or token")
        stated = re.search(r"(?:^|&)sha256=([0-9a-fA-F]{64})(?:&|$)", parts.fragment)
        hashes = frozenset({stated[1].lower()} if stated else ())
        if stated:
            # uv would take the stated digest for the file's own.
            requirement.url = requirement.url.replace(stated[0], "&" if stated[0].endswith("&") else "").rstrip("#")
        if parts.scheme in _REPOSITORIES:
            return "repository", frozenset()
        if "+" in parts.scheme:
            self.refuse(f"{quoted(text)} comes out of a repository that cannot be pinned; git with https or ssh can be")
        if parts.scheme == "file":
            if requirement.url.partition("#")[0] not in self._local:
                self.refuse(f"{quoted(text)} is a file of one machine, which only its owner can name there")
        elif parts.scheme not in ("https", "http"):
            self.refuse(f"{quoted(text)} has an address that cannot be fetched; https:// is understood")
        path = unquote(parts.path).lower()
        if path.endswith(".whl"):
            name = _name_of_file(parts.path)
            if name != canonicalize_name(requirement.name):
                self.refuse(f"{quoted(text)} names a wheel of another package")
            return "wheel", hashes
        if not path.endswith(_ARCHIVES) or parts.scheme == "file":
            self.refuse(f"{quoted(text)} names neither a wheel (.whl) nor an archive (.tar.gz, .zip)")
        return "archive", hashes

    def refuse(self, reason: str) -> NoReturn:
        raise SpecificationError(f"{reason}.", line=self.line)


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


def without_options(text: str) -> str:
    """Return the text of a specification without the lines of its pip section that conda-lock cannot read.

    Those are the options of pip: where packages are looked for says nothing about which are asked for.
    """
    content = read_content(text, check_duplicates=False)
    options = {entry.line for entry in content.pip if entry.text.startswith("--") or entry.text[:2] in ("-i", "-f")}
    return "\n".join(line for number, line in enumerate(text.split("\n"), start=1) if number not in options)
