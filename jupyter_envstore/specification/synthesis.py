"""A specification for a lock that came without one: what would have to be asked for to get the same packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jupyter_envstore.specification.selectors import SELECTORS, platform_words
from jupyter_envstore.specification.specification import Specification
from jupyter_envstore.specification.writing import scalar, section

REMARK = "# Written from a lockfile: the packages that no other one needs, at exactly the versions that it has."


def synthesize(
    name: str | None,
    channels: Iterable[str],
    wanted: Mapping[str, Sequence[str]],
    pip: Mapping[str, Sequence[str]] | None = None,
) -> Specification:
    """Return a specification that asks for ``wanted``.

    Parameters
    ----------
    name
        Of the environment, or None.
    channels
        In order.
    wanted
        By platform: match specs. What differs between platforms gets a selector.
    pip
        By platform: entries of the pip section.

    Raises
    ------
    SpecificationError
        When a channel or package cannot be written in a specification.
    """
    lines = [REMARK, *([f"name: {scalar(name)}"] if name is not None else []), *section("channels", channels)]
    if len(wanted) > 1:
        lines += section("platforms", wanted)
    lines.append("dependencies:")
    lines += _entries(wanted, set(wanted), "  - ")
    from_pip = _entries(pip or {}, set(wanted), "      - ")
    if from_pip:
        lines += ["  - pip:", *from_pip]
    return Specification.parse("\n".join(lines) + "\n")


def _entries(wanted: Mapping[str, Sequence[str]], platforms: set[str], dash: str) -> list[str]:
    where: dict[str, set[str]] = {}
    for platform, specs in wanted.items():
        for spec in specs:
            where.setdefault(spec, set()).add(platform)
    return [
        f"{dash}{scalar(spec)}{selector}" for spec in sorted(where) for selector in _selectors(where[spec], platforms)
    ]


def _selectors(some: set[str], all_of_them: set[str]) -> list[str]:
    """Return what stands behind an entry for some of the platforms; one entry for each."""
    if some == all_of_them:
        return [""]
    kept = {word: {name for name in all_of_them if word in platform_words(name)} for word in SELECTORS}
    exact = [word for word, platforms in kept.items() if platforms == some]
    if exact:
        return [f"  # [{exact[0]}]"]
    # One line for each platform that has a word of its own; the few without one have no way to be said.
    own = {next(iter(platforms)): word for word, platforms in kept.items() if len(platforms) == 1}
    return [f"  # [{own[platform]}]" for platform in sorted(some & own.keys())]
