"""``notebook restore`` and ``notebook run``: have what a notebook carries, and run the notebook on exactly that."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jupyter_envstore.cli.command import EXIT_FAILED, json_option, next_step, print_json, report_error, store_command
from jupyter_envstore.cli.notebook_files import FILE, check_output, read, write_output
from jupyter_envstore.errors import EnvStoreError, NothingCarriedError

if TYPE_CHECKING:
    from jupyter_envstore.notebooks.text import NotebookText
    from jupyter_envstore.schemas import Build, ErrorReport, Restoration
    from jupyter_envstore.store import EnvStore

_RELOCK = click.option("--relock", is_flag=True, help="Lock anew what was asked for, as for another platform.")
_ALLOW = click.option(
    "--allow-channel",
    "allow_channels",
    multiple=True,
    metavar="URL",
    help="A channel that it may take packages from although the store does not use it; may be given again.",
)


@click.command()
@FILE
@click.option("-n", "--name", default=None, help="name or namespace/name.  [default: what the notebook says]")
@_RELOCK
@_ALLOW
@click.option("--dry-run", is_flag=True, help="Only say what it carries.")
@click.option("-y", "--yes", is_flag=True, help="Build it without asking.")
@click.option("--pin/--no-pin", default=True, help="Let the notebook stay with that version.  [default: pin]")
@json_option
@store_command
def restore(
    store: EnvStore,
    file: Path,
    name: str | None,
    relock: bool,
    allow_channels: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    pin: bool,
    as_json: bool,
) -> None:
    """Have the environment that a notebook carries: find it here, or build it from the very same files.

    \b
    jupyter envstore notebook restore report.ipynb --dry-run
    jupyter envstore notebook restore report.ipynb
    """
    found = read(file)
    asked = sys.stdin.isatty() and not (yes or as_json)
    shown = dry_run or not as_json
    told = store.notebooks.look_into(found, file=_called(file), allow_channels=allow_channels, sizes=shown)
    if not as_json:
        from jupyter_envstore.cli.notebook_words import environment_lines

        # What is in the way of a build is what ends it.
        for line in environment_lines(told, problems=dry_run):
            click.echo(line, err=not dry_run)
    if dry_run:
        if as_json:
            print_json(told)
        return
    if asked and (told.valid or relock) and not told.existing:
        click.confirm("Build it?", default=True, abort=True, err=True)
    done, ref = _have(store, found, file, name=name, relock=relock, allow_channels=allow_channels, as_json=as_json)
    kernel = store.notebooks.pin(file, ref) if pin and str(file) != "-" and done.kernel else done.kernel
    if as_json:
        print_json({**done.model_dump(mode="json"), "environment": ref, "kernel": kernel})
        return
    click.echo(f"{ref} is what {file} carries.")
    if kernel:
        click.echo(f"  kernel   {kernel}{', which the notebook names now' if pin else ''}")
    click.echo(f"  run      {next_step(f'notebook run {shlex.quote(str(file))}')}")


@click.command()
@FILE
@click.option(
    "-o", "--output", default=None, metavar="FILE", help="Write the notebook with its outputs, or - to print."
)
@click.option(
    "-p", "--parameter", "texts", multiple=True, metavar="NAME=VALUE", help="As papermill's; may be repeated."
)
@click.option("--environment", "ref", default=None, metavar="REF", help="Run on this instead of what it carries.")
@_RELOCK
@_ALLOW
@click.option("--timeout", default=None, type=click.IntRange(1), metavar="SECONDS", help="What a cell may take.")
@json_option
@store_command
def run(
    store: EnvStore,
    file: Path,
    output: str | None,
    texts: tuple[str, ...],
    ref: str | None,
    relock: bool,
    allow_channels: tuple[str, ...],
    timeout: int | None,
    as_json: bool,
) -> None:
    """Run a notebook from top to bottom on the environment that it carries, which is built if it is not here.

    The notebook itself is not changed. The exit status is 0 when every cell ran, and 1 when one failed.

    \b
    jupyter envstore notebook run report.ipynb
    jupyter envstore notebook run report.ipynb -o done.ipynb -p year=2026
    """
    from jupyter_envstore.cli.words import printable
    from jupyter_envstore.notebooks.parameters import read_parameters

    parameters = read_parameters(texts)
    warnings: list[dict[str, Any]] = []
    found = read(file)
    if output is not None:
        check_output(output)
    place = _version(store, found, file, ref, relock, allow_channels, as_json)
    folder = Path.cwd() if str(file) == "-" else file.absolute().parent

    def say(number: int, total: int) -> None:
        click.echo(f"Cell {number} of {total}", err=True)

    def warn(warning: ErrorReport) -> None:
        warnings.append(warning.model_dump(mode="json"))
        click.echo(f"Warning: {printable(warning.message)}", err=True)

    ran = store.notebooks.run(
        found, place, folder, parameters=parameters, on_cell=say, on_warning=warn, timeout=timeout
    )
    printed = output is not None and write_output(output, ran.data)
    if ran.failure is not None:
        ran.failure.details["warnings"] = warnings
        report_error(ran.failure, as_json and not printed)
        sys.exit(EXIT_FAILED)
    if printed:
        return
    if as_json:
        print_json({"path": str(file), "output": output, "environment": place, "warnings": warnings})
    else:
        click.echo(f"{file} ran on {place}{f'; with its outputs it is {output}' if output else ''}.")


def _version(
    store: EnvStore,
    found: NotebookText,
    file: Path,
    ref: str | None,
    relock: bool,
    allow_channels: tuple[str, ...],
    as_json: bool,
) -> str:
    """Return the version to run on, made ready where it is not."""
    if ref is not None:
        version = store.versions.get(ref)
        return f"{version.namespace}/{version.name}@{version.number}"
    try:
        return _have(store, found, file, relock=relock, allow_channels=allow_channels, as_json=as_json)[1]
    except NothingCarriedError:
        named = store.notebooks.version_to_run(found)
        if named is None:
            raise
        return named


def _have(
    store: EnvStore, found: NotebookText, file: Path, *, as_json: bool, name: str | None = None, **how: Any
) -> tuple[Restoration, str]:
    """Restore, see the build through, and return what came of it with the version's reference."""
    done = store.notebooks.restore(found, name, file=_called(file), **how)
    if done.build is None:
        return done, done.environment
    ended = _see_through(store, done.build, as_json)
    ref = done.environment or f"{ended.namespace}/{ended.name}@{ended.version}"
    return store.notebooks.restored(found, done.carried, ref), ref


def _see_through(store: EnvStore, build: Build, as_json: bool) -> Build:
    from jupyter_envstore.cli.watching import show_progress

    try:
        ended = show_progress(store.builds.watch(build.id))
    except BaseException:
        store.builds.cancel(build.id)  # nobody waits for it any more
        raise
    if ended.state == "ready":
        return ended
    told = (
        ended.error.model_dump()
        if ended.error
        else {"message": f"Build {ended.id} was cancelled.", "code": "cancelled"}
    )
    error = EnvStoreError.from_dict(told)
    error.details["build"] = ended.id
    report_error(error, as_json)
    if not as_json:
        click.echo(f"The log: {next_step(f'logs {ended.id}')}", err=True)
    sys.exit(EXIT_FAILED)


def _called(file: Path) -> str | None:
    return None if str(file) == "-" else str(file.absolute())
