"""``diff``: two versions side by side; and the same table for what an edit would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, print_json, store_command

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Comparison, PackageChange, PlatformChanges
    from jupyter_envstore.store import EnvStore

_MARKS = {"added": "+", "upgraded": "↑", "downgraded": "↓", "rebuilt": "~", "removed": "−"}


@click.command(short_help="Show what changes from one version to another.")
@click.argument("ref")
@click.argument("other")
@json_option
@store_command
def diff(store: EnvStore, ref: str, other: str, as_json: bool) -> None:
    """Show what changes from version REF to version OTHER, of one environment or of two, and why."""
    comparison = store.versions.compare(ref, other)
    if as_json:
        print_json(comparison)
        return
    print_comparison(comparison, comparison.after.reference)


def print_comparison(comparison: Comparison, after: str) -> None:
    """Print the tables of a comparison and the difference of the specifications; ``after`` names the other side."""
    from jupyter_envstore.cli.words import size

    click.echo(f"{comparison.before.reference} → {after}")
    for part in comparison.platforms:
        click.echo()
        click.echo(f"{part.platform}: {_summary(part)}")
        if part.changes:
            _print_changes(part)
    for words, platforms in (
        ("Now also for", comparison.platforms_added),
        ("No longer for", comparison.platforms_removed),
    ):
        if platforms:
            click.echo(f"\n{words} {', '.join(platforms)}.")
    sizes = (comparison.before.size_on_disk, comparison.after.size_on_disk)
    if sizes[0] is not None and sizes[1] is not None:
        click.echo(f"\nUnpacked: {size(sizes[0])} → {size(sizes[1])}")
    if comparison.specification_diff:
        click.echo()
        click.echo(comparison.specification_diff, nl=False)


def _summary(part: PlatformChanges) -> str:
    from jupyter_envstore.cli.words import size

    if not part.changes:
        return f"the same {part.same} packages"
    counts = {kind: sum(change.kind == kind for change in part.changes) for kind in _MARKS}
    marks = " ".join(f"{_MARKS[kind]}{count}" for kind, count in counts.items() if count)
    download = f", {size(part.download)} to download" if part.download else ""
    unknown = f", and {part.unknown_sizes} files of unknown size" if part.unknown_sizes else ""
    return f"{marks}, {part.same} stay as they are{download}{unknown}"


def _print_changes(part: PlatformChanges) -> None:
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import size

    print_table(
        ["", "package", "before", "after", "why", "download"],
        [
            [
                _MARKS[change.kind],
                change.name,
                _shown(change, change.before, change.before_build),
                _shown(change, change.after, change.after_build),
                change.why.text,
                size(change.size) if change.size is not None else "",
            ]
            for change in part.changes
        ],
        right=["download"],
        empty="",
    )


def _shown(change: PackageChange, version: str | None, build: str | None) -> str:
    """Return a side's version; with its build where only that differs."""
    if version is None:
        return ""
    return f"{version} {build}" if change.kind == "rebuilt" else version
