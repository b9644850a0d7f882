"""`make demo` and what a newcomer does next, in a scratch clone with an empty home."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
CACHES = {".cache", ".npm", ".yarn", ".yarnrc.yml", ".rustup"}
"""What package managers leave in a home; pip asks ``rustc`` for its version, and rustup then writes its settings."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed and changed here, in an empty folder, as a clone would have it."""
    place = tmp_path_factory.mktemp("clone") / "jupyter-envstore"
    subprocess.run(["git", "clone", "-q", str(CHECKOUT), str(place)], check=True)
    changed = subprocess.run(["git", "diff", "--binary", "HEAD"], cwd=CHECKOUT, capture_output=True, check=True).stdout
    if changed:
        subprocess.run(["git", "apply", "--whitespace=nowarn"], cwd=place, input=changed, check=True)
    return place


@pytest.fixture(scope="module")
def demo(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The demo run in the clone, and the home it ran with."""
    home = tmp_path_factory.mktemp("demo-home")
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "CONDA", "XDG"))}
    # Wheels that were downloaded before are not downloaded again: a clone has its own .cache, and this one is warm.
    if (CHECKOUT / ".cache" / "wheels").is_dir():
        (clone / ".cache").mkdir(exist_ok=True)
        subprocess.run(["cp", "-r", str(CHECKOUT / ".cache" / "wheels"), str(clone / ".cache")], check=True)
    done = subprocess.run(
        ["make", "demo"],
        cwd=clone,
        env={**environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, home


@pytest.mark.timeout(1500)
def test_make_demo_ends_well_and_says_what_it_did(demo: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, _ = demo
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    for words in ("Where packages come from", "What was built", "packages", "kernel", "What next"):
        assert words in done.stdout
    assert "2 plots" in done.stdout


def test_the_demo_leaves_the_home_as_it_was(demo: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, home = demo
    left = {path.name for path in home.iterdir()}
    assert left <= CACHES, f"not a package manager's cache: {left - CACHES}"
    assert not list((home / ".cache").glob("*envstore*")) if (home / ".cache").exists() else True


def test_the_demos_environment_can_be_used_afterwards(
    clone: Path, demo: tuple[subprocess.CompletedProcess[str], Path]
) -> None:
    command = [str(clone / ".venv" / "bin" / "jupyter"), "envstore", "--store", str(clone / ".demo" / "store")]
    environ = {**os.environ, "HOME": str(demo[1])}
    shown = subprocess.run([*command, "list"], env=environ, capture_output=True, text=True, check=True).stdout
    assert "local/analysis" in shown
    program = "import pandas, matplotlib; print('works')"
    ran = subprocess.run(
        [*command, "run", "analysis", "--", "python", "-c", program],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == "works", ran.stderr


@pytest.mark.timeout(300)
def test_a_second_demo_uses_what_is_there(clone: Path, demo: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "CONDA", "XDG"))}
    done = subprocess.run(
        ["make", "demo"],
        cwd=clone,
        env={**environ, "HOME": str(demo[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "from an earlier run" in done.stdout
