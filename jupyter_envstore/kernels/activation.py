"""What activating a conda prefix changes, found by running its activation once in bash.

`capture` runs code that came with packages: only a worker process may call it, never the server. The result is
plain data, so that kernels start later without bash. Values are recorded against a clean environment: nothing
that the server's own environment holds (tokens, paths) can end up in a kernel spec.

Must never import pydantic or py-rattler: a builder lives for less than a second.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFAULT_SECONDS = 30.0
"""Time that all activation scripts of a prefix have together."""

_SYSTEM_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
# Not TMPDIR: a worker's is gone with it, and a script may put it into a variable.
_KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSET = "***unset***"
"""The value with which conda's state file says that a variable is to be unset."""
_OF_THE_SHELL = frozenset({"PATH", "PWD", "OLDPWD", "SHLVL", "_", "BASHOPTS", "SHELLOPTS", "BASH_EXECUTION_STRING"})
_OUTPUT_SHOWN = 400
_MAX_FILE_BLOCKS = 16_384
"""Limit on any file that a script writes, in blocks of 1 KiB: a script cannot fill the disk within its time."""


@dataclass(frozen=True)
class Activation:
    """The difference that activation makes.

    Attributes
    ----------
    set
        Variables with the values they get; never PATH, nor what conda sets for every environment.
    unset
        Variables that are taken away.
    path
        Entries that come first on PATH, in order, without the prefix's own ``bin`` (always the very first).
    path_last
        Entries that come last on PATH.
    warnings
        For people: scripts that failed, printed something or took too long.
    """

    set: dict[str, str] = field(default_factory=dict)
    unset: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    path_last: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the activation as JSON values."""
        return {
            "set": dict(self.set),
            "unset": list(self.unset),
            "path": list(self.path),
            "path_last": list(self.path_last),
            "warnings": list(self.warnings),
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any] | None) -> Activation:
        """Read what `to_dict` gave; None and missing keys stand for nothing."""
        data = data or {}
        return Activation(
            set={str(key): str(value) for key, value in dict(data.get("set") or {}).items()},
            unset=[str(item) for item in data.get("unset") or []],
            path=[str(item) for item in data.get("path") or []],
            path_last=[str(item) for item in data.get("path_last") or []],
            warnings=[str(item) for item in data.get("warnings") or []],
        )


def capture(prefix: Path, *, seconds: float = DEFAULT_SECONDS) -> Activation:
    """Activate ``prefix`` once and return what changed.

    The order is conda's: ``etc/conda/env_vars.d``, then ``conda-meta/state``, then ``etc/conda/activate.d/*.sh``
    by name. A script that fails, exits or hangs is named in the warnings and the others still run.
    """
    warnings: list[str] = []
    base = _base_environment(prefix)
    start = dict(base)
    declared = _declared_variables(prefix, warnings)
    for name, value in declared.items():
        if value is None:
            start.pop(name, None)
        else:
            start[name] = value
    scripts = sorted((prefix / "etc" / "conda" / "activate.d").glob("*.sh"), key=lambda script: script.name)
    end = _run_scripts(scripts, start, time.monotonic() + seconds, warnings) if scripts else start
    return _difference(base, end, [name for name, value in declared.items() if value is None], warnings)


def _base_environment(prefix: Path) -> dict[str, str]:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment.setdefault("LANG", "C.UTF-8")
    environment |= {
        "PATH": os.pathsep.join([str(prefix / "bin"), *_SYSTEM_PATH]),
        "SHELL": "/bin/bash",
        "TERM": "dumb",
        "CONDA_PREFIX": str(prefix),
        "CONDA_DEFAULT_ENV": str(prefix),
        "CONDA_SHLVL": "1",
        "CONDA_PROMPT_MODIFIER": "",
    }
    return environment


def _declared_variables(prefix: Path, warnings: list[str]) -> dict[str, str | None]:
    """Read the variables that packages and conda's state file declare as data; None means unset."""
    declared: dict[str, str | None] = {}
    files = sorted((prefix / "etc" / "conda" / "env_vars.d").glob("*.json"))
    for file in [*files, prefix / "conda-meta" / "state"]:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            if file.name == "state":
                data = data.get("env_vars") or {}
            items = [(str(name), str(value)) for name, value in data.items()]
        except FileNotFoundError:
            continue
        except (OSError, ValueError, AttributeError, RecursionError) as error:
            warnings.append(f"The variables in {file.name} were left out: the file cannot be read ({error}).")
            continue
        for name, value in items:
            if _NAME.fullmatch(name) and "\0" not in value:
                declared[name] = None if value == _UNSET else value
            else:
                warnings.append(f"A variable in {file.name} was left out: {ascii(name)[:80]} cannot be set.")
    return declared


def _run_scripts(
    scripts: Sequence[Path], environment: dict[str, str], deadline: float, warnings: list[str]
) -> dict[str, str]:
    """Source the scripts in one bash; start a new one behind a script that ended it."""
    bash = shutil.which("bash")
    env = shutil.which("env")
    if bash is None or env is None:
        names = ", ".join(script.name for script in scripts)
        warnings.append(f"The activation scripts {names} did not run: this machine has no bash.")
        return environment
    rest = list(scripts)
    while rest:
        with tempfile.TemporaryDirectory(prefix="envstore-activate-") as folder:
            in_time = _run_bash(bash, _driver(rest, env, folder), environment, folder, deadline)
            for number, script in enumerate(rest):
                finished = _read_result(Path(folder), number, script, warnings)
                if finished is None:
                    break
                environment = finished
            else:
                return environment
        ended = rest[number]
        rest = rest[number + 1 :]
        if in_time:
            warnings.append(f"The activation script {ended.name} ended the shell; what it set was left out.")
        else:
            skipped = f" and {', '.join(script.name for script in rest)} did not run" if rest else ""
            warnings.append(f"The activation script {ended.name} took too long and was stopped{skipped}.")
            return environment
    return environment


def _driver(scripts: Sequence[Path], env: str, folder: str) -> str:
    """The bash program: each script in the same shell, and after each one a picture of the environment.

    The calls are written out one by one, because a sourced script may change any variable of a loop.
    """
    lines = [f"ulimit -f {_MAX_FILE_BLOCKS}"]
    for number, script in enumerate(scripts):
        stem = shlex.quote(os.path.join(folder, str(number)))  # noqa: PTH118  text for the shell
        lines += [
            f"{{ builtin source {shlex.quote(str(script))}; }} > {stem}.out 2>&1 < /dev/null",
            f'builtin echo "$?" > {stem}.status.part',
            "builtin set +euxv",
            f"{shlex.quote(env)} -0 > {stem}.env",
            f"builtin echo > {stem}.done",
        ]
    return "\n".join(lines)


def _run_bash(bash: str, driver: str, environment: dict[str, str], folder: str, deadline: float) -> bool:
    """Run the program; False when time ran out, with all that it started ended."""
    # The shell stays in our process group: when the supervisor ends a worker it ends the group.
    process = subprocess.Popen(
        [bash, "--noprofile", "--norc", "-c", driver],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        _end_with_children(process)
        return False
    return True


def _end_with_children(process: subprocess.Popen[bytes]) -> None:
    import psutil  # a script that hangs is rare: others do not pay for the import

    try:
        shell = psutil.Process(process.pid)
        shell.send_signal(signal.SIGSTOP)  # or it might start more while we look
        family = [*shell.children(recursive=True), shell]
    except psutil.Error:
        family = []
    for member in family:
        try:
            member.kill()
        except psutil.Error:
            continue
    process.wait()


def _read_result(folder: Path, number: int, script: Path, warnings: list[str]) -> dict[str, str] | None:
    """Return the environment after a script, or None when the shell did not outlive it; note what it printed."""
    output = folder / f"{number}.out"
    if output.exists():
        with output.open("rb") as file:
            text = file.read(_OUTPUT_SHOWN + 1).decode("utf-8", "replace").strip()
        if text:
            shown = "".join(c if c.isprintable() else " " for c in text[:_OUTPUT_SHOWN])
            warnings.append(f"The activation script {script.name} printed: {shown}")
    if not (folder / f"{number}.done").exists():
        return None
    status = (folder / f"{number}.status.part").read_text().strip()
    if status != "0":
        warnings.append(f"The activation script {script.name} failed with status {status}; what it set was kept.")
    after: dict[str, str] = {}
    for item in (folder / f"{number}.env").read_bytes().split(b"\0"):
        raw_name, equals, raw_value = item.partition(b"=")
        if not equals:
            continue
        name = raw_name.decode("utf-8", "replace")
        if not _NAME.fullmatch(name):
            continue  # exported shell functions and the like: no kernel can use them
        try:
            after[name] = raw_value.decode("utf-8")
        except UnicodeDecodeError:
            warnings.append(f"The variable {name}, set by {script.name}, was left out: its value is not UTF-8.")
    return after


def _difference(base: dict[str, str], end: dict[str, str], unset: Sequence[str], warnings: list[str]) -> Activation:
    changed = {
        name: value for name, value in sorted(end.items()) if name not in _OF_THE_SHELL and base.get(name) != value
    }
    gone = {name for name in base if name not in end and name not in _OF_THE_SHELL} | set(unset)
    first, last = _path_difference(base["PATH"].split(os.pathsep), end.get("PATH", base["PATH"]).split(os.pathsep))
    return Activation(changed, sorted(gone - changed.keys()), first, last, warnings)


def _path_difference(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Split new PATH entries into those before the first of the system's and those behind."""
    known = set(before)
    system = [number for number, entry in enumerate(after) if entry in known and entry != before[0]]
    border = system[0] if system else len(after)
    new = [(number, entry) for number, entry in enumerate(after) if entry and entry not in known]
    first = list(dict.fromkeys(entry for number, entry in new if number < border))
    last = list(dict.fromkeys(entry for number, entry in new if number >= border and entry not in first))
    return first, last
