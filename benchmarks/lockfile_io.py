"""What it takes to read, check and write the largest lockfile of the corpus, of about 3,000 packages.

    python benchmarks/lockfile_io.py [--rounds 5] [--file LOCKFILE] [--no-peer]

Read is from the bytes of the file to packages that were checked; write is to the text of a format, from what the
catalog keeps of a version. conda-lock reads and writes the same file in a process of its own, once its imports are
done. The file is found beside ENVSTORE_TEST_CORPUS.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from jupyter_envstore.errors import FormatUnavailableError  # noqa: E402
from jupyter_envstore.lock.document import lock_hash, packages_of, platforms_of  # noqa: E402
from jupyter_envstore.lock.platforms import current_platform  # noqa: E402
from jupyter_envstore.schemas import Package  # noqa: E402
from jupyter_envstore.share.formats import FORMATS  # noqa: E402
from jupyter_envstore.share.reading import read_lock  # noqa: E402
from jupyter_envstore.share.shared import Shared  # noqa: E402

GOAL = 1.0
PEER = """
import json, os, pathlib, sys, time
from conda_lock.lockfile import parse_conda_lock_file, write_conda_lock_file
started = time.perf_counter()
lock = parse_conda_lock_file(pathlib.Path(sys.argv[1]))
read = time.perf_counter()
write_conda_lock_file(lock, pathlib.Path(os.devnull), metadata_choices=None)
print(json.dumps({"read": read - started, "write": time.perf_counter() - read}))
sys.stdout.flush()
os._exit(0)
"""


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, default=None)
    parser.add_argument("--no-peer", action="store_true", help="leave conda-lock out")
    options = parser.parse_args()
    file = options.file or largest(os.environ.get("ENVSTORE_TEST_CORPUS"))
    if file is None:
        print("ENVSTORE_TEST_CORPUS names no corpus; name a lockfile with --file.")
        return 0
    data = file.read_bytes()
    shared = read(data)
    print(f"{len(shared.packages):,} packages, {len(data):,} bytes, median of {options.rounds}")
    reading = seconds(options.rounds, lambda: read(data))
    print(f"{'read and check':24} {reading:6.3f} s")
    writing = 0.0
    for known in FORMATS:
        try:
            size = len(known.write(shared))
        except FormatUnavailableError as error:
            print(f"{'write ' + known.name:24} {error.message}")
            continue
        taken = seconds(options.rounds, lambda write=known.write: write(shared))  # type: ignore[misc]
        writing = taken if known.name == "conda-lock" else writing
        print(f"{'write ' + known.name:24} {taken:6.3f} s, {size:,} characters")
    total = reading + writing
    print(f"{'read, check and write':24} {total:6.3f} s; the goal is {GOAL} s")
    if not options.no_peer:
        done = subprocess.run([sys.executable, "-c", PEER, str(file)], capture_output=True, text=True, check=True)
        peer = json.loads(done.stdout)
        ratio = total / (peer["read"] + peer["write"])
        print(f"{'conda-lock itself':24} {peer['read']:6.3f} s to read, {peer['write']:6.3f} s to write")
        print(f"{'ratio':24} {ratio:6.3f}")
    return int(total > GOAL)


def largest(corpus: str | None) -> Path | None:
    """Return the largest version 1 lockfile of the corpus."""
    files = [path for path in Path(corpus, "locks").glob("*.y*ml") if "__v3__" not in path.name] if corpus else []
    return max(files, key=lambda path: path.stat().st_size, default=None)


def read(data: bytes) -> Shared:
    """Read a lockfile as far as an import does before anything is asked of a channel."""
    document = read_lock(data)
    packages: list[Package] = []
    for platform in platforms_of(document):
        packages += packages_of(document, platform)
    return Shared("bench/lock", 1, lock_hash(document), "", document, packages, current_platform())


def seconds(rounds: int, work: Callable[[], object]) -> float:
    """Return the median time of ``work``."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
