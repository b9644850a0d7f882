"""``search``: what the channels offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.schemas import SearchResult
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Find packages in the channels.")
@click.argument("pattern")
@click.option(
    "-c",
    "--channel",
    "channels",
    multiple=True,
    help="A channel to search; pypi: the package index, which knows exact names only.  [default: as configured]",
)
@click.option("--platform", default=None, help="What is offered for this platform.  [default: this machine's]")
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 500), help="How many to show.")
@json_option
@store_command
def search(
    store: EnvStore, pattern: str, channels: tuple[str, ...], platform: str | None, limit: int, as_json: bool
) -> None:
    """Find packages by a part of their name, or by a pattern such as 'jupyter*'."""
    page = store.channels.search(pattern, channels=channels, platform=platform, limit=limit)
    if as_json:
        print_json(page)
        return
    from jupyter_envstore.cli.tables import print_table

    print_table(
        ["package", "newest", "versions", "summary"],
        [
            [item.name, item.versions[0] if item.versions else "", str(len(item.versions)), _summary(item)]
            for item in page.items
        ],
        right=["versions"],
        empty=f"No package is called {pattern!r} in the channels that were searched.",
    )
    if page.total > len(page.items):
        click.echo(f"{len(page.items)} of {page.total}. More of them: --limit {min(500, page.total)}")


def _summary(item: SearchResult) -> str:
    if item.source_only:
        return f"only as source: building it runs its code, which needs your consent (--allow-source {item.name})"
    return item.summary
