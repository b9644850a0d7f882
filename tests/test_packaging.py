"""What an installation brings, and what merely importing the package costs."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ["jupyter_server", "tornado", "rattler", "conda_lock", "sqlalchemy", "pydantic", "importlib.metadata"]


def _loaded_by(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after ``statement``."""
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert _loaded_by("import jupyter_envstore").isdisjoint(HEAVY)


def test_importing_the_store_loads_neither_a_server_nor_a_solver() -> None:
    loaded = _loaded_by("from jupyter_envstore.store import EnvStore")
    assert loaded.isdisjoint({"jupyter_server", "tornado", "rattler", "conda_lock"})


def test_the_server_extension_loads_no_solver() -> None:
    loaded = _loaded_by("import jupyter_envstore; jupyter_envstore._jupyter_server_extension_points()")
    assert "jupyter_server" in loaded
    assert loaded.isdisjoint({"rattler", "conda_lock"})


def test_the_version_is_that_of_package_json() -> None:
    import jupyter_envstore

    assert jupyter_envstore.__version__ == json.loads((ROOT / "package.json").read_text())["version"]


def test_yarn_lock_names_no_registry() -> None:
    for lock in (ROOT / "yarn.lock", ROOT / "ui-tests" / "yarn.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "__archive" + "Url" not in text, f"{lock} holds the address of the registry that made it"


@pytest.mark.long
def test_a_wheel_holds_every_module_the_migrations_and_the_front_end(tmp_path: Path) -> None:
    # Built from what git would hand out, so that nothing a checkout happens to hold can stand in for it.
    source = tmp_path / "source"
    source.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    names = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())

    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(source)],
        check=True, timeout=280,
    )  # fmt: skip

    (wheel,) = tmp_path.glob("*.whl")
    packed = zipfile.ZipFile(wheel).namelist()
    modules = {name for name in names if name.startswith("jupyter_envstore/")}
    assert modules <= set(packed)
    assert any(name.startswith("jupyter_envstore/catalog/migrations/") for name in packed)
    data = {name.split(".data/data/", 1)[1] for name in packed if ".data/data/" in name}
    assert "share/jupyter/labextensions/jupyter-envstore/package.json" in data
    assert "share/jupyter/labextensions/jupyter-envstore/install.json" in data
    assert "share/jupyter/labextensions/jupyter-envstore/static/style.js" in data
    assert "etc/jupyter/jupyter_server_config.d/jupyter_envstore.json" in data
