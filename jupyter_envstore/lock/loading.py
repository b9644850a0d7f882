"""A stranger's JSON or YAML → values, without anything in it that could harm: bombs, depth, tags, endless text."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from typing import Any

from jupyter_envstore.errors import LockfileError

MAX_BYTES = 64 * 1024 * 1024
"""A lock of 3,000 packages is 1.4 MB of YAML; forty times that is not a lockfile."""
MAX_NODES = 5_000_000
"""Values that a document may have once its YAML aliases are written out."""
MAX_DEPTH = 64
"""How deep values may be nested; a lockfile needs eight."""

_NONE = object()


def load(data: bytes) -> object:
    """Return the values of a file that is JSON or YAML.

    Raises
    ------
    LockfileError
        It is too large, cannot be parsed, or grows beyond measure; the message says where.
    """
    if len(data) > MAX_BYTES:
        raise LockfileError(f"The file has {len(data):,} bytes; a lockfile may have {MAX_BYTES:,}.", size=len(data))
    # Most documents that reach us are JSON (a notebook carries one), which the json module reads ten times faster.
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{":
        try:
            return json.loads(data.removeprefix(b"\xef\xbb\xbf"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            pass  # YAML in flow style begins like JSON, and its reader says better where it breaks
    return _parse_yaml(data)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _parse_yaml(data: bytes) -> object:
    import yaml

    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        try:
            return _build(kind(data))
        except _Unusual:
            _check_depth(kind(data))
            return _construct(kind(data), aliased=b"*" in data and b"&" in data)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        place = f" at line {line}" if line else ""
        raise LockfileError(
            f"The file is neither JSON nor YAML: {error.problem or error.context}{place}.", line=line
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LockfileError(f"The file cannot be read as text: {error}.") from None
    except RecursionError:
        raise LockfileError("The file nests its values too deeply to be a lockfile.") from None
    except ValueError as error:
        raise LockfileError(f"The file holds a value that cannot be read: {error}.") from None


class _Unusual(Exception):
    """A document that uses more of YAML than programs do that write lockfiles: aliases, tags, merge keys."""


def _build(loader: Any) -> object:
    """Return the values of a plain document, straight from the parser's events: five times faster than its loader.

    Raises
    ------
    _Unusual
        When the loader is needed.
    LockfileError
        When it nests too deeply.
    """
    words: dict[str, Any] = {}  # what stands without quotes: most of it again and again
    open_ones: list[Any] = []
    key: Any = _NONE  # of the innermost mapping, once it was read and its value was not
    root: object = None
    documents = 0
    try:
        while loader.check_event():
            event = loader.get_event()
            name = type(event).__name__
            if name in ("MappingEndEvent", "SequenceEndEvent"):
                open_ones.pop()
                continue
            if name == "DocumentStartEvent":
                documents += 1
            if name == "AliasEvent" or documents > 1:
                raise _Unusual
            if name not in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
                continue
            if event.anchor is not None or event.tag is not None:
                raise _Unusual
            if name != "ScalarEvent":
                value: Any = {} if name == "MappingStartEvent" else []
            elif not event.implicit[0]:
                value = event.value
            elif event.value in words:
                value = words[event.value]
            else:
                value = words[event.value] = _word(event.value, loader)
            if not open_ones:
                root = value
            elif type(open_ones[-1]) is list:
                open_ones[-1].append(value)
            elif key is not _NONE:
                open_ones[-1][key] = value
                key = _NONE
            elif isinstance(value, Hashable):
                key = value
            else:
                raise _Unusual
            if name != "ScalarEvent":
                open_ones.append(value)
                if len(open_ones) > MAX_DEPTH:
                    raise LockfileError("The file nests its values too deeply to be a lockfile.")
        return root
    finally:
        loader.dispose()


def _word(text: str, loader: Any) -> Any:
    """Return what YAML takes a text without quotes for: text, a number, a date …"""
    from yaml import ScalarNode, YAMLError

    node = ScalarNode(loader.resolve(ScalarNode, text, (True, False)), text)
    if node.tag == "tag:yaml.org,2002:merge":
        raise _Unusual
    try:
        return loader.construct_object(node)
    except (YAMLError, ValueError):
        raise _Unusual from None  # the loader says in which line


def _construct(loader: Any, *, aliased: bool) -> object:
    try:
        node = loader.get_single_node()
        if node is not None and aliased:
            _check_expansion(node)
        return loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()


def _check_depth(loader: Any) -> None:
    """Refuse deep nesting while it is a stream of events: building it would crash the C loader, and us with it."""
    depth = 0
    try:
        while loader.check_event():
            event = type(loader.get_event()).__name__
            if event.endswith("EndEvent"):
                depth -= 1
            elif event.endswith("StartEvent"):
                depth += 1
                if depth > MAX_DEPTH:
                    raise LockfileError("The file nests its values too deeply to be a lockfile.")
    finally:
        loader.dispose()


def _check_expansion(root: Any) -> None:
    """Refuse documents that grow beyond measure, or without end, when their aliases are written out."""
    sizes: dict[int, int] = {}
    entered: set[int] = set()
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
            if sizes[id(node)] > MAX_NODES:
                raise LockfileError("The file repeats itself by YAML aliases until it is too large to be a lockfile.")
        elif id(node) not in sizes:
            if id(node) in entered:
                raise LockfileError("The file contains itself by a YAML alias.")
            entered.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in _children(node))


def _children(node: Any) -> Iterator[Any]:
    value = node.value
    if isinstance(value, list):
        for item in value:
            if isinstance(item, tuple):
                yield from item
            else:
                yield item
