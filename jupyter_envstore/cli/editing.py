"""``edit`` and ``update``: a new version from one that there is; with ``--dry-run`` only what it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.building import finish, report_nothing_to_build
from jupyter_envstore.cli.command import json_option, print_json, store_command
from jupyter_envstore.cli.requesting import (
    allow_source_option,
    check_packages,
    read_specification,
    read_virtual_packages,
    virtual_packages_option,
    with_own_files,
)
from jupyter_envstore.errors import NothingToBuildError

if TYPE_CHECKING:
    from jupyter_envstore.revisions import Draft
    from jupyter_envstore.store import EnvStore

_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only show what would change, and why. Nothing is built.")
_MESSAGE = click.option("-m", "--message", default="", help="What the version is for.  [default: what changes]")
_NO_WAIT = click.option("--no-wait", is_flag=True, help="Leave the build to a running server.")


@click.command(short_help="Add, remove or pin packages: a new version.")
@click.argument("ref")
@click.option("--add", multiple=True, metavar="SPEC", help="Ask for a package, or for another version of one.")
@click.option("--remove", multiple=True, metavar="NAME", help="Ask no more for a package.")
@click.option("--add-pip", multiple=True, metavar="SPEC", help="Ask pip for a package, or for another version of one.")
@click.option("--remove-pip", multiple=True, metavar="NAME", help="Ask pip no more for a package.")
@click.option("--pin", multiple=True, metavar="NAME", help="Keep a package at the version it has now.")
@click.option("--unpin", multiple=True, metavar="NAME", help="Ask for a package as before it was pinned.")
@click.option("-c", "--channel", "channels", multiple=True, help="Look there too, after the present channels.")
@click.option("--remove-channel", "gone_channels", multiple=True, metavar="CHANNEL", help="Look no more there.")
@click.option("--variable", "settings", multiple=True, metavar="NAME=VALUE", help="Set a variable in its kernels.")
@click.option("--remove-variable", "gone_variables", multiple=True, metavar="NAME", help="Set a variable no more.")
@click.option("--platform", "platforms", multiple=True, help="Cover another platform; the others stay as they are.")
@click.option("-f", "--file", default=None, help="An environment.yml instead of the present one, or - for stdin.")
@virtual_packages_option
@allow_source_option
@_MESSAGE
@_DRY_RUN
@_NO_WAIT
@json_option
@store_command
def edit(
    store: EnvStore,
    ref: str,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    add_pip: tuple[str, ...],
    remove_pip: tuple[str, ...],
    pin: tuple[str, ...],
    unpin: tuple[str, ...],
    channels: tuple[str, ...],
    gone_channels: tuple[str, ...],
    settings: tuple[str, ...],
    gone_variables: tuple[str, ...],
    platforms: tuple[str, ...],
    file: str | None,
    virtual_packages: str | None,
    allow_source: tuple[str, ...],
    message: str,
    dry_run: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Make a new version of an environment. Packages that need not move stay exactly as they are.

    \b
    jupyter envstore edit analysis --add scikit-learn --remove seaborn
    jupyter envstore edit analysis --add 'numpy>=2' --dry-run
    jupyter envstore edit analysis --add-pip 'great-tables>=0.19'
    jupyter envstore edit analysis --pin numpy --channel bioconda
    jupyter envstore edit analysis --platform osx-arm64
    """
    entries = (add, remove, add_pip, remove_pip, pin, unpin)
    others = (channels, gone_channels, settings, gone_variables, platforms)
    if not any((*entries, *others)) and file is None and virtual_packages is None:
        raise click.UsageError("Say what to change: --add SPEC, --remove NAME, --pin NAME, … or -f FILE.")
    check_packages(add)
    own = with_own_files(read_specification(file), file) if file is not None else None
    draft = store.drafts.edit(
        ref,
        add=add,
        remove=remove,
        add_pip=add_pip,
        remove_pip=remove_pip,
        specification=own.specification.text if own is not None else None,
        add_channels=channels,
        remove_channels=gone_channels,
        variables=_variables(settings, gone_variables),
        pin=pin,
        unpin=unpin,
        platforms=platforms,
        virtual_packages=read_virtual_packages(virtual_packages),
        allow_source=allow_source,
        local_wheels=own.local_wheels if own is not None else (),
        message=message,
    )
    _go_on(store, draft, dry_run=dry_run, no_wait=no_wait, as_json=as_json)


def _variables(settings: tuple[str, ...], gone: tuple[str, ...]) -> dict[str, str | None]:
    """Return the variables that change, with None for those to be taken away."""
    changes: dict[str, str | None] = dict.fromkeys(gone)
    for setting in settings:
        name, mark, value = setting.partition("=")
        if not mark:
            raise click.UsageError(f"--variable takes NAME=VALUE; {setting[:80]!r} has no '='.")
        changes[name.strip()] = value
    return changes


@click.command(short_help="Move packages to newer versions: a new version.")
@click.argument("ref")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--as-of", default=None, metavar="DATE", help="Take packages as the channels stood then.")
@allow_source_option
@_MESSAGE
@_DRY_RUN
@_NO_WAIT
@json_option
@store_command
def update(
    store: EnvStore,
    ref: str,
    names: tuple[str, ...],
    as_of: str | None,
    allow_source: tuple[str, ...],
    message: str,
    dry_run: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Make a new version with newer packages, all of them or those named. What was asked for stays as it is."""
    draft = store.drafts.update(ref, names, as_of=as_of, allow_source=allow_source, message=message)
    _go_on(store, draft, dry_run=dry_run, no_wait=no_wait, as_json=as_json)


def _go_on(store: EnvStore, draft: Draft, *, dry_run: bool, no_wait: bool, as_json: bool) -> None:
    if dry_run:
        _show(store, draft, as_json)
        return
    try:
        build = store.builds.submit(draft, wait=not no_wait)
    except NothingToBuildError as error:
        report_nothing_to_build(error, as_json)
        return
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)


def _show(store: EnvStore, draft: Draft, as_json: bool) -> None:
    from jupyter_envstore.cli.comparing import print_comparison

    preview = store.drafts.preview(draft)
    if as_json:
        print_json(preview)
        return
    if preview.nothing_to_build:
        click.echo("Nothing to build: this leads to the same packages and the same specification.")
        return
    print_comparison(preview.comparison, f"“{preview.message}”")
    for platform, explanation in preview.unsolved.items():
        click.echo(f"\n{platform} would not be covered: {explanation.summary}")
    for warning in preview.warnings:
        click.echo(f"\nNote: {warning}")
    click.echo(f"\nNothing was built. Version {preview.parent} and running kernels stay as they are.")
