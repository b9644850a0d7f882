"""Free the disk of a store and be killed at a given moment.

Arguments: a JSON object with ``store`` (settings of `EnvStore`) and ``moment``: ``catalog`` (the catalog says freed),
``name`` (the prefix has lost its name), ``files`` (some of its files are gone), ``cache`` (an entry of the package
cache has lost its name).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from jupyter_envstore.catalog.collection import Holdings
from jupyter_envstore.disk import emptying, freeing
from jupyter_envstore.store import EnvStore


def main(task: dict[str, Any]) -> None:
    """Do the task."""
    {"catalog": at_catalog, "name": at_name, "files": at_files, "cache": at_cache}[task["moment"]]()
    store = EnvStore(**task["store"])
    store.disk.collect()
    sys.exit("the moment never came")


def die() -> None:
    """End at once, as by a power failure."""
    sys.stderr.write("killed\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def at_catalog() -> None:
    original = Holdings.free

    def free(self: Holdings, *arguments: Any) -> bool:
        assert original(self, *arguments)
        die()
        return True

    setattr(Holdings, "free", free)  # noqa: B010  it is replaced for this process on purpose


def at_name() -> None:
    setattr(freeing, "remove_tree", lambda path: die())  # noqa: B010


def at_files() -> None:
    def remove_some(path: Path) -> None:
        found = [file for file in path.rglob("*") if file.is_file()]
        for file in found[: len(found) // 2]:
            file.parent.chmod(0o755)
            file.unlink()
        die()

    setattr(freeing, "remove_tree", remove_some)  # noqa: B010


def at_cache() -> None:
    setattr(emptying, "remove_busy_tree", lambda path: die())  # noqa: B010


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
