"""YAML text → a tree of nodes that know their place in the text, with bounds on size, depth and expansion.

Works on the parser's stream of events and stops at the first one too many, so a hostile text costs little. Nothing
is constructed: no objects, no numbers, no dates; what is a number stays the text that was written, with the tag
that YAML gives it. PyYAML because it is what conda-lock reads the same files with: both see the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.credentials import quoted

MAX_NODES = 10_000
"""How many nodes a text may have, those that an alias repeats counted each time."""
MAX_DEPTH = 12
"""How deep lists and mappings may be nested. A specification needs three levels."""

_TAG = "tag:yaml.org,2002:"
# What a scalar can be without naming a type; whatever else is named would be a request to construct something.
_KNOWN_TAGS = frozenset({"str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map"})
Kind = Literal["scalar", "list", "mapping"]


@dataclass
class Node:
    """One value of the document.

    Attributes
    ----------
    kind
        What it is.
    type
        The short tag of a scalar: ``str``, ``int``, ``float``, ``bool``, ``null``, ``timestamp`` …; else the kind.
    text
        A scalar's text as it was written, without quotes.
    plain
        Whether a scalar stands without quotes.
    items, pairs
        The children of a list; the (key, value) pairs of a mapping.
    flow
        Whether a list or mapping is written with brackets.
    line, column, end_line, end_column
        Where it begins and ends in the text, from 0. Of an alias: where the alias stands.
    size
        How many nodes it holds, itself included.
    """

    kind: Kind
    type: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str = ""
    plain: bool = True
    flow: bool = False
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    size: int = 1

    def is_text(self) -> bool:
        """Say whether this is a scalar that YAML reads as text."""
        return self.kind == "scalar" and self.type == "str"


def compose(text: str, path: str | None = None) -> Node | None:
    """Return the root of the one document in ``text``, or None when there is none (only comments, or nothing).

    Raises
    ------
    SpecificationError
        With line and reason, for whatever is not one YAML document of bounded size.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Composer(yaml, yaml.parse(text, Loader=loader), path).root()
    except yaml.MarkedYAMLError as error:
        raise _in_words(error, text, path) from None
    except yaml.YAMLError as error:
        raise SpecificationError(f"This is not YAML: {type(error).__name__}.", line=1, path=path) from None


class _Composer:
    def __init__(self, yaml: Any, events: Iterator[Any], path: str | None) -> None:
        self.yaml = yaml
        self.events = events
        self.path = path
        self.resolver = yaml.resolver.Resolver()
        self.anchors: dict[str, Node | None] = {}
        self.count = 0

    def root(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.error("A second document begins here (`---`). Keep one environment in a file.", event)
                root = self.node(next(self.events), 1)
        return root

    def node(self, event: Any, depth: int) -> Node:
        if isinstance(event, self.yaml.AliasEvent):
            return self.alias(event)
        self.charge(1, event)
        if depth > MAX_DEPTH:
            raise self.error(f"Lists and mappings are nested deeper than {MAX_DEPTH} levels.", event)
        if event.anchor is not None:
            if event.anchor in self.anchors:
                raise self.error(f"The anchor {quoted('&' + event.anchor)} is set a second time.", event)
            self.anchors[event.anchor] = None  # not known until it is complete: an alias inside would be endless
        if isinstance(event, self.yaml.ScalarEvent):
            node = self.scalar(event)
        elif isinstance(event, self.yaml.SequenceStartEvent):
            node = self.children(event, "list", depth)
        else:
            node = self.children(event, "mapping", depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def scalar(self, event: Any) -> Node:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self.resolver.resolve(self.yaml.ScalarNode, event.value, event.implicit)
        return Node("scalar", self.short(tag, event), *_place(event), text=event.value, plain=event.style is None)

    def children(self, event: Any, kind: Kind, depth: int) -> Node:
        if event.tag not in (None, "!"):
            self.short(event.tag, event)
        end = self.yaml.SequenceEndEvent if kind == "list" else self.yaml.MappingEndEvent
        node = Node(kind, kind, *_place(event), flow=bool(event.flow_style))
        while not isinstance(following := next(self.events), end):
            child = self.node(following, depth + 1)
            node.size += child.size
            if kind == "list":
                node.items.append(child)
                continue
            value = self.node(next(self.events), depth + 1)
            node.size += value.size
            node.pairs.append((child, value))
        node.end_line, node.end_column = following.end_mark.line, following.end_mark.column
        return node

    def alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            raise self.error(f"The alias {quoted('*' + event.anchor)} refers to an anchor that is not there.", event)
        target = self.anchors[event.anchor]
        if target is None:
            raise self.error(f"The alias {quoted('*' + event.anchor)} stands inside what it refers to.", event)
        self.charge(target.size, event)
        line, column, end_line, end_column = _place(event)
        # The children are shared, not copied: they are read, never changed.
        return Node(
            target.kind, target.type, line, column, end_line, end_column,
            target.text, False, True, target.items, target.pairs, target.size,
        )  # fmt: skip

    def charge(self, size: int, event: Any) -> None:
        self.count += size
        if self.count > MAX_NODES:
            raise self.error(
                f"The file holds more than {MAX_NODES:,} values (those that aliases repeat counted each time).", event
            )

    def short(self, tag: str, event: Any) -> str:
        name = tag.removeprefix(_TAG)
        if name == tag or name not in _KNOWN_TAGS:
            raise self.error("Tags (`!…`) are not allowed in a specification. Delete it.", event)
        return name

    def error(self, reason: str, event: Any) -> SpecificationError:
        return SpecificationError(reason, line=event.start_mark.line + 1, path=self.path)


def _place(event: Any) -> tuple[int, int, int, int]:
    return event.start_mark.line, event.start_mark.column, event.end_mark.line, event.end_mark.column


def _in_words(error: Any, text: str, path: str | None) -> SpecificationError:
    """Return the parser's complaint as an error that says what a person can do about it."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    index = min(mark.line if mark else 0, len(lines) - 1)
    problem = str(error.problem or error.context or "it cannot be read")
    # A complaint about a text that ends too early points behind the last line; the last one written is meant.
    while index > 0 and not lines[index].strip():
        index -= 1
    for number in (index, index - 1):
        indentation = lines[number][: len(lines[number]) - len(lines[number].lstrip())] if number >= 0 else ""
        if "\t" in indentation:
            reason = "The line is indented with a tab. YAML allows only spaces there: replace the tab by spaces."
            return SpecificationError(reason, line=number + 1, path=path)
        if "\u00a0" in indentation:
            reason = "The line is indented with a non-breaking space. Replace it by ordinary spaces."
            return SpecificationError(reason, line=number + 1, path=path)
    if "\\t" in problem or "\t" in problem:
        reason = "There is a tab where YAML allows only spaces. Replace it by spaces."
    elif "could not find expected ':'" in problem:
        reason = "A `:` is missing after a key, or the indentation of this line does not fit the lines before."
    elif "mapping values are not allowed" in problem:
        reason = "There is a `:` where none can be; check the indentation, or put the text between quotes."
    elif "expected '-'" in problem or "expected key" in problem or "block end" in problem:
        reason = "The indentation does not fit the lines before: items of one list begin in the same column."
    elif "cannot start any token" in problem:
        reason = "The text begins with a character that has a meaning in YAML. Put it between quotes."
    else:
        reason = f"This is not YAML: {problem}."
    return SpecificationError(reason, line=index + 1, path=path)
