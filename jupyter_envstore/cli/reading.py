"""Commands that look: list, show, versions, packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import json_option, next_step, print_json, store_command
from jupyter_envstore.errors import VersionNotFoundError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Environment, Version
    from jupyter_envstore.store import EnvStore


@click.command("list")
@click.option("--search", default="", help="Only names that contain this.")
@click.option("--namespace", default=None, help="Only this namespace.")
@click.option("--package", default=None, help="Only those whose active version has it: numpy, 'numpy>=2'.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@click.option("--cursor", default=None, help="Go on where the last list ended (its 'next').")
@click.option("--removed", is_flag=True, help="Those that were removed and can be brought back.")
@json_option
@store_command
def list_environments(
    store: EnvStore,
    search: str,
    namespace: str | None,
    package: str | None,
    limit: int,
    cursor: str | None,
    removed: bool,
    as_json: bool,
) -> None:
    """List the environments."""
    if removed:
        _list_removed(store, as_json)
        return
    store.builds.recover()
    page = store.environments.list(search=search, namespace=namespace, package=package, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import moment, size

    print_table(
        ["environment", "version", "state", "packages", "size", "changed"],
        [
            [
                f"{item.namespace}/{item.name}",
                _versions_of(item),
                item.state,
                str(item.package_count) if item.active_version else "",
                size(item.size) if item.active_version else "",
                moment(item.updated),
            ]
            for item in page.items
        ],
        right=["packages", "size"],
        spare=["changed", "size", "packages"],
        empty=f"No environments yet in {store.layout.root}. "
        f"Make one: {next_step('create -n analysis python=3.12 pandas ipykernel')}"
        if not (search or namespace or package)
        else "No environment matches.",
    )
    if page.next:
        click.echo(f"{len(page.items)} of {page.total}. The next ones: --cursor {page.next}")


def _versions_of(environment: Environment) -> str:
    """Return the active version, and the one that waits to be activated."""
    waits = f", v{environment.offered_version} waits" if environment.offered_version else ""
    return f"v{environment.active_version}{waits}" if environment.active_version else ""


def _list_removed(store: EnvStore, as_json: bool) -> None:
    items = store.environments.removed()
    if as_json:
        print_json({"items": [item.model_dump(mode="json") for item in items], "next": None, "total": len(items)})
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import moment

    print_table(
        ["environment", "version", "packages", "removed"],
        [
            [
                f"{item.namespace}/{item.name}",
                f"v{item.active_version}" if item.active_version else "",
                str(item.package_count) if item.active_version else "",
                moment(item.deleted),
            ]
            for item in items
        ],
        right=["packages"],
        empty="Nothing was removed.",
    )


@click.command()
@click.argument("ref")
@click.option("--lockfile", is_flag=True, help="Print the conda-lock document of the version.")
@json_option
@store_command
def show(store: EnvStore, ref: str, lockfile: bool, as_json: bool) -> None:
    """Show one version: what was asked for, what it is, and where."""
    if lockfile:
        print_json(store.versions.lockfile(ref))
        return
    version = _version_or_reason(store, ref)
    if as_json:
        print_json(version)
        return
    from jupyter_envstore.cli.scheduling import schedule_notes
    from jupyter_envstore.cli.words import moment, size

    active = ", active" if version.active else ""
    click.echo(f"{version.namespace}/{version.name}@{version.number}{active}")
    click.echo(f"  {version.message}" if version.message else "  (no message)")
    click.echo(f"  made        {moment(version.created)} by {version.author}")
    click.echo(f"  packages    {version.package_count}, {size(version.size)} to download")
    click.echo(f"  platforms   {', '.join(version.platforms)}")
    click.echo(f"  lock        {version.lock}")
    for label, text in _machines(store, ref):
        click.echo(f"  {label:11} {text}")
    click.echo(f"  files       {version.prefix or 'not on disk'} ({version.prefix_state})")
    for label, text in schedule_notes(store.environments.get(f"{version.namespace}/{version.name}")):
        click.echo(f"  {label:11} {text}")
    click.echo()
    click.echo(version.specification.rstrip())


def _machines(store: EnvStore, ref: str) -> Iterator[tuple[str, str]]:
    """Yield where a version was locked and built, and what that means for this machine, each with a label."""
    from jupyter_envstore.cli.words import machine

    report = store.versions.machines(ref)
    if report.locked is not None:
        yield "locked on", machine(report.locked)
    if report.built is not None and report.built != report.locked:
        yield "built on", machine(report.built)
    for sentence in report.differences:
        yield "note", sentence


@click.command()
@click.argument("ref")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@click.option("--cursor", default=None, help="Go on where the last list ended (its 'next').")
@json_option
@store_command
def versions(store: EnvStore, ref: str, limit: int, cursor: str | None, as_json: bool) -> None:
    """List the versions of an environment, the newest first."""
    page = store.versions.list(ref, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import moment, size

    print_table(
        ["version", "", "made", "by", "packages", "size", "on disk", "message"],
        [
            [
                f"v{item.number}",
                "active" if item.active else "",
                moment(item.created),
                item.author,
                str(item.package_count),
                size(item.size),
                item.prefix_state,
                item.message,
            ]
            for item in page.items
        ],
        right=["packages", "size"],
        spare=["by", "size", "packages", "made"],
        empty="No version yet: no build of this environment has succeeded.",
    )
    if page.next:
        click.echo(f"{len(page.items)} of {page.total}. The next ones: --cursor {page.next}")


@click.command()
@click.argument("ref")
@click.option("--platform", default=None, help="The lock's packages for this platform.  [default: this machine's]")
@json_option
@store_command
def packages(store: EnvStore, ref: str, platform: str | None, as_json: bool) -> None:
    """List the locked packages of a version."""
    items = store.versions.packages(ref, platform=platform)
    if as_json:
        print_json({"items": [item.model_dump(mode="json") for item in items], "next": None, "total": len(items)})
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import size

    print_table(
        ["package", "version", "build", "size", "channel"],
        [
            [item.name, item.version, item.build, size(item.size) if item.size else "", item.channel or item.manager]
            for item in items
        ],
        right=["size"],
        spare=["channel", "build", "size"],
        empty="The lock has no package for this platform.",
    )


def _version_or_reason(store: EnvStore, ref: str) -> Version:
    """Return the version; where there is none yet, say what became of the build that was to make it."""
    try:
        return store.versions.get(ref)
    except VersionNotFoundError as error:
        build = store.environments.get(ref).build if store.reference(ref).version is None else None
        if build is None:
            raise
        told = f" ({build.error.message})" if build.error else ""
        raise VersionNotFoundError(
            f"{error.message} Its last build is {build.state}{told}: {next_step(f'logs {build.id}')}", **error.details
        ) from error
