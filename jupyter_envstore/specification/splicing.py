"""Cutting and putting in at places that the parser named; knows lines and columns, and nothing of specifications."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envstore.specification.document import Node


class Splicer:
    """A text whose nodes were found before; edits go from the end to the beginning, so that places stay right.

    Attributes
    ----------
    text
        The text as it is now. Lines are separated, not ended, by ``\\n``: a missing one at the end stays missing.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def before(self, node: Node) -> str:
        """Return what stands before a node in its line."""
        return self._lines[node.line][: node.column]

    def source(self, node: Node) -> str:
        """Return a node as it is written."""
        if node.line == node.end_line:
            return self._lines[node.line][node.column : node.end_column]
        first, *middle = self._lines[node.line : node.end_line + 1]
        if not middle:
            return first[node.column :]
        middle[-1] = middle[-1][: node.end_column]
        return "\n".join([first[node.column :], *middle])

    def last_line(self, node: Node) -> int:
        """Return the last line that a node has text in: the parser's end may be the next token's line."""
        if node.kind != "scalar" and not node.flow:
            children = node.items or [child for pair in node.pairs for child in pair]
            return max([node.line, *(self.last_line(child) for child in children[-2:])])
        last = node.end_line if node.end_column or node.end_line == node.line else node.end_line - 1
        last = min(last, len(self._lines) - 1)
        while last > node.line and not self._lines[last].strip():
            last -= 1
        return last

    def end_line(self) -> int:
        """Return where a further section can begin: behind the last line that is not blank or ``...``."""
        end = len(self._lines)
        while end and (not self._lines[end - 1].strip() or self._lines[end - 1].rstrip() == "..."):
            end -= 1
        return end

    def insert_lines(self, at: int, lines: Sequence[str]) -> None:
        """Put lines in before line ``at``."""
        self._lines[at:at] = lines

    def delete_lines(self, first: int, last: int) -> None:
        """Delete lines ``first`` to ``last``, both included."""
        del self._lines[first : last + 1]

    def replace(self, node: Node, written: str) -> None:
        """Write something in a node's place."""
        last = self.last_line(node)
        end = node.end_column if last == node.end_line else len(self._lines[last])
        tail = self._lines[last][end:]
        self._lines[node.line : last + 1] = [self._lines[node.line][: node.column] + written + tail]

    def replace_value(self, key: Node, value: Node, written: str) -> None:
        """Write something as the value of a key, also where there is nothing yet behind its colon."""
        if self.source(value):
            self.replace(value, written)
            return
        line = self._lines[key.line]
        colon = line.index(":", key.end_column) + 1
        self._lines[key.line] = f"{line[:colon]} {written}{line[colon:]}"

    def insert_flow(self, items: Sequence[Node], index: int, written: str) -> None:
        """Put an item into a list with brackets that has some."""
        if index:
            neighbour = items[index - 1]
            line = self._lines[neighbour.end_line]
            put = line[: neighbour.end_column] + f", {written}" + line[neighbour.end_column :]
            self._lines[neighbour.end_line] = put
        else:
            line = self._lines[items[0].line]
            self._lines[items[0].line] = line[: items[0].column] + f"{written}, " + line[items[0].column :]

    def delete_flow(self, items: Sequence[Node], index: int) -> None:
        """Delete an item, with one comma, from a list with brackets that has at least two."""
        item = items[index]
        if index + 1 < len(items):
            start, end = (item.line, item.column), (items[index + 1].line, items[index + 1].column)
        else:
            start, end = (items[index - 1].end_line, items[index - 1].end_column), (item.end_line, item.end_column)
        self._lines[start[0] : end[0] + 1] = [self._lines[start[0]][: start[1]] + self._lines[end[0]][end[1] :]]
