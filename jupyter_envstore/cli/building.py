"""Commands about builds: builds, logs, cancel, retry."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import EXIT_FAILED, json_option, print_json, report_error, store_command
from jupyter_envstore.errors import EnvStoreError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Build, Version
    from jupyter_envstore.store import EnvStore

_BUILD = click.argument("build_id", metavar="BUILD", type=click.IntRange(min=1))


@click.command()
@click.option("--state", "states", multiple=True, help="Only builds in this state; may be given again.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--cursor", default=None, help="Go on where the last list ended (its 'next').")
@json_option
@store_command
def builds(store: EnvStore, states: tuple[str, ...], limit: int, cursor: str | None, as_json: bool) -> None:
    """List the builds, the newest first."""
    page = store.builds(states=states, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import duration, moment, stage

    print_table(
        ["build", "environment", "kind", "state", "version", "took", "asked for"],
        [
            [
                str(item.id),
                f"{item.namespace}/{item.name}",
                item.kind,
                stage(item) + (f": {item.error.code}" if item.error else ""),
                f"v{item.version}" if item.version else "",
                duration((item.finished - item.started).total_seconds()) if item.finished and item.started else "",
                moment(item.created),
            ]
            for item in page.items
        ],
        right=["build", "took"],
        empty="No builds.",
    )
    if page.next:
        click.echo(f"{len(page.items)} of {page.total}. The next ones: --cursor {page.next}")


@click.command()
@_BUILD
@click.option("--follow", "-f", is_flag=True, help="Go on until the build ends.")
@store_command
def logs(store: EnvStore, build_id: int, follow: bool) -> None:
    """Print the log of a build."""
    offset = 0
    changes = store.watch(build_id) if follow else iter([store.build(build_id)])
    for _ in changes:
        text, offset = store.log_text(build_id, offset)
        click.echo(text, nl=False)
    text, offset = store.log_text(build_id, offset)
    click.echo(text, nl=False)


@click.command()
@_BUILD
@json_option
@store_command
def cancel(store: EnvStore, build_id: int, as_json: bool) -> None:
    """Stop a build. What was ready before stays as it is."""
    build = store.cancel(build_id)
    if as_json:
        print_json(build)
    elif build.state == "cancelled":
        click.echo(f"Build {build.id} of {build.namespace}/{build.name} is cancelled.")
    else:
        click.echo(f"Build {build.id} of {build.namespace}/{build.name} is being cancelled.")


@click.command()
@_BUILD
@click.option("--no-wait", is_flag=True, help="Leave it to a running server.")
@json_option
@store_command
def retry(store: EnvStore, build_id: int, no_wait: bool, as_json: bool) -> None:
    """Do a failed or cancelled build again, as a new build."""
    build = store.retry(build_id, wait=not no_wait)
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)


def finish(store: EnvStore, build: Build, ref: str, *, no_wait: bool, as_json: bool) -> None:
    """See a build through and say how it ended; with ``no_wait`` only say that it is queued.

    ``ref`` names what a build that makes no version of its own is about.

    Ends the process with status 1 when the build failed or was cancelled. Ctrl-C cancels the build.
    """
    if no_wait:
        if as_json:
            print_json(build)
        else:
            click.echo(
                f"Build {build.id} of {build.namespace}/{build.name} is queued. "
                f"To follow it: jupyter envstore logs -f {build.id}"
            )
        return
    from jupyter_envstore.cli.watching import show_progress

    try:
        ended = show_progress(store.watch(build.id), quiet=False)
    except KeyboardInterrupt:
        click.echo("Cancelling …", err=True)
        store.cancel(build.id)
        ended = show_progress(store.watch(build.id), quiet=True)  # whoever else runs it sees to the end of it
    _report_end(store, ended, ref, as_json)


def _report_end(store: EnvStore, build: Build, ref: str, as_json: bool) -> None:
    if build.state == "ready":
        version = store.version(f"{build.namespace}/{build.name}@{build.version}" if build.version else ref)
        if as_json:
            print_json(
                {**version.model_dump(mode="json"), "build": build.model_dump(mode="json"), "version": version.number}
            )
        else:
            _report_ready(version, build)
        return
    error = EnvStoreError.from_dict(
        build.error.model_dump()
        if build.error
        else {"message": f"Build {build.id} was cancelled. Nothing was changed.", "code": "cancelled", "details": {}}
    )
    error.details["build"] = build.id
    report_error(error, as_json)
    if not as_json:
        click.echo(f"The log: jupyter envstore logs {build.id}", err=True)
    sys.exit(EXIT_FAILED)


def _report_ready(version: Version, build: Build) -> None:
    from jupyter_envstore.cli.words import duration, size

    name = f"{version.namespace}/{version.name}"
    took = (
        f" in {duration((build.finished - build.started).total_seconds())}" if build.finished and build.started else ""
    )
    click.echo(f"{name} v{version.number} is ready{took}: {version.package_count} packages, {size(version.size)}.")
    click.echo(f"  prefix   {version.prefix}")
    for warning in build.warnings:
        click.echo(f"  note     {warning.message}")
    if version.active:
        click.echo(f"  kernel   {version.name} (v{version.number}), in JupyterLab's launcher")
        click.echo(f"  shell    jupyter envstore shell {name}")
    else:
        click.echo(
            f"  Another version became active while this one was built; {name}@{version.number} is kept beside it."
        )
