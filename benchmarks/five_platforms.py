"""How long a lock for five platforms takes, against the slowest of them alone, and against conda-lock.

    python benchmarks/five_platforms.py [--rounds 7] [--channel URL] [SPEC ...]

Each round locks for all platforms and for each of them alone, in turn, so that the ratio holds on a busy machine too:
once with the start of the resolver's process, once in a process that has loaded everything; the channel's metadata is
read anew each time. conda-lock locks the same with the first solver of micromamba, mamba and conda that is on PATH, in
a process of its own, and as a call in one that has loaded it. Where there is no solver that part is left out. The
channel is a large one of real records without files, which the tests unpack (`ENVSTORE_TEST_CORPUS` names the folder
beside it).
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from jupyter_envstore.builds.resolver import Resolver  # noqa: E402
from jupyter_envstore.layout import StoreLayout  # noqa: E402

PLATFORMS = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]
SPECS = ["python=3.12", "numpy", "pandas", "scikit-learn", "jupyterlab"]
SLOWEST_GOAL = 2.0
CONDA_LOCK_GOAL = 0.4
CALL = """
import pathlib, sys, time
from conda_lock.conda_lock import make_lock_files
began = time.perf_counter()
make_lock_files(
    conda=sys.argv[1], src_files=[pathlib.Path(sys.argv[2])], kinds=["lock"], lockfile_path=pathlib.Path(sys.argv[3]),
    platform_overrides=sys.argv[4].split(","), mapping_url=pathlib.Path(sys.argv[5]).as_uri(),
)
print(time.perf_counter() - began)
"""


@dataclass
class Asked:
    """What all sides are asked."""

    folder: Path
    channel: str
    specs: list[str]
    number: int = 0

    @property
    def text(self) -> str:
        """The environment.yml."""
        return f"channels: [{self.channel}]\ndependencies:\n" + "".join(f"  - {spec}\n" for spec in self.specs)

    def arguments(self, platforms: Sequence[str]) -> dict[str, Any]:
        """Return the arguments of the resolver's ``lock`` call; the folder for metadata is a new one each time."""
        self.number += 1
        cache = self.folder / f"repodata-{self.number}"
        return {"specification": self.text, "platforms": list(platforms), "channels": [], "repodata_cache": str(cache)}


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/cf-union").as_uri())
    parser.add_argument("specs", nargs="*", default=SPECS)
    options = parser.parse_args()
    if options.channel.startswith("file:") and not Path(options.channel.removeprefix("file://")).is_dir():
        print("The large channel is not unpacked; run tests/test_minimal_change.py with ENVSTORE_TEST_CORPUS once.")
        return 0
    print(
        f"{options.rounds} rounds, medians in seconds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        asked = Asked(Path(name), options.channel, options.specs)
        with_start = [round_with_start(asked) for _ in range(options.rounds)]
        without = rounds_without_start(asked, options.rounds)
        missed = report("with the start of the process", with_start) + report("without", without)
        missed += against_conda_lock(asked, options.rounds, with_start, without)
    return 1 if missed else 0


def round_with_start(asked: Asked) -> dict[str, float]:
    """Return seconds of a lock for all platforms and for each alone, each in a process of its own."""
    found = {}
    for key, platforms in questions():
        began = time.perf_counter()
        resolver = Resolver(StoreLayout(asked.folder / "store"))
        resolver.call("lock", asked.arguments(platforms))
        found[key] = time.perf_counter() - began
        resolver.close()
    return found


def rounds_without_start(asked: Asked, rounds: int) -> list[dict[str, float]]:
    """Return the same of a process that has loaded everything."""
    resolver = Resolver(StoreLayout(asked.folder / "store"))
    resolver.call("lock", asked.arguments(PLATFORMS[:1]))
    found = []
    for _ in range(rounds):
        times = {}
        for key, platforms in questions():
            arguments = asked.arguments(platforms)
            began = time.perf_counter()
            resolver.call("lock", arguments)
            times[key] = time.perf_counter() - began
        found.append(times)
    resolver.close()
    return found


def questions() -> list[tuple[str, list[str]]]:
    """Return what a round asks, by name."""
    return [("all", PLATFORMS), *((platform, [platform]) for platform in PLATFORMS)]


def report(title: str, rounds: list[dict[str, float]]) -> int:
    """Print one table and its ratio; return 1 when the goal is missed."""
    medians = {key: statistics.median(times[key] for times in rounds) for key in rounds[0]}
    ratios = [times["all"] / max(times[platform] for platform in PLATFORMS) for times in rounds]
    print(f"{title}: " + ", ".join(f"{key} {seconds:.2f}" for key, seconds in medians.items()))
    print(f"  all / slowest alone: {statistics.median(ratios):.2f} (goal: at most {SLOWEST_GOAL})\n")
    return 0 if statistics.median(ratios) <= SLOWEST_GOAL else 1


def against_conda_lock(
    asked: Asked, rounds: int, with_start: list[dict[str, float]], without: list[dict[str, float]]
) -> int:
    """Measure conda-lock and print the ratios; return the number of goals that were missed."""
    solver = next((found for name in ("micromamba", "mamba", "conda") if (found := shutil.which(name))), None)
    command = Path(sys.executable).with_name("conda-lock")
    if solver is None or not command.exists():
        print("conda-lock: not measured, as there is no micromamba, mamba or conda on PATH")
        return 0
    source, output, names = (asked.folder / name for name in ("environment.yml", "conda-lock.yml", "names.json"))
    source.write_text(asked.text)
    names.write_text("{}")
    process, call = [], []
    for _ in range(rounds):
        output.unlink(missing_ok=True)
        began = time.perf_counter()
        places = [word for platform in PLATFORMS for word in ("-p", platform)]
        subprocess.run(
            [command, "lock", "--conda", solver, "-f", source, "--lockfile", output, *places],
            check=True,
            capture_output=True,
        )
        process.append(time.perf_counter() - began)
        output.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", CALL, solver, source, output, ",".join(PLATFORMS), names],
            check=True,
            capture_output=True,
            text=True,
        )
        call.append(float(done.stdout.split()[-1]))
    missed = 0
    for title, ours, theirs in (("with start", with_start, process), ("without", without, call)):
        seconds = statistics.median(times["all"] for times in ours)
        other = statistics.median(theirs)
        missed += seconds / other > CONDA_LOCK_GOAL
        print(
            f"{Path(solver).name} through conda-lock, {title}: {other:.2f}, ours {seconds:.2f}: "
            f"{seconds / other:.2f} (goal: at most {CONDA_LOCK_GOAL})"
        )
    return missed


if __name__ == "__main__":
    sys.exit(main())
