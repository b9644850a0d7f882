"""Files of others, told apart by what stands in them: a lock, or what pip is to be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_envstore.errors import LockfileError, SpecificationError
from jupyter_envstore.lock.document import Document, check_document, plain_document
from jupyter_envstore.lock.loading import load
from jupyter_envstore.lock.recognition import is_explicit, kind_of, refuse_what_is_no_specification
from jupyter_envstore.share import explicit_reading, pixi_reading, pylock_reading, requirements_reading
from jupyter_envstore.share.pip_files import specification_for
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.decoding import decode

_PYLOCK = "Written from a pylock.toml: its packages, at exactly the versions and with the digests that it has."
_REQUIREMENTS = "Written from a requirements.txt."


@dataclass(frozen=True)
class ReadLockfile:
    """A lockfile as it was read.

    Attributes
    ----------
    document
        In conda-lock's form. Digests and dependencies that an explicit list leaves out are left out here, too.
    environment
        Which of a pixi.lock's environments that is; None for another file, which has no names for what is in it.
    environments
        The names among which could be chosen.
    """

    document: Document
    environment: str | None = None
    environments: tuple[str, ...] = ()


def read_lock(lockfile: bytes | dict[str, Any], environment: str | None = None) -> Document:
    """Return the conda-lock v1 document of a lockfile; see `read_lockfile`.

    Raises
    ------
    LockfileError
    """
    return read_lockfile(lockfile, environment).document


def read_lockfile(lockfile: bytes | dict[str, Any], environment: str | None = None) -> ReadLockfile:
    """Read a lockfile: conda-lock's, an explicit list, or a pixi.lock.

    Parameters
    ----------
    lockfile
        Its bytes, or the values of its JSON.
    environment
        Which of a pixi.lock's environments; ``default``, or the only one, when None.

    Raises
    ------
    LockfileError
        With what is wrong and where. Of a pixi.lock ``details`` has ``environments``: perhaps another one can be read.
    """
    document: Any = lockfile
    if isinstance(lockfile, bytes):
        if is_explicit(lockfile):
            document = explicit_reading.read(lockfile)
            check_document(document, complete=False)
            _require_no_name(environment)
            return ReadLockfile(plain_document(document))
        document = load(lockfile)
    if isinstance(document, dict) and "environments" in document and isinstance(document.get("packages"), list):
        return _read_pixi(document, environment)
    check_document(document)
    _require_no_name(environment)
    return ReadLockfile(plain_document(document))


def _require_no_name(environment: str | None) -> None:
    if environment:
        raise LockfileError(
            "Which environment to take can be said for a pixi.lock. This lockfile holds one, which has no name.",
            environment=environment[:80],
        )


def _read_pixi(document: dict[Any, Any], wanted: str | None) -> ReadLockfile:
    taken, names = pixi_reading.environment_taken(document, wanted), pixi_reading.environments_of(document)
    try:
        found = pixi_reading.read(document, taken)
        check_document(found, complete=False)
    except LockfileError as error:
        error.details["environments"] = names
        raise
    return ReadLockfile(plain_document(found), taken, tuple(names))


def read_specification(
    data: bytes, path: str | None = None, *, name: str | None = None, python: str | None = None
) -> Specification:
    """Return what a file asks for: an environment.yml, or the one that is made of a requirements.txt or a pylock.toml.

    Parameters
    ----------
    data
        The file.
    path
        Its name, for messages.
    name
        Of the environment, for a file that cannot say it.
    python
        The Python for a file of pip's, instead of the one that it says, such as ``3.12``.

    Raises
    ------
    SpecificationError
        With line and reason, also when it is known to be another kind of file.
    """
    kind = kind_of(data, path)
    if kind not in ("requirements", "pylock"):
        refuse_what_is_no_specification(data, path)
        return Specification.parse_bytes(data, path)
    try:
        if kind == "pylock":
            return specification_for(pylock_reading.read(decode(data)), _PYLOCK, name=name, python=python)
        return specification_for(requirements_reading.read(decode(data)), _REQUIREMENTS, name=name, python=python)
    except SpecificationError as error:
        raise SpecificationError(str(error.details["reason"]), line=error.details["line"], path=path) from None
