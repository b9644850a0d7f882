"""Values → YAML text as a person would write it: plain where that is safe, between quotes where not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.=<>!~|*+@/\\^$%()'\[\],&;-]|:(?=\S)| (?=[^\s#]))*")
_ENDS_FLOW = re.compile(r"[\[\]{},]")


def scalar(text: str, *, flow: bool = False, like: str = "") -> str:
    """Return ``text`` as a YAML scalar on one line.

    Parameters
    ----------
    text
        The value.
    flow
        Whether it will stand between brackets, where commas and brackets have a meaning.
    like
        How the value that it replaces was written; quotes that were not needed are kept as someone's style.
    """
    if not needs_quotes(text, flow):
        quote = like[:1] if like[:1] in ("'", '"') and not needs_quotes(like[1:-1], flow) else ""
        return f"{quote}{text}{quote}" if "'" not in text else text
    if text.isprintable():
        escaped = text.replace("'", "''")
        return f"'{escaped}'"
    return json.dumps(text, ensure_ascii=False)


def needs_quotes(text: str, flow: bool = False) -> bool:
    """Say whether YAML would read a plain ``text`` as something other than this text."""
    if not _PLAIN.fullmatch(text) or (flow and _ENDS_FLOW.search(text)):
        return True
    import yaml

    # The full resolver also knows dates, numbers to base 60 and the many words for yes and no.
    resolver: Any = yaml.resolver.Resolver()
    return bool(resolver.resolve(yaml.ScalarNode, text, (True, False)) != "tag:yaml.org,2002:str")


def section(key: str, values: Iterable[str], dash: str = "  - ") -> list[str]:
    """Return the lines of a key with a list."""
    return [f"{key}:", *(f"{dash}{scalar(value)}" for value in values)]


def write(
    name: str | None,
    specs: Iterable[str],
    channels: Iterable[str],
    platforms: Iterable[str],
    variables: Mapping[str, str],
) -> str:
    """Return the text of an environment.yml. Nothing is checked."""
    channels, platforms = list(channels), list(platforms)
    lines = [f"name: {scalar(name)}"] if name is not None else []
    lines += section("channels", channels) if channels else []
    lines += section("platforms", platforms) if platforms else []
    lines += section("dependencies", (spec.strip() for spec in specs))
    if variables:
        lines += ["variables:", *(f"  {key}: {scalar(value)}" for key, value in variables.items())]
    return "\n".join(lines) + "\n"
