"""Which modules a version of Python brings itself."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from jupyter_envstore.schemas import Package

_GONE = {
    # module: the first version without it
    (3, 11): "binhex",
    (3, 12): "asynchat asyncore distutils imp smtpd",
    (3, 13): "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr "
    "spwd sunau telnetlib uu xdrlib",
}
_NEW = {
    (3, 9): "graphlib zoneinfo",
    (3, 11): "tomllib",
    (3, 14): "annotationlib compression",
}
_MINOR = re.compile(r"(\d+)\.(\d+)")
_ALL = sys.stdlib_module_names.union(*(names.split() for names in (*_GONE.values(), *_NEW.values())))


def python_of(packages: Iterable[Package]) -> tuple[int, int] | None:
    """Return the first two parts of the version of the Python among packages, or None."""
    version = next((one.version for one in packages if one.manager == "conda" and one.name == "python"), "")
    found = _MINOR.match(version)
    return (int(found[1]), int(found[2])) if found else None


def standard_modules(version: tuple[int, int] | None) -> frozenset[str]:
    """Return the names of the top-level modules of a version of Python, from 3.8 on; of all versions for None.

    A module that some system lacks, such as ``winreg``, is among them.
    """
    if version is None:
        return _ALL
    gone = {name for since, names in _GONE.items() if version >= since for name in names.split()}
    later = {name for since, names in _NEW.items() if version < since for name in names.split()}
    return _ALL - gone - later


def removed_in(module: str) -> str | None:
    """Return the first version of Python that a module of the standard library is not part of any more, or None."""
    for (major, minor), names in _GONE.items():
        if module in names.split():
            return f"{major}.{minor}"
    return None
