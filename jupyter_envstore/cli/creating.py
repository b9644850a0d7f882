"""``create`` and ``clone``: a new environment, from a specification, a lockfile, or a version that there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.building import finish
from jupyter_envstore.cli.command import json_option, store_command
from jupyter_envstore.cli.requesting import (
    allow_source_option,
    read_any_file,
    read_virtual_packages,
    refuse_mistakes,
    specification_from,
    virtual_packages_option,
    with_own_files,
)

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore


@click.command(short_help="Create an environment from packages or a file.")
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("-f", "--file", default=None, help="An environment.yml, lockfile, requirements.txt or notebook, or -.")
@click.option("-n", "--name", default=None, help="name or namespace/name.  [default: what the file says]")
@click.option("-c", "--channel", "channels", multiple=True, help="A channel; may be given again, the first wins.")
@click.option("--platform", "platforms", multiple=True, help="Lock for this platform too; may be given again.")
@click.option("-m", "--message", default="", help="What this version is for.")
@click.option("--as-of", default=None, metavar="DATE", help="Lock as the channels stood then, such as 2025-06-30.")
@click.option(
    "--allow-channel",
    "allow_channels",
    multiple=True,
    metavar="URL",
    help="A channel that a lockfile or notebook may use although the store does not; may be given again.",
)
@allow_source_option
@virtual_packages_option
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
    allow_channels: tuple[str, ...],
    allow_source: tuple[str, ...],
    virtual_packages: str | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Create an environment from packages or a file, and build its first version.

    \b
    jupyter envstore create -n analysis python=3.12 numpy pandas ipykernel
    jupyter envstore create -f environment.yml
    jupyter envstore create -f conda-lock.yml -n analysis
    jupyter envstore create -f report.ipynb
    """
    from jupyter_envstore.lock.recognition import kind_of, name_from_file

    wanted = store.reference(name) if name else None  # a bad name is told before anything else is looked at
    refuse_mistakes(specs, file)
    data = read_any_file(file) if file is not None else None
    stated = read_virtual_packages(virtual_packages)
    if not no_wait:
        store.warm_up()
    kind = kind_of(data, file) if data is not None else None
    if file is not None and data is not None and kind == "notebook":
        if specs or channels or platforms or as_of or allow_source or stated:
            raise click.UsageError(
                f"{file} is a notebook: what it carries is built as it is, and nothing can be added."
            )
        build = store.notebooks.create(
            data,
            name,
            file=str(Path(file).absolute()) if file != "-" else None,
            allow_channels=allow_channels,
            message=message,
            wait=not no_wait,
        )
    elif file is not None and data is not None and kind == "lockfile":
        if specs or channels or platforms or as_of or stated:
            raise click.UsageError(f"{file} is a lockfile: it says all there is to install, and nothing can be added.")
        build = store.builds.create_from_lockfile(
            name or (name_from_file(str(Path(file).absolute())) if file != "-" else None),
            data,
            allow_channels=allow_channels,
            allow_source=allow_source,
            message=message,
            wait=not no_wait,
        )
    else:
        if allow_channels:
            raise click.UsageError("--allow-channel goes with a lockfile. For packages, name the channel with -c.")
        if file is None:  # what packages are taken from stands in the specification, whoever builds it
            channels = channels or tuple(store.default_channels)
        specification = specification_from(file, specs, channels, wanted.name if wanted else None, data)
        own = with_own_files(specification, file)
        build = store.builds.create(
            name or specification.name,
            own.specification.text,
            platforms=platforms,
            virtual_packages=stated,
            message=message,
            as_of=as_of,
            allow_source=allow_source,
            local_wheels=own.local_wheels,
            wait=not no_wait,
        )
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)


@click.command(short_help="Make a new environment with exactly the files of REF.")
@click.argument("ref")
@click.argument("new_name")
@click.option("--no-wait", is_flag=True, help="Leave the build to a running server.")
@json_option
@store_command
def clone(store: EnvStore, ref: str, new_name: str, no_wait: bool, as_json: bool) -> None:
    """Make a new environment NEW_NAME whose first version is exactly version REF: the same lock, the same files."""
    build = store.builds.clone(ref, new_name, wait=not no_wait)
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)
