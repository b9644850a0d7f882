"""The package index of the browser tests: small real wheels, and a source distribution that needs consent.

python ui-tests/package_index.py PORT
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from fixtures.package_index import PackageIndex, serve_index
from fixtures.wheels import Wheel


def fill(index: PackageIndex, folder: Path) -> None:
    """Offer versions of a package that needs another one, and of one that has only its source."""
    for version in ("1.0", "1.1", "2.0"):
        greeting = f'__version__ = "{version}"\ndef greet(name):\n    return f"Good morning, {{name}}"\n'
        index.add(Wheel("river-words", version, ["river-tools"], files={"river_words.py": greeting.encode()}))
    index.add(Wheel("river-tools", "3.1"))
    for version in ("0.9", "1.0"):
        index.add_source("river-source", folder, version=version)


def main(port: int) -> None:
    """Serve until the process is ended."""
    with tempfile.TemporaryDirectory() as folder:
        for index in serve_index(port):
            fill(index, Path(folder))
            threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
