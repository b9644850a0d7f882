"""``rename``: another name for an environment. What used the old one goes on working."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command()
@click.argument("ref")
@click.argument("new_name", metavar="NEWNAME")
@json_option
@store_command
def rename(store: EnvStore, ref: str, new_name: str, as_json: bool) -> None:
    """Rename an environment; NEWNAME may be in another namespace. Notebooks that name its kernel go on working.

    \b
    jupyter envstore rename analysis geo
    jupyter envstore rename analysis team/analysis
    """
    before = store.environments.get(ref)
    environment = store.environments.rename(ref, new_name)
    if as_json:
        print_json(environment)
        return
    old, new = f"{before.namespace}/{before.name}", f"{environment.namespace}/{environment.name}"
    if old == new:
        click.echo(f"{new} is called that already.")
        return
    click.echo(f"{old} is called {new} from now on. Running kernels go on.")
    if old.lower() != new.lower():
        click.echo(f"  note     {old} still leads there, until another environment gets that name.")
