"""Debian's CPython looks for packages in ``dist-packages`` and installs below ``local``; a prefix's must not.

Each change of a text names what it expects there. Where Debian has changed it, the build stops instead of making an
interpreter that silently installs to the wrong place.
"""

from __future__ import annotations

from .archive import PackageFile

_SYSCONFIG = (
    ("'DEB_PYTHON_INSTALL_LAYOUT', 'posix_local'", "'DEB_PYTHON_INSTALL_LAYOUT', 'posix_prefix'"),
    ("prefix_scheme = 'posix_local'", "prefix_scheme = 'posix_prefix'"),
)
_CHANGES = {"sysconfig.py": _SYSCONFIG, "sysconfig/__init__.py": _SYSCONFIG}


def undo_debian(path: str, text: str) -> str:
    """The text of a standard library file (``path`` relative to the library) as it is upstream, where that matters.

    Raises
    ------
    RuntimeError
        When the file is not as expected.
    """
    for old, new in _CHANGES.get(path, ()):
        if old not in text:
            raise RuntimeError(f"Debian's {path} has changed ({old!r} is not in it): the channel maker must learn how.")
        text = text.replace(old, new)
    return text


def pointer_to_packages(folder: str, library: str) -> PackageFile:
    """A file that sends the interpreter from ``folder``, where it looks, to ``site-packages`` of ``library``.

    Changing ``site.py`` would not do: since Python 3.11 that module is frozen into the executable and its file is not
    read. ``addsitedir`` and not a plain path, so that ``.pth`` files in ``site-packages`` are honoured.
    """
    line = f"import os, site, sys; site.addsitedir(os.path.join(sys.prefix, {library!r}, 'site-packages'))\n"
    return PackageFile(f"{folder}/site-packages.pth", line.encode())
