"""What uv says, read: its log of the resolver, its warnings, and why it found nothing. Plain text in, values out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from packaging.utils import canonicalize_name

NO_WHEEL = "usable wheels"
"""What uv says is not there of a package that has only a source."""

_EDGE = re.compile(
    r"^DEBUG Adding transitive dependency for (?P<parent>[^\s=\[{]+)(?:\[[^\]]*\])?(?:\{[^}]*\})?==(?P<version>[^\s:]+)"
    r": (?P<need>.+)$",
    re.MULTILINE,
)
_NEED = re.compile(r"(?P<name>[A-Za-z0-9._-]+?)(?:\[(?P<extras>[^\]]*)\])?(?:\{[^}]*\})?(?P<rest>[*=<>!~@ ].*)?")
_NO_WHEEL = re.compile(
    r"(?:[Bb]ecause|and) (?:all versions of )?(?P<what>(?P<name>[A-Za-z0-9._-]+)(?:[=<>!~][^\s]*)?) ha(?:s|ve) no "
    r"(?P<kind>usable wheels|wheels with a matching [^(,]+?)(?= \(| and |,|$)"
)
_NONE_HAS_WHEEL = re.compile(
    r"(?:[Bb]ecause|and) all of:\s+(?P<name>[A-Za-z0-9._-]+?)(?=[=<>!~\s])[^\n]*(?:\n\s+(?P=name)[^\n]*)*"
    r"\n\s*have no (?P<kind>usable wheels|wheels with a matching [^(,]+?)(?= \(| and |,|\n|$)"
)
_CANDIDATE = re.compile(
    r"^TRACE Found candidate for package (?P<name>\S+) with range .* after \d+ steps: (?P<version>\S+) version$",
    re.MULTILINE,
)
_YANKED = re.compile(r"^warning: (?P<what>.*\bis yanked\b.*)$", re.MULTILINE)
_NO_EXTRA = re.compile(
    r"The package `(?P<name>[A-Za-z0-9._-]+) @ [^`]*` does not have an extra named `(?P<extra>[^`]+)`"
)


@dataclass(frozen=True)
class Need:
    """One package needs another: ``parent`` at ``version`` needs ``name``, in the versions that ``specifier`` says."""

    parent: str
    version: str
    name: str
    specifier: str


def needs_in(said: str) -> list[Need]:
    """Return who needs what, of all packages that were considered."""
    found = []
    for match in _EDGE.finditer(said):
        need = _NEED.fullmatch(match["need"].strip())
        if need is None:
            continue
        parent, name = canonicalize_name(match["parent"]), canonicalize_name(need["name"])
        if parent == name:
            continue  # an extra of its own
        rest = (need["rest"] or "").strip()
        specifier = "" if rest == "*" or rest.startswith("@") else rest.replace(" ", "")
        found.append(Need(parent, match["version"], name, specifier))
    return found


class WithoutWheel(NamedTuple):
    """A package that has no wheel which fits: its name, what uv calls it (``name==1.0``), and what is not there."""

    name: str
    what: str
    kind: str


def without_wheel(text: str) -> list[WithoutWheel]:
    """Return the packages of which uv says that they have no wheel which fits."""
    found = [
        WithoutWheel(canonicalize_name(match["name"]), match["what"], match["kind"])
        for match in _NO_WHEEL.finditer(text)
    ]
    none = _NONE_HAS_WHEEL.finditer(text)
    return found + [WithoutWheel(canonicalize_name(match["name"]), match["name"], match["kind"]) for match in none]


def is_source_refused(name: str, text: str) -> bool:
    """Tell whether uv could not take a package because nobody allowed to build it: there is a source of it."""
    return f"Wheels are required for `{name}` because building from source is disabled" in text


def candidates_in(said: str) -> dict[str, list[str]]:
    """Return the versions that uv looked at, by name, in that order; only a log that lists them has some."""
    found: dict[str, list[str]] = {}
    for match in _CANDIDATE.finditer(said):
        versions = found.setdefault(canonicalize_name(match["name"]), [])
        if match["version"] not in versions:
            versions.append(match["version"])
    return found


def notes_in(said: str) -> list[str]:
    """Return what there is to tell about the chosen packages."""
    yanked = [match["what"].replace("`", "").rstrip(".") for match in _YANKED.finditer(said)]
    return [f"{what}: its authors took it back. Another version would be better." for what in dict.fromkeys(yanked)]


def lost_extras_in(said: str) -> dict[str, set[str]]:
    """Return the extras that were asked of packages that have none, by name."""
    found: dict[str, set[str]] = {}
    for match in _NO_EXTRA.finditer(said):
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["extra"])
    return found


def words_in(said: str) -> str:
    """Return what uv said to people: without its log."""
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("DEBUG ", "TRACE ", "INFO "))]
    return "\n".join(line for line in lines if not line.startswith(("warning: Requirements file", " warning: Req")))
