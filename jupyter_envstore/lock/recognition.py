"""What a file is that somebody gives to make an environment from, told by what stands in it. Plain Python."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Literal

from jupyter_envstore.errors import SpecificationError

FileKind = Literal["specification", "lockfile", "notebook", "requirements"]

_LOCKFILE_KEYS = re.compile(rb"^[\"']?(?:package|packages|environments|metadata)[\"']?[ \t]*:", re.MULTILINE)
_SPECIFICATION_KEY = re.compile(rb"^[\"']?dependencies[\"']?[ \t]*:", re.MULTILINE)
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._ -]*\])?\s*(?:[=<>!~]=?=?[^\n:]*|@\s*\S+|;[^\n]*)?(?:--hash=\S+|\\)?"
)
_OPTION = re.compile(r"-(?:r|c|e|i|f)\s+\S|--[a-z][a-z-]+[ =]\S|\s+--hash=\S+|--[a-z-]+$")
_LOOKED_AT = 200
"""Lines from which a list of pip packages is told."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._]+|-+")


def kind_of(data: bytes) -> FileKind:
    """Tell what a file is. What is not known for something else counts as a specification: its reader knows more."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"@EXPLICIT"):
        return "lockfile"  # its reader says what it is
    if start.startswith(b"{"):
        try:
            value = json.loads(start)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and "dependencies" not in value:
            if "cells" in value and "nbformat" in value:
                return "notebook"
            if "package" in value or "packages" in value:
                return "lockfile"
        return "specification"
    if _SPECIFICATION_KEY.search(start) is None:
        if len(set(_LOCKFILE_KEYS.findall(start))) >= 2:
            return "lockfile"
        if _is_list_of_requirements(start):
            return "requirements"
    return "specification"


def refuse_what_is_no_specification(data: bytes, path: str | None = None) -> None:
    """Return unless the file is known to be something that an environment cannot be made from yet.

    Raises
    ------
    SpecificationError
        With what it is, and what to do with it.
    """
    kind = kind_of(data)
    if kind == "notebook":
        raise SpecificationError(
            "This is a notebook. Environments cannot be made from notebooks yet: name an environment.yml or a "
            "conda-lock.yml, or the packages that it imports.",
            path=path,
            kind=kind,
        )
    if kind == "requirements":
        raise SpecificationError(
            "This looks like pip's requirements.txt, and packages from PyPI cannot be built yet. Most of them are on "
            "conda-forge under the same name: name them as packages, or under “dependencies:” of an environment.yml.",
            path=path,
            kind=kind,
        )


def name_from_file(path: str | None) -> str | None:
    """Return a name for the environment of a lockfile that is called so; None when nothing can be made of it.

    ``course-lock.yml`` gives ``course``; a plain ``conda-lock.yml`` is named after its folder.
    """
    if not path:
        return None
    place = PurePosixPath(path.replace("\\", "/"))
    stem = re.sub(r"\.(ya?ml|json)$", "", place.name, flags=re.IGNORECASE)
    stem = re.sub(r"([._-]?(conda[._-]?)?lock)$", "", stem, flags=re.IGNORECASE)
    stem = re.sub(r"-v\d+$", "", stem)  # as our own exports are called
    found = stem or place.parent.name
    name = _NO_NAME.sub("-", found).strip("-._")[:64]
    return name or None


def _is_list_of_requirements(data: bytes) -> bool:
    try:
        lines = data.decode("utf-8").splitlines()[:_LOOKED_AT]
    except UnicodeDecodeError:
        return False
    entries = [line for line in (line.partition(" #")[0].rstrip() for line in lines) if line.strip() and line[0] != "#"]
    return bool(entries) and all(_REQUIREMENT.fullmatch(line) or _OPTION.match(line) for line in entries)
