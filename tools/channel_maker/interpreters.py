"""Interpreters: the CPythons that are installed on this machine, asked to describe themselves. Nothing is changed."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .bootstrap import STARTED_BY
from .contents import LOWEST_PYTHON, PREFERRED_PYTHONS

_QUESTION = """
import json, os, platform, site, sys, sysconfig
known = sysconfig.get_config_var
print(json.dumps({
    "executable": os.path.realpath(sys.executable), "prefix": sys.base_prefix,
    "version": platform.python_version(), "minor": "%d.%d" % sys.version_info[:2],
    "build": sys.version, "implementation": sys.implementation.name,
    "stdlib": sysconfig.get_path("stdlib"), "extensions": known("DESTSHARED"),
    "include": sysconfig.get_path("include", "posix_prefix"),
    "shared_library": os.path.join(known("LIBDIR"), known("INSTSONAME")) if known("Py_ENABLE_SHARED") else "",
    "free_threaded": bool(known("Py_GIL_DISABLED")), "site_folders": site.getsitepackages(["@"]),
    "wheels": known("WHEEL_PKG_DIR") or "",
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A CPython of this machine, as it describes itself. Paths are absolute."""

    executable: str
    prefix: str
    version: str
    minor: str
    build: str
    implementation: str
    stdlib: str
    extensions: str
    include: str
    shared_library: str
    free_threaded: bool
    site_folders: list[str]
    """Where it looks for packages, with ``@`` for the prefix."""
    wheels: str
    """A folder outside the standard library from which ``ensurepip`` takes pip, where a distribution has moved it."""

    @property
    def debian(self) -> bool:
        """Whether it looks elsewhere than upstream's CPython does."""
        return f"@/lib/python{self.minor}/site-packages" not in self.site_folders


def describe(executable: Path) -> Interpreter | None:
    """What an executable says of itself, ``None`` when it is no CPython that can be packaged."""
    # Past links: started through a virtual environment's, it would describe that one's folders instead of its own.
    command = [str(executable.resolve()), "-I", "-c", _QUESTION]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
        interpreter = Interpreter(**json.loads(answer))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):
        return None
    usable = (
        interpreter.implementation == "cpython"
        and not interpreter.free_threaded
        and interpreter.version.replace(".", "").isdigit()
        and _number(interpreter.minor) >= LOWEST_PYTHON
        and Path(interpreter.extensions or "/nonexistent").is_dir()
    )
    return interpreter if usable else None


def _candidates() -> Iterator[Path]:
    # The home of the account and not $HOME: a program that is given an empty home still finds the same interpreters.
    homes = dict.fromkeys((Path(pwd.getpwuid(os.getuid()).pw_dir), Path.home()))
    pyenv = [Path(os.environ["PYENV_ROOT"])] if "PYENV_ROOT" in os.environ else [home / ".pyenv" for home in homes]
    roots = [one / "versions" for one in pyenv] + [home / ".local/share/uv/python" for home in homes]
    for root in (*roots, Path("/opt/python"), Path("/opt/hostedtoolcache/Python")):
        if os.access(root, os.R_OK | os.X_OK):  # another account's, named by a variable that came along, may be closed
            yield from sorted(root.glob("*/bin/python3"))
            yield from sorted(root.glob("*/x64/bin/python3"))
    minors = [f"python3.{number}" for number in range(10, 20)]
    yield from (Path(found) for found in map(shutil.which, minors) if found)
    for folder in ("/usr/local/bin", "/usr/bin"):
        yield from (Path(folder, name) for name in minors if Path(folder, name).is_file())
    yield Path(sys.executable)
    if STARTED_BY in os.environ:
        yield Path(os.environ[STARTED_BY])


def find_interpreters(wanted: tuple[str, ...] = (), limit: int = 2) -> list[Interpreter]:
    """One interpreter a minor: those asked for (a minor, ``3.12``, or an executable's path), else ``limit`` of the
    preferred minors.

    Raises
    ------
    RuntimeError
        When the machine has none, or not one that was asked for.
    """
    named = [describe(Path(one)) for one in wanted if "/" in one]
    if None in named:
        raise RuntimeError(
            f"Not a CPython 3.10 or newer that can be packaged: {', '.join(one for one in wanted if '/' in one)}."
        )
    minors = tuple(one for one in wanted if "/" not in one)
    chosen = {one.minor: one for one in named if one is not None}
    if minors or not chosen:
        best = _best_of_each_minor()
        missing = [minor for minor in minors if minor not in best]
        if missing or not best:
            there, needed = ", ".join(sorted(best)) or "none", ", ".join(missing) or "3.10 or newer"
            raise RuntimeError(
                f"This machine has no CPython {needed} that can be packaged (found: {there}). Install one."
            )
        preferred = [minor for minor in PREFERRED_PYTHONS if minor in best] or sorted(best, key=_number, reverse=True)
        chosen = {minor: best[minor] for minor in minors or preferred[:limit]} | chosen
    return list(chosen.values())


def _best_of_each_minor() -> dict[str, Interpreter]:
    best: dict[str, Interpreter] = {}
    for candidate in dict.fromkeys(_candidates()):
        found = describe(candidate)
        if found is None:
            continue
        known = best.get(found.minor)
        # An interpreter that was built for itself is preferred to a distribution's, which is spread over the machine.
        if known is None or (not found.debian, _number(found.version)) > (not known.debian, _number(known.version)):
            best[found.minor] = found
    return best


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
