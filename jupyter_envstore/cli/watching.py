"""Show a build while it runs: a moving bar on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

import click

from jupyter_envstore.cli.words import duration, stage
from jupyter_envstore.schemas import ACTIVE_STATES, Build


def show_progress(changes: Iterable[Build], *, quiet: bool = False) -> Build:
    """Follow ``changes`` to the end and return the build as it ended.

    Everything is written to standard error, so that standard output has only the result.
    """
    if quiet:
        return _last(changes)
    if sys.stderr.isatty():
        return _bar(changes)
    return _lines(changes)


def _last(changes: Iterable[Build]) -> Build:
    *_, build = changes
    return build


def _lines(changes: Iterable[Build]) -> Build:
    build: Build | None = None
    state = ""
    began = time.monotonic()
    for build in changes:
        if build.state != state and build.state in ACTIVE_STATES:
            click.echo(f"{duration(time.monotonic() - began):>8}  {stage(build)}", err=True)
        state = build.state
    assert build is not None, "a watched build is seen at least once"
    return build


def _bar(changes: Iterable[Build]) -> Build:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    build: Build | None = None
    columns = (
        TextColumn("{task.description:<42}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Waiting", total=1.0)
        for build in changes:
            progress.update(task, description=stage(build), completed=build.progress.fraction)
    assert build is not None, "a watched build is seen at least once"
    return build
