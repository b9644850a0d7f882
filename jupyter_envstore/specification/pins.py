"""Pins: a requirement that allows one version only, the one that is locked.

Written with `==`: `numpy ==2.3.5`. A single `=` would also let `2.3.5.1` and `2.3.5.post1` in, and not every tool that
reads an environment.yml takes it for the same thing; `==` means one version to conda, mamba, rattler and pip alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.match_specs import MatchSpec, parse_match_spec
from jupyter_envstore.specification.specification import Specification

_EXACT = re.compile(r"==([^=<>~|,()*]+)")
_BARE = re.compile(r"[^=<>~|,()*]+")


def pinned_version(spec: str) -> str | None:
    """Return the one version that a match spec allows, or None when it allows several."""
    parsed = parse_match_spec(spec)
    constraint = parsed.version or ""
    exact = _EXACT.fullmatch(constraint)
    if exact:
        return exact.group(1)
    if _BARE.fullmatch(constraint):  # `numpy 1.26.4`, which conda reads as `==`
        return constraint
    return None


def pin(specification: Specification, name: str, version: str) -> Specification:
    """Ask for exactly ``version`` of a package, in its own line; one that came with others gets a line.

    Raises
    ------
    SpecificationError
        When the package is asked for in several lines, or with conditions in brackets.
    """
    asked = asked_for(specification, name)
    if asked is None:
        return specification.add([f"{name} =={version}"])
    return specification.replace(
        asked.name, f"{_beginning(asked)} =={version}{f' {asked.build}' if asked.build else ''}"
    )


def unpin(specification: Specification, name: str, before: Iterable[str]) -> Specification:
    """Ask for a pinned package as it was asked for before it was pinned, else for any version.

    Parameters
    ----------
    before
        Texts of earlier specifications, the newest first. Those that cannot be read are passed over.

    Raises
    ------
    SpecificationError
        When the package is not asked for, or not pinned.
    """
    asked = asked_for(specification, name)
    if asked is None or pinned_version(asked.text) is None:
        how = f"It is asked for as {quoted(asked.text)}." if asked else "It is not among what is asked for."
        raise SpecificationError(f"{quoted(name)} is not pinned at one version. {how}", name=name[:100])
    return specification.replace(asked.name, _earlier(asked.name, before) or _beginning(asked))


def asked_for(specification: Specification, name: str) -> MatchSpec | None:
    """Return how a package is asked for, or None when it is not."""
    wanted = name.strip().lower()
    return next((spec for spec in specification.match_specs() if spec.name == wanted), None)


def _earlier(name: str, before: Iterable[str]) -> str | None:
    for text in before:
        try:
            asked = asked_for(Specification.parse(text), name)
        except SpecificationError:
            continue
        if asked is None:
            return None
        if pinned_version(asked.text) is None:
            return asked.text
    return None


def _beginning(spec: MatchSpec) -> str:
    """Return a requirement's channel and name, without its conditions."""
    if spec.attributes:
        raise SpecificationError(
            f"{quoted(spec.text)} has conditions in brackets, which a pin would lose. Edit the text itself.",
            name=spec.name,
        )
    written = re.match(r"[A-Za-z0-9_.-]+", spec.text.rpartition("::")[2].strip())
    name = written.group() if written else spec.name
    return f"{spec.channel}::{name}" if spec.channel else name


def named_once(names: Sequence[str]) -> list[str]:
    """Return package names in lower case, each once."""
    return list(dict.fromkeys(name.strip().lower() for name in names))
