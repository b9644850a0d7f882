"""When prefixes and kernels were last started: empty files whose time says so.

Launch scripts write them, and so do commands that run in an environment: a kernel that was started outside
JupyterLab counts like any other, and no process has to be there to hear of it. Where they lie says `layout`.
"""

from __future__ import annotations

import contextlib
import shlex
from datetime import datetime, timezone
from pathlib import Path

from jupyter_envstore.layout import StoreLayout


def make_folders(layout: StoreLayout) -> None:
    """Make the folders of the stamps; a store that cannot be written gets none."""
    with contextlib.suppress(OSError):
        for stamp in (layout.used_prefix(""), layout.used_kernel("")):
            stamp.mkdir(parents=True, exist_ok=True)


def touch(stamp: Path) -> None:
    """Set a stamp to this moment. One that cannot be written (a store shared read-only) stays as it is."""
    with contextlib.suppress(OSError):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()


def last_used(stamp: Path) -> datetime | None:
    """Return the moment of a stamp, or None when there is none."""
    try:
        return datetime.fromtimestamp(stamp.stat().st_mtime, timezone.utc)
    except OSError:
        return None


def sweep(folder: Path, before: datetime) -> None:
    """Remove the stamps of a folder that are older than a moment: kernels come and go, and nobody asks for theirs."""
    with contextlib.suppress(OSError):
        for stamp in folder.iterdir():
            moment = last_used(stamp)
            if moment is not None and moment < before:
                stamp.unlink(missing_ok=True)


def shell_lines(*stamps: Path) -> list[str]:
    """Return lines for a POSIX shell that set the stamps. They start no process and cannot fail."""
    # `true`, because a failed redirection of a special command such as `:` would end a shell.
    return [f"{{ true > {shlex.quote(str(stamp))}; }} 2>/dev/null" for stamp in stamps]
