"""Tables for people: aligned on a terminal, plain and complete in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[str] = (),
    spare: Sequence[str] = (),
    empty: str,
) -> None:
    """Print rows under column heads.

    Parameters
    ----------
    right
        Columns that are aligned right.
    spare
        Columns that a terminal too narrow for all of them does without, the first one first.
    empty
        What is printed when there are no rows.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from jupyter_envstore.cli.words import printable

    console = Console(highlight=False, soft_wrap=False)
    listed = [list(row) for row in rows]
    if not listed:
        print(empty)
        return
    columns = list(columns)
    for column in spare:
        if not console.is_terminal or _natural_width(listed, columns) <= console.width:
            break
        place = columns.index(column)
        for row in (columns, *listed):
            del row[place]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(printable(cell)) for cell in row))
    if not console.is_terminal:
        # A pipe has no width: cut nothing.
        console = Console(
            highlight=False, width=max(80, console.measure(table).maximum + 2, _natural_width(listed, columns))
        )
    console.print(table)


def _natural_width(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> int:
    return sum(max(len(row[i]) for row in [columns, *rows]) + 3 for i in range(len(columns)))
