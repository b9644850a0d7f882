"""Renaming an environment: everything that used the old name goes on working."""

from __future__ import annotations

from fixtures.kernels import StartKernel
from fixtures.store import StoreHome, finish
from jupyter_client.kernelspec import KernelSpecManager
from kernel_client import execute

from jupyter_envstore.store import EnvStore

SPECIFICATION = "name: analysis\ndependencies: [python=3.12, ipykernel]\n"


def specs(home: StoreHome) -> dict[str, str]:
    """Return what the launcher would show: display names by kernel name."""
    manager = KernelSpecManager(kernel_dirs=[str(home.kernels_dir)], ensure_native_kernel=False)
    return {name: manager.get_kernel_spec(name).display_name for name in sorted(manager.find_kernel_specs())}


def test_rename_keeps_notebooks_links_and_running_kernels(
    jupyter: StoreHome, store: EnvStore, start: StartKernel
) -> None:
    assert finish(store, store.builds.create("analysis", SPECIFICATION)).state == "ready"
    _, running = start("envstore-local--analysis")
    execute(running, "x = 41")

    renamed = store.environments.rename("Analysis", "geo", by="mira")
    assert (renamed.namespace, renamed.name, renamed.active_version) == ("local", "geo", 1)

    # What is shown: one entry under the new name, the old one told apart.
    assert specs(jupyter) == {
        "envstore-local--analysis": "geo (v1), renamed from analysis",
        "envstore-local--geo": "geo (v1)",
    }
    assert [link.name for link in store.layout.environments.iterdir()] == ["geo"]
    assert jupyter.conda_list.read_text() == f"{store.layout.environments / 'geo'}\n"
    assert store.environments.kernels("geo") == ["envstore-local--geo"]

    # The running kernel is the same; one that an old notebook starts has the renamed environment.
    assert execute(running, "import json, os; print(x + 1)").stdout == "42\n"
    _, again = start("envstore-local--analysis")
    assert execute(again, "import os; print(os.environ['CONDA_DEFAULT_ENV'])").stdout == "geo\n"

    # References by the old name lead there; versions stay as they were written.
    assert store.versions.get("analysis@1") == store.versions.get("geo@1")
    assert store.versions.get("geo").specification == SPECIFICATION
    assert store.catalog.events.list(subject="local/geo").items[0].details == {"before": "local/analysis"}
