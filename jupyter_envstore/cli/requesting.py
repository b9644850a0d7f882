"""Put together what a command line asks for: a file, packages, or both. Says what was probably meant."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_envstore.errors import PackageSpecError, SpecificationError

if TYPE_CHECKING:
    from jupyter_envstore.lock.pip.files import OwnFiles
    from jupyter_envstore.specification import Specification

allow_source_option = click.option(
    "--allow-source",
    multiple=True,
    metavar="NAME",
    help="Run the code of this package of pip to build it, where it has no wheel; may be given again.",
)

_VERSION = re.compile(r"[<>=!~]=?\S+|\d+(?:\.\d+)*(?:\.\*)?")
"""A version without a name. Packages such as 7zip begin with a digit, too."""


def specification_from(
    file: str | None,
    specs: tuple[str, ...],
    channels: tuple[str, ...],
    name: str | None,
    data: bytes | None = None,
) -> Specification:
    """Return what was asked for. Packages named beside a file are added to it; channels given stand instead of its own.

    ``data`` is what stands in the file, where it was read already.

    Raises
    ------
    SpecificationError
        When the file cannot be read as an environment.yml, or a package is no match spec.
    """
    from jupyter_envstore.specification import Specification

    refuse_mistakes(specs, file)
    if file is None:
        if not specs:
            raise click.UsageError(
                "Name packages (jupyter envstore create -n analysis python=3.12 pandas) or a file with -f."
            )
        with _without_lines():
            return Specification.from_packages(name, list(specs), list(channels))
    specification = read_specification(file) if data is None else specification_in(data, file)
    with_own_files(specification, file)  # what is wrong there is told with the lines that the file has
    if specs:
        with _without_lines():
            specification = specification.add(specs)
    if channels:
        specification = specification.with_channels(channels)
    return specification


virtual_packages_option = click.option(
    "--virtual-packages",
    default=None,
    metavar="FILE",
    help="What the machines of each platform offer, as conda-lock's virtual-packages.yml says it.",
)


def read_virtual_packages(file: str | None) -> dict[str, dict[str, str]]:
    """Return by platform what a file says that its machines offer; nothing for no file.

    Raises
    ------
    InvalidInputError, SpecificationError
        When it cannot be understood, or opened.
    """
    from jupyter_envstore.specification.offers import read_offers

    return {} if file is None else read_offers(read_file(file, 1_000_000))


def check_packages(specs: tuple[str, ...]) -> None:
    """Return when all packages that a command line names are match specs.

    Raises
    ------
    PackageSpecError
    """
    from jupyter_envstore.specification.match_specs import parse_match_spec

    with _without_lines():
        for spec in specs:
            parse_match_spec(spec)


@contextlib.contextmanager
def _without_lines() -> Iterator[None]:
    """Leave line numbers out of what is said about packages that stand in no file."""
    try:
        yield
    except SpecificationError as error:
        reason = re.sub(r" in line \d+", "", str(error.details.get("reason") or error.message))
        raise PackageSpecError(reason) from error


def refuse_mistakes(specs: tuple[str, ...], file: str | None) -> None:
    """Return unless the packages of a command line are something else: a file, or a version that stands alone."""
    for before, spec in zip((None, *specs), specs, strict=False):
        if file is None and _is_file(spec):
            raise click.UsageError(f"{spec} is a file, and packages are expected here. Name it with -f: -f {spec}")
        if not _VERSION.fullmatch(spec):
            continue
        if before is not None and re.fullmatch(r"[A-Za-z_][\w.-]*", before):
            meant = before + spec if spec[0] in "<>=!~" else f"{before}={spec}"
            shown = meant if spec[0] not in "<>" else f"'{meant}'"
            raise click.UsageError(f"{spec} is no package. Write name and version as one word: {shown}")
        raise click.UsageError(f"{spec} is no package, but looks like a version. Write it behind a name: numpy={spec}")


def _is_file(spec: str) -> bool:
    """Tell whether a word is a file. A package may be called ruamel.yaml, so that its name alone is no proof."""
    if re.search(r"\.(yml|ipynb)$", spec, re.IGNORECASE):
        return True
    return re.search(r"\.\w+$", spec) is not None and Path(spec).is_file()


def read_specification(file: str) -> Specification:
    """Return the environment.yml of that name; ``-`` is standard input.

    Raises
    ------
    SpecificationError
        When it cannot be opened or understood.
    """
    from jupyter_envstore.lock.recognition import kind_of
    from jupyter_envstore.specification.decoding import MAX_BYTES

    data = read_file(file, MAX_BYTES)
    if kind_of(data) == "lockfile":
        raise SpecificationError(
            "This is a lockfile, and an environment.yml is expected here. To have exactly what it says: "
            f"jupyter envstore create -f {file}",
            path=file,
        )
    return specification_in(data, file)


def specification_in(data: bytes, file: str) -> Specification:
    """Return what a file with these bytes asks for: an environment.yml, or what is made of a file of pip's.

    Raises
    ------
    SpecificationError
        When it cannot be understood, or is known to be another kind of file.
    """
    from jupyter_envstore.lock.recognition import name_from_file
    from jupyter_envstore.share.reading import read_specification

    if file == "-":
        return read_specification(data, "standard input")
    return read_specification(data, file, name=name_from_file(str(Path(file).absolute())))


def read_file(file: str, most: int) -> bytes:
    """Return the bytes of a file, up to one more than ``most``; ``-`` is standard input.

    Raises
    ------
    SpecificationError
        When it cannot be opened.
    """
    if file == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(most + 1)
    except FileNotFoundError:
        raise SpecificationError("There is no such file.", path=file) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SpecificationError(f"The file cannot be read: {reason}.", path=file) from error


def read_any_file(file: str) -> bytes:
    """Return the bytes of a file that may be anything that an environment can be made from.

    Raises
    ------
    SpecificationError
        When it cannot be opened.
    """
    from jupyter_envstore.lock import loading
    from jupyter_envstore.lock.recognition import NOTEBOOK
    from jupyter_envstore.notebooks import text

    return read_file(file, text.MAX_BYTES if file.lower().endswith(NOTEBOOK) else loading.MAX_BYTES)


def with_own_files(specification: Specification, file: str | None) -> OwnFiles:
    """Return a specification with what its file names beside itself; one from elsewhere as it is.

    Raises
    ------
    SpecificationError
        When such a file cannot be taken, or an entry of the pip section cannot.
    """
    from jupyter_envstore.lock.pip.files import own_files_of
    from jupyter_envstore.lock.pip.requirements import read_section

    path = own_path(file)
    try:
        own = own_files_of(specification, path)
        if path is not None:
            read_section(own.specification, local_wheels=own.local_wheels)
    except SpecificationError as error:
        raise SpecificationError(str(error.details["reason"]), line=error.details["line"], path=file) from error
    return own


def own_path(file: str | None) -> Path | None:
    """Return where a file lies that was named on the command line; None for standard input and for no file."""
    return None if file is None or file == "-" else Path(file).absolute()
