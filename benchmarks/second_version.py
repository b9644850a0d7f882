"""What a second version costs that differs in one package: disk, and time against the first build with empty caches.

    python benchmarks/second_version.py [--rounds 3]

The channel is served over loopback HTTP as conda-forge serves its own. The first build begins with an empty store, so
it fetches metadata and packages, unpacks them and compiles byte-code; the resolver's program is loaded before, as a
server loads it. Then one package is moved to another version, which is solved, fetched, built and made active.

Disk is what the files of the whole store occupy, each counted once however many links it has. The unpacked size of the
changed package is taken off; the rest (folders, files that name their prefix, conda's records, byte-code, catalog) is
told in percent of what the first version occupies. Byte-code of the changed package, which is part of it, is shown too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tools")]

from channel_maker.serving import ChannelServer  # noqa: E402

from jupyter_envstore.lock.platforms import current_platform  # noqa: E402
from jupyter_envstore.prefixes.removal import remove_tree  # noqa: E402
from jupyter_envstore.schemas import Build  # noqa: E402
from jupyter_envstore.store import EnvStore  # noqa: E402

SPECS = ["python=3.12", "numpy", "pandas", "matplotlib", "ipykernel"]
CHANGES = {"numpy": ("2.1.3", "2.3.5"), "pandas": ("2.2.3", "2.3.3")}
"""Version before and after, by package."""
DISK_GOAL, TIME_GOAL = 0.06, 0.25


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--channels", type=Path, default=CHECKOUT / ".cache/channel", help="folder of channels")
    options = parser.parse_args()
    print(f"{options.rounds} rounds, medians; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    columns = ("first", 8), ("second", 8), ("ratio", 8), ("unpacked", 10), ("further", 9), ("byte-code", 11)
    print(" " * 26 + "".join(f"{words:>{width}}" for words, width in (*columns, ("of the first", 14))))
    good = []
    with ChannelServer(options.channels) as server:
        for name in CHANGES:
            rounds = [measure(server.url(), name) for _ in range(options.rounds)]
            good.append(report(name, rounds))
    return 0 if all(good) else 1


def measure(channel: str, name: str) -> dict[str, float]:
    """Build a first version and a second that differs in one package; return seconds, bytes and ratios."""
    old, new = CHANGES[name]
    specs = [*(spec for spec in SPECS if spec != name), f"{name} {old}"]
    text = "name: bench\ndependencies:\n" + "".join(f"  - {spec}\n" for spec in specs)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "store"
        store = EnvStore(
            root_dir=str(root),
            kernels_dir=f"{folder}/kernels",
            default_channels=[channel],
            conda_environments_file="",
        )
        try:
            store.warm_up()
            time.sleep(3)
            began = time.perf_counter()
            finish(store, store.builds.create("bench", text))
            first = time.perf_counter() - began
            compiled = occupied(root / "cache/pyc")
            before, own = occupied(root), occupied(next(iter(root.glob("p/*[0-9a-f]"))))
            began = time.perf_counter()
            finish(store, store.builds.submit(store.drafts.edit("bench", add=[f"{name} {new}"])))
            second = time.perf_counter() - began
            (changes,) = store.versions.compare("bench@1", "bench@2").platforms
            if [change.name for change in changes.changes] != [name] or changes.platform != current_platform():
                sys.exit(f"more than {name} changed: {[change.name for change in changes.changes]}")
            unpacked = sum(map(occupied, root.glob(f"cache/pkgs/{name}-{new}-*")))
            further = occupied(root) - before - unpacked
            compiled = occupied(root / "cache/pyc") - compiled
        finally:
            store.close()
            remove_tree(root)
    return {
        "first": first,
        "second": second,
        "time": second / first,
        "unpacked": unpacked / 1e6,
        "further": further / 1e6,
        "compiled": compiled / 1e6,
        "disk": further / own,
    }


def finish(store: EnvStore, build: Build) -> None:
    """Run a build to its end."""
    *_, ended = store.builds.watch(build.id)
    if ended.state != "ready":
        sys.exit(f"the build ended as {ended.state}: {ended.error}")


def occupied(root: Path) -> int:
    """Return the bytes that files and folders from ``root`` on occupy on disk, each counted once."""
    seen: dict[tuple[int, int], int] = {}
    for folder, _, files in os.walk(root):
        for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118  tens of thousands
            state = os.lstat(path)
            seen[state.st_dev, state.st_ino] = state.st_blocks * 512
    return sum(seen.values())


def report(name: str, rounds: list[dict[str, float]]) -> bool:
    """Print medians and return whether the goals are reached."""
    told = {key: statistics.median(found[key] for found in rounds) for key in rounds[0]}
    what = f"{name} {CHANGES[name][0]} → {CHANGES[name][1]}"
    print(f"{what:<26}{told['first']:>7.2f}s{told['second']:>7.2f}s{told['time']:>8.1%}", end="")
    print(f"{told['unpacked']:>8.1f}MB{told['further']:>7.1f}MB{told['compiled']:>9.1f}MB{told['disk']:>14.1%}")
    good = told["time"] <= TIME_GOAL and told["disk"] <= DISK_GOAL
    if not good:
        print(f"    goals: at most {TIME_GOAL:.0%} of the time, {DISK_GOAL:.0%} further disk")
    return good


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)
