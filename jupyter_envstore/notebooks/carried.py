"""What environment a notebook carries: our lock, or what another program wrote there. A stranger's data throughout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_envstore.errors import InvalidNameError, LockChangedError, LockfileError, SpecificationError
from jupyter_envstore.lock.document import Document, lock_hash
from jupyter_envstore.lock.recognition import name_from_file
from jupyter_envstore.notebooks.conventions import read_convention
from jupyter_envstore.notebooks.embedding import KEY, SCHEMA, is_ours
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.references import check_name
from jupyter_envstore.share.reading import read_lock
from jupyter_envstore.specification import Specification

OURS = "envstore"


@dataclass(frozen=True)
class Carried:
    """An environment as a notebook says it.

    Attributes
    ----------
    convention
        Whose way of saying it: ``envstore``, ``juv``, ``pixi``, ``jupyterlab-requirements``, ``nteract``, ``conda``.
    specification
        The text of an environment.yml; empty where there is a lock and nothing that could be read beside it.
    document
        The lock, checked; None where only a specification is carried.
    sha256
        Its hash; empty where there is none.
    name
        What the environment is called there, where it may be called that; else what the file's name gives.
    namespace, version
        Of the version that was embedded; empty and None where that is not told.
    recorded
        When it was locked, as the notebook says.
    """

    convention: str
    specification: str
    document: Document | None = None
    sha256: str = ""
    name: str | None = None
    namespace: str = ""
    version: int | None = None
    recorded: str = ""


def read_carried(notebook: NotebookText, file: str | None = None) -> Carried | None:
    """Return what a notebook carries; None when it carries no environment.

    Parameters
    ----------
    file
        What the notebook's file is called; names the environment where nothing else does.

    Raises
    ------
    LockChangedError
        When the lock is not the one that was recorded.
    LockfileError, SpecificationError
        When what stands there cannot be understood.
    """
    ours = notebook.metadata.get(KEY)
    if is_ours(ours) and "lockfile" in ours:
        return _ours(ours, file)
    asked = read_convention(notebook)
    if asked is None:
        return None
    specification = Specification.parse(asked.text())
    return Carried(asked.convention, specification.text, name=_name(asked.name, file))


def _ours(ours: dict[str, Any], file: str | None) -> Carried:
    if ours["schema"] > SCHEMA:
        raise LockfileError(
            f"The notebook's environment was written by a newer jupyter-envstore (form {ours['schema']}). Install a "
            "current one to restore it.",
            schema=ours["schema"],
        )
    lockfile = ours["lockfile"]
    if not isinstance(lockfile, dict):
        raise LockfileError("What the notebook carries as “lockfile” is no lockfile.")
    if not _is_recorded(lockfile, ours.get("sha256")):
        raise LockChangedError(
            "The lock in this notebook was changed after it was recorded: its hash is another one. Nothing is built "
            "from it. Get the notebook again from where it came, or embed the environment anew.",
            recorded=str(ours.get("sha256"))[:64],
        )
    document = read_lock(lockfile)
    environment = ours.get("environment")
    told = environment if isinstance(environment, dict) else {}
    number = told.get("version")
    return Carried(
        OURS,
        _readable(ours.get("specification")),
        document,
        str(ours["sha256"]),
        _name(told.get("name"), file),
        str(told.get("namespace"))[:64] if isinstance(told.get("namespace"), str) else "",
        number if type(number) is int and number > 0 else None,
        str(ours.get("recorded"))[:40] if isinstance(ours.get("recorded"), str) else "",
    )


def _is_recorded(lockfile: dict[str, Any], recorded: object) -> bool:
    try:
        return lock_hash(lockfile) == recorded
    except (ValueError, RecursionError):  # NaN, half a character, or deeper than anything real
        return False


def _readable(text: object) -> str:
    """Return a specification that can be read; nothing where it cannot, since the lock says what to install."""
    if not isinstance(text, str) or len(text) > 1_000_000:
        return ""
    try:
        return Specification.parse(text).text
    except SpecificationError:
        return ""


def _name(told: object, file: str | None) -> str | None:
    for name in (told, name_from_file(file.removesuffix(".ipynb")) if file else None):
        try:
            if isinstance(name, str):
                return check_name(name)
        except InvalidNameError:
            continue
    return None
