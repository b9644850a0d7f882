"""From a known lock to the first answered ``import pandas`` in a kernel, against uv, and venv with pip.

    python benchmarks/first_import.py [--rounds 5] [--channel URL]

Each side starts with its caches warm and ends when a kernel has answered ``import pandas``:

- envstore: a version is built from its lock (every file verified), its kernel registered and started;
- uv: ``uv venv``, ``uv pip install`` of the same versions, the same kernel started from it (byte-code is not compiled
  by default, as people use it);
- pip: ``python -m venv`` and ``pip install`` of the same versions. Slow, so it runs once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
NAMES = ["numpy", "pandas", "ipykernel"]
SPECIFICATION = "name: bench\ndependencies: [python={python}, numpy, pandas, ipykernel]\n"


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/channel/conda-forge").as_uri())
    options = parser.parse_args()
    if shutil.which("uv", path=str(Path(sys.executable).parent)) is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "uv"], check=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ |= {
            f"JUPYTER_{kind}_DIR": str(folder / "jupyter" / kind.lower()) for kind in ("DATA", "RUNTIME", "CONFIG")
        }
        envstore = EnvstoreSide(folder / "envstore", options.channel)
        uv = UvSide(folder / "uv", envstore.pins, envstore.python)
        ours: list[float] = []
        theirs: list[float] = []
        for number in range(options.rounds + 1):
            one, other = timed(envstore.run), timed(uv.run)
            if number:  # the first fills the caches
                ours.append(one)
                theirs.append(other)
        pip = timed(lambda: run_pip(folder / "pip", envstore.pins))
        envstore.store.close()
    return report(ours, theirs, pip)


class EnvstoreSide:
    """Builds a version from a lock that is known."""

    def __init__(self, folder: Path, channel: str) -> None:
        from jupyter_envstore.store import EnvStore

        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        self.store = EnvStore(
            root_dir=str(folder),
            default_channels=[channel],
            conda_environments_file="",
            kernels_dir=str(Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels"),
        )
        self.specification = SPECIFICATION.format(python=version)
        locked = self.store.channels.lock(self.specification)
        self.lockfile = locked.lockfile
        packages = {package.name: package.version for package in locked.packages}
        self.pins = [f"{name}=={packages[name]}" for name in NAMES]
        self.python = sys.executable
        self.number = 0

    def run(self) -> None:
        """Build, register, start, import."""
        from jupyter_envstore.prefixes.removal import remove_prefix
        from jupyter_envstore.schemas import BuildRequest

        store = self.store
        self.number += 1
        name = f"bench{self.number}"
        request = BuildRequest(specification=self.specification, lockfile=self.lockfile)
        store.catalog.environments.create("local", name)
        build = store.catalog.builds.enqueue("local", name, "import", request)
        *_, build = store.builds.watch(build.id)
        if build.state != "ready":
            sys.exit(f"the build failed: {build.error}")
        import_in_kernel(f"envstore-local--{name}")
        for prefix in store.catalog.prefixes.list():
            remove_prefix(store.layout, prefix.hash)


class UvSide:
    """Makes a virtual environment with uv."""

    def __init__(self, folder: Path, pins: list[str], python: str) -> None:
        self.folder, self.pins, self.python = folder, pins, python
        self.environ = {**os.environ, "UV_CACHE_DIR": str(folder.with_name("uv-cache"))}

    def run(self) -> None:
        """Make, install, start, import."""
        shutil.rmtree(self.folder, ignore_errors=True)
        uv = str(Path(sys.executable).with_name("uv"))
        interpreter = self.folder / "bin" / "python"
        subprocess.run([uv, "venv", "-q", "--python", self.python, str(self.folder)], env=self.environ, check=True)
        install = [uv, "pip", "install", "-q", "--python", str(interpreter), *self.pins]
        subprocess.run(install, env=self.environ, check=True)
        import_in_kernel(add_kernel("uv", interpreter))


def run_pip(folder: Path, pins: list[str]) -> None:
    """Make an environment with venv and pip, start a kernel in it, import."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *pins], check=True)
    import_in_kernel(add_kernel("pip", folder / "bin" / "python"))


def add_kernel(name: str, interpreter: Path) -> str:
    """Write the kernel spec that ipykernel would install; return its name."""
    import json

    folder = Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    argv = [str(interpreter), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name, "language": "python"}))
    return name


def import_in_kernel(name: str) -> None:
    """Start the kernel and wait until it has answered ``import pandas``."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name=name)
    manager.start_kernel(stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    reply = client.execute_interactive("import pandas", timeout=120, output_hook=lambda message: None)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    if reply["content"]["status"] != "ok":
        sys.exit(f"import pandas failed in {name}: {reply['content']}")


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that the work took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def report(ours: list[float], theirs: list[float], pip: float) -> int:
    """Print medians and ratios."""
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    print(f"{len(ours)} rounds, medians in seconds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print(f"envstore, from the lock   {statistics.median(ours):6.2f}")
    print(f"uv venv + uv pip install  {statistics.median(theirs):6.2f}")
    print(f"venv + pip (once)         {pip:6.2f}")
    print(f"\nratio to uv: {ratio:.2f} (goal: at most 1.0)")
    return 0 if ratio <= 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
