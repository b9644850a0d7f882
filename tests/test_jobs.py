"""jupyter-scheduler offers the environments and runs its jobs on what was chosen. It is the real one throughout."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from fixtures.api import RealServer, Start
from fixtures.small import must_end_well
from fixtures.small_kernels import KernelHome
from fixtures.store import StoreHome, finish
from jupyter_scheduler.environments import EnvironmentRetrievalError
from kernel_client import new_notebook, printed, read_notebook, write_notebook
from traitlets.config import Config

from jupyter_envstore.errors import BrokenPrefixError, StoreError
from jupyter_envstore.jobs import EnvStoreEnvironmentManager, use_version
from jupyter_envstore.store import EnvStore

SETTINGS = (
    "--SchedulerApp.environment_manager_class=jupyter_envstore.jobs.EnvStoreEnvironmentManager",
    "--Scheduler.execution_manager_class=jupyter_envstore.jobs.EnvStoreExecutionManager",
)
PATIENCE = 120.0


@pytest.fixture
def scheduling(jupyter: StoreHome) -> StoreHome:
    """A home where Jupyter's server loads jupyter-scheduler."""
    folder = jupyter.root / "jupyter" / "config" / "jupyter_server_config.d"
    folder.mkdir(parents=True)
    (folder / "scheduler.json").write_text('{"ServerApp": {"jpserver_extensions": {"jupyter_scheduler": true}}}')
    return jupyter


def run_job(server: RealServer, environment: str, notebook: str) -> dict[str, Any]:
    """Run a job as its form would have it run and return it as it ended."""
    body = {
        "name": "nightly",
        "input_uri": notebook,
        "runtime_environment_name": environment,
        "output_formats": ["ipynb", "html"],
    }
    job = server.ask_jupyter("POST", "scheduler/jobs", body)["job_id"]
    end = time.monotonic() + PATIENCE
    while True:
        now: dict[str, Any] = server.ask_jupyter("GET", f"scheduler/jobs/{job}")
        if now["status"] in ("COMPLETED", "FAILED"):
            return now
        assert time.monotonic() < end, now
        time.sleep(0.1)


def test_a_job_runs_on_what_was_chosen_for_it(scheduling: StoreHome, store: EnvStore, start_server: Start) -> None:
    text = "dependencies: [python=3.12, ipykernel]\nvariables: {WHERE: chosen}\n"
    must_end_well(store, store.builds.create("team/analysis", text))
    # What only the server is told counts for its jobs, too.
    server = start_server(*SETTINGS, "--EnvStore.default_namespace=team")
    (offered,) = server.ask_jupyter("GET", "scheduler/runtime_environments")
    assert (offered["name"], offered["label"]) == ("analysis v1", "analysis v1")
    assert offered["file_extensions"] == ["ipynb"]
    assert [one["label"] for one in offered["output_formats"]] == ["Notebook", "HTML"]
    assert server.ask_jupyter("GET", "scheduler/config")["manage_environments_command"] == ""

    contents = scheduling.root / "contents"
    write_notebook(
        new_notebook("python3", "import os, sys\nprint(sys.prefix, os.environ['WHERE'])"), contents / "n.ipynb"
    )
    before = (contents / "n.ipynb").read_bytes()
    done = run_job(server, offered["name"], "n.ipynb")
    assert done["status"] == "COMPLETED", done
    staged = scheduling.root / "jupyter" / "data" / "scheduler_staging_area" / done["job_id"]
    ran = read_notebook(next(path for path in staged.glob("*.ipynb") if path.name != "n.ipynb"))
    assert printed(ran) == f"{store.versions.get('team/analysis@1').prefix} chosen"
    assert ran.metadata.kernelspec.name == "envstore-team--analysis--v1"
    assert len(list(staged.glob("*.html"))) == 1
    assert (contents / "n.ipynb").read_bytes() == before

    failed = run_job(server, "analysis v2", "n.ipynb")
    assert failed["status"] == "FAILED"
    assert "team/analysis has no version 2" in failed["status_message"]


def test_what_is_ready_is_offered(small_store: EnvStore, monkeypatch: pytest.MonkeyPatch) -> None:
    small_store.environments.describe("small", "What everybody uses")
    must_end_well(small_store, small_store.builds.create("team/other", "dependencies: [other]"))
    assert finish(small_store, small_store.builds.create("failing", "dependencies: [nothing]")).state == "failed"
    small_store.builds.create("coming", "dependencies: [lib]")
    small_store.builds.submit(small_store.drafts.edit("small", add=["other"]))
    assert small_store.environments.get("small").state == "building"
    monkeypatch.setenv("JUPYTER_ENVSTORE_DIR", small_store.root_dir)
    offered = {one.name: one for one in EnvStoreEnvironmentManager().list_environments()}
    assert set(offered) == {"small v2", "team/other v1"}
    assert offered["small v2"].description == "What everybody uses"
    assert offered["team/other v1"].metadata == {"environment": "team/other", "version": "1"}


def test_nothing_is_offered_where_there_is_no_store(jupyter: StoreHome) -> None:
    assert EnvStoreEnvironmentManager().list_environments() == []
    assert not jupyter.store_dir.exists()


def test_a_configuration_that_cannot_be_read_is_told(jupyter: StoreHome) -> None:
    jupyter.write_configuration()
    path = jupyter.root / "jupyter" / "config" / "jupyter_envstore_config.json"
    path.write_text("{")
    with pytest.raises(EnvironmentRetrievalError, match=r"jupyter_envstore_config\.json cannot be read"):
        EnvStoreEnvironmentManager().list_environments()


def test_a_setting_that_cannot_be_understood_is_told(jupyter: StoreHome, tmp_path: Path) -> None:
    jupyter.write_configuration()
    path = jupyter.root / "jupyter" / "config" / "jupyter_envstore_config.json"
    path.write_text('{"EnvStore": {"max_parallel_builds": "many"}}')
    with pytest.raises(EnvironmentRetrievalError, match=r"configuration cannot be used.*max_parallel_builds"):
        EnvStoreEnvironmentManager().list_environments()
    with pytest.raises(StoreError, match="configuration cannot be used"):
        use_version(tmp_path / "n.ipynb", "analysis v1", Config({"EnvStore": {"max_parallel_builds": "many"}}))


def test_a_notebook_on_that_version_keeps_its_kernel(kernels: KernelHome, tmp_path: Path) -> None:
    kernels.create()
    kernels.edit("analysis")
    configuration = Config({"EnvStore": {"root_dir": str(kernels.home.store_dir), **kernels.home.settings}})
    configuration.EnvStore.kernels_dir = kernels.store.kernels_dir
    path = tmp_path / "n.ipynb"
    write_notebook(new_notebook("envstore-local--analysis", "1"), path)
    before = path.read_bytes()
    for same in ("analysis v2", "local/analysis@2", "analysis"):
        use_version(path, same, configuration)
        assert path.read_bytes() == before
    use_version(path, "analysis v1", configuration)
    assert json.loads(path.read_bytes())["metadata"]["kernelspec"]["name"] == "envstore-local--analysis--v1"
    assert nbformat.read(path, as_version=4).cells[0].source == "1"  # type: ignore[no-untyped-call]

    prefix = Path(str(kernels.store.versions.get("analysis@1").prefix))
    prefix.rename(prefix.with_name("elsewhere"))
    with pytest.raises(BrokenPrefixError, match="jupyter envstore repair local/analysis@1"):
        use_version(path, "analysis v1", configuration)
