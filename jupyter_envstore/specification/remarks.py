"""What is worth saying about a specification that can be read: facts that will matter later, none of them an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jupyter_envstore.specification.content import Content, Entry
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.selectors import SELECTORS, platform_words, selector_of

_SECRET_NAME = re.compile(r"(?:^|_)(?:TOKEN|PASSWORD|PASSWD|SECRET|(?:API|ACCESS|PRIVATE)_?KEY)(?:$|_)", re.IGNORECASE)
_HARMFUL = frozenset(
    {"PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "CONDA_PREFIX"}
)
_BESIDE = re.compile(r"(?:-[erc]|--(?:editable|requirement|constraint))[ =]|\.|/")


@dataclass(frozen=True)
class SpecificationWarning:
    """One remark.

    Attributes
    ----------
    code
        What kind it is, for programs.
    message
        For people: what is so, and what follows from it.
    line
        Where, from 1, or None when it is about the whole.
    """

    code: str
    message: str
    line: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"code": self.code, "message": self.message, "line": self.line}


def remarks_on(content: Content, text: str) -> tuple[SpecificationWarning, ...]:
    """Return the warnings about a specification, those about lines in the order of the lines."""
    found = [*_on_keys(content), *_on_entries(content), *_on_variables(content), *_on_selectors(content, text)]
    return tuple(sorted(found, key=lambda remark: (remark.line is not None, remark.line or 0)))


def _on_keys(content: Content) -> Iterator[SpecificationWarning]:
    if not content.channels:
        yield SpecificationWarning("no_channels", "No channels are named; the store's default channels are used.")
    if not content.dependencies and not content.pip:
        line = content.keys.get("dependencies")
        yield SpecificationWarning("no_dependencies", "No package is asked for; the environment would be empty.", line)
    if "prefix" in content.keys:
        message = "`prefix` is ignored: the store decides where an environment lies."
        yield SpecificationWarning("prefix_ignored", message, content.keys["prefix"])
    if content.empty_pip is not None:
        yield SpecificationWarning("empty_pip", "The `pip:` list is empty.", content.empty_pip)
    if content.pip and not any(dependency.spec.name == "pip" for dependency in content.dependencies):
        message = "There is a `pip:` list, but the package `pip` is not among the dependencies; conda wants it there."
        yield SpecificationWarning("pip_not_listed", message, content.pip[0].line)


def _on_entries(content: Content) -> Iterator[SpecificationWarning]:
    for channel in content.channels:
        if channel.text == "defaults":
            message = "The channel `defaults` belongs to Anaconda; larger organisations need a licence to use it."
            yield SpecificationWarning("defaults_channel", message, channel.line)
    yield from _repeated(content.channels, "channel")
    yield from _repeated(content.platforms, "platform")
    pinned = [entry for entry in content.dependencies if entry.spec.build is not None and "*" not in entry.spec.build]
    if pinned:
        others = f" and {len(pinned) - 1} more" if len(pinned) > 1 else ""
        message = (
            f"{quoted(pinned[0].text)}{others} asks for one build, which exists for one platform only and may "
            "disappear from a channel. The lock remembers builds; a version is enough here."
        )
        yield SpecificationWarning("build_pinned", message, pinned[0].line)
    for entry in content.pip:
        if _BESIDE.match(entry.text) and "://" not in entry.text:
            message = f"{quoted(entry.text)} refers to a file beside the specification, which does not travel with it."
            yield SpecificationWarning("pip_refers_to_file", message, entry.line)


def _repeated(entries: list[Entry], what: str) -> Iterator[SpecificationWarning]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.text, entry)
        if first is not entry:
            message = f"The {what} {quoted(entry.text)} is listed twice (first in line {first.line})."
            yield SpecificationWarning("repeated", message, entry.line)


def _on_variables(content: Content) -> Iterator[SpecificationWarning]:
    for name, entry in content.variables.items():
        if _SECRET_NAME.search(name):
            message = f"`{name}` looks like a secret. Variables are stored and shared with the environment."
            yield SpecificationWarning("secret_variable", message, entry.line)
        if name in _HARMFUL:
            message = f"Setting `{name}` for everything in the environment can keep its programs from starting."
            yield SpecificationWarning("risky_variable", message, entry.line)


def _on_selectors(content: Content, text: str) -> Iterator[SpecificationWarning]:
    selectable = {entry.line for entry in (*content.dependencies, *content.pip)}
    known = set(SELECTORS)
    for number, line in enumerate(text.split("\n"), start=1):
        word = selector_of(line)
        if word is None:
            continue
        if word not in known:
            message = (
                f"The line's comment ends with {quoted(f'[{word}]')}, which conda-lock takes for a selector that no "
                f"platform fulfils: the line is left out. Known are {', '.join(SELECTORS)}."
            )
            yield SpecificationWarning("unknown_selector", message, number)
        elif number not in selectable:
            message = f"The selector `[{word}]` has an effect on packages only."
            yield SpecificationWarning("selector_without_effect", message, number)
        elif content.platforms and not any(word in platform_words(entry.text) for entry in content.platforms):
            message = f"None of the listed platforms fulfils `[{word}]`: the line is never used."
            yield SpecificationWarning("selector_unused", message, number)
