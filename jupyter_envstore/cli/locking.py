"""``lock``: a lockfile without building anything, as a CI job wants it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import EXIT_FAILED, json_option, print_json, store_command
from jupyter_envstore.cli.requesting import (
    allow_source_option,
    read_virtual_packages,
    specification_from,
    virtual_packages_option,
    with_own_files,
)
from jupyter_envstore.errors import StoreError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import LockResult
    from jupyter_envstore.store import EnvStore


@click.command()
@click.option("-f", "--file", required=True, help="An environment.yml, or - for standard input.")
@click.option("-c", "--channel", "channels", multiple=True, help="A channel instead of the file's; may be given again.")
@click.option("--platform", "platforms", multiple=True, help="A platform to lock for; may be given again.")
@virtual_packages_option
@click.option("--as-of", default=None, metavar="DATE", help="Lock as the channels stood then, such as 2025-06-30.")
@click.option(
    "-o", "--output", default="conda-lock.yml", show_default=True, help="Where to write it, or - for standard output."
)
@allow_source_option
@json_option
@store_command
def lock(
    store: EnvStore,
    file: str,
    channels: tuple[str, ...],
    platforms: tuple[str, ...],
    virtual_packages: str | None,
    as_of: str | None,
    output: str,
    allow_source: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write the conda-lock lockfile of an environment.yml. Nothing is built.

    Exit status 1 when a platform that was asked for has no solution; the lockfile then covers the others.
    """
    store.warm_up()
    own = with_own_files(specification_from(file, (), channels, None), file)
    answer = store.channels.lock(
        own.specification.text,
        platforms=platforms,
        as_of=as_of,
        allow_source=allow_source,
        local_wheels=own.local_wheels,
        virtual_packages=read_virtual_packages(virtual_packages),
    )
    text = json.dumps(answer.lockfile, indent=1, ensure_ascii=False) + "\n"
    if output == "-":
        click.echo(text, nl=False)
    else:
        try:
            Path(output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise StoreError(f"The lockfile cannot be written to {output}: {error.strerror}.", path=output) from error
    for platform, explanation in answer.unsolved.items():
        click.echo(f"Not locked for {platform}: {explanation.summary}", err=True)
    for warning in answer.warnings:
        click.echo(f"Note: {warning}", err=True)
    if output != "-":
        _report(answer, output, as_json)
    if answer.unsolved:
        sys.exit(EXIT_FAILED)


def _report(answer: LockResult, output: str, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "output": output,
                "lock": answer.hash,
                "platforms": answer.platforms,
                "packages": len(answer.packages),
                "unsolved": {name: item.model_dump(mode="json") for name, item in answer.unsolved.items()},
                "warnings": answer.warnings,
            }
        )
    else:
        click.echo(f"Wrote {output}: {len(answer.packages)} packages for {', '.join(answer.platforms)}.")
