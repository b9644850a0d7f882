"""``kernel``: kernels that stay at one version."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, next_step, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Set up the kernel that stays at one version.")
@click.argument("ref", metavar="REF@N")
@json_option
@store_command
def kernel(store: EnvStore, ref: str, as_json: bool) -> None:
    """Set up the kernel that stays at one version, whichever is active, and print its name."""
    name = store.versions.kernel(ref)
    if as_json:
        from jupyter_envstore.schemas import VersionKernel

        print_json(VersionKernel(kernel=name))
        return
    click.echo(name)
    # To standard error, so that $(jupyter envstore kernel analysis@3) is the name alone.
    click.echo("  launcher shows it to notebooks and consoles at once", err=True)
    click.echo(f"  notebook {next_step(f'notebook pin FILE --environment {shlex.quote(ref)}')}", err=True)
    click.echo(f"  run      papermill -k {name} IN.ipynb OUT.ipynb", err=True)
    click.echo("  kept     while it is started within 30 days; a notebook that names it brings it back", err=True)
