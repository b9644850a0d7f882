"""``create`` and ``clone``: a new environment, from a specification or from a version that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.building import finish
from jupyter_envstore.cli.command import json_option, store_command
from jupyter_envstore.cli.requesting import specification_from

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command()
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("-f", "--file", default=None, help="An environment.yml, or - for standard input.")
@click.option("-n", "--name", default=None, help="name or namespace/name.  [default: the file's name]")
@click.option("-c", "--channel", "channels", multiple=True, help="A channel; may be given again, the first wins.")
@click.option("--platform", "platforms", multiple=True, help="Lock for this platform too; may be given again.")
@click.option("-m", "--message", default="", help="What this version is for.")
@click.option("--as-of", default=None, metavar="DATE", help="Lock as the channels stood then, such as 2025-06-30.")
@click.option("--no-wait", is_flag=True, help="Leave the build to a running server.")
@json_option
@store_command
def create(
    store: EnvStore,
    specs: tuple[str, ...],
    file: str | None,
    name: str | None,
    channels: tuple[str, ...],
    platforms: tuple[str, ...],
    message: str,
    as_of: str | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Create an environment from packages or an environment.yml, and build its first version.

    \b
    jupyter envstore create -n analysis python=3.12 numpy pandas ipykernel
    jupyter envstore create -f environment.yml
    """
    wanted = store.reference(name) if name else None  # a bad name is told before anything else is looked at
    specification = specification_from(file, specs, channels, wanted.name if wanted else None)
    if not no_wait:
        store.warm_up()
    build = store.builds.create(
        name or specification.name,
        specification.text,
        platforms=platforms,
        message=message,
        as_of=as_of,
        wait=not no_wait,
    )
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)


@click.command()
@click.argument("ref")
@click.argument("new_name")
@click.option("--no-wait", is_flag=True, help="Leave the build to a running server.")
@json_option
@store_command
def clone(store: EnvStore, ref: str, new_name: str, no_wait: bool, as_json: bool) -> None:
    """Make a new environment NEW_NAME whose first version is exactly version REF: the same lock, the same files."""
    build = store.builds.clone(ref, new_name, wait=not no_wait)
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)
