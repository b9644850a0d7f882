"""What every command shares: finding the store, ``--json``, and turning an error into words and an exit status."""

from __future__ import annotations

import errno
import functools
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jupyter_envstore.errors import EnvStoreError, NotFoundError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Schema
    from jupyter_envstore.store import EnvStore

F = TypeVar("F", bound=Callable[..., Any])

EXIT_FAILED = 1
EXIT_STOPPED = 130

_FOLDER = "jupyter_envstore.store"
_MAKES_STORE = (
    *("create", "import", "lock", "platforms", "policy", "search", "uninstall"),
    *("notebook report", "notebook restore", "notebook run", "notebook state", "notebook strip"),
)
"""Commands that may be the first ones on a store."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as the HTTP API answers it.")


def store_command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the store as its first argument, and people words for what goes wrong.

    The command gets a ``--store`` option of its own, because that is where people write it.
    """

    @click.option("--store", "store_dir", type=click.Path(), default=None, help="The store's folder.")
    @click.pass_context
    @functools.wraps(function)
    def run(context: click.Context, /, store_dir: str | None, **arguments: Any) -> None:
        as_json = bool(arguments.get("as_json"))
        folder = store_dir if store_dir is not None else context.find_root().obj
        context.meta[_FOLDER] = folder
        store: EnvStore | None = None
        _end_as_by_ctrl_c()
        try:
            store = open_store(folder)
            if _path_of(context) not in _MAKES_STORE:
                _require_store(store)
            function(store, **arguments)
            sys.stdout.flush()  # what cannot be written is to be told here, not by Python at its end
        except EnvStoreError as error:
            report_error(error, as_json)
            sys.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(EXIT_STOPPED)
        except BrokenPipeError:
            # The reader of our output, such as `head`, has enough.
            _drop_output()
            sys.exit(EXIT_FAILED)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EIO):
                raise
            _drop_output()
            click.echo(f"Error: The output cannot be written: {error.strerror}.", err=True)
            sys.exit(EXIT_FAILED)
        finally:
            if store is not None:
                store.close()

    return run


def _path_of(context: click.Context) -> str:
    """Return what a person writes for a command, behind the program's own name."""
    above = context.parent
    name = str(context.command.name)
    return name if above is None or above.parent is None else f"{_path_of(above)} {name}"


def open_store(folder: str | None) -> EnvStore:
    """Return the configured store, at ``folder`` when one is given.

    Raises
    ------
    StoreError
        When it cannot be used, or a setting cannot be understood.
    """
    from jupyter_envstore.cli.configuration import load_configuration, store_of

    if folder == "":
        raise click.UsageError("--store names no folder.")
    store = store_of(load_configuration())
    if folder:
        store.root_dir = folder
    return store


def _require_store(store: EnvStore) -> None:
    """Refuse to look for something where there is no store: most likely its folder was mistyped.

    Raises
    ------
    NotFoundError
        Where the folder of a store was named and holds none. The usual folder may be empty: nothing was made yet.
    """
    from jupyter_envstore.settings import STORE_VARIABLE

    named = click.get_current_context().meta[_FOLDER] or os.environ.get(STORE_VARIABLE)
    if named and not store.database_url and not store.layout.catalog.exists():
        raise NotFoundError(
            f"There is no store in {store.root_dir}. Its folder is what --store names, or else {STORE_VARIABLE}; a new "
            "one is made by the first: jupyter envstore create",
            path=store.root_dir,
        )


def _drop_output() -> None:
    """Send what is still held back of standard output nowhere, so that Python does not complain of it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def next_step(words: str) -> str:
    """Return a command for the person to go on with, on the same store as the present one."""
    folder = click.get_current_context().meta.get(_FOLDER)
    return f"jupyter envstore --store {shlex.quote(folder)} {words}" if folder else f"jupyter envstore {words}"


def _end_as_by_ctrl_c() -> None:
    """Treat the end of the terminal or session as Ctrl-C: a build that nobody waits for any more is cancelled."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        # Who is told to go on without a terminal (nohup) goes on.
        if signal.getsignal(getattr(signal, name)) == signal.SIG_DFL:
            signal.signal(getattr(signal, name), stop)


def print_json(value: Schema | dict[str, Any]) -> None:
    """Print a schema or plain JSON, indented, to standard output."""
    data = value if isinstance(value, dict) else value.model_dump(mode="json")
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def report_error(error: EnvStoreError, as_json: bool) -> None:
    """Say what went wrong: as JSON on standard output, or in words on standard error."""
    if as_json:
        print_json(error.to_dict())
        return
    from jupyter_envstore.cli.explaining import explain
    from jupyter_envstore.cli.words import in_terminal

    click.echo(f"Error: {in_terminal(error.message)}", err=True)
    for line in explain(error):
        click.echo(line, err=True)
