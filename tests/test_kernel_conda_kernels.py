"""Where nb_conda_kernels lists kernels, each environment shows once, ours, and none of our specs is deleted."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.kernels.links import point_link
from jupyter_envstore.kernels.registry import KernelRegistry
from jupyter_envstore.kernels.target import KernelTarget

STUB = """\
#!{python}
import json
print(json.dumps({information}))
"""


@pytest.fixture
def store(tmp_path: Path, kernel_prefix: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one registered environment, and a stub of conda that lists its link as conda does."""
    for kind in ("data", "runtime", "config"):
        monkeypatch.setenv(f"JUPYTER_{kind.upper()}_DIR", str(tmp_path / kind))
    root = tmp_path / "store"
    target = KernelTarget("local", "analysis", 7, kernel_prefix, "f" * 64, {}, Activation())
    KernelRegistry(tmp_path / "data" / "kernels", root).register(target)
    point_link(root / "envs" / "analysis", kernel_prefix)
    base = tmp_path / "conda"
    (base / "conda-meta").mkdir(parents=True)
    information = {
        "envs": [str(base), str(root / "envs" / "analysis")],
        "conda_prefix": str(base),
        "envs_dirs": [str(base / "envs")],
    }
    stub = tmp_path / "stub" / "conda"
    stub.parent.mkdir()
    stub.write_text(STUB.format(python=sys.executable, information=information))
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stub.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("CONDA_EXE", str(stub))
    return root


OURS = {"envstore-local--analysis", "envstore-local--analysis--calc"}


def test_each_environment_shows_once_when_the_store_is_filtered(store: Path) -> None:
    manager = pytest.importorskip("nb_conda_kernels.manager", reason="nb_conda_kernels is not installed")
    filtered = manager.CondaKernelSpecManager(env_filter=re.escape(f"{store}/envs/"), ensure_native_kernel=False)
    assert filtered.find_kernel_specs().keys() >= OURS
    assert not [name for name in filtered.find_kernel_specs() if name.startswith("conda-")]


def test_without_the_filter_the_link_is_listed_by_its_name(store: Path) -> None:
    manager = pytest.importorskip("nb_conda_kernels.manager", reason="nb_conda_kernels is not installed")
    listed = manager.CondaKernelSpecManager(ensure_native_kernel=False).find_kernel_specs()
    assert OURS | {"conda-env-store-analysis-py", "conda-env-store-analysis-calc"} <= listed.keys()


def test_specs_survive_when_it_writes_its_own_beside_them(store: Path, tmp_path: Path) -> None:
    manager = pytest.importorskip("nb_conda_kernels.manager", reason="nb_conda_kernels is not installed")
    kernels = tmp_path / "data" / "kernels"
    (kernels / "conda-env-unknown-py").mkdir()
    (kernels / "conda-env-unknown-py" / "kernel.json").write_text(json.dumps({"argv": ["x"], "display_name": "x"}))
    manager.CondaKernelSpecManager(kernelspec_path="--user", ensure_native_kernel=False).find_kernel_specs()
    assert {path.name for path in kernels.iterdir()} >= OURS
    assert not (kernels / "conda-env-unknown-py").exists()


def test_what_it_writes_in_metadata_stands_in_ours(store: Path, tmp_path: Path, kernel_prefix: Path) -> None:
    spec = json.loads((tmp_path / "data" / "kernels" / "envstore-local--analysis" / "kernel.json").read_text())
    assert {key: value for key, value in spec["metadata"].items() if key.startswith("conda_")} == {
        "conda_env_name": "analysis",
        "conda_env_path": str(kernel_prefix),
        "conda_language": "Python 3 (ipykernel)",
        "conda_raw_kernel_name": "python3",
    }
