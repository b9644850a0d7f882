"""Edits of the ``pip:`` list of a specification, as careful with everything else as those of `editing`."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.document import Node
from jupyter_envstore.specification.editing import Editor
from jupyter_envstore.specification.pip_entries import check_entry, name_of, normalized
from jupyter_envstore.specification.splicing import Splicer
from jupyter_envstore.specification.writing import scalar

PIP = "pip"
_DEPENDENCIES = "dependencies"


class PipEditor(Editor):
    """A text whose ``pip:`` list is under edit."""

    def add(self, specs: Sequence[str]) -> None:
        """Add requirements; those whose package is asked for already replace its entry."""
        for spec in specs:
            name = check_entry(spec)
            found = self._positions(name)
            if not found:
                self._insert(spec.strip())
            elif len(found) == 1:
                self._replace_item(PIP, found[0], spec.strip())
            else:
                raise self._several(name, found)

    def remove(self, names: Sequence[str]) -> None:
        """Remove every entry that asks for one of the packages; a list that is empty then goes too."""
        for name in names:
            found = self._positions(normalized(name))
            if not found:
                raise self._not_asked_for(name)
            for index in reversed(found):
                if len(self._list(PIP)[1].items) == 1:
                    self._delete_list()
                else:
                    self._delete_item(PIP, index)

    def _insert(self, spec: str) -> None:
        pair = self._pair(PIP)
        if pair is None:
            self._insert_list(spec)
        elif Splicer(self.text).source(pair[1]):
            self._insert_item(PIP, len(pair[1].items), spec)
        else:
            splicer = Splicer(self.text)
            splicer.insert_lines(pair[0].line + 1, [f"{' ' * pair[0].column}  - {scalar(spec)}"])
            self.text = splicer.text

    def _insert_list(self, spec: str) -> None:
        pair = super()._pair(_DEPENDENCIES)
        splicer = Splicer(self.text)
        if pair is None or not splicer.source(pair[1]):
            dash = self._dash()
            lines = [f"{dash}pip:", f"{' ' * len(dash)}  - {scalar(spec)}"]
            self._put_section(_DEPENDENCIES, lines, pair)
            return
        key, node = self._list(_DEPENDENCIES)
        written = f"{{pip: [{scalar(spec, flow=True)}]}}"
        if node.kind != "list" or (node.flow and not node.items):
            splicer.replace_value(key, node, f"[{written}]")
        elif node.flow:
            splicer.insert_flow(node.items, len(node.items), written)
        else:
            prefix = self._prefix(splicer, node.items[-1])
            lines = [f"{prefix}pip:", f"{' ' * len(prefix)}  - {scalar(spec)}"]
            splicer.insert_lines(splicer.last_line(node.items[-1]) + 1, lines)
        self.text = splicer.text

    def _delete_list(self) -> None:
        (index,) = self._sections()
        self._delete_item(_DEPENDENCIES, index)

    # ------------------------------------------------------------ where things are

    def _pair(self, key: str) -> tuple[Node, Node] | None:
        pair = super()._pair(_DEPENDENCIES if key == PIP else key)
        if key != PIP or pair is None:
            return pair
        found = self._sections()
        if len(found) > 1:
            raise self._not_editable(pair[1].items[found[1]])
        return pair[1].items[found[0]].pairs[0] if found else None

    def _sections(self) -> list[int]:
        pair = super()._pair(_DEPENDENCIES)
        items = pair[1].items if pair else []
        return [index for index, item in enumerate(items) if item.pairs and item.pairs[0][0].text == PIP]

    def _positions(self, name: str) -> list[int]:
        pair = self._pair(PIP)
        items = pair[1].items if pair else []
        return [i for i, item in enumerate(items) if item.kind == "scalar" and name_of(item.text) == name]

    # ------------------------------------------------------------ refusals

    def _several(self, name: str, found: list[int]) -> SpecificationError:
        _, node = self._list(PIP)
        lines = [str(node.items[index].line + 1) for index in found]
        return SpecificationError(
            f"The pip package `{name}` is asked for in lines {', '.join(lines)}, so it is not clear which one to "
            "change. Edit the text itself.",
            line=node.items[found[0]].line + 1,
        )

    def _not_asked_for(self, name: str) -> SpecificationError:
        import difflib

        _, node = self._pair(PIP) or (None, None)
        asked = [name_of(item.text) for item in (node.items if node else []) if item.kind == "scalar"]
        near = difflib.get_close_matches(normalized(name[:100]), [one for one in asked if one], n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        return SpecificationError(f"{quoted(name)} is not in the `pip:` list.{hint}", name=name[:100])
