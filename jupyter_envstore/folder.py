"""The store's folder itself: made when it is missing, refused in words when it cannot be used."""

from __future__ import annotations

import os

from jupyter_envstore.errors import DiskFullError, StoreError, StoreReadOnlyError
from jupyter_envstore.layout import StoreLayout


def ensure_writable(layout: StoreLayout) -> None:
    """Create the store's folder when it does not exist, and make sure that this process may write there.

    Raises
    ------
    StoreReadOnlyError, DiskFullError, StoreError
    """
    import errno

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


def _read_only(layout: StoreLayout) -> StoreReadOnlyError:
    return StoreReadOnlyError(
        f"The store's folder {layout.root} cannot be written by this account. Mend its permissions, or name another "
        "folder with --store or the setting EnvStore.root_dir.",
        path=str(layout.root),
    )
