"""``verify`` and ``repair``: does every file of a version agree with its lock, and make it so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.building import finish
from jupyter_envstore.cli.command import EXIT_FAILED, json_option, next_step, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Compare a version's files with what was installed.")
@click.argument("ref")
@json_option
@store_command
def verify(store: EnvStore, ref: str, as_json: bool) -> None:
    """Compare every file of a version on disk with what was installed. Exit status 1 when some differ."""
    report = store.versions.verify(ref)
    if as_json:
        print_json(report)
    else:
        from jupyter_envstore.cli.words import counted

        click.echo(f"{report.reference}: {report.files} files read in {report.seconds:.1f} s.")
        for problem in report.problems[:50]:
            click.echo(f"  {problem}")
        if len(report.problems) > 50:
            click.echo(f"  … and {len(report.problems) - 50} more")
        if report.problems:
            files = counted(len(report.problems), "file")
            click.echo(f"Not as installed: {files}. To mend that: {next_step(f'repair {report.reference}')}", err=True)
            for reference in report.also_in:
                click.echo(f"{reference} shares what is damaged: {next_step(f'repair {reference}')}", err=True)
        else:
            click.echo("All of them agree with the lock.")
    if report.problems:
        sys.exit(EXIT_FAILED)


@click.command(short_help="Make the files of a version anew, from its lock.")
@click.argument("ref")
@click.option("--no-wait", is_flag=True, help="Leave it to a running server.")
@json_option
@store_command
def repair(store: EnvStore, ref: str, no_wait: bool, as_json: bool) -> None:
    """Make the files of a version anew, from its lock, when they are gone or do not agree with it."""
    finish(store, store.builds.repair(ref, wait=not no_wait), ref, no_wait=no_wait, as_json=as_json)
