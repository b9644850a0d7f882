"""What jupyter-scheduler needs to run notebooks as jobs on environments of the store. Only its settings name this.

    c.SchedulerApp.environment_manager_class = "jupyter_envstore.jobs.EnvStoreEnvironmentManager"
    c.Scheduler.execution_manager_class = "jupyter_envstore.jobs.EnvStoreExecutionManager"

The first offers the environments, the second lets a job run on the one that was chosen for it. Without the second,
jupyter-scheduler runs a job on the kernel that its notebook names, whatever was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_scheduler.environments import EnvironmentManager, EnvironmentRetrievalError
from jupyter_scheduler.executors import DefaultExecutionManager
from jupyter_scheduler.models import RuntimeEnvironment
from traitlets.config import Application, Config

from jupyter_envstore.cli.configuration import load_configuration, store_of
from jupyter_envstore.errors import EnvStoreError

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Environment
    from jupyter_envstore.store import EnvStore

FORMATS = {"ipynb": "Notebook", "html": "HTML"}
"""What jupyter-scheduler makes of a notebook that ran, and what people are told that it is."""

_LABEL = re.compile(r"(\S+) v([1-9][0-9]*)")
_PAGE = 500


class EnvStoreEnvironmentManager(EnvironmentManager):  # type: ignore[misc]
    """Offers the active version of each environment, where it is ready."""

    def list_environments(self) -> list[RuntimeEnvironment]:
        """Return what can be chosen for a job; nothing while there is no store.

        Raises
        ------
        EnvironmentRetrievalError
            When the store or its configuration cannot be read.
        """
        try:
            store = store_of(_configuration())
            try:
                return [_offer(one, store) for one in _ready(store)] if store.exists else []
            finally:
                store.close()
        except EnvStoreError as error:
            raise EnvironmentRetrievalError(error.message) from error

    def manage_environments_command(self) -> str:
        """Return no command of JupyterLab that could be offered: the panel is there already."""
        return ""

    def output_formats_mapping(self) -> dict[str, str]:
        """Return what can be made of a notebook that ran."""
        return dict(FORMATS)


class EnvStoreExecutionManager(DefaultExecutionManager):  # type: ignore[misc]
    """Runs the notebook of a job on the version that was chosen for it, whatever kernel the notebook names."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # The job runs in a process of its own, which is not told how the server was started.
        self._configuration = _configuration()

    def execute(self) -> None:
        """Run it.

        Raises
        ------
        EnvStoreError
            When that version or its files are not there any more: the job then fails with these words.
        """
        use_version(Path(self.staging_paths["input"]), self.model.runtime_environment_name, self._configuration)
        super().execute()


def use_version(path: Path, chosen: str, configuration: Config) -> None:
    """Let a job's own copy of a notebook name the kernel of a version.

    Parameters
    ----------
    chosen
        ``analysis v7`` as `EnvStoreEnvironmentManager` offers it, or a reference.

    Raises
    ------
    EnvironmentNotFoundError, VersionNotFoundError, InvalidReferenceError, InvalidNameError
    BrokenPrefixError
        When the version's files were freed.
    NotebookError, KernelsFolderError, KernelNotRegisteredError
    StoreError
        When the store or its configuration cannot be used.
    """
    from jupyter_envstore.notebooks.files import read_notebook

    store = store_of(configuration)
    try:
        label = _LABEL.fullmatch(chosen)
        version = store.versions.get(f"{label[1]}@{label[2]}" if label else chosen)
        ref = f"{version.namespace}/{version.name}@{version.number}"
        store.versions.surroundings(ref)  # raises where a kernel would only explain that its files are gone
        if store.notebooks.version_to_run(read_notebook(path)) != ref:
            store.notebooks.pin(path, ref)
    finally:
        store.close()


def _configuration() -> Config:
    """Return what commands read and, in a server, what it was told besides."""
    found = load_configuration()
    if Application.initialized():
        found.merge({"EnvStore": Application.instance().config.EnvStore})
    return found


def _ready(store: EnvStore) -> Iterator[Environment]:
    cursor: str | None = None
    while True:
        page = store.environments.list(limit=_PAGE, cursor=cursor)
        yield from (one for one in page.items if _is_ready(one, store))
        if page.next is None:
            return
        cursor = page.next


def _is_ready(environment: Environment, store: EnvStore) -> bool:
    if environment.state != "building" or environment.active_version is None:
        return environment.state == "ready"
    active = f"{environment.namespace}/{environment.name}@{environment.active_version}"
    return store.versions.get(active).prefix_state == "ready"  # a further version is being built


def _offer(environment: Environment, store: EnvStore) -> RuntimeEnvironment:
    own = environment.namespace == store.default_namespace
    called = environment.name if own else f"{environment.namespace}/{environment.name}"
    # Its form shows names and sends labels, so these have to be the same.
    label = f"{called} v{environment.active_version}"
    return RuntimeEnvironment(
        name=label,
        label=label,
        description=environment.description or f"{environment.package_count} packages",
        file_extensions=["ipynb"],
        output_formats=list(FORMATS),
        metadata={
            "environment": f"{environment.namespace}/{environment.name}",
            "version": str(environment.active_version),
        },
    )
