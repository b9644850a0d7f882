"""``find``: which environments, and which versions of them, have a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, print_json, store_command
from jupyter_envstore.cli.requesting import check_packages

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(short_help="List the environments that have a package.")
@click.argument("package", metavar="PACKAGE[VERSION]")
@click.option("--active", is_flag=True, help="Only active versions.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 500), help="How many to show.")
@click.option("--cursor", default=None, help="Go on where the last list ended (its 'next').")
@json_option
@store_command
def find(store: EnvStore, package: str, active: bool, limit: int, cursor: str | None, as_json: bool) -> None:
    """List the environments and versions that have a package, the active versions first.

    \b
    jupyter envstore find numpy
    jupyter envstore find 'xz >=5.6.0,<5.6.2'
    """
    check_packages((package,))
    page = store.environments.find(package, active_only=active, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    from jupyter_envstore.cli.tables import print_table

    print_table(
        ["environment", "version", "", "package", "build", "platform", ""],
        [
            [
                f"{item.namespace}/{item.name}",
                f"v{item.version}",
                "active" if item.active else "",
                f"{item.package} {item.package_version}",
                item.build,
                item.platform,
                "asked for" if item.direct else "came along",
            ]
            for item in page.items
        ],
        empty=f"No {'active ' if active else ''}version of any environment has it.",
    )
    if page.next:
        click.echo(f"{len(page.items)} of {page.total}. The next ones: --cursor {page.next}")
