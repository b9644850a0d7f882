"""Read ``jupyter_envstore_config.py`` and ``.json``, the same files that the server reads, and the store they say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from jupyter_envstore.errors import StoreError

if TYPE_CHECKING:
    from jupyter_envstore.store import EnvStore

BASENAME = "jupyter_envstore_config"


def load_configuration() -> Config:
    """Return the merged configuration: folders of Jupyter's config path, the most specific one last.

    Raises
    ------
    StoreError
        When a configuration file cannot be read, with the file's name. Going on without it could mean going on
        without a policy.
    """
    merged = Config()
    for folder in reversed(jupyter_config_path()):
        for loader, suffix in ((PyFileConfigLoader, ".py"), (JSONFileConfigLoader, ".json")):
            path = Path(folder) / f"{BASENAME}{suffix}"
            try:
                merged.merge(loader(path.name, path=os.fspath(path.parent)).load_config())
            except ConfigFileNotFound:
                continue
            except Exception as error:  # a configuration file is code: it may raise anything
                raise StoreError(
                    f"The configuration file {path} cannot be read: {error}. Mend it or move it away.", path=str(path)
                ) from error
    return merged


def store_of(configuration: Config) -> EnvStore:
    """Return the store that a configuration says.

    Raises
    ------
    StoreError
        When a setting cannot be understood.
    """
    from traitlets import TraitError

    from jupyter_envstore.store import EnvStore

    try:
        return EnvStore(config=configuration)
    except TraitError as error:
        raise StoreError(f"The configuration cannot be used: {error}") from error
