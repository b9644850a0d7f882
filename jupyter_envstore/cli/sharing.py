"""``export`` and ``import``: versions as files for others, and files of others as environments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from jupyter_envstore.cli.building import finish
from jupyter_envstore.cli.command import json_option, print_json, store_command
from jupyter_envstore.cli.requesting import allow_source_option, own_path, read_any_file
from jupyter_envstore.errors import ConflictError, StoreError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import SharedFormat
    from jupyter_envstore.store import EnvStore

_LONG = 20_000
"""Characters from which a file is not poured over a terminal."""


class _FormatName(click.ParamType):  # type: ignore[type-arg]
    """The name of a format. Which there are is looked up only when it is asked for."""

    name = "format"

    def shell_complete(
        self, context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from jupyter_envstore.share.formats import FORMATS

        return [CompletionItem(known.name, help=known.title) for known in FORMATS if known.name.startswith(incomplete)]

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> str:
        from jupyter_envstore.share.formats import FORMATS

        names = [known.name for known in FORMATS]
        if value not in names:
            self.fail(f"{value!r} is none of {', '.join(names)}.", parameter, context)
        return str(value)


@click.command(short_help="Write a version as a file for others.")
@click.argument("ref")
@click.option(
    "--format", "format_name", type=_FormatName(), default=None, help="What to write; --list says what there is."
)
@click.option("-o", "--output", default=None, metavar="FILE", help="Where to write it, or - for standard output.")
@click.option("--platform", default=None, help="Only this platform.  [default: all, or this machine's]")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--list", "list_formats", is_flag=True, help="Say whom each format is for, and how large it is.")
@json_option
@store_command
def export(
    store: EnvStore,
    ref: str,
    format_name: str | None,
    output: str | None,
    platform: str | None,
    force: bool,
    list_formats: bool,
    as_json: bool,
) -> None:
    """Write a version as a file for others: environment.yml, lockfiles, lists for pip.

    \b
    jupyter envstore export analysis --format conda-lock -o conda-lock.yml
    jupyter envstore export analysis@3 --format explicit --platform osx-arm64 > analysis.txt
    jupyter envstore export analysis --list
    """
    if list_formats:
        if format_name is not None or output is not None:
            raise click.UsageError("--list writes no file; leave out --format and --output.")
        _list(store.sharing.formats(ref, platform=platform), as_json)
        return
    if format_name is None:
        raise click.UsageError("Name a format with --format; --list says what there is.")
    if output not in (None, "-"):
        _refuse_to_overwrite(Path(str(output)), force)
    exported = store.sharing.export(ref, format_name, platform=platform)
    if output is None and len(exported.text) > _LONG and sys.stdout.isatty() and not as_json:
        raise click.UsageError(
            f"The file has {len(exported.text):,} characters. Name where to write it: -o {exported.name} (or -o -)"
        )
    if output is None or output == "-":
        if as_json:
            print_json({"format": format_name, "file": exported.name, "media": exported.media, "text": exported.text})
        else:
            click.echo(exported.text, nl=False)
        return
    _write(Path(output), exported.text)
    if as_json:
        print_json({"format": format_name, "output": output, "bytes": len(exported.text.encode())})
    else:
        click.echo(f"Wrote {output}.")


def _list(formats: Any, as_json: bool) -> None:
    items: list[SharedFormat] = list(formats)
    if as_json:
        print_json({"items": [item.model_dump(mode="json") for item in items], "next": None, "total": len(items)})
        return
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import size

    print_table(
        ["format", "size", "what it is"],
        [
            [item.format, size(item.bytes) if item.bytes is not None else "", item.reason or item.description]
            for item in items
        ],
        right=["size"],
        spare=["size"],
        empty="",
    )


def _refuse_to_overwrite(path: Path, force: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder. Name a file in it.", path=str(path))
    if path.exists() and not force:
        raise ConflictError(f"{path} is there already. To write over it: --force", path=str(path))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(f"The file cannot be written to {path}: {error.strerror}.", path=str(path)) from error


@click.command("import", short_help="Create an environment from a file of any format.")
@click.argument("file")
@click.option("-n", "--name", default=None, help="name or namespace/name.  [default: what the file says or is called]")
@click.option("-m", "--message", default="", help="What this version is for.")
@click.option("--environment", default=None, metavar="NAME", help="Which one of a pixi.lock.  [default: default]")
@click.option("--python", default=None, metavar="VERSION", help="Which Python, with a requirements.txt or pylock.toml.")
@click.option(
    "--allow-channel",
    "allow_channels",
    multiple=True,
    metavar="URL",
    help="A channel that a lockfile may take packages from although the store does not use it; may be given again.",
)
@allow_source_option
@click.option("--no-wait", is_flag=True, help="Leave the build to a running server.")
@json_option
@store_command
def import_file(
    store: EnvStore,
    file: str,
    name: str | None,
    message: str,
    environment: str | None,
    python: str | None,
    allow_channels: tuple[str, ...],
    allow_source: tuple[str, ...],
    no_wait: bool,
    as_json: bool,
) -> None:
    """Create an environment from a file of whatever format, or from standard input (-).

    Lockfiles (conda-lock.yml, an @EXPLICIT list, pixi.lock) are installed as they are; an environment.yml,
    requirements.txt or pylock.toml is locked first. What it is is told by what stands in it.

    \b
    jupyter envstore import pixi.lock -n analysis
    jupyter envstore import requirements.txt --python 3.12
    """
    if name:
        store.reference(name)  # a bad name is told before anything else is looked at
    data, own = read_any_file(file), own_path(file)
    if not no_wait:
        store.warm_up()
    build = store.sharing.import_file(
        name,
        data,
        file=str(own) if own else None,
        environment=environment,
        python=python,
        allow_channels=allow_channels,
        allow_source=allow_source,
        own=own,
        message=message,
        wait=not no_wait,
    )
    finish(store, build, f"{build.namespace}/{build.name}", no_wait=no_wait, as_json=as_json)
