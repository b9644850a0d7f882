"""The entries of ``pip:`` lists, as far as one has to know them to find and to change one.

What an entry may say is decided where it is locked. Here is told only which package it asks for.
"""

from __future__ import annotations

import re

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.credentials import quoted

_NAME = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?=$|[\s\[<>=!~;@(,#])")
_WHEEL = re.compile(r"/(?P<name>[A-Za-z0-9][A-Za-z0-9._]*)-[^/]+\.whl(?:$|[?#])")
_COMMENT = re.compile(r"(?:^|\s)#(?![A-Za-z0-9_]+=).*$")
_EGG = re.compile(r"#(?:.*&)?egg=(?P<name>[A-Za-z0-9._-]+)")


def normalized(name: str) -> str:
    """Return the name of a package of pip as it is compared: ``Great_Tables`` is ``great-tables``."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def without_comment(entry: str) -> str:
    """Return an entry without the comment behind it; the fragment of an address is none."""
    return _COMMENT.sub("", entry).strip()


def name_of(entry: str) -> str | None:
    """Return the normalised name of the package that an entry asks for; None for an option, and where it says none."""
    text = entry.strip()
    if text.startswith("-"):
        return None
    found = _NAME.match(text) or _WHEEL.search(text) or _EGG.search(text)
    return normalized(found["name"]) if found else None


def check_entry(entry: str) -> str:
    """Return the normalised name of a requirement that is to be written into a text.

    Raises
    ------
    SpecificationError
        When it is not a requirement as PEP 508 has it.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    text = entry.strip()
    try:
        return normalized(Requirement(text).name)
    except InvalidRequirement:
        single = re.fullmatch(r"([A-Za-z0-9._-]+)\s*=\s*([^=<>!~\s]+)", text)
        hint = f" Write {quoted(f'{single[1]}=={single[2]}')}." if single else ""
        reason = f"{quoted(text)} cannot be read as a requirement of pip, such as `rich >=13`.{hint}"
        raise SpecificationError(reason) from None
