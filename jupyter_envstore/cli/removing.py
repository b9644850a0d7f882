"""Commands that take away and give back: remove, undelete, uninstall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, next_step, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Remove an environment; undelete brings it back.")
@click.argument("ref")
@json_option
@store_command
def remove(store: EnvStore, ref: str, as_json: bool) -> None:
    """Remove an environment and its kernel; it can be had back for 30 days: undelete. REF@N: that version, for good."""
    if store.reference(ref).version is not None:
        _remove_version(store, ref, as_json)
        return
    environment = store.environments.remove(ref)
    if as_json:
        print_json(environment)
    else:
        name = f"{environment.namespace}/{environment.name}"
        click.echo(f"{name} is removed. To have it back within 30 days: {next_step(f'undelete {name}')}")


def _remove_version(store: EnvStore, ref: str, as_json: bool) -> None:
    version = store.versions.delete(ref)
    if as_json:
        print_json(version)
    else:
        reference = f"{version.namespace}/{version.name}@{version.number}"
        click.echo(f"{reference} is removed. Its number is not used again.")
        click.echo(f"To free the disk that it took: {next_step('collect')}")


@click.command()
@click.argument("ref")
@click.option("--as", "new_name", default=None, metavar="NEWNAME", help="Under this name, where the old one is taken.")
@json_option
@store_command
def undelete(store: EnvStore, ref: str, new_name: str | None, as_json: bool) -> None:
    """Bring back the environment of that name that was removed last. What there is: list --removed"""
    environment = store.environments.undelete(ref, new_name=new_name)
    if as_json:
        print_json(environment)
    else:
        click.echo(f"{environment.namespace}/{environment.name} is back, with its versions and its kernel.")


@click.command(short_help="Take the store's kernels away; it stays itself.")
@json_option
@store_command
def uninstall(store: EnvStore, as_json: bool) -> None:
    """Take the store's kernels and its lines in conda's list of environments away. The store itself stays."""
    removed = store.uninstall()
    if as_json:
        print_json({"kernels": removed, "store": str(store.layout.root)})
    else:
        click.echo(
            f"{len(removed)} kernels were taken away; the next build, or a start of JupyterLab, brings them back."
        )
        click.echo(f"Environments and versions are still in {store.layout.root}, write-protected.")
        click.echo(f"To remove them for good: chmod -R u+w {store.layout.root}, then remove that folder.")
