"""``notebook …``: notebooks and the environments that they name and carry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jupyter_envstore.cli.command import EXIT_FAILED, json_option, print_json, store_command
from jupyter_envstore.cli.notebook_files import FILE, read, write_output
from jupyter_envstore.cli.notebook_runs import restore, run
from jupyter_envstore.cli.reporting import report

if TYPE_CHECKING:
    from jupyter_envstore.notebooks.text import NotebookText
    from jupyter_envstore.schemas import NotebookEdit
    from jupyter_envstore.store import EnvStore

_KEEPS_ITS_PLACE = "to this file instead of the notebook itself, or - for standard output"


@click.group()
def notebook() -> None:
    """Notebooks and the environments that they name and carry."""


notebook.add_command(report)
notebook.add_command(restore)
notebook.add_command(run)


@notebook.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", "ref", required=True, metavar="REF@N", help="The version to stay with.")
@json_option
@store_command
def pin(store: EnvStore, file: Path, ref: str, as_json: bool) -> None:
    """Let a notebook stay with one version of an environment. Only the kernel that it names is changed in the file.

    \b
    jupyter envstore notebook pin report.ipynb --environment analysis@3
    """
    name = store.notebooks.pin(file, ref)
    if as_json:
        print_json({"path": str(file), "kernel": name})
    else:
        click.echo(f"{file} uses {name} from now on, whichever version is active.")


@notebook.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@store_command
def unpin(store: EnvStore, file: Path, as_json: bool) -> None:
    """Let a notebook follow its environment again: it starts the active version, as it did before it was pinned.

    
    jupyter envstore notebook unpin report.ipynb
    """
    name = store.notebooks.unpin(file)
    if as_json:
        print_json({"path": str(file), "kernel": name})
    else:
        click.echo(f"{file} uses {name} from now on: the version that is active.")


@notebook.command()
@FILE
@click.option("--environment", "ref", default=None, metavar="REF", help="Which one.  [default: that of its kernel]")
@click.option("--platform", "platforms", multiple=True, help="Only this platform; may be given again.  [default: all]")
@click.option("-o", "--output", default=None, metavar="FILE", help=f"Write {_KEEPS_ITS_PLACE}.")
@json_option
@store_command
def embed(
    store: EnvStore, file: Path, ref: str | None, platforms: tuple[str, ...], output: str | None, as_json: bool
) -> None:
    """Let a notebook carry its environment: whoever gets it can run it. Nothing else in the file is changed.

    \b
    jupyter envstore notebook embed report.ipynb
    jupyter envstore notebook embed report.ipynb --environment analysis@3 --platform linux-64
    """
    before = read(file)
    after, edit = store.notebooks.embed(before, ref, platforms=platforms)
    if _write(file, output, before, after):
        return
    if as_json:
        _print_edit(file, output, edit)
        return
    from jupyter_envstore.cli.words import size

    what = f"{edit.environment}, for {', '.join(edit.platforms)} ({size(edit.bytes)})"
    click.echo(f"{output or file} carries {what}." if edit.changed else f"{file} carried {what} already.")


@notebook.command()
@FILE
@click.option("-o", "--output", default=None, metavar="FILE", help=f"Write {_KEEPS_ITS_PLACE}.")
@json_option
@store_command
def strip(store: EnvStore, file: Path, output: str | None, as_json: bool) -> None:
    """Take out of a notebook what this program put into it, and nothing else. With - it is a filter, as git has them.

    \b
    jupyter envstore notebook strip report.ipynb
    git config filter.envstore.clean "jupyter envstore notebook strip -"
    """
    before = read(file)
    after, edit = store.notebooks.strip(before)
    if _write(file, output, before, after):
        return
    if as_json:
        _print_edit(file, output, edit)
    else:
        click.echo(f"{output or file} carries no environment." if edit.changed else f"{file} carried none.")


@notebook.command()
@FILE
@click.option("--kernel", default=None, help="The kernel that it runs on.  [default: the one that it names]")
@click.option("--check", is_flag=True, help="End with status 1 unless what it carries agrees with its kernel.")
@json_option
@store_command
def state(store: EnvStore, file: Path, kernel: str | None, check: bool, as_json: bool) -> None:
    """Say whether what a notebook carries agrees with its kernel, and what differs."""
    found = store.notebooks.state(read(file), kernel=kernel)
    if as_json:
        print_json(found)
    else:
        from jupyter_envstore.cli.notebook_words import state_lines

        for line in state_lines(str(file), found):
            click.echo(line)
    if check and found.state != "agrees":
        sys.exit(EXIT_FAILED)


def _write(file: Path, output: str | None, before: NotebookText, after: NotebookText) -> bool:
    """Write a changed notebook, in its own place where no other is named; tell whether that was standard output."""
    place = output or str(file)
    if output is None and str(file) != "-" and after is before:
        return False
    return write_output(place, after.data, before.data if output is None else None)


def _print_edit(file: Path, output: str | None, edit: NotebookEdit) -> None:
    told: dict[str, Any] = edit.model_dump(mode="json", exclude={"metadata", "content"})
    print_json({"path": output or str(file), **told})
