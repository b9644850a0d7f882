"""Lock entries of wheels and sources on a test's own index, as they stand in a lock."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fixtures.package_index import PackageIndex
from fixtures.wheels import Wheel, wheel_bytes, write_wheel


def lock_wheel(index: PackageIndex, wheel: Wheel, **changes: Any) -> dict[str, Any]:
    """Offer a wheel and return the lock's entry for it."""
    url = index.add(wheel)
    digest, size = index.sha256(wheel.filename), len(wheel_bytes(wheel))
    return pip_entry(wheel.name, wheel.version, url, digest, size=size, depends=list(wheel.requires), **changes)


def lock_local_wheel(wheel: Wheel, folder: Path) -> dict[str, Any]:
    """Write a wheel into a folder of this machine and return the lock's entry for it."""
    path = write_wheel(wheel, folder)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return pip_entry(wheel.name, wheel.version, path.as_uri(), digest, size=len(content))


def lock_source(index: PackageIndex, name: str, folder: Path, **options: Any) -> dict[str, Any]:
    """Offer a source distribution and return the lock's entry for it."""
    url = index.add_source(name, folder, **options)
    return pip_entry(name, options.get("version", "1.0"), url, index.sha256(url.rpartition("/")[2]))


def pip_entry(name: str, version: str, url: str, digest: str, **changes: Any) -> dict[str, Any]:
    """Return a lock's entry for a file that pip installs."""
    entry: dict[str, Any] = {
        "manager": "pip",
        "name": name,
        "version": version,
        "build": "",
        "platform": "linux-64",
        "subdir": "",
        "channel": "",
        "url": url,
        "md5": None,
        "sha256": digest,
        "size": None,
        "license": None,
        "depends": [],
    }
    return entry | changes
