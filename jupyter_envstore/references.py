"""Names of environments and the references that people write: ``name``, ``namespace/name``, ``name@3``.

The rules are in one place because names become folders, kernel specs and URLs: what passes here is safe there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_envstore.errors import InvalidNameError, InvalidReferenceError

DEFAULT_NAMESPACE = "local"
MAX_NAME_LENGTH = 64

_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MAX_NAME_LENGTH - 1}}}")
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


def check_name(name: str, what: str = "environment") -> str:
    """Return ``name`` when an environment or namespace may be called that.

    Raises
    ------
    InvalidNameError
        With the rule that the name breaks.
    """
    shown = _shown(name)
    if not name:
        raise InvalidNameError(f"The {what} has no name. Give it one of letters, digits and . _ -", name=shown)
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidNameError(
            f"The {what} name {shown} has {len(name)} characters. At most {MAX_NAME_LENGTH} are allowed.", name=shown
        )
    if "--" in name:
        raise InvalidNameError(
            f"The {what} name {shown} contains two hyphens in a row, which separate the parts of a kernel's name. "
            "Use a single one.",
            name=shown,
        )
    if not _NAME.fullmatch(name):
        raise InvalidNameError(
            f"The {what} name {shown} cannot be used. Begin with an unaccented letter or a digit and go on with "
            "letters, digits and . _ -",
            name=shown,
        )
    return name


@dataclass(frozen=True)
class Reference:
    """One environment, or one version of it.

    Attributes
    ----------
    namespace, name
        As they were written; the catalog compares them without regard to case.
    version
        The version's number, or None for the active one.
    """

    namespace: str
    name: str
    version: int | None = None

    def __str__(self) -> str:
        number = "" if self.version is None else f"@{self.version}"
        return f"{self.namespace}/{self.name}{number}"


def parse_reference(text: str, default_namespace: str = DEFAULT_NAMESPACE) -> Reference:
    """Read ``[namespace/]name[@version]``.

    Raises
    ------
    InvalidNameError
        When a part is no name.
    InvalidReferenceError
        When there are too many parts, or what follows ``@`` is no version number.
    """
    path, at, number = text.partition("@")
    if at and not _VERSION.fullmatch(number):
        raise InvalidReferenceError(
            f"{_shown(text)} names no version: after @ stands a version number, as in analysis@3.",
            reference=_shown(text),
        )
    namespace, slash, name = path.rpartition("/")
    if "/" in namespace:
        raise InvalidReferenceError(
            f"{_shown(text)} names no environment: write name or namespace/name.", reference=_shown(text)
        )
    return Reference(
        namespace=check_name(namespace, "namespace") if slash else default_namespace,
        name=check_name(name),
        version=int(number) if at else None,
    )


def _shown(text: str) -> str:
    """Quote a stranger's text for a message: what is no printable character escaped, length bounded."""
    short = text if len(text) <= 80 else text[:77] + "..."
    return repr(short)
