"""Put together the specification that a command line asks for: a file, packages, or both."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
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
        with _without_lines():
            return Specification.from_packages(name, list(specs), list(channels))
    specification = read_specification(file)
    if specs:
        with _without_lines():
            specification = specification.add(specs)
    if channels:
        specification = specification.with_channels(channels)
    return specification


@contextlib.contextmanager
def _without_lines() -> Iterator[None]:
    """Leave line numbers out of what is said about packages that stand in no file."""
    try:
        yield
    except SpecificationError as error:
        reason = re.sub(r" in line \d+", "", str(error.details.get("reason") or error.message))
        raise SpecificationError(reason) from error


def read_specification(file: str) -> Specification:
    """Return the environment.yml of that name; ``-`` is standard input.

    Raises
    ------
    SpecificationError
        When it cannot be opened or understood.
    """
    from jupyter_envstore.specification import Specification

    if file == "-":
        return Specification.parse_bytes(sys.stdin.buffer.read(), path="standard input")
    try:
        return Specification.read(Path(file))
    except OSError as error:
        raise SpecificationError(f"The file cannot be read: {error.strerror}.", path=file) from error
