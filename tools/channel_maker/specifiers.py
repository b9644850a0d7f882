"""Constraints: PEP 440 specifiers written as conda match specs."""

from __future__ import annotations

import re

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from .names import conda_name

_ORDER = ("===", "==", "~=", ">=", ">", "<=", "<", "!=")
"""Operators as one reads them: what is wanted, from where, up to where, what not."""


def _one_constraint(operator: str, version: str) -> str:
    version = version.strip()
    if operator == "===":
        return f"=={version}"
    if operator == "==":
        return version if version.endswith(".*") else f"=={version}"
    if operator == "~=":
        # ~=1.4.2 means >=1.4.2 and 1.4.*: spelled out, since conda's own ~= differs in corner cases.
        series = ".".join(re.split(r"(?:a|b|rc|\.dev|\.post)", version)[0].split(".")[:-1])
        return f">={version},{series}.*"
    return f"{operator}{version}"


def conda_constraint(specifiers: SpecifierSet) -> str:
    """A conda version constraint (``>=1.2,!=1.4.*``), empty for any version."""
    ordered = sorted(specifiers, key=lambda one: (_ORDER.index(one.operator), one.version))
    return ",".join(_one_constraint(one.operator, one.version) for one in ordered)


def match_spec(requirement: Requirement) -> str:
    """A requirement as a conda match spec (``name >=1.2``). Its marker and extras are the caller's business."""
    name = conda_name(requirement.name)
    constraint = conda_constraint(requirement.specifier)
    return f"{name} {constraint}" if constraint else name


def python_range(first: str, last: str | None = None) -> str:
    """The constraint on ``python`` of a package that is built for the minors from ``first`` to ``last`` (the same, by
    default).
    """
    major, number = (last or first).split(".")
    return f"python >={first},<{major}.{int(number) + 1}.0a0"
