"""Match specs ⇄ the mapping in which conda-lock's format keeps dependencies. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence


def dependency_mapping(depends: Sequence[str]) -> dict[str, str]:
    """Turn match specs into the mapping that the format has; two versions for one name are joined."""
    result: dict[str, str] = {}
    for text in depends:
        name, _, versions = text.partition(" ")
        known = result.get(name)
        if known and versions and known != versions and " " not in known + versions:
            result[name] = f"{known},{versions}"
        elif not known or (versions and " " in versions):
            result[name] = versions
    return result
