"""Assembly: everything that was built becomes a channel folder, put in place in one step.

A channel's name is a symbolic link to a generation, a folder named by its content. Whoever reads the channel while it
is made again sees the old one or the new one, never half of one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .cache import BuiltPackage
from .indexing import write_channeldata, write_subdir

GENERATIONS = ".generations"


def put_channel(
    output: Path,
    name: str,
    packages: list[BuiltPackage],
    metadata_only: Iterable[tuple[str, dict[str, Any]]] = (),
    subdirs: Iterable[str] = (),
    spoil: Callable[[Path, dict[str, dict[str, dict[str, Any]]]], None] | None = None,
) -> Path:
    """Make the channel ``output/name``.

    Parameters
    ----------
    packages
        Packages with their files.
    metadata_only
        File names and records without a file.
    subdirs
        Further subdirs to index even when they are empty.
    spoil
        Called with the channel folder and the records (by subdir and file name) before the index is written: what makes
        a channel of broken packages broken.

    Returns
    -------
    The channel's path, a link to its generation.
    """
    records: dict[str, dict[str, dict[str, Any]]] = {subdir: {} for subdir in ("noarch", *subdirs)}
    for package in packages:
        records.setdefault(package.record["subdir"], {})[package.file_name] = dict(package.record)
    for file_name, record in metadata_only:
        records.setdefault(record["subdir"], {})[file_name] = dict(record)
    content = json.dumps([records, spoil is not None], sort_keys=True).encode()
    generations = output / GENERATIONS
    generation = generations / f"{name}-{hashlib.sha256(content + _INDEX_FORMAT).hexdigest()[:16]}"
    if not generation.is_dir():
        generations.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f"{generation.name}.", suffix=".partial", dir=generations))
        try:
            for package in packages:
                folder = partial / package.record["subdir"]
                folder.mkdir(exist_ok=True)
                _place(package.path, folder / package.file_name)
            if spoil is not None:
                spoil(partial, records)
            for subdir, of_subdir in records.items():
                write_subdir(partial / subdir, subdir, of_subdir)
            write_channeldata(partial, packages, sorted(records))
            partial.chmod(0o755)
            partial.rename(generation)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    channel = output / name
    if not channel.is_symlink() or channel.resolve() != generation.resolve():
        previous = channel.resolve() if channel.is_symlink() else None
        _point(channel, generation)
        _sweep(generations, name, {generation.resolve(), previous})
    return channel


_INDEX_FORMAT = b"1"
"""Part of a generation's name: raise it when indexes are written in another way."""


def _place(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Another file system: cache and output need not share one.
        shutil.copyfile(source, target)


def _point(link: Path, target: Path) -> None:
    if link.is_dir() and not link.is_symlink():
        raise RuntimeError(
            f"{link} is a folder that the channel maker did not make. Move it away, or choose another --output."
        )
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.relative_to(link.parent))
    fresh.replace(link)


def _sweep(generations: Path, name: str, kept: set[Path | None]) -> None:
    """Remove older generations. The previous one stays: someone may be reading it."""
    for folder in generations.glob(f"{name}-*"):
        if folder.resolve() not in kept and not folder.name.endswith(".partial"):
            shutil.rmtree(folder, ignore_errors=True)
