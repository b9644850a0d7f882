"""Running the post-link scripts of conda packages, where a setting allows it: with a time limit and a log.

A link script is a stranger's code, so it is off by default. It runs with a bare environment, and stays in the worker's
process group: the supervisor ends that group, and with it a script that is running. Scripts for other moments
(pre-link, pre-unlink) never run.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_envstore.errors import BuildError
from jupyter_envstore.prefixes.records import METADATA_FOLDER, InstalledPackage

if TYPE_CHECKING:
    import psutil

_LOG_LIMIT = 20_000
_PATCH_LIMIT = 50_000_000
_END_SECONDS = 5.0
"""How long to wait for a killed process to be gone: a disk that hangs can keep one."""


def run_link_scripts(
    prefix: Path,
    final: Path,
    installed: Sequence[InstalledPackage],
    packages: Iterable[Mapping[str, Any]],
    seconds: float,
    log: Callable[[str], None],
) -> dict[str, str]:
    """Run the post-link scripts, dependencies first; return the sha256 by path of files made or changed by them.

    Parameters
    ----------
    prefix, final
        Where the files are now and where they will be; in text that scripts wrote the former is replaced by the latter.
        No file may be shared with the package cache: a script may write into any.
    packages
        The lock's entries, for their dependencies.
    seconds
        Limit for each script.

    Raises
    ------
    BuildError
        When a script fails or takes too long.
    """
    depends = {package["name"]: package.get("depends") or [] for package in packages}
    wanted = [
        (package, path)
        for package in _dependencies_first(installed, depends)
        for path in package.link_scripts
        if path.endswith("-post-link.sh")
    ]
    if not wanted:
        return {}
    before = _snapshot(prefix)
    for package, path in wanted:
        log(f"running the link script of {package.stem}")
        _run(prefix, package, path, seconds, log)
    after = _snapshot(prefix)
    changed = sorted(path for path, state in after.items() if before.get(path) != state)
    return {path: _relocated_digest(prefix, final, path, log) for path in changed}


def _run(prefix: Path, package: InstalledPackage, path: str, seconds: float, log: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as output:
        environment = {
            "PATH": f"{prefix}/bin:/usr/bin:/bin",
            "PREFIX": str(prefix),
            "CONDA_PREFIX": str(prefix),
            "ROOT_PREFIX": str(prefix),
            "PKG_NAME": package.name,
            "PKG_VERSION": package.version,
            "PKG_BUILDNUM": (re.search(r"\d+$", package.build) or ["0"])[0],
            "HOME": home,
            "LANG": "C.UTF-8",
        }
        process = subprocess.Popen(
            ["/bin/bash", f"{prefix}/{path}"],
            env=environment,
            cwd=prefix,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            status = process.wait(seconds)
            words = f"ended with status {status}"
        except subprocess.TimeoutExpired:
            status, words = -1, f"took longer than {seconds:.0f} seconds"
        finally:
            _end_with_children(process)
        output.seek(0)
        for line in output.read(_LOG_LIMIT).decode(errors="replace").splitlines():
            log(f"  {line}")
    messages = prefix / ".messages.txt"
    if messages.is_file() and not messages.is_symlink():
        for line in messages.read_bytes()[:_LOG_LIMIT].decode(errors="replace").splitlines():
            log(f"  {line}")
        messages.unlink()
    if status != 0:
        raise BuildError(
            f"The link script of {package.stem} {words}; the log has what it printed. Leave the package out, or turn "
            "link scripts off.",
            package=package.name,
        )


def _end_with_children(process: subprocess.Popen[bytes]) -> None:
    """End a script, and what it left running: nobody may write into a prefix that is about to be verified."""
    import psutil  # most packages have no script: others do not pay for the import

    family: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        if process.poll() is None:
            script = psutil.Process(process.pid)
            script.send_signal(signal.SIGSTOP)  # or it might start more while we look
            family = [*script.children(recursive=True), script]
    _kill(family)
    process.wait()
    # What it put into the background has no parent any more; it is in our process group, where nobody else works now.
    until = time.monotonic() + _END_SECONDS
    while (others := _others_in_group()) and time.monotonic() < until:
        _kill(others)
        time.sleep(0.01)


def _others_in_group() -> list[psutil.Process]:
    """Return the other living members of the process group that we lead; none if it is somebody else's group."""
    import psutil

    found: list[psutil.Process] = []
    if os.getpgrp() != os.getpid():
        return found
    for number in psutil.pids():
        with contextlib.suppress(OSError, psutil.Error):
            if number != os.getpid() and os.getpgid(number) == os.getpgrp():
                member = psutil.Process(number)
                if member.status() != psutil.STATUS_ZOMBIE:
                    found.append(member)
    return found


def _kill(processes: Iterable[psutil.Process]) -> None:
    import psutil

    for member in processes:
        with contextlib.suppress(psutil.Error):
            member.kill()


def _dependencies_first(
    installed: Sequence[InstalledPackage], depends: Mapping[str, Sequence[str]]
) -> list[InstalledPackage]:
    by_name = {package.name: package for package in installed}
    ordered: dict[str, InstalledPackage] = {}
    for start in sorted(by_name):
        waiting = [(start, iter(depends.get(start, ())))]
        seen = {start}
        while waiting:
            name, rest = waiting[-1]
            following = next((_name(spec) for spec in rest), None)
            if following is None:
                waiting.pop()
                ordered.setdefault(name, by_name[name])
            elif following in by_name and following not in ordered and following not in seen:
                seen.add(following)
                waiting.append((following, iter(depends.get(following, ()))))
    return list(ordered.values())


def _name(spec: str) -> str:
    return re.split(r"[\s=<>!~\[]", spec.strip(), maxsplit=1)[0].lower()


def _snapshot(prefix: Path) -> dict[str, tuple[int, ...]]:
    """Return size, time and identity by path of every file outside the metadata."""
    found: dict[str, tuple[int, ...]] = {}
    start = len(str(prefix)) + 1
    for folder, names, files in os.walk(prefix):
        if folder == str(prefix):
            names[:] = [name for name in names if name != METADATA_FOLDER]
        for name in files:
            state = os.lstat(f"{folder}/{name}")
            if stat.S_ISREG(state.st_mode):
                found[f"{folder}/{name}"[start:]] = (state.st_ino, state.st_size, state.st_mtime_ns)
    return found


def _relocated_digest(prefix: Path, final: Path, path: str, log: Callable[[str], None]) -> str:
    """Put the final path where a script wrote the partial one, and return the file's sha256."""
    file = prefix / path
    if file.stat().st_size > _PATCH_LIMIT:
        log(f"  {path} is too large to be searched for the prefix's path")
        with file.open("rb") as stream:
            digest = hashlib.sha256()
            while block := stream.read(1 << 20):
                digest.update(block)
            return digest.hexdigest()
    content = file.read_bytes()
    here, there = os.fsencode(prefix), os.fsencode(final)
    if here in content:
        if b"\0" in content:
            log(f"  {path} is binary and holds a temporary path; what uses it may fail")
        else:
            content = content.replace(here, there)
            file.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
