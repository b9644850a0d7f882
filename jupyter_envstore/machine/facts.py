"""The facts of this machine: read from small files within a millisecond or two, once a process."""

from __future__ import annotations

import os
import platform as host
import re
from functools import cache
from pathlib import Path

from jupyter_envstore.machine.cuda import newest_cuda
from jupyter_envstore.machine.processor import FEATURES, archspec, level_of
from jupyter_envstore.schemas import Machine

PROC = Path("/proc")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")


@cache
def this_machine() -> Machine:
    """Return what can be told of this machine; ``CONDA_OVERRIDE_*`` counts, as with conda."""
    return read_machine(PROC)


def read_machine(proc: Path) -> Machine:
    """Return what can be told, with the kernel's files at ``proc``."""
    kind = host.system()
    system, version = _system(kind)
    processor, flags = _processor(proc, kind)
    level = level_of(host.machine(), flags)
    driver = _driver(proc)
    libc = os.environ.get("CONDA_OVERRIDE_GLIBC") or _libc()
    cuda = os.environ.get("CONDA_OVERRIDE_CUDA", newest_cuda(driver))
    kernel = _number(host.release())
    virtual = {
        "__unix": "0" if kind in ("Linux", "Darwin") else "",
        "__win": "0" if kind == "Windows" else "",
        "__linux": kernel if kind == "Linux" else "",
        "__osx": (os.environ.get("CONDA_OVERRIDE_OSX") or version) if kind == "Darwin" else "",
        "__glibc": libc,
        "__cuda": cuda,
        "__archspec": f"1 {archspec(host.machine(), level)}",
    }
    return Machine(
        platform=_platform(kind, host.machine()),
        system=system,
        system_version=version,
        kernel=kernel,
        libc=libc,
        processor=processor,
        level=level,
        features=sorted(flags & FEATURES),
        driver=driver,
        cuda=cuda,
        virtual_packages={name: value for name, value in sorted(virtual.items()) if value},
    )


def _platform(kind: str, machine: str) -> str:
    family = {"Linux": "linux", "Darwin": "osx", "Windows": "win"}.get(kind, kind.lower())
    processor = {"x86_64": "64", "amd64": "64", "arm64": "arm64" if family == "osx" else "aarch64"}
    return f"{family}-{processor.get(machine.lower(), machine.lower())}"


def _system(kind: str) -> tuple[str, str]:
    if kind == "Darwin":
        return "macOS", host.mac_ver()[0]
    if kind == "Linux":
        try:
            told = host.freedesktop_os_release()
        except OSError:
            return "Linux", ""
        return told.get("NAME", "Linux"), told.get("VERSION_ID", "")
    return kind, host.version()


def _libc() -> str:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, ValueError, OSError):
        return ""
    return _number(version) if name == "glibc" else ""


def _processor(proc: Path, kind: str) -> tuple[str, frozenset[str]]:
    """Return the processor's name and the flags that the kernel shows."""
    if kind != "Linux":
        return host.processor(), frozenset()
    name, flags = "", frozenset[str]()
    for line in _first_lines(proc / "cpuinfo"):
        key, _, value = line.partition(":")
        match key.strip().lower():
            case "model name":
                name = name or value.strip()
            case "flags" | "features":
                flags = frozenset(value.split())
            case "" if flags:
                break  # the others are alike
    return name, flags


def _driver(proc: Path) -> str:
    for line in _first_lines(proc / "driver" / "nvidia" / "version"):
        if found := re.search(r"Kernel Module(?: for \S+)?\s+(\d+\.[\d.]+)", line):
            return found[1]
    return ""


def _first_lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            return file.read(16_384).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _number(text: str) -> str:
    found = _NUMBER.match(text)
    return found[0] if found else ""
