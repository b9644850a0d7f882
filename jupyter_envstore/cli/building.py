"""Commands about builds: builds, logs, cancel, retry."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import (
    EXIT_FAILED,
    json_option,
    next_step,
    print_json,
    report_error,
    store_command,
)
from jupyter_envstore.errors import BuildNotFoundError, ConflictError, EnvStoreError, NothingToBuildError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Build, ErrorReport, Version
    from jupyter_envstore.store import EnvStore

NOTHING = NothingToBuildError.code
_BUILD = click.argument("build", metavar="BUILD")


def _check_states(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a state that no build can be in; without ``--state`` nothing is loaded for that."""
    if given:
        from typing import get_args

        from jupyter_envstore.schemas import BuildState

        for state in given:
            if state not in get_args(BuildState):
                known = ", ".join(get_args(BuildState))
                raise click.BadParameter(f"{state[:80]!r} is no state of a build. There are: {known}.")
    return given


@click.command()
@click.option(
    "--state",
    "states",
    multiple=True,
    callback=_check_states,
    help="Only builds in this state, such as failed or ready; may be given again.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@click.option("--cursor", default=None, help="Go on where the last list ended (its 'next').")
@json_option
@store_command
def builds(store: EnvStore, states: tuple[str, ...], limit: int, cursor: str | None, as_json: bool) -> None:
    """List the builds, the newest first."""
    store.builds.recover()
    page = store.builds.list(states=states, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import duration, moment, stage

    abandoned = {item.id for item in store.builds.abandoned(page.items)}
    print_table(
        ["build", "environment", "kind", "state", "version", "took", "asked for"],
        [
            [
                str(item.id),
                f"{item.namespace}/{item.name}",
                item.kind,
                "Stopped: what ran it is gone" if item.id in abandoned else _state(item, stage(item)),
                f"v{item.version}" if item.version else "",
                duration((item.finished - item.started).total_seconds()) if item.finished and item.started else "",
                moment(item.created),
            ]
            for item in page.items
        ],
        right=["build", "took"],
        spare=["asked for", "took", "kind"],
        empty="No builds.",
    )
    for number in sorted(abandoned):
        click.echo(f"Nobody runs build {number} any more. To go on with it: {next_step(f'retry {number}')}")
    if page.next:
        click.echo(f"{len(page.items)} of {page.total}. The next ones: --cursor {page.next}")


def _state(build: Build, words: str) -> str:
    from jupyter_envstore.cli.words import printable, shortened

    return f"{words}: {shortened(printable(build.error.message))}" if build.error else words


def _number(store: EnvStore, text: str) -> int:
    """Return the number of a build that was named by it, or of the last build of an environment."""
    if text.isascii() and text.isdigit():
        return int(text)
    found = store.builds.list(ref=text, limit=1).items
    if not found:
        raise BuildNotFoundError(f"{text} has no build. All builds: {next_step('builds')}", build=text)
    return found[0].id


@click.command(short_help="Print the log of a build.")
@_BUILD
@click.option("--follow", "-f", is_flag=True, help="Go on until the build ends.")
@json_option
@store_command
def logs(store: EnvStore, build: str, follow: bool, as_json: bool) -> None:
    """Print the log of a build: its number, or an environment for its last one.

    With --follow the exit status is 1 when the build did not become ready.
    """
    build_id = _number(store, build)
    if as_json:
        if follow:
            raise click.UsageError("--json prints the log as it is now, and --follow goes on: choose one of them.")
        print_json(store.builds.log_part(build_id))
        return
    offset = 0
    changes = store.builds.watch(build_id, run=False) if follow else iter([store.builds.get(build_id)])
    for _ in changes:
        text, offset = store.builds.log_text(build_id, offset)
        click.echo(text, nl=False)
    text, offset = store.builds.log_text(build_id, offset)
    click.echo(text, nl=False)
    if not follow:
        return
    ended = store.builds.get(build_id)
    if ended.finished is None:
        click.echo(f"Nobody runs this build any more. To go on with it: {next_step(f'retry {build_id}')}", err=True)
    if ended.state != "ready":
        sys.exit(EXIT_FAILED)


@click.command()
@_BUILD
@json_option
@store_command
def cancel(store: EnvStore, build: str, as_json: bool) -> None:
    """Stop a build. What was ready before stays as it is."""
    before = store.builds.get(_number(store, build))
    if before.finished is not None:
        raise ConflictError(
            f"Build {before.id} of {before.namespace}/{before.name} has ended ({before.state}): there is nothing to "
            "cancel.",
            build=before.id,
        )
    store.builds.recover()
    asked = store.builds.cancel(before.id)
    if as_json:
        print_json(asked)
    elif asked.state == "cancelled":
        click.echo(f"Build {asked.id} of {asked.namespace}/{asked.name} is cancelled.")
    else:
        click.echo(f"Build {asked.id} of {asked.namespace}/{asked.name} is being cancelled.")


@click.command(short_help="Do a failed or cancelled build again.")
@_BUILD
@click.option("--no-wait", is_flag=True, help="Leave it to a running server.")
@json_option
@store_command
def retry(store: EnvStore, build: str, no_wait: bool, as_json: bool) -> None:
    """Do a failed or cancelled build again, as a new build, or go on with one whose terminal was closed."""
    again = store.builds.retry(_number(store, build), wait=not no_wait)
    finish(store, again, f"{again.namespace}/{again.name}", no_wait=no_wait, as_json=as_json)


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
                f"To follow it: {next_step(f'logs -f {build.id}')}"
            )
        return
    from jupyter_envstore.cli.watching import show_progress

    try:
        ended = show_progress(store.builds.watch(build.id), quiet=False)
    except KeyboardInterrupt:
        click.echo("Cancelling …", err=True)
        store.builds.cancel(build.id)
        ended = show_progress(store.builds.watch(build.id), quiet=True)  # whoever else runs it sees to the end of it
    except BaseException:
        store.builds.cancel(build.id)  # nobody waits for it any more
        raise
    _report_end(store, ended, ref, as_json)


def _report_end(store: EnvStore, build: Build, ref: str, as_json: bool) -> None:
    nothing = next((note for note in build.warnings if note.code == NOTHING), None)
    if nothing is not None:
        report_nothing_to_build(nothing, as_json)
        return
    if build.state == "ready":
        version = store.versions.get(f"{build.namespace}/{build.name}@{build.version}" if build.version else ref)
        if as_json:
            print_json(
                {**version.model_dump(mode="json"), "build": build.model_dump(mode="json"), "version": version.number}
            )
        else:
            _report_ready(store, version, build)
        return
    error = EnvStoreError.from_dict(
        build.error.model_dump()
        if build.error
        else {"message": f"Build {build.id} was cancelled. Nothing was changed.", "code": "cancelled", "details": {}}
    )
    error.details["build"] = build.id
    report_error(error, as_json)
    if not as_json:
        click.echo(f"The log: {next_step(f'logs {build.id}')}", err=True)
    sys.exit(EXIT_FAILED)


def report_nothing_to_build(error: EnvStoreError | ErrorReport, as_json: bool) -> None:
    """Say that a change would change nothing: no failure, since what was wanted is there."""
    if as_json:
        print_json({"message": error.message, "code": error.code, "details": error.details})
    else:
        click.echo(error.message)


def _report_ready(store: EnvStore, version: Version, build: Build) -> None:
    from jupyter_envstore.cli.words import counted, duration, size

    name = f"{version.namespace}/{version.name}"
    took = (
        f" in {duration((build.finished - build.started).total_seconds())}" if build.finished and build.started else ""
    )
    click.echo(
        f"{name} v{version.number} is ready{took}: {counted(version.package_count, 'package')}, {size(version.size)}."
    )
    click.echo(f"  prefix   {version.prefix}")
    for warning in build.warnings:
        click.echo(f"  note     {warning.message}")
    if version.active:
        for kernel in store.environments.kernels(name):
            title = store.presentation.kernelspec(kernel)["display_name"]
            click.echo(f"  kernel   {kernel}, in JupyterLab's launcher as {title}")
        click.echo(f"  shell    {next_step(f'shell {name}')}")
    else:
        click.echo(f"  It waits beside the active version. To use it: {next_step(f'activate {name}@{version.number}')}")
