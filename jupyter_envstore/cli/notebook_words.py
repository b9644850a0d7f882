"""What commands say of the environments that notebooks carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jupyter_envstore.cli.words import counted, printable, size

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
    carried = printable(state.carried or (f"an environment ({state.convention})" if state.convention else ""))
    match state.state:
        case "agrees":
            yield f"{file} carries {carried}, which is what its kernel starts."
        case "none":
            yield f"{file} carries no environment."
        case "missing" if state.problem:
            yield f"{file} carries something that cannot be used: {printable(state.problem)}"
        case "missing":
            yield f"{file} carries {carried}, which is not here. To have it: jupyter envstore notebook restore {file}"
        case "differs":
            yield f"{file} carries {carried}; its kernel starts {state.environment or 'something else'}."
            if state.direction is not None:
                yield _WAYS[state.direction]
            for part in state.changes[:1]:
                for change in part.changes[:_MOST]:
                    yield f"  {change.kind:<11}{printable(change.name)} {change.before or ''} → {change.after or ''}"
                if len(part.changes) > _MOST:
                    yield f"  … and {len(part.changes) - _MOST} more"
            if state.existing:
                yield f"What it carries is here: {', '.join(state.existing)}"


def environment_lines(told: NotebookEnvironment) -> Iterator[str]:
    """Say what a notebook carries before it is built: all of it is a stranger's word, and is printed as such."""
    what = printable(told.environment) or f"an environment, as {told.convention} writes it"
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
        yield f"  {'problem' if remark.severity == 'error' else 'note':<10} {printable(remark.message)}"


def _download(told: NotebookEnvironment) -> str:
    total = len(told.packages)
    if total and told.here == total:
        return "nothing, all packages are already here"
    known = size(told.download) if told.download is not None else "of unknown size"
    more = f" and {counted(told.unknown_sizes, 'package')} of unknown size" if told.unknown_sizes else ""
    return f"{known}{more if told.download is not None else ''}, {told.here} of {total} packages are already here"
