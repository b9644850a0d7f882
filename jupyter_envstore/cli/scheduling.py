"""``schedule``: have updates of an environment prepared, to be looked at and activated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jupyter_envstore.cli.command import json_option, next_step, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Environment
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Have updates prepared every week, or no longer.")
@click.argument("ref")
@click.argument("schedule", type=click.Choice(["weekly", "off"]))
@json_option
@store_command
def schedule(store: EnvStore, ref: str, schedule: Any, as_json: bool) -> None:
    """Have an update of all packages prepared every week, or no longer. What was asked for holds, pins included.

    The new version waits: nothing changes before somebody activates it. A Jupyter server with this store prepares it.
    """
    environment = store.environments.schedule(ref, schedule)
    if as_json:
        print_json(environment)
        return
    name = f"{environment.namespace}/{environment.name}"
    if environment.schedule == "off":
        click.echo(f"No updates of {name} are prepared.")
    else:
        click.echo(f"Updates of {name} are prepared and wait to be activated.")
    for label, text in schedule_notes(environment):
        click.echo(f"  {label:8} {text}")


def schedule_notes(environment: Environment) -> list[tuple[str, str]]:
    """Return what there is to say of an environment's updates: when the next one is prepared, and which one waits."""
    from jupyter_envstore.cli.words import moment

    notes = []
    if environment.schedule != "off":
        notes.append(("updates", f"{environment.schedule}, the next one from {moment(environment.next_update)} on"))
    if environment.offered_version is not None:
        reference = f"{environment.namespace}/{environment.name}@{environment.offered_version}"
        notes.append(("waits", f"version {environment.offered_version}: {next_step(f'activate {reference}')}"))
    return notes
