"""Commands that choose among the versions there are: activate, pin, unpin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.building import finish
from jupyter_envstore.cli.command import json_option, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Switch
    from jupyter_envstore.store import EnvStore

_ONE_VERSION = click.argument("ref", metavar="REF@N")


@click.command(short_help="Make a version the active one: back or forward.")
@_ONE_VERSION
@click.option("--no-wait", is_flag=True, help="Leave a build, where one is needed, to a running server.")
@json_option
@store_command
def activate(store: EnvStore, ref: str, no_wait: bool, as_json: bool) -> None:
    """Make a version the active one: back or forward, at once when its files are there. Running kernels keep theirs."""
    switch = store.versions.activate(ref, wait=not no_wait)
    if switch.build is not None:
        if not as_json:
            name = f"{switch.environment.namespace}/{switch.environment.name}"
            click.echo(f"The files of {name}@{switch.version} were freed. Building them again from the lock.", err=True)
        finish(store, switch.build, ref, no_wait=no_wait, as_json=as_json)
        if not as_json:
            _report_undo(switch)
        return
    if as_json:
        print_json(switch)
        return
    name = f"{switch.environment.namespace}/{switch.environment.name}"
    if switch.previous == switch.version:
        click.echo(f"{name}@{switch.version} is active already.")
    else:
        click.echo(f"{name}@{switch.version} is active. Kernels that run keep their version until they restart.")
        _report_undo(switch)
    for note in switch.notes:
        click.echo(f"  note     {note}")


@click.command(short_help="Keep a version for good: its files are never freed.")
@_ONE_VERSION
@json_option
@store_command
def pin(store: EnvStore, ref: str, as_json: bool) -> None:
    """Keep a version for good: its files are never freed by themselves."""
    _set_pinned(store, ref, True, as_json)


@click.command(short_help="Let a pinned version's files be freed again.")
@_ONE_VERSION
@json_option
@store_command
def unpin(store: EnvStore, ref: str, as_json: bool) -> None:
    """Let a pinned version's files be freed again when room is needed."""
    _set_pinned(store, ref, False, as_json)


def _set_pinned(store: EnvStore, ref: str, pinned: bool, as_json: bool) -> None:
    version = store.versions.pin(ref, pinned)
    if as_json:
        print_json(version)
    else:
        click.echo(
            f"{version.namespace}/{version.name}@{version.number} is {'pinned' if pinned else 'not pinned any more'}."
        )


def _report_undo(switch: Switch) -> None:
    if switch.previous is not None and switch.previous != switch.version:
        name = f"{switch.environment.namespace}/{switch.environment.name}"
        click.echo(f"  undo     jupyter envstore activate {name}@{switch.previous}")
