"""A whole ``create`` from a cold command line, against the bare solver and installer.

    python benchmarks/create_cold.py [--rounds 7] [--channel URL] [SPEC ...]

Both are whole processes on the same channel with warm package and metadata caches, run in turn. The bare one solves
and installs with py-rattler in one script. Ours does all that a person gets: catalog, lockfile, installation,
byte-code (from the cache), verification of every file, protection, version, kernel. The prefix is removed before each
round, so that it is really made. What the imports of our three processes cost is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SPECS = ["python=3.12", "numpy", "pandas", "ipykernel"]
GOAL = 2.0
"""Seconds over the bare solver and installer."""
BARE = """
import asyncio, os, sys
from rattler import Channel, Gateway, MatchSpec, VirtualPackage, VirtualPackageOverrides, install, solve

async def main(channel, prefix, cache, *specs):
    records = await solve(
        [Channel(channel)], [MatchSpec(spec, strict=False) for spec in specs],
        gateway=Gateway(cache_dir=cache + "/repodata"), platforms=["linux-64", "noarch"],
        virtual_packages=list(VirtualPackage.detect(VirtualPackageOverrides())))
    await install(records, prefix, cache_dir=cache + "/pkgs", show_progress=False)

asyncio.run(main(*sys.argv[1:]))
os._exit(0)
"""
COMMAND_IMPORTS = (
    "import jupyter_envstore.cli.creating, jupyter_envstore.store, jupyter_envstore.catalog, "
    "jupyter_envstore.builds.runner, jupyter_envstore.builds.surroundings, jupyter_envstore.presentation, "
    "jupyter_envstore.cli.configuration"
)
RESOLVER_IMPORTS = "import rattler, conda_lock.lockfile"
BUILDER_IMPORTS = "import rattler"


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/channel/conda-forge").as_uri())
    parser.add_argument("specs", nargs="*", default=SPECS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "bare.py").write_text(BARE)
        bare: list[float] = []
        ours: list[float] = []
        stages: dict[str, float] = {}
        for number in range(options.rounds + 1):
            one = time_bare(folder, options.channel, options.specs)
            other, stages = time_create(folder, options.channel, options.specs)
            if number:  # the first fills the caches
                bare.append(one)
                ours.append(other)
    return report(bare, ours, stages)


def time_bare(folder: Path, channel: str, specs: list[str]) -> float:
    """Solve and install with py-rattler alone; return seconds."""
    prefix = folder / "bare-prefix"
    subprocess.run(["rm", "-rf", str(prefix)], check=True)
    begun = time.perf_counter()
    command = [sys.executable, str(folder / "bare.py"), channel, str(prefix), str(folder / "bare-cache"), *specs]
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


def time_create(folder: Path, channel: str, specs: list[str]) -> tuple[float, dict[str, float]]:
    """Create an environment by the command line; return seconds, and those of the build's states."""
    store = folder / "store"
    environ = {
        **os.environ,
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_ENVSTORE_DIR": str(store),
        "HOME": str(folder),
    }
    command = [str(Path(sys.executable).with_name("jupyter-envstore"))]
    subprocess.run([*command, "remove", "bench"], env=environ, capture_output=True, check=False)
    for prefix in (store / "p").glob("*"):
        subprocess.run(["chmod", "-R", "u+w", str(prefix)], check=True)
        subprocess.run(["rm", "-rf", str(prefix)], check=True)
    begun = time.perf_counter()
    done = subprocess.run(
        [*command, "create", *specs, "-n", "bench", "-c", channel, "--json"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - begun
    return seconds, json.loads(done.stdout)["build"]["seconds"]


def import_seconds(statement: str) -> float:
    """Return what the imports of a statement cost in a fresh interpreter, without the interpreter's own start."""
    times = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=True
        )
        own = [int(found[1]) for found in re.finditer(r"import time:\s+(\d+) \|", done.stderr)]
        times.append(sum(own) / 1e6)
    return statistics.median(times)


def report(bare: list[float], ours: list[float], stages: dict[str, float]) -> int:
    """Print medians, the difference that the goal is about, and where the time goes."""
    over = statistics.median(one - other for one, other in zip(ours, bare, strict=True))
    ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
    print(f"{len(bare)} rounds, medians in seconds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print(f"bare solver and installer   {statistics.median(bare):6.2f}")
    print(f"create, whole command       {statistics.median(ours):6.2f}   ({ratio:.2f} x)")
    for state, seconds in stages.items():
        print(f"    {state:<24}{seconds:6.2f}   (last round)")
    print("imports (in three processes, partly at the same time):")
    for name, statement in (("command", COMMAND_IMPORTS), ("resolver", RESOLVER_IMPORTS), ("builder", BUILDER_IMPORTS)):
        print(f"    {name:<24}{import_seconds(statement):6.2f}")
    print(f"\nover the bare solver and installer: {over:+.2f} s (goal: at most {GOAL:.1f} s)")
    return 0 if over <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
