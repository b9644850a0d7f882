"""``run`` and ``shell``: a command in an environment, without a notebook."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from jupyter_envstore.cli.command import next_step, store_command
from jupyter_envstore.kernels.environment import apply
from jupyter_envstore.kernels.shell import shell_command

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    short_help="Run a command in an environment.",
)
@click.argument("ref")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True)
@store_command
def run(store: EnvStore, ref: str, command: tuple[str, ...]) -> None:
    """Run COMMAND in an environment, as its kernel would: jupyter envstore run analysis -- python script.py"""
    # Click hands on the `--` that separates the command from our own options.
    words = list(command[1:]) if command[0] == "--" else list(command)
    if not words:
        raise click.UsageError("Name the command to run: jupyter envstore run analysis -- python script.py")
    environ = apply(store.versions.surroundings(ref), os.environ)
    store.close()
    _become(ref, words, environ)


@click.command()
@click.argument("ref")
@store_command
def shell(store: EnvStore, ref: str) -> None:
    """Open your shell in an environment. Leave it with 'exit'."""
    program = os.environ.get("SHELL") or "/bin/sh"
    change = store.versions.surroundings(ref)
    store.close()
    click.echo(f"A shell in {ref}. Leave it with 'exit'.", err=True)
    _become(ref, shell_command(program, change), apply(change, os.environ))


def _become(ref: str, command: list[str], environ: dict[str, str]) -> NoReturn:
    """Replace this process by ``command``, so that signals and the exit status are the command's own."""
    sys.stdout.flush()
    try:
        os.execvpe(command[0], command, environ)
    except FileNotFoundError:
        click.echo(f"Error: {command[0]} is not in {ref} nor on this machine's PATH.", err=True)
        sys.exit(127)
    except OSError as error:
        click.echo(f"Error: {command[0]} cannot be run: {error.strerror}.", err=True)
        click.echo(f"Whether the environment's files are whole: {next_step(f'verify {ref}')}", err=True)
        sys.exit(126)
