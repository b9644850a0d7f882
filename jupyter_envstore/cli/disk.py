"""``usage`` and ``collect``: what the store costs on disk, and freeing what nobody needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, next_step, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Collection, Usage
    from jupyter_envstore.store import EnvStore

_WORDS = {
    "version": "{0.name}",
    "files": "files that no version has, {0.name}",
    "environment": "{0.name}, which was removed long ago",
}
"""How what was freed is listed, where it is not counted."""
_WAITING = "A version that waits stays on disk until it, or a newer one, is active. To let it go, delete it."


@click.command(short_help="Show what each environment costs on disk.")
@json_option
@store_command
def usage(store: EnvStore, as_json: bool) -> None:
    """Show what each environment costs on disk, and what can be freed. A file that several share counts once."""
    found = store.disk.usage()
    if as_json:
        print_json(found)
        return
    _print_environments(found)
    _print_totals(found)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be freed.")
@click.option(
    "--unused-for",
    "unused_days",
    type=click.FloatRange(min=0),
    default=None,
    metavar="DAYS",
    help="Free versions that were not used for so long; 0: all that nothing needs.  [default: as configured, 7]",
)
@json_option
@store_command
def collect(store: EnvStore, dry_run: bool, unused_days: float | None, as_json: bool) -> None:
    """Free disk: the files of versions that nobody needs. Their locks stay, so they can be built again.

    What is active, pinned, running, being built or was used lately stays, and what waits to be activated.
    """
    if not as_json and not dry_run and sys.stderr.isatty():
        click.echo("Freeing…", err=True)
    done = store.disk.collect(dry_run=dry_run, unused_days=unused_days)
    if as_json:
        print_json(done)
    else:
        _print_collection(done)


def _print_environments(found: Usage) -> None:
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import moment, size

    rows = []
    for environment in found.environments:
        name = f"{environment.namespace}/{environment.name}"
        shown = f"{name} (removed)" if environment.removed else name
        free = size(environment.can_be_freed) if environment.can_be_freed else ""
        rows.append([shown, size(environment.own), size(environment.shared), free, moment(environment.last_used), ""])
        for version in environment.versions:
            if version.code == "freed":
                continue
            # What several versions of it have goes with none of them alone.
            together = not version.frees and environment.own
            rows.append(
                [
                    f"  v{version.number}",
                    "" if together else size(version.frees),
                    "by its versions" if together else "",
                    size(version.frees) if version.can_be_freed else "",
                    moment(version.last_used),
                    version.reason,
                ]
            )
    columns = ["environment", "own", "shared", "can be freed", "last used", "why it stays or can go"]
    print_table(columns, rows, right=columns[1:4], empty="No environment is on disk.")


def _print_totals(found: Usage) -> None:
    from jupyter_envstore.cli.words import moment, size

    caches = found.packages.unshared + found.bytecode.unshared + found.metadata.unshared
    click.echo("")
    click.echo(f"{size(found.used)} used, {size(found.can_be_freed)} can be freed. {found.store}")
    click.echo(
        f"Of that {size(caches)} in caches that no version shares. {size(found.disk_free)} are left on the disk."
    )
    if found.planned is not None:
        click.echo(
            f"On {moment(found.planned.due)} {size(found.planned.can_be_freed)} will be freed, because "
            f"{found.planned.reason}: {', '.join(found.planned.versions)}. To keep one: {next_step('pin REF@N')}"
        )
    if any(version.code == "offered" for environment in found.environments for version in environment.versions):
        click.echo(_WAITING)
    if found.can_be_freed:
        click.echo(f"To see what would go: {next_step('collect --dry-run')}")


def _print_collection(done: Collection) -> None:
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import size

    rows = []
    for item in done.collected:
        rows.append([_WORDS.get(item.kind, "{0.count} {0.name}").format(item), size(item.size)])
    verb = "would be freed" if done.dry_run else "freed"
    print_table([verb, "size"], rows, right=["size"], empty="There is nothing to free: all that is on disk is needed.")
    if done.kept:
        click.echo("")
        print_table(["stays", "why"], [[kept.name, kept.reason] for kept in done.kept], empty="")
    click.echo("")
    if any(kept.code == "offered" for kept in done.kept):
        click.echo(_WAITING)
    for note in done.notes:
        click.echo(f"Note: {note}")
    if done.dry_run:
        more = f" To free it: {next_step('collect')}" if done.collected else ""
        click.echo(f"{size(done.freed)} would be freed. Nothing was changed.{more}")
    else:
        click.echo(f"{size(done.freed)} freed. {size(done.disk_free)} are left on the disk.")
        if any(item.kind == "version" for item in done.collected):
            click.echo("Activating a freed version builds it again from its lock.")
