"""The kernels that a prefix offers, read from ``share/jupyter/kernels`` and made fit to be started from outside.

What a package ships there is a stranger's: it is checked, never run, and nothing outside the prefix is read. A
kernel that cannot be used is left out with a warning; it never stops the others.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_envstore.kernels.target import could_be_pinned

MAX_SPEC_BYTES = 256 * 1024
"""A kernel.json has a few hundred bytes."""
MAX_RESOURCE_BYTES = 2 * 1024 * 1024
"""For a logo or a kernel.js."""

_KERNEL_NAME = re.compile(r"[a-z0-9._-]{1,64}")
_PYTHON = re.compile(r"python[0-9.]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESOURCE = re.compile(r"logo-[A-Za-z0-9]+\.(png|svg)|kernel\.(js|css)")


@dataclass(frozen=True)
class OfferedKernel:
    """A kernel of a prefix, ready to be started by path.

    Attributes
    ----------
    name
        Its folder's name, lower case.
    title, language
        As its spec says.
    argv
        The command, mapped into the prefix; ``{connection_file}`` is still in it.
    env
        Variables that it asks for, as its spec has them.
    interrupt_mode
        ``signal`` or ``message``.
    metadata
        As its spec has it, but for what would hand its start to a plugin of the server.
    protocol_version
        What it speaks, or empty.
    resources
        Files to stand beside its spec: name and content.
    """

    name: str
    title: str
    language: str
    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    interrupt_mode: str = "signal"
    metadata: dict[str, Any] = field(default_factory=dict)
    protocol_version: str = ""
    resources: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Discovery:
    """What was found: the kernels by name, and words about those that were left out."""

    kernels: list[OfferedKernel]
    warnings: list[str]


def discover(prefix: Path) -> Discovery:
    """Read every kernel that the prefix at this real path offers, Python's first."""
    kernels: dict[str, OfferedKernel] = {}
    warnings: list[str] = []
    root = prefix / "share" / "jupyter" / "kernels"
    try:
        folders = sorted(folder for folder in root.iterdir() if (folder / "kernel.json").is_file())
    except OSError:
        folders = []
    for folder in folders:
        try:
            kernel = _read_kernel(prefix, folder)
            if kernel.name in kernels:
                raise ValueError("another kernel has the same name")
        except (OSError, ValueError, RecursionError) as error:
            warnings.append(f"The kernel {ascii(folder.name)[:100]} was left out: {error}.")
        else:
            kernels[kernel.name] = kernel
    return Discovery(sorted(kernels.values(), key=lambda kernel: (kernel.name != "python3", kernel.name)), warnings)


def _read_kernel(prefix: Path, folder: Path) -> OfferedKernel:
    """Read one kernel's folder; a ValueError says in words why it cannot be used."""
    name = folder.name.lower()
    if not _KERNEL_NAME.fullmatch(name) or could_be_pinned(name):
        raise ValueError("its name cannot be part of a kernel spec's name")
    try:
        spec = json.loads(_read_inside(prefix, folder / "kernel.json", MAX_SPEC_BYTES).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError("its kernel.json is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"its kernel.json is not JSON (line {error.lineno})") from error
    except RecursionError as error:
        raise ValueError("its kernel.json is nested too deeply") from error
    if not isinstance(spec, dict):
        raise ValueError("its kernel.json holds no object")
    mode = str(_get(spec, "interrupt_mode", str, "signal")).lower()
    if mode not in ("signal", "message"):
        raise ValueError("its interrupt_mode is neither signal nor message")
    metadata = dict(_get(spec, "metadata", dict, {}))
    # It would make the server start the kernel through a plugin, on another machine for example.
    metadata.pop("kernel_provisioner", None)
    return OfferedKernel(
        name=name,
        title=_get(spec, "display_name", str, folder.name),
        language=_get(spec, "language", str, ""),
        argv=_map_command(prefix, folder, _get(spec, "argv", list, [])),
        env=_check_env(_get(spec, "env", dict, {})),
        interrupt_mode=mode,
        metadata=metadata,
        protocol_version=_get(spec, "kernel_protocol_version", str, ""),
        resources=_read_resources(prefix, folder),
    )


def _get(spec: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    value = spec.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise ValueError(f"{key} in its kernel.json is no {'text' if kind is str else kind.__name__}")
    _check_text(value, key)
    return value


def _check_text(value: Any, key: str) -> None:
    """Refuse what cannot be written as UTF-8 or given to a program, at any depth."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError(f"{key} in its kernel.json holds a NUL character")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{key} in its kernel.json holds half a character") from error
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_text(name, key)
            _check_text(item, key)
    elif isinstance(value, list):
        for item in value:
            _check_text(item, key)


def _check_env(env: dict[str, Any]) -> dict[str, str]:
    for name, value in env.items():
        if not _VARIABLE.fullmatch(name) or not isinstance(value, str):
            raise ValueError("env in its kernel.json is not made of names and texts")
    return dict(env)


def _map_command(prefix: Path, folder: Path, argv: list[Any]) -> tuple[str, ...]:
    """Map a command into the prefix.

    jupyter_client would put the server's own interpreter and prefix into it, and other front ends know no
    placeholder but ``{connection_file}``: so nothing of that kind may be left.
    """
    if not argv or not all(isinstance(item, str) for item in argv):
        raise ValueError("argv in its kernel.json is no list of texts")
    if not any("{connection_file}" in item for item in argv):
        raise ValueError("its command takes no {connection_file}")
    mapped = [item.replace("{resource_dir}", str(folder)).replace("{prefix}", str(prefix)) for item in argv]
    return (_map_program(prefix, mapped[0]), *mapped[1:])


def _map_program(prefix: Path, program: str) -> str:
    binaries = prefix / "bin"
    name = program.rpartition("/")[2]
    if not name or program.startswith("-"):
        raise ValueError("its command names no program")
    if "/" in program and not program.startswith("/"):
        raise ValueError("its command begins with a relative path")
    if program.startswith(f"{prefix}/"):
        if not Path(program).exists():
            raise ValueError(f"its program {name} is not there")
        return program
    if _PYTHON.fullmatch(name) and (binaries / "python").exists():
        return str(binaries / "python")
    if (binaries / name).exists():
        return str(binaries / name)  # also for the path of the machine where the package was made
    if "/" in program and not Path(program).exists():
        raise ValueError(f"its program {name} is not there")
    if _PYTHON.fullmatch(name):
        raise ValueError("it needs a Python and the environment has none")
    return program  # a program of the system, found on PATH


def _read_resources(prefix: Path, folder: Path) -> dict[str, bytes]:
    resources: dict[str, bytes] = {}
    for file in sorted(folder.iterdir()):
        if _RESOURCE.fullmatch(file.name):
            try:
                resources[file.name] = _read_inside(prefix, file, MAX_RESOURCE_BYTES)
            except ValueError:
                continue  # a kernel without its picture is still a kernel
    return resources


def _read_inside(prefix: Path, file: Path, limit: int) -> bytes:
    """Read a file of the prefix. A link that leads out of it is refused: the server would show what it names."""
    real = file.resolve(strict=True)
    if not real.is_relative_to(prefix.resolve()) or not real.is_file():
        raise ValueError(f"{file.name} lies outside the environment")
    with real.open("rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"{file.name} is too large")
    return content
