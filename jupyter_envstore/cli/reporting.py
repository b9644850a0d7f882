"""``notebook report``: would a notebook come out the same elsewhere?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import EXIT_FAILED, json_option, next_step, print_json, store_command
from jupyter_envstore.errors import NotebookError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import NotebookCheck, NotebookReport
    from jupyter_envstore.store import EnvStore

_SIGNS = {"fail": "✕", "look": "!", "pass": "✓"}
_WORSE = {"fail": ("fail",), "look": ("look", "fail"), "never": ()}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Read every file of its environment, too.")
@click.option("--fetch", is_flag=True, help="Ask channels and indexes whether they still offer its packages, too.")
@click.option(
    "--fail-on",
    type=click.Choice(list(_WORSE)),
    default="fail",
    show_default=True,
    help="From which grade on the exit status is 1.",
)
@json_option
@store_command
def report(store: EnvStore, file: Path, verify: bool, fetch: bool, fail_on: str, as_json: bool) -> None:
    """Say what stands between a notebook and the same results elsewhere. Nothing of it is run.

    \b
    jupyter envstore notebook report analysis.ipynb
    jupyter envstore notebook report analysis.ipynb --fetch --fail-on look --json

    For CI: exit status 1 when a check failed, or, with --fail-on look, when one is to be looked at.
    """
    found = store.reports.notebook(
        _read(file), name=str(file), folder=file.absolute().parent, verify=verify, fetch=fetch
    )
    if as_json:
        print_json(found)
    else:
        _print(found, file)
    if found.grade in _WORSE[fail_on]:
        sys.exit(EXIT_FAILED)


def _read(file: Path) -> bytes:
    from jupyter_envstore.notebooks.report.reading import MAX_BYTES

    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotebookError(f"{file} cannot be read: {error.strerror}.", path=str(file)) from error


def _print(found: NotebookReport, file: Path) -> None:
    from jupyter_envstore.cli.words import counted, printable

    carried = any(check.code == "carried" and check.grade == "pass" for check in found.checks)
    click.echo(f"{file}: {found.passed} of {counted(len(found.checks), 'check')} pass.")
    for check in found.checks:
        detail = f" {check.detail}" if check.detail else ""
        click.echo(f"  {_SIGNS[check.grade]} {printable(check.title)}.{printable(detail)}")
        step = _next_step(check, file)
        if step and (carried or check.repair is None or check.repair.action != "run_all"):  # it runs on what is carried
            click.echo(f"      {step}")
    if found.undone:
        undone = (f"{one.code} (--{one.option})" if one.option else one.code for one in found.undone)
        click.echo(f"Not checked: {', '.join(undone)}.")


def _next_step(check: NotebookCheck, file: Path) -> str:
    """Return the command that repairs, where there is one."""
    import shlex

    if check.repair is None:
        return ""
    given = {name: value for name, value in check.repair.arguments.items() if name != "cell"}
    environment, path = shlex.quote(str(given.get("environment", ""))), shlex.quote(str(file))
    match check.repair.action:
        case "embed":
            return next_step(f"notebook embed {path} --environment {environment}")
        case "build" if "environment" in given:
            return next_step(f"repair {environment}")
        case "switch_kernel" | "build":
            return next_step(f"notebook restore {path}")
        case "add_packages":
            packages = " ".join(f"--add {shlex.quote(name)}" for name in given["packages"])
            return next_step(f"edit {environment} {packages}")
        case "add_platforms":
            platforms = " ".join(f"--platform {shlex.quote(name)}" for name in given["platforms"])
            return next_step(f"edit {environment} {platforms}")
        case "update" | "repair":
            return next_step(f"{check.repair.action} {environment}")
        case "run_all":
            return next_step(f"notebook run {path} -o {path}")
        case _:
            return ""
