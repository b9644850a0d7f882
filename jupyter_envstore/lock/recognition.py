"""What a file is that somebody gives to make an environment from, told by what stands in it. Plain Python."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Literal

from jupyter_envstore.errors import SpecificationError

FileKind = Literal["specification", "lockfile", "notebook", "requirements", "pylock"]

NOTEBOOK = ".ipynb"
"""What names of notebooks end in."""
_EXPLICIT = re.compile(rb"\A(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*@EXPLICIT[ \t\r]*$", re.MULTILINE)
_PYLOCK = re.compile(rb"^lock-version[ \t]*=", re.MULTILINE)
_LOCKFILE_KEYS = re.compile(rb"^[\"']?(?:package|packages|environments|metadata)[\"']?[ \t]*:", re.MULTILINE)
_SPECIFICATION_KEY = re.compile(rb"^[\"']?dependencies[\"']?[ \t]*:", re.MULTILINE)
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._ -]*\])?\s*"
    r"(?:[=<>!~]=?=?[^\n:]*|@\s*\S+(?:\s+;[^\n]*)?|;[^\n]*)?\\?"
)
_OPTION = re.compile(
    r"(?:git\+)?https?://\S+$|\.{0,2}/\S+$|-(?:r|c|e|i|f)\s+\S|--[a-z][a-z-]+[ =]\S|\s+--hash=\S+|--[a-z-]+$"
)
_LOOKED_AT = 200
"""Lines from which a list of pip packages is told."""
_KIND_OF_FILE = re.compile(
    r"^pylock\.|[._-]?(?:conda[._-]?)?lock$|[._-]?(?:requirements|pylock|pixi|explicit)$|^conda-[a-z]+-[a-z0-9]+$",
    re.IGNORECASE,
)
"""What names of files say of their kind, the end of the name left out."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._]+|-+")


def kind_of(data: bytes | Mapping[str, Any], file: str | None = None) -> FileKind:
    """Tell what a file is. What is not known for something else counts as a specification: its reader knows more.

    Parameters
    ----------
    data
        Its bytes, or the values of its JSON.
    file
        What it is called: a notebook's reader knows what is wrong with one that cannot be read.
    """
    if file is not None and file.lower().endswith(NOTEBOOK):
        return "notebook"
    if not isinstance(data, bytes):
        return _kind_of_values(data)
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if is_explicit(data):
        return "lockfile"
    if start.startswith(b"{"):
        try:
            value = json.loads(start)
        except (ValueError, RecursionError):
            value = None
        return _kind_of_values(value) if isinstance(value, dict) else "specification"
    if _SPECIFICATION_KEY.search(start) is None:
        if len(set(_LOCKFILE_KEYS.findall(start))) >= 2:
            return "lockfile"
        if _PYLOCK.search(start):
            return "pylock"
        if _is_list_of_requirements(data):
            return "requirements"
    return "specification"


def _kind_of_values(values: Mapping[str, Any]) -> FileKind:
    if "nbformat" in values and ("cells" in values or "worksheets" in values):
        return "notebook"
    is_lock = "dependencies" not in values and ("package" in values or "packages" in values)
    return "lockfile" if is_lock else "specification"


def is_explicit(data: bytes) -> bool:
    """Tell whether a file is a list of packages as conda takes it: above the mark there are comments at most."""
    return _EXPLICIT.match(data.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n")) is not None


def refuse_what_is_no_specification(data: bytes, path: str | None = None) -> None:
    """Return unless the file is known to be something that an environment cannot be made from yet.

    Raises
    ------
    SpecificationError
        With what it is, and what to do with it.
    """
    kind = kind_of(data, path)
    if kind == "notebook":
        raise SpecificationError(
            "This is a notebook, and an environment.yml is expected here. If it carries an environment: "
            "jupyter envstore notebook restore FILE",
            path=path,
            kind=kind,
        )
    if kind in ("requirements", "pylock"):
        file = "requirements.txt" if kind == "requirements" else "pylock.toml"
        raise SpecificationError(
            f"This looks like pip's {file}, and an environment.yml is expected here. Import it as a file "
            "(jupyter envstore import FILE), or write its lines below “- pip:”, the last of the “dependencies:”.",
            path=path,
            kind=kind,
        )


def name_from_file(path: str | None) -> str | None:
    """Return a name for the environment of a file that is called so; None when nothing can be made of it.

    ``course-lock.yml`` gives ``course``; a plain ``conda-lock.yml`` or ``pixi.lock`` is named after its folder.
    """
    if not path:
        return None
    place = PurePosixPath(path.replace("\\", "/"))
    stem = re.sub(r"\.(ya?ml|json|txt|toml|lock)$", "", place.name, flags=re.IGNORECASE)
    stem = _KIND_OF_FILE.sub("", stem)
    stem = re.sub(r"-v\d+(-[a-z]+-[a-z0-9]+)?$", "", stem)  # as our own exports are called
    found = stem or place.parent.name
    name = _NO_NAME.sub("-", found).strip("-._")[:64]
    return name or None


def _is_list_of_requirements(data: bytes) -> bool:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # as PowerShell writes what it is told to
    try:
        lines = data.decode("utf-16" if wide else "utf-8-sig").splitlines()[:_LOOKED_AT]
    except UnicodeDecodeError:
        return False
    entries = [line for line in (line.partition(" #")[0].rstrip() for line in lines) if line.strip() and line[0] != "#"]
    return bool(entries) and all(
        _REQUIREMENT.fullmatch(line.partition(" --")[0]) or _OPTION.match(line) for line in entries
    )
