"""``policy``: what may be used in this store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Show what may be used in this store.")
@json_option
@store_command
def policy(store: EnvStore, as_json: bool) -> None:
    """Show what may be used in this store: the channels, and the rules that every package has to pass."""
    report = store.describe_policy()
    if as_json:
        print_json(report)
        return
    from jupyter_envstore.cli.tables import print_table

    print_table(
        ["policy", "what it says"], [[rule.policy, rule.says] for rule in report.rules], empty="There are no rules."
    )
    only = report.allowed_channels
    click.echo(f"Channels of a specification that names none: {', '.join(report.default_channels)}")
    click.echo(f"The only channels: {', '.join(only)}" if only is not None else "The only channels: no list is kept")
    click.echo("Channels that a file from elsewhere may use: " + (", ".join(report.trusted_channels) or "none"))
