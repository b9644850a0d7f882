"""Edits to the text of a specification that touch only their own lines.

The parser says where each value stands; an edit replaces, inserts or deletes text there and leaves every other byte,
comments and odd indentation included. (Writing the parsed document anew, even with ruamel.yaml's round trip, changed
24 of 55 real files that nobody had edited.) Each step is read back and compared with what was wanted; an edit that
the text's form does not allow is refused in words, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.document import Node, compose
from jupyter_envstore.specification.match_specs import parse_match_spec
from jupyter_envstore.specification.splicing import Splicer
from jupyter_envstore.specification.writing import scalar, section

_DASH = re.compile(r" *- +")


class Editor:
    """A text under edit.

    Parameters
    ----------
    text
        A specification that can be read, with ``\\n`` line ends.

    Attributes
    ----------
    text
        The text after the edits so far.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def add(self, specs: Sequence[str]) -> None:
        """Add conda requirements; those whose package is asked for already replace its line."""
        for spec in specs:
            name = parse_match_spec(spec).name
            found = self._positions(name)
            if not found:
                self._insert_dependency(spec.strip())
            elif len(found) == 1:
                self._replace_item("dependencies", found[0], spec.strip())
            else:
                raise self._several(name, found)

    def remove(self, names: Sequence[str]) -> None:
        """Remove every line that asks for one of the packages."""
        for name in names:
            wanted = parse_match_spec(name).name
            found = self._positions(wanted)
            if not found:
                raise self._not_asked_for(name)
            for index in reversed(found):
                self._delete_item("dependencies", index)

    def replace(self, name: str, spec: str) -> None:
        """Replace the requirement on a package by another."""
        parse_match_spec(spec)
        found = self._positions(name.strip().lower())
        if not found:
            raise self._not_asked_for(name)
        if len(found) > 1:
            raise self._several(name, found)
        self._replace_item("dependencies", found[0], spec.strip())

    def set_name(self, name: str | None) -> None:
        """Set or remove the name."""
        pair = self._pair("name")
        splicer = Splicer(self.text)
        if name is None:
            if pair is not None:
                splicer.delete_lines(self._own_line(pair[0]), splicer.last_line(pair[1]))
        elif pair is None:
            splicer.insert_lines(self._first_line(), [f"{self._indent()}name: {scalar(name)}"])
        else:
            splicer.replace_value(*pair, scalar(name, like=splicer.source(pair[1])))
        self.text = splicer.text

    def set_channels(self, channels: Sequence[str]) -> None:
        """Set the channels; ``nodefaults`` says how conda is to read the list and stays where it is."""
        wanted = [channel for channel in channels if channel != "nodefaults"]
        current = self._texts("channels")
        if "nodefaults" in current:
            wanted.insert(min(current.index("nodefaults"), len(wanted)), "nodefaults")
        self._set_list("channels", wanted)

    def set_platforms(self, platforms: Sequence[str]) -> None:
        """Set the listed platforms."""
        self._set_list("platforms", list(platforms))

    def set_variables(self, variables: Mapping[str, str]) -> None:
        """Set the variables, each in its line; without any the key goes too."""
        pair = self._pair("variables")
        splicer = Splicer(self.text)
        if pair is None or pair[1].type == "null":
            if variables:
                lines = [f"  {key}: {scalar(value)}" for key, value in variables.items()]
                self._put_section("variables", lines, pair)
            return
        key, mapping = pair
        if not variables:
            splicer.delete_lines(self._own_line(key), splicer.last_line(mapping))
        elif mapping.flow:
            inside = ", ".join(f"{name}: {scalar(value, flow=True)}" for name, value in variables.items())
            splicer.replace(mapping, f"{{{inside}}}")
        else:
            # From the end, so that the places of what comes before stay right.
            prefix = splicer.before(mapping.pairs[0][0])
            end = splicer.last_line(mapping) + 1
            present = {name.text for name, _ in mapping.pairs}
            new = [f"{prefix}{k}: {scalar(v)}" for k, v in variables.items() if k not in present]
            splicer.insert_lines(end, new)
            for name, value in reversed(mapping.pairs):
                if name.text not in variables:
                    splicer.delete_lines(self._own_line(name), splicer.last_line(value))
                elif value.text != variables[name.text]:
                    splicer.replace_value(name, value, scalar(variables[name.text], like=splicer.source(value)))
        self.text = splicer.text

    # ------------------------------------------------------------ lists, one item at a time

    def _set_list(self, key: str, wanted: list[str]) -> None:
        import difflib

        pair = self._pair(key)
        if pair is None or (pair[1].type == "null" and not pair[1].text):
            if wanted:
                self._put_section(key, section(key, wanted, self._dash())[1:], pair)
            return
        if not wanted:
            splicer = Splicer(self.text)
            splicer.delete_lines(self._own_line(pair[0]), splicer.last_line(pair[1]))
            self.text = splicer.text
            return
        current = self._texts(key)
        for tag, i1, i2, j1, j2 in reversed(difflib.SequenceMatcher(None, current, wanted, False).get_opcodes()):
            if tag == "equal":
                continue
            for offset, value in enumerate(wanted[j1:j2]):
                self._insert_item(key, i2 + offset, value)
            for index in reversed(range(i1, i2)):  # at last: a list that is empty for a moment loses its form
                self._delete_item(key, index)

    def _insert_dependency(self, spec: str) -> None:
        pair = self._pair("dependencies")
        if pair is None or (pair[1].type == "null" and not pair[1].text):
            self._put_section("dependencies", [f"{self._dash()}{scalar(spec)}"], pair)
            return
        plain = [index for index, item in enumerate(pair[1].items) if item.kind == "scalar"]
        self._insert_item("dependencies", plain[-1] + 1 if plain else 0, spec)

    def _insert_item(self, key: str, index: int, value: str) -> None:
        found, node = self._list(key)
        splicer = Splicer(self.text)
        if node.kind != "list" or (node.flow and not node.items):
            splicer.replace_value(found, node, f"[{scalar(value, flow=True)}]")
        elif node.flow:
            splicer.insert_flow(node.items, index, scalar(value, flow=True))
        elif not node.items:
            splicer.insert_lines(node.line + 1, [f"{self._dash()}{scalar(value)}"])
        else:
            neighbour = node.items[index - 1] if index else node.items[0]
            prefix = self._prefix(splicer, neighbour)
            at = splicer.last_line(neighbour) + 1 if index else neighbour.line
            splicer.insert_lines(at, [f"{prefix}{scalar(value)}"])
        self.text = splicer.text

    def _delete_item(self, key: str, index: int) -> None:
        _, node = self._list(key)
        splicer = Splicer(self.text)
        if node.flow and len(node.items) == 1:
            splicer.replace(node, "[]")
        elif node.flow:
            splicer.delete_flow(node.items, index)
        else:
            item = node.items[index]
            self._prefix(splicer, item)
            splicer.delete_lines(item.line, splicer.last_line(item))
        self.text = splicer.text

    def _replace_item(self, key: str, index: int, value: str) -> None:
        _, node = self._list(key)
        item = node.items[index]
        splicer = Splicer(self.text)
        if item.text.strip() != value:
            splicer.replace(item, scalar(value, flow=node.flow, like=splicer.source(item)))
        self.text = splicer.text

    def _put_section(self, key: str, lines: list[str], pair: tuple[Node, Node] | None) -> None:
        """Write the lines of a section whose key has no value yet, or whose key is not there either."""
        splicer = Splicer(self.text)
        indent = self._indent()
        lines = [indent + line for line in lines]
        if pair is not None:
            if splicer.source(pair[1]):  # an explicit `null` or `~`
                raise self._not_editable(pair[0])
            splicer.insert_lines(self._own_line(pair[0]) + 1, lines)
        else:
            dependencies = self._pair("dependencies")
            before = dependencies is not None and key in ("channels", "platforms")
            at = self._own_line(dependencies[0]) if before and dependencies else splicer.end_line()
            self._first_line()
            splicer.insert_lines(at, [f"{indent}{key}:", *lines])
        self.text = splicer.text

    # ------------------------------------------------------------ where things are

    def _root(self) -> Node:
        root = compose(self.text)
        if root is None or root.kind != "mapping":
            raise SpecificationError("There is nothing that could be edited.", line=1)
        return root

    def _pair(self, key: str) -> tuple[Node, Node] | None:
        return next((pair for pair in self._root().pairs if pair[0].text == key), None)

    def _list(self, key: str) -> tuple[Node, Node]:
        pair = self._pair(key)
        if pair is None or Splicer(self.text).source(pair[1])[:1] in ("*", "&"):
            raise self._not_editable(pair[0] if pair else None)
        return pair

    def _texts(self, key: str) -> list[str]:
        pair = self._pair(key)
        return [item.text.strip() for item in pair[1].items] if pair else []

    def _positions(self, name: str) -> list[int]:
        pair = self._pair("dependencies")
        items = pair[1].items if pair else []
        return [i for i, item in enumerate(items) if item.kind == "scalar" and parse_match_spec(item.text).name == name]

    def _first_line(self) -> int:
        root = self._root()
        if root.flow:
            raise self._not_editable(root)
        return self._own_line(root.pairs[0][0])

    def _own_line(self, key: Node) -> int:
        """Return the line of a key that begins its line, so that whole lines may be cut there."""
        if Splicer(self.text).before(key).strip():
            raise self._not_editable(key)
        return key.line

    def _indent(self) -> str:
        root = self._root()
        return " " * root.column

    def _dash(self) -> str:
        """Return what stands before an item of a list in this text, without the indentation of the keys."""
        splicer = Splicer(self.text)
        root = self._root()
        for _, node in root.pairs:
            if node.kind == "list" and not node.flow and node.items:
                prefix = splicer.before(node.items[0])
                if _DASH.fullmatch(prefix):
                    return prefix[root.column :]
        return "  - "

    def _prefix(self, splicer: Splicer, item: Node) -> str:
        prefix = splicer.before(item)
        if not _DASH.fullmatch(prefix):
            raise self._not_editable(item)
        return prefix

    # ------------------------------------------------------------ refusals

    def _not_editable(self, node: Node | None) -> SpecificationError:
        return SpecificationError(
            "This part is written in a way that cannot be changed line by line. Edit the text itself.",
            line=node.line + 1 if node else None,
        )

    def _several(self, name: str, found: list[int]) -> SpecificationError:
        _, node = self._list("dependencies")
        lines = [str(node.items[index].line + 1) for index in found]
        return SpecificationError(
            f"The package `{name}` is asked for in lines {', '.join(lines)}, so it is not clear which one to change. "
            "Edit the text itself.",
            line=node.items[found[0]].line + 1,
        )

    def _not_asked_for(self, name: str) -> SpecificationError:
        import difflib

        _, node = self._pair("dependencies") or (None, None)
        asked = [parse_match_spec(item.text).name for item in (node.items if node else []) if item.kind == "scalar"]
        near = difflib.get_close_matches(name[:100].lower(), asked, n=1)
        hint = f" Did you mean `{near[0]}`?" if near else " What came with another package cannot be removed by itself."
        return SpecificationError(f"{quoted(name)} is not among the dependencies.{hint}", name=name[:100])
