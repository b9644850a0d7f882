"""What a builder does when it is called: make a prefix, look at its activation, verify it.

The program is `builder.py`, a few lines, because Python compiles the file it is started with anew each time. Nothing
here may import pydantic, SQLAlchemy, ruamel or conda_lock: a builder lives for less than a second.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import DiskFullError, EnvStoreError, InvalidInputError, NotFoundError
from jupyter_envstore.folder import ensure_executable
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.caches import use_caches
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.marks import Mark, write_mark
from jupyter_envstore.prefixes.protection import protect_files, protect_metadata, write_history, write_notices
from jupyter_envstore.prefixes.publishing import Publication, find_mark, publish
from jupyter_envstore.prefixes.records import InstalledPackage, compact_records
from jupyter_envstore.prefixes.removal import discard_packages, discard_wheels, sweep_caches
from jupyter_envstore.prefixes.verification import States, verify
from jupyter_envstore.workers.assembling import install_and_verify, stall_seconds, stems_of
from jupyter_envstore.workers.failures import disk_full, read_only
from jupyter_envstore.workers.pip_part import PipPart
from jupyter_envstore.workers.progress import Progress, readable_size
from jupyter_envstore.workers.protocol import Emit

_NO_ROOM = (28, 122)  # ENOSPC, EDQUOT
_NOT_WRITABLE = (1, 13, 30)  # EPERM, EACCES, EROFS


def build(arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """Make the prefix, publish it, and find out what its activation does.

    Parameters
    ----------
    arguments
        ``root`` (of the store), ``platform``, ``prefix_hash``, ``packages`` (dictionaries as `schemas.Package`),
        ``root_names``, ``mirrors``, ``run_link_scripts``, ``link_script_seconds``, ``frozen_message``; optional
        ``stall_seconds``, ``allow_source`` (names of packages of pip that may be built from their source) and
        ``index_urls`` (where what they need for that is found).
    emit
        Gets ``{"step", "done", "total", "bytes_done", "bytes_total"}`` before and while a step runs, and
        ``{"published": {…}}`` once the prefix is at its final name.

    Returns
    -------
    ``{"activation", "kernels", "seconds"}``
    """
    layout = StoreLayout(Path(arguments["root"]))
    progress = Progress(emit)
    ensure_executable(layout)
    pip = PipPart(layout, arguments, progress, stall_seconds(arguments))
    fetched = [stem for stem in stems_of(arguments) if not (layout.package_cache / stem).is_dir()]
    wheels = pip.missing
    try:
        publication = _publish(layout, arguments, pip, progress)
    except (OSError, DiskFullError) as error:
        # The words first: they tell how little room there was.
        explained = _explained(error, layout) if isinstance(error, OSError) else error
        if isinstance(explained, DiskFullError):
            _make_room(layout, fetched, wheels, progress)
        raise explained from error
    mark = publication.mark
    seconds = progress.seconds
    emit(
        {
            "published": {
                "prefix_hash": mark.prefix_hash,
                "path": str(publication.path),
                "reused": publication.reused,
                "size": mark.size,
                "files": mark.files,
                "link_scripts": mark.link_scripts,
                "seconds": dict(seconds),
            }
        }
    )
    word = "is there already" if publication.reused else "is ready"
    progress.log(f"{publication.path} {word}: {mark.files} files, {readable_size(mark.size)}")
    progress.begin("activate")
    activation = _activation(publication.path, progress)
    progress.end()
    return {"activation": activation, "kernels": _kernels(publication.path), "seconds": dict(seconds)}


def activate(arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """Find out what activating a published prefix does: ``root``, ``prefix_hash`` → ``{"activation", "kernels"}``."""
    progress = Progress(emit)
    progress.begin("activate")
    prefix = _published(arguments)
    return {"activation": _activation(prefix, progress), "kernels": _kernels(prefix)}


def check(arguments: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """Verify a published prefix: ``root``, ``prefix_hash`` → ``{"problems", "files", "seconds"}``.

    A problem is ``{"kind", "path", "package"}``, see `prefixes.verification`.
    """
    started = time.monotonic()
    prefix = _published(arguments)
    Progress(emit).begin("verify")
    problems = verify(prefix)
    mark = find_mark(StoreLayout(Path(arguments["root"])), arguments["prefix_hash"])
    return {
        "problems": [{"kind": found.kind, "path": found.path, "package": found.package} for found in problems],
        "files": 0 if mark is None else mark.files,
        "seconds": round(time.monotonic() - started, 4),
    }


def _publish(layout: StoreLayout, arguments: dict[str, Any], pip: PipPart, progress: Progress) -> Publication:
    packages: Sequence[dict[str, Any]] = arguments["packages"]
    name: str = arguments["prefix_hash"]
    if prefix_hash(packages, arguments["platform"]) != name:
        raise InvalidInputError("The packages are not those of the prefix that was to be built.")

    def make(partial: Path, final: Path) -> None:
        installed, states = install_and_verify(layout, arguments, pip, partial, final, progress)
        conda = [package.stem for package in installed if package.manager == "conda"]
        mark = Mark(name, arguments["platform"], conda, 0, 0, wheels=pip.digests, wheels_sha256=pip.note_sha256)
        installed, mark = _handle_link_scripts(partial, final, installed, mark, arguments, progress)
        progress.begin("bytecode")
        from jupyter_envstore.prefixes.bytecode import add_bytecode

        # After verification: what is compiled is kept for other prefixes too.
        report = add_bytecode(partial, layout.bytecode_cache, installed, report=progress.advance, log=progress.log)
        progress.log(f"byte-code: {report.linked} files from the cache, {report.compiled} compiled")
        progress.begin("publish")
        # A link script may have done anything to any file.
        _finish(partial, mark, installed, arguments, {} if arguments.get("run_link_scripts") else states)

    def waiting() -> None:
        progress.log("another build makes the same prefix: waiting for it")

    with use_caches(layout):
        publication = publish(layout, name, make, on_wait=waiting)
    progress.end()
    for step, spent in progress.seconds.items():
        progress.log(f"{step}: {spent:.2f} s")
    return publication


def _make_room(layout: StoreLayout, fetched: Sequence[str], wheels: Sequence[str], progress: Progress) -> None:
    """Give back the room that a failed build took: without it not even its failure can be recorded."""
    with contextlib.suppress(OSError):
        removed = [*discard_packages(layout, fetched), *discard_wheels(layout, wheels), *sweep_caches(layout)]
        progress.log(f"removed again, to make room: {', '.join(removed) or 'nothing'}")


def _handle_link_scripts(
    partial: Path,
    final: Path,
    installed: list[InstalledPackage],
    mark: Mark,
    arguments: dict[str, Any],
    progress: Progress,
) -> tuple[list[InstalledPackage], Mark]:
    """Run link scripts if they may run; return the packages without what scripts changed, and the mark with it."""
    scripts = [package.name for package in installed if package.link_scripts]
    mark = replace(mark, link_scripts=scripts)
    if not scripts:
        return installed, mark
    if not arguments.get("run_link_scripts"):
        progress.log(f"link scripts were not run (they are off): {', '.join(scripts)}")
        return installed, mark
    from jupyter_envstore.workers.link_scripts import run_link_scripts

    seconds = float(arguments.get("link_script_seconds") or 60)
    changed = run_link_scripts(partial, final, installed, arguments["packages"], seconds, progress.log)
    return [package.without(changed) for package in installed], replace(mark, scripted=changed)


def _finish(
    partial: Path, mark: Mark, installed: Sequence[InstalledPackage], arguments: dict[str, Any], states: States
) -> None:
    compact_records(partial, installed)
    write_notices(partial, arguments["frozen_message"], installed)
    write_history(partial, installed, arguments.get("root_names") or [])
    census = protect_files(partial, states)
    write_mark(partial, mark.counted(census.files, census.size, census.permissions))
    protect_metadata(partial)


def _published(arguments: dict[str, Any]) -> Path:
    layout = StoreLayout(Path(arguments["root"]))
    name: str = arguments["prefix_hash"]
    if find_mark(layout, name) is None:
        raise NotFoundError(
            f"The prefix {layout.prefix(name)} is not there. Build the environment's version again.", prefix_hash=name
        )
    return layout.prefix(name)


def _activation(prefix: Path, progress: Progress) -> dict[str, Any]:
    from jupyter_envstore.kernels.activation import capture

    activation = capture(prefix)
    for warning in activation.warnings:
        progress.log(warning)
    return activation.to_dict()


def _kernels(prefix: Path) -> list[str]:
    return sorted(file.parent.name for file in prefix.glob("share/jupyter/kernels/*/kernel.json"))


def _explained(error: OSError, layout: StoreLayout) -> EnvStoreError | OSError:
    if error.errno in _NO_ROOM:
        return disk_full(layout.root)
    if error.errno in _NOT_WRITABLE:
        return read_only(Path(str(error.filename)) if error.filename else layout.root)
    return error
