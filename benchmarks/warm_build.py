"""How long a build takes when the lock is known and all packages are in the cache, against the bare installer.

    python benchmarks/warm_build.py [--rounds 7] [--channel URL] [SPEC ...]

Both sides are whole processes, run in turn on the same packages, so that the ratio holds on a busy machine too. The
bare installer is py-rattler's ``install`` and nothing else. The builder also verifies every file, links byte-code,
protects and publishes the prefix and records its activation; verification and byte-code stand on lines of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from jupyter_envstore.layout import StoreLayout  # noqa: E402
from jupyter_envstore.lock.platforms import current_platform  # noqa: E402
from jupyter_envstore.prefixes.hashing import prefix_hash  # noqa: E402
from jupyter_envstore.prefixes.removal import remove_tree  # noqa: E402

BUILDER = CHECKOUT / "jupyter_envstore/workers/builder.py"
SPECS = ["python=3.11", "numpy", "pandas", "ipykernel"]
BARE = """
import asyncio, json, os, sys
from rattler import PackageRecord, RepoDataRecord, install
from rattler.package import BuildString
packages = json.load(open(sys.argv[1]))
records = [
    RepoDataRecord(
        PackageRecord(p["name"], p["version"], BuildString(p["build"]), 0, p["subdir"],
                      sha256=bytes.fromhex(p["sha256"]), md5=bytes.fromhex(p["md5"])),
        p["url"].rsplit("/", 1)[1], p["url"], p["channel"])
    for p in packages
]
asyncio.run(install(records, sys.argv[2], cache_dir=sys.argv[3], show_progress=False))
os._exit(0)
"""


GOAL = 1.25


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/channel/conda-forge").as_uri())
    parser.add_argument("specs", nargs="*", default=SPECS)
    options = parser.parse_args()
    packages = asyncio.run(lock(options.channel, options.specs))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        bare, ours, used = measure(Path(folder), packages, options.rounds)
        remove_tree(Path(folder) / "store")
    return report(packages, bare, ours, used)


def measure(
    folder: Path, packages: list[dict[str, Any]], rounds: int
) -> tuple[list[float], list[tuple[float, dict[str, Any]]], list[tuple[float, float]]]:
    """Return seconds of the bare installer, those of the builder with what it tells, and what both used, by round.

    What a process and its children used of the processors does not depend on what else the machine does.
    """
    (folder / "packages.json").write_text(json.dumps(packages))
    (folder / "bare.py").write_text(BARE)
    (folder / "store").mkdir()
    bare: list[float] = []
    ours: list[tuple[float, dict[str, Any]]] = []
    used: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        before = processor_seconds()
        one, between = run_bare(folder), processor_seconds()
        other, after = run_builder(folder, packages), processor_seconds()
        if number:  # the first fills the caches
            bare.append(one)
            ours.append(other)
            used.append((between - before, after - between))
    return bare, ours, used


def processor_seconds() -> float:
    """Return what the ended children of this process used of the processors."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_bare(folder: Path) -> float:
    """Install with py-rattler alone; return seconds."""
    prefix = folder / "bare-prefix"
    remove_tree(prefix)
    os.sync()  # else each side pays for what the other left in the file system's journal
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, folder / "bare.py", folder / "packages.json", prefix, folder / "bare-cache"], check=True
    )
    return time.perf_counter() - started


def run_builder(folder: Path, packages: list[dict[str, Any]]) -> tuple[float, dict[str, Any]]:
    """Build with the builder; return seconds and ``{"seconds", "files", "size"}``."""
    root = folder / "store"
    name = prefix_hash(packages, current_platform())
    remove_tree(StoreLayout(root).prefix(name))
    arguments = {
        "root": str(root),
        "platform": current_platform(),
        "prefix_hash": name,
        "packages": packages,
        "root_names": ["python"],
        "mirrors": {},
        "run_link_scripts": False,
        "link_script_seconds": 60,
        "frozen_message": "A benchmark.",
    }
    call = json.dumps({"id": 1, "call": "build", "arguments": arguments}) + "\n"
    os.sync()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, BUILDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(call)
    process.stdin.flush()
    answers = [json.loads(line) for line in process.stdout]
    process.wait()
    spent = time.perf_counter() - started
    process.stdin.close()
    if "result" not in answers[-1]:
        sys.exit(f"the build failed: {answers[-1]}")
    published = next(answer["event"]["published"] for answer in answers if "published" in answer.get("event", {}))
    return spent, {**published, "seconds": answers[-1]["result"]["seconds"]}


def report(
    packages: list[dict[str, Any]],
    bare: list[float],
    ours: list[tuple[float, dict[str, Any]]],
    used: list[tuple[float, float]],
) -> int:
    """Print medians, and the ratio of each round's pair; return 1 when the goal is missed."""
    described = ours[-1][1]
    extra = [told["seconds"]["bytecode"] + told["seconds"]["verify"] for _, told in ours]
    alike = [spent - more for (spent, _), more in zip(ours, extra, strict=True)]
    ratios = [one / other for one, other in zip(alike, bare, strict=True)]
    print(
        f"{len(packages)} packages, {described['files']} files, {described['size'] / 1e6:.0f} MB; {len(bare)} rounds,",
        end=" ",
    )
    print(f"medians in seconds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print(f"bare installer                                 {statistics.median(bare):6.2f}")
    print(f"builder, without byte-code and verification    {statistics.median(alike):6.2f}")
    for step in ("download", "link", "publish", "activate"):
        print(f"    {step:<43}{statistics.median(told['seconds'].get(step, 0.0) for _, told in ours):6.2f}")
    for step, words in (("bytecode", "byte-code (linked from the cache)"), ("verify", "verification of every file")):
        print(f"{words:<47}{statistics.median(told['seconds'][step] for _, told in ours):6.2f}")
    print(f"builder, all                                   {statistics.median(spent for spent, _ in ours):6.2f}\n")
    print(f"fastest: bare installer {min(bare):.2f}, builder without byte-code and verification {min(alike):.2f}")
    one, other = (statistics.median(side) for side in zip(*used, strict=True))
    print(f"processor time, user and system: bare installer {one:.2f}, builder with all that it does {other:.2f}")
    ratio = min(alike) / min(bare)
    print(f"ratio without byte-code and verification (goal: at most {GOAL}):")
    print(f"    of the fastest rounds, which other work on the machine disturbed least: {ratio:.2f}")
    print(f"    median of the rounds: {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")
    return 0 if ratio <= GOAL else 1


async def lock(channel: str, specs: Sequence[str]) -> list[dict[str, Any]]:
    """Solve for this machine; return the lock's entries."""
    from rattler import Gateway, VirtualPackage, VirtualPackageOverrides, solve
    from rattler.match_spec import MatchSpec
    from rattler.platform import Subdir
    from rattler.repo_data import SourceConfig

    records = await solve(
        [channel],
        [MatchSpec(spec, strict=False) for spec in specs],
        gateway=Gateway(default_config=SourceConfig(sharded_enabled=False)),
        platforms=[Subdir(current_platform()), Subdir("noarch")],
        virtual_packages=[found.into_generic() for found in VirtualPackage.detect(VirtualPackageOverrides())],
    )
    return [
        {
            "name": record.name.normalized,
            "version": str(record.version),
            "build": str(record.build),
            "subdir": str(record.subdir),
            "channel": channel,
            "url": str(record.url),
            "md5": record.md5.hex() if record.md5 else None,
            "sha256": record.sha256.hex() if record.sha256 else None,
            "size": record.size,
            "depends": list(record.depends),
        }
        for record in records
    ]


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # py-rattler may crash while an interpreter is taken down
