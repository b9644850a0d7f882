"""Put together the specification that a command line asks for: a file, packages, or both."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.errors import SpecificationError

if TYPE_CHECKING:
    from jupyter_envstore.specification import Specification


def specification_from(
    file: str | None, specs: tuple[str, ...], channels: tuple[str, ...], name: str | None
) -> Specification:
    """Return what was asked for. Packages named beside a file are added to it; channels given stand instead of its own.

    Raises
    ------
    SpecificationError
        When the file cannot be read as an environment.yml, or a package is no match spec.
    """
    from jupyter_envstore.specification import Specification

    if file is None:
        if not specs:
            raise click.UsageError(
                "Name packages (jupyter envstore create -n analysis python=3.12 pandas) or a file with -f."
            )
        return Specification.from_packages(name, list(specs), list(channels))
    specification = _read(file)
    if specs:
        specification = specification.add(specs)
    if channels:
        specification = specification.with_channels(channels)
    return specification


def _read(file: str) -> Specification:
    from jupyter_envstore.specification import Specification

    if file == "-":
        return Specification.parse_bytes(sys.stdin.buffer.read(), path="standard input")
    try:
        return Specification.read(Path(file))
    except OSError as error:
        raise SpecificationError(f"The file cannot be read: {error.strerror}.", path=file) from error
