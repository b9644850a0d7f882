"""The files of a kernel spec: what stands in the folder that Jupyter finds. Makes bytes; writes nothing."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_envstore.kernels.discovery import Discovery, OfferedKernel, discover
from jupyter_envstore.kernels.environment import difference
from jupyter_envstore.kernels.launch import Fallback, Stamps, launch_script
from jupyter_envstore.kernels.target import KernelTarget
from jupyter_envstore.layout import StoreLayout

SPEC_FILE = "kernel.json"
LAUNCH_FILE = "launch.sh"
REMEDY = "jupyter envstore repair {}"
"""The command that builds a version's files again, for its reference."""


@dataclass(frozen=True)
class KernelFolder:
    """One kernel spec to be written: the folder's name, its files, and a digest of all that they say.

    The digest leaves out which installation wrote it: a server and a command line of two installations that share
    a store would else rewrite each other's specs for ever.
    """

    name: str
    files: dict[str, bytes]
    digest: str


def kernel_folders(
    target: KernelTarget, kernels_dir: Path, store_root: Path, default_namespace: str
) -> tuple[list[KernelFolder], list[str]]:
    """Return the specs of every kernel that the target's prefix offers, and warnings.

    When the prefix is not there one Python kernel is made all the same: starting it says what happened.
    """
    found = discover(target.prefix)
    if not is_there(target):
        found = Discovery([_stand_in(target.prefix)], [])
    mark = {
        "environment": target.environment,
        "version": target.version,
        "lock": target.lock,
        "pinned": target.pinned,
        "alias": "/".join(target.alias) if target.alias else "",
        "store": str(store_root),
        "stamp": target_stamp(target, kernels_dir, default_namespace),
        "siblings": [target.folder_name(kernel.name) for kernel in found.kernels],
    }
    folders = [_folder(target, kernel, kernels_dir, mark, default_namespace) for kernel in found.kernels]
    warnings = [f"{target.reference}: {warning}" for warning in found.warnings]
    if not folders:
        warnings.append(
            f"{target.reference} has no kernel, so no notebook can use it. Add ipykernel (or another language's "
            "kernel) to its packages."
        )
    return folders, warnings


def target_stamp(target: KernelTarget, kernels_dir: Path, default_namespace: str) -> str:
    """Return a digest of all that specs are made from, but for what lies in the prefix, which never changes.

    It saves looking into the prefix again: specs with the same stamp need no second thought. A program of another
    version gives other stamps and compares the specs themselves.
    """
    data = [
        _program_digest(),
        str(kernels_dir),
        default_namespace,
        [target.reference, target.alias, str(target.prefix), target.lock, target.pinned, target.apart, target.broken],
        dict(target.variables),
        target.activation.to_dict(),
        is_there(target),
    ]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]


@cache
def _program_digest() -> str:
    """A digest of the code that decides what stands in a spec."""
    digest = hashlib.sha256()
    for name in ("discovery", "environment", "launch", "specs", "stamps", "target"):
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()


def is_there(target: KernelTarget) -> bool:
    """Whether the target's prefix is on disk."""
    return (target.prefix / "conda-meta").is_dir()


def _stand_in(prefix: Path) -> OfferedKernel:
    command = (str(prefix / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}")
    return OfferedKernel("python3", "Python 3", "python", command)


def _folder(
    target: KernelTarget, kernel: OfferedKernel, kernels_dir: Path, mark: dict[str, Any], default_namespace: str
) -> KernelFolder:
    name = target.folder_name(kernel.name)
    script = str(kernels_dir / name / LAUNCH_FILE)
    fallback = Fallback(
        python=sys.executable,
        program=str(Path(__file__).with_name("fallback.py")),
        reference=target.reference,
        language=kernel.language,
        remedy=REMEDY.format(target.reference),
        broken=target.broken,
    )
    change = difference(
        target.prefix,
        target.activation,
        target.variables,
        target.short_name(default_namespace),
        own=frozenset(kernel.env),
    )
    layout = StoreLayout(Path(mark["store"]))
    used = Stamps(kernel=layout.used_kernel(name), prefix=layout.used_prefix(target.prefix.name))
    launch = launch_script(change, fallback, used)
    spec: dict[str, Any] = {
        "argv": ["/bin/sh", script, *kernel.argv],
        "display_name": target.display_name(kernel.name, kernel.title, default_namespace),
        "language": kernel.language,
        "interrupt_mode": kernel.interrupt_mode,
        "env": kernel.env,
        "metadata": {
            **kernel.metadata,
            "conda_env_name": target.short_name(default_namespace),
            "conda_env_path": str(target.prefix),
            "conda_language": kernel.title,
            "conda_raw_kernel_name": kernel.name,
            "envstore": {key: value for key, value in mark.items() if key != "stamp"},
        },
    }
    if kernel.protocol_version:
        spec["kernel_protocol_version"] = kernel.protocol_version
    neutral = launch_script(replace(change, foreign_bin=""), replace(fallback, python="", program=""), used)
    digest = _digest(spec, neutral, kernel.resources)
    spec["metadata"]["envstore"] |= {
        "digest": digest,
        "stamp": mark["stamp"],
        "python": fallback.python,
        "program": fallback.program,
    }
    text = json.dumps(spec, indent=1, ensure_ascii=False) + "\n"
    return KernelFolder(name, {SPEC_FILE: text.encode(), LAUNCH_FILE: launch.encode(), **kernel.resources}, digest)


def _digest(spec: dict[str, Any], launch: str, resources: dict[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True).encode())
    digest.update(launch.encode())
    for name, content in sorted(resources.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:32]
