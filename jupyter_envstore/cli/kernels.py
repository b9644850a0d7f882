"""``kernel`` and ``notebook pin``: kernels that stay at one version, and notebooks that use them."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, next_step, print_json, store_command
from jupyter_envstore.cli.reporting import report

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


@click.group()
def notebook() -> None:
    """Notebooks and the environments that they name."""


notebook.add_command(report)


@notebook.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", "ref", required=True, metavar="REF@N", help="The version to stay with.")
@json_option
@store_command
def pin(store: EnvStore, file: Path, ref: str, as_json: bool) -> None:
    """Let a notebook stay with one version of an environment. Only the kernel that it names is changed in the file.

    \b
    jupyter envstore notebook pin report.ipynb --environment analysis@3
    """
    name = store.notebooks.pin(file, ref)
    if as_json:
        print_json({"path": str(file), "kernel": name})
    else:
        click.echo(f"{file} uses {name} from now on, whichever version is active.")
