"""Tables for people: aligned on a terminal, plain and complete in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = (), empty: str
) -> None:
    """Print rows under column heads, the columns in ``right`` aligned right; the text ``empty`` when there are none."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from jupyter_envstore.cli.words import printable

    console = Console(highlight=False, soft_wrap=False)
    listed = list(rows)
    if not listed:
        print(empty)
        return
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
