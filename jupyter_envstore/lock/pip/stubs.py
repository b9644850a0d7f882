"""What conda supplies, as uv sees it: a wheel of name and version and nothing else, for each Python package.

A constraint by version alone would make uv ask the index for that very version, which an index need not have, and would
add what the index says it needs. A wheel that is named by its address is the only one of its name that uv takes.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from packaging.version import InvalidVersion, Version

from jupyter_envstore.schemas import Package

_WHEN = (2020, 1, 1, 0, 0, 0)


def write_stubs(supplied: Mapping[str, Package], folder: Path) -> dict[str, str]:
    """Write the wheels into ``folder``, where they are not there yet.

    Returns
    -------
    dict
        The address of the wheel by name; a package whose version means nothing to pip has none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, str] = {}
    for name, package in supplied.items():
        version = pip_version(package.version)
        if version is None:
            continue
        stem = f"{name.replace('-', '_')}-{version}"
        path = folder / f"{stem}-py3-none-any.whl"
        if not path.exists():
            _write(path, stem, name, version)
        found[name] = path.as_uri()
    return found


def pip_version(version: str) -> str | None:
    """Return a conda version as pip writes it, or None when pip has no such versions."""
    try:
        return str(Version(version))
    except InvalidVersion:
        return None


def _write(path: Path, stem: str, name: str, version: str) -> None:
    info = f"{stem}.dist-info"
    members = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member, _WHEN), content)
    # Another process may write the same one, or read it, at this moment.
    descriptor, partial = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(written.getvalue())
    Path(partial).replace(path)
