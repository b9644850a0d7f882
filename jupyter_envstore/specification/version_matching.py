"""Whether a package that is locked satisfies a requirement, as the resolver would say. Pure Python.

Used to say why something changed, never to choose packages: what cannot be judged counts as satisfied.
"""

from __future__ import annotations

import fnmatch
import functools
import re

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.match_specs import MatchSpec, parse_match_spec
from jupyter_envstore.specification.version_order import compare_versions, starts_with

_NAME_END = re.compile(r"[\s=<>!~\[]")
_CONDITION = re.compile(r"(?P<operator>[<>=!~]*)(?P<version>.*)", re.DOTALL)


@functools.lru_cache(maxsize=65536)
def name_of(requirement: str) -> str:
    """Return the package's name of a match spec as a channel states it: ``python >=3.12`` → ``python``."""
    return _NAME_END.split(requirement.strip().rpartition("::")[2], maxsplit=1)[0].lower()


@functools.lru_cache(maxsize=8192)
def satisfies(version: str, build: str, requirement: str) -> bool:
    """Tell whether version and build are what ``requirement`` (a match spec) asks for; its name is not looked at."""
    spec = _read(requirement)
    if spec is None:
        return True
    if spec.build is not None and not _build_matches(build, spec.build):
        return False
    if spec.version is None:
        return True
    # With a build string, conda's single = is exact: numpy=1.26.4=py312_0.
    exact = spec.build is not None and re.fullmatch(r"=[^=<>!~|,*]+", spec.version) is not None
    return version_matches(version, f"={spec.version}" if exact else spec.version)


def version_matches(version: str, constraint: str) -> bool:
    """Tell whether a version is within a constraint without blanks, such as ``>=1.26,<3|=4.1``."""
    tokens = [token for token in re.split(r"([|,()])", constraint) if token]
    found, _ = _alternatives(version, tokens, 0)
    return found


def _alternatives(version: str, tokens: list[str], start: int) -> tuple[bool, int]:
    found, position = _conditions(version, tokens, start)
    while position < len(tokens) and tokens[position] == "|":
        also, position = _conditions(version, tokens, position + 1)
        found = found or also
    return found, position


def _conditions(version: str, tokens: list[str], start: int) -> tuple[bool, int]:
    found, position = _condition(version, tokens, start)
    while position < len(tokens) and tokens[position] == ",":
        also, position = _condition(version, tokens, position + 1)
        found = found and also
    return found, position


def _condition(version: str, tokens: list[str], start: int) -> tuple[bool, int]:
    if start >= len(tokens):
        return True, start
    if tokens[start] == "(":
        found, position = _alternatives(version, tokens, start + 1)
        return found, position + 1
    return _compare(version, tokens[start]), start + 1


def _compare(version: str, condition: str) -> bool:
    match = _CONDITION.fullmatch(condition.strip())
    operator, wanted = (match["operator"], match["version"]) if match else ("", condition)
    if wanted.strip("*.") == "":
        return operator != "!="
    glob = wanted.endswith("*")
    plain = wanted.rstrip("*").rstrip(".") if glob else wanted
    if "*" in plain:
        return fnmatch.fnmatchcase(version, wanted)
    match operator:
        case "=":
            return starts_with(version, plain)
        case "" | "==":
            return starts_with(version, plain) if glob else compare_versions(version, plain) == 0
        case "!=":
            return not (starts_with(version, plain) if glob else compare_versions(version, plain) == 0)
        case "~=":
            above = plain.rpartition(".")[0]
            return compare_versions(version, plain) >= 0 and (not above or starts_with(version, above))
        case ">":
            return compare_versions(version, plain) > 0
        case ">=":
            return compare_versions(version, plain) >= 0
        case "<":
            return compare_versions(version, plain) < 0
        case "<=":
            return compare_versions(version, plain) <= 0
    return True


def _build_matches(build: str, wanted: str) -> bool:
    if wanted.startswith("^") and wanted.endswith("$"):
        return True  # a stranger's regular expression is not run here
    return fnmatch.fnmatchcase(build, wanted)


@functools.lru_cache(maxsize=16384)
def _read(requirement: str) -> MatchSpec | None:
    try:
        return parse_match_spec(requirement)
    except SpecificationError:
        return None  # channels hold requirements in forms that people may not write
