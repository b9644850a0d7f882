"""What commands say of the environments that notebooks carry."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jupyter_envstore.cli.command import next_step
from jupyter_envstore.cli.words import counted, in_terminal, printable, size

if TYPE_CHECKING:
    from jupyter_envstore.schemas import NotebookEnvironment, NotebookState

_MOST = 12
"""Changes that are listed."""
_WAYS = {
    "older": "It carries an older version than its kernel starts.",
    "newer": "It carries a newer version than its kernel starts.",
    "other": "It carries something other than its kernel starts.",
}


def state_lines(file: str, state: NotebookState) -> Iterator[str]:
    """Say how a notebook stands."""
    nameless = f"an environment ({state.convention})" if state.convention else ""
    carried = _named(_here(state), state.carried) or nameless
    match state.state:
        case "agrees":
            yield f"{file} carries {carried}, which is what its kernel starts."
        case "none":
            yield f"{file} carries no environment."
        case "missing" if state.problem:
            yield f"{file} carries something that cannot be used: {printable(state.problem)}"
        case "missing":
            way = next_step(f"notebook restore {shlex.quote(file)}")
            if state.building is not None:
                yield f"{file} carries {carried}, which build {state.building} is making. To wait for it: {way}"
            else:
                yield f"{file} carries {carried}, which is not here. To have it: {way}"
        case "differs":
            yield f"{file} carries {carried}; its kernel starts {state.environment or 'something else'}."
            if state.direction is not None:
                yield _WAYS[state.direction]
            for part in state.changes[:1]:
                for change in part.changes[:_MOST]:
                    versions = " → ".join(version for version in (change.before, change.after) if version)
                    yield f"  {change.kind:<11}{printable(f'{change.name} {versions}')}"
                if len(part.changes) > _MOST:
                    yield f"  … and {len(part.changes) - _MOST} more"
            if state.existing:
                yield f"What it carries is here: {', '.join(state.existing)}"


def environment_lines(told: NotebookEnvironment, *, problems: bool = True) -> Iterator[str]:
    """Say what a notebook carries before it is built: all of it is a stranger's word, and is printed as such.

    Parameters
    ----------
    problems
        Say what is in the way of building it, too.
    """
    what = (
        _named(told.existing[0] if told.locked and told.existing else "", told.environment)
        or f"an environment, as {told.convention} writes it"
    )
    when = f", locked {printable(told.recorded)}" if told.recorded else ""
    yield f"It carries {what}{when}."
    if told.locked:
        own = [package for package in told.packages if package.manager == "conda"]
        many = counted(len(own), "package")
        pip = f" and {told.pip} of pip" if told.pip else ""
        yield f"  packages   {many}{pip} for {told.platform}"
        yield f"  download   {_download(told)}"
        if told.size_on_disk is not None:
            yield f"  on disk    {'about ' if told.size_is_estimated else ''}{size(told.size_on_disk)}"
    else:
        yield "  packages   chosen when it is built: it says what is needed, not which files"
        for line in told.specification.splitlines()[1:]:
            yield f"             {printable(line)}"
    for channel in told.channels:
        yield f"  channel    {printable(channel.name)}{'' if channel.configured else ' (not used by this store)'}"
    if told.platforms:
        yield f"  platforms  {', '.join(printable(name) for name in told.platforms)}"
    for name, value in told.variables.items():
        yield f"  variable   {printable(name)}={printable(value)[:80]}"
    for remark in told.remarks:
        if problems or remark.severity != "error":
            word = "problem" if remark.severity == "error" else "note"
            yield f"  {word:<10} {printable(in_terminal(remark.message))}"


def _here(state: NotebookState) -> str:
    """Return the version here with the very same lock, one of the kernel's environment before others; or nothing."""
    if state.state == "agrees" and state.lock:
        return state.environment
    near = [one for one in state.existing if _environment(one) == _environment(state.environment)]
    return next(iter(near or state.existing), "")


def _environment(reference: str) -> str:
    return reference.lower().partition("@")[0]


def _named(here: str, told: str) -> str:
    """Return what a version is called here, and what the notebook calls it where that is another name."""
    if here and told and here.lower() != told.lower():
        return f"{here} (called {printable(told)} where it was made)"
    return here or printable(told)


def _download(told: NotebookEnvironment) -> str:
    total = len(told.packages)
    if total and told.here == total:
        return "nothing, all packages are already here"
    known = size(told.download) if told.download is not None else "of unknown size"
    more = f" and {counted(told.unknown_sizes, 'package')} of unknown size" if told.unknown_sizes else ""
    return f"{known}{more if told.download is not None else ''}, {told.here} of {total} packages are already here"
