"""An environment through the API, resolver and caches warm, against the bare solver and installer.

    python benchmarks/create_api.py [--rounds 7] [--channel URL] [SPEC...]

- bare: py-rattler's solver with its metadata in memory, then a process that installs with the same settings and the
  packages in its cache;
- ours: from the POST to *ready*, asked for every 10 ms: queue, lock file, catalog, builder process, byte-code and
  verification of every file, version, activation, kernel. Byte-code and verification, which the bare installer has
  no counterpart for, stand on lines of their own and are taken off for the comparison;
- kernel: from *ready* to the server's list of kernels that has it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "benchmarks")]

from server_import import Server, configure  # noqa: E402
from warm_build import BARE, lock, run_bare  # noqa: E402

from jupyter_envstore.layout import StoreLayout  # noqa: E402
from jupyter_envstore.lock.platforms import current_platform  # noqa: E402
from jupyter_envstore.prefixes.hashing import prefix_hash  # noqa: E402
from jupyter_envstore.prefixes.removal import remove_tree  # noqa: E402

SPECS = ["python=3.11", "numpy", "pandas", "ipykernel"]
GOAL = 0.300
APART = ("bytecode", "verify")


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/channel/conda-forge").as_uri())
    parser.add_argument("specs", nargs="*", default=SPECS)
    options = parser.parse_args()
    solve, packages = asyncio.run(warm_solve(options.channel, options.specs))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        configure(home, options.channel)
        (home / "packages.json").write_text(json.dumps(packages))
        (home / "bare.py").write_text(BARE)
        server = Server(home)
        bare: list[float] = []
        ours: list[dict[str, float]] = []
        for number in range(options.rounds + 1):
            one, other = solve + run_bare(home), create(server, home, number, options.specs)
            if number:  # the first fills the caches
                bare.append(one)
                ours.append(other)
        server.stop()
        remove_tree(home / "store")
    return report(bare, ours, len(packages))


async def warm_solve(channel: str, specs: list[str]) -> tuple[float, list[dict[str, Any]]]:
    """Return the seconds of a solve with the metadata in memory, and its packages."""
    from rattler import Gateway, VirtualPackage, VirtualPackageOverrides, solve
    from rattler.match_spec import MatchSpec
    from rattler.repo_data import SourceConfig

    gateway = Gateway(default_config=SourceConfig(sharded_enabled=False))
    virtual = [found.into_generic() for found in VirtualPackage.detect(VirtualPackageOverrides())]
    platform: Any = current_platform()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        await solve(
            [channel],
            [MatchSpec(spec, strict=False) for spec in specs],
            gateway=gateway,
            platforms=[platform, "noarch"],
            virtual_packages=virtual,
        )
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:]), await lock(channel, specs)


def create(server: Server, home: Path, number: int, specs: list[str]) -> dict[str, float]:
    """Create an environment and remove its files again; return seconds by what they were spent on."""
    name = f"bench{number}"
    began = time.perf_counter()
    build = server.ask("POST", "envstore/environments", {"name": name, "packages": specs})["id"]
    while (now := server.ask("GET", f"envstore/builds/{build}"))["state"] not in ("ready", "failed", "cancelled"):
        time.sleep(0.01)
    ready = time.perf_counter()
    if now["state"] != "ready":
        sys.exit(f"the build failed: {now['error']}")
    while f"envstore-local--{name}" not in server.ask("GET", "api/kernelspecs")["kernelspecs"]:
        time.sleep(0.01)
    visible = time.perf_counter()
    log = server.ask("GET", f"envstore/builds/{build}/log")["text"]
    packages = server.ask("GET", f"envstore/environments/local/{name}/versions/1/packages")["items"]
    layout = StoreLayout(home / "store")
    remove_tree(layout.prefix(prefix_hash(packages, current_platform())))
    return {"all": ready - began, "kernel": visible - ready, **now["seconds"], **step_seconds(log)}


def step_seconds(log: str) -> dict[str, float]:
    """Return how long the builder's steps took, as its log says at their end: ``verify: 0.28 s``."""
    return {name: float(seconds) for name, seconds in re.findall(r"\b([a-z]+): (\d+\.\d+) s$", log, re.MULTILINE)}


def report(bare: list[float], ours: list[dict[str, float]], packages: int) -> int:
    """Print medians and the overhead."""

    def median(name: str) -> float:
        return statistics.median(told.get(name, 0.0) for told in ours)

    alike = [told["all"] - sum(told.get(name, 0.0) for name in APART) for told in ours]
    over = statistics.median(one - other for one, other in zip(alike, bare, strict=True))
    print(f"{packages} packages, {len(bare)} rounds,", end=" ")
    print(f"medians in seconds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print(f"bare solver and installer            {statistics.median(bare):6.2f}")
    print(f"POST to ready                        {median('all'):6.2f}")
    for name in ("queued", "locking", "fetching", "installing", "registering"):
        print(f"    {name:<33}{median(name):6.2f}")
    for name in APART:
        print(f"{name:<37}{median(name):6.2f}")
    print(f"\noverhead without byte-code and verification  {over:6.3f} (goal: at most {GOAL})")
    print(f"kernel visible after ready                   {median('kernel'):6.3f} (goal: at most {GOAL})")
    return 0 if over <= GOAL and median("kernel") <= GOAL else 1


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # py-rattler may crash while an interpreter is taken down
