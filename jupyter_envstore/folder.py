"""The store's folder itself: made when it is missing, refused in words when it cannot be used."""

from __future__ import annotations

import errno
import os
import shutil

from jupyter_envstore.errors import DiskFullError, StoreError, StoreReadOnlyError
from jupyter_envstore.layout import StoreLayout

LEAST_FREE = 20_000_000
"""Bytes without which no build is begun."""


def ensure_writable(layout: StoreLayout) -> None:
    """Create the store's folder when it does not exist, and make sure that this process may write there.

    Raises
    ------
    StoreReadOnlyError, DiskFullError, StoreError
    """
    try:
        layout.root.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreError(
            f"The store cannot be at {layout.root}: a file is in the way. Name another folder with --store or the "
            "setting EnvStore.root_dir.",
            path=str(layout.root),
        ) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError(f"There is no room to make the store's folder {layout.root}.") from error
        raise _read_only(layout) from error
    if not os.access(layout.root, os.W_OK | os.X_OK):
        raise _read_only(layout)


def ensure_room(layout: StoreLayout) -> None:
    """Raise when there is too little room to even begin a build.

    Raises
    ------
    DiskFullError
        With the bytes that are free. How much a build needs is known only when it is locked; the builder checks that.
    """
    free = shutil.disk_usage(layout.root).free
    if free < LEAST_FREE:
        raise DiskFullError(
            f"Not enough room: {free / 1e6:.0f} MB are left in {layout.root}, and a build needs at least "
            f"{LEAST_FREE / 1e6:.0f} MB. Free what nobody needs with `jupyter envstore collect`, or name "
            "another folder with the setting EnvStore.root_dir.",
            free=free,
            needed=LEAST_FREE,
            path=str(layout.root),
        )


def ensure_executable(layout: StoreLayout) -> None:
    """Raise when programs may not be run from the store's folder: environments built there would be of no use.

    Raises
    ------
    StoreError
        The file system was mounted with ``noexec``.
    """
    # Only Linux tells; elsewhere the first program that is run does.
    flag = getattr(os, "ST_NOEXEC", 0)
    if os.statvfs(layout.root).f_flag & flag:
        raise StoreError(
            f"The store cannot be at {layout.root}: no program may be run from that file system (it is mounted with "
            "noexec), so no environment would work there. Name a folder on another disk with --store or the setting "
            "EnvStore.root_dir.",
            path=str(layout.root),
        )


def _read_only(layout: StoreLayout) -> StoreReadOnlyError:
    return StoreReadOnlyError(
        f"The store's folder {layout.root} cannot be written by this account. Mend its permissions, or name another "
        "folder with --store or the setting EnvStore.root_dir.",
        path=str(layout.root),
    )
