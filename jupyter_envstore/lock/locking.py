"""A whole lock: every platform solved, failures explained, the document written. Worker side: loads the solver.

A platform that has no solution does not fail the others, but when the machine's own has none there is no lock.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from jupyter_envstore.lock.channels import ChannelGroup, resolve_channels
from jupyter_envstore.lock.facts import MACHINE_KEY, STATED_KEY, UNSOLVED_KEY
from jupyter_envstore.lock.platform_solving import solve_platforms
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.request import LockRequest
from jupyter_envstore.lock.unsolved import explain_unsolved, failure_of
from jupyter_envstore.lock.urls import split_credentials
from jupyter_envstore.lock.virtual_packages import overriding_variables
from jupyter_envstore.machine import this_machine

Emit = Callable[[dict[str, Any]], None]


class _Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds = {"import": 0.0, "repodata": 0.0, "solve": 0.0, "pip": 0.0, "explain": 0.0, "write": 0.0}
        self._since = time.perf_counter()

    def charge(self, step: str) -> None:
        """Add what passed since the last charge."""
        now = time.perf_counter()
        self.seconds[step] = round(self.seconds[step] + now - self._since, 4)
        self._since = now

    def move(self, seconds: float, step: str, other: str) -> None:
        """Count seconds that were charged to one step for another."""
        self.seconds[step] = round(self.seconds[step] - seconds, 4)
        self.seconds[other] = round(self.seconds[other] + seconds, 4)


class _Steps:
    """Tells how far platforms are that are worked on at the same time, as if all of them went step by step."""

    def __init__(self, emit: Emit, total: int) -> None:
        self._emit = emit
        self._total = total
        self._done = {"solve": 0, "solved": 0}
        self._tell("repodata", 0)

    def take(self, step: str) -> None:
        """Take what `solve_platforms` tells of one platform."""
        self._done[step] += 1
        if self._done["solve"] < self._total:
            self._tell("repodata", self._done["solve"])
        elif self._done["solved"] < self._total:
            self._tell("solve", self._done["solved"])

    def write(self) -> None:
        """Say that the lock is being written."""
        self._tell("write-lock", self._total)

    def _tell(self, step: str, done: int) -> None:
        self._emit({"step": step, "done": done, "total": self._total})


async def make_lock(repodata: Repodata, request: LockRequest, emit: Emit) -> dict[str, Any]:
    """Lock a specification.

    Parameters
    ----------
    repodata
        Metadata of channels, warm or not.
    request
        What to lock.
    emit
        Gets ``{"step", "done", "total"}`` for the steps repodata, solve and write-lock; platforms are counted.

    Returns
    -------
    dict
        ``lockfile`` (document), ``packages`` (JSON, of all platforms), ``unsolved`` (platform → `Explanation` as
        JSON), ``warnings`` (words), ``seconds`` by step.

    Raises
    ------
    SpecificationError, InvalidInputError, ChannelUnavailableError
    PackageNotFoundError, UnsolvableError
        For this machine's platform, or when no platform could be solved that was asked for now.
    """
    specification = request.specification
    clock = _Clock()
    names = specification.channels or request.channels
    groups = resolve_channels(names, request.settings)
    own = current_platform()
    wanted = [platform for platform in request.platforms if platform not in request.carried]
    ordered = sorted(wanted, key=lambda platform: platform != own)
    steps = _Steps(emit, len(ordered))
    answers = await solve_platforms(repodata, request, groups, ordered, steps.take)
    clock.charge("solve")
    for step in ("repodata", "pip"):
        clock.move(max((answer.seconds[step] for answer in answers.values()), default=0.0), "solve", step)
    solved = {name: answer.packages for name, answer in answers.items() if answer.packages is not None}
    required = [answer for answer in answers.values() if answer.platform not in request.attempted]
    failed = [answer for answer in required if answer.packages is None]
    if failed and (len(failed) == len(required) or failed[0].platform == own):
        raise await failure_of(failed[0], request.explain_seconds)
    unsolved = await explain_unsolved(answers, request.explain_seconds, request.carried_entries)
    clock.charge("explain")
    solved |= {name: [one for one in request.preferred if one.platform == name] for name in request.carried}
    offered = {name: answer.solver.target.virtual_packages for name, answer in answers.items()}
    offered |= {name: dict(request.carried_virtual_packages.get(name) or {}) for name in request.carried}
    steps.write()
    from jupyter_envstore.lock.lockfile import write_document

    clock.charge("import")
    document = write_document(
        specification.text,
        [_shown(name) for name in names if name != "nodefaults"],
        solved,
        offered,
        request.as_of,
        _facts(list(unsolved), [name for name in offered if name in request.exact_virtual_packages]),
    )
    clock.charge("write")
    warnings = [warning for answer in answers.values() for warning in answer.warnings] + _warnings(repodata, groups)
    return {
        "lockfile": document,
        "packages": [package.model_dump(mode="json") for platform in sorted(solved) for package in solved[platform]],
        "unsolved": {platform: explanation.model_dump(mode="json") for platform, explanation in unsolved.items()},
        "warnings": list(dict.fromkeys(warnings)),
        "seconds": clock.seconds,
    }


def _facts(unsolved: list[str], stated: list[str]) -> dict[str, str]:
    """Return what the lock's metadata says of its making; the same for each lock of one machine."""
    machine = this_machine().model_dump(exclude={"virtual_packages"})  # those stand there for each platform
    facts = {MACHINE_KEY: json.dumps(machine, sort_keys=True, separators=(",", ":"))}
    lists = {UNSOLVED_KEY: ",".join(sorted(unsolved)), STATED_KEY: ",".join(sorted(stated))}
    return facts | {key: names for key, names in lists.items() if names}


def _shown(name: str) -> str:
    return split_credentials(name)[0] if "://" in name else name


def _warnings(repodata: Repodata, groups: Sequence[ChannelGroup]) -> list[str]:
    warnings = []
    if repodata.offline:
        warnings.append("Offline: what the channels offer was read from the cache, however old it is.")
    if variables := overriding_variables():
        warnings.append(f"{' and '.join(variables)} counts instead of what this machine has.")
    for channel in (channel for group in groups for channel in group.channels):
        if channel.url in repodata.fell_back:
            warnings.append(f"The channel {channel.name} serves its metadata in parts badly; the whole file was used.")
    return warnings
