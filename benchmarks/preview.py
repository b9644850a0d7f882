"""What a preview of an edit takes on an environment of about 300 packages of conda-forge, with warm metadata.

    python benchmarks/preview.py [--rounds 5] [--channel URL]

Through HTTP, from the request to the preview, for edits that move nothing, little, and much. The solver's share is what
the resolver spent on finding versions; the rest is reading the parent, the comparison with its reasons, and the way
there and back. The channel is a large one of real records without files, which the tests unpack
(`ENVSTORE_TEST_CORPUS` names the folder beside it); nothing is built.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "benchmarks")]

from server_import import Server, configure  # noqa: E402

from jupyter_envstore.builds.asking import ask  # noqa: E402
from jupyter_envstore.builds.surroundings import lock_arguments  # noqa: E402
from jupyter_envstore.lock.document import lock_hash  # noqa: E402
from jupyter_envstore.lock.platforms import current_platform  # noqa: E402
from jupyter_envstore.policy import Origin, evaluate  # noqa: E402
from jupyter_envstore.prefixes.hashing import prefix_hash  # noqa: E402
from jupyter_envstore.schemas import BuildRequest, Package  # noqa: E402
from jupyter_envstore.specification import Specification  # noqa: E402
from jupyter_envstore.store import EnvStore  # noqa: E402

GOAL = 1.0
ENVIRONMENTS = {
    "science": ["python=3.11", "numpy <2", "pandas", "scikit-learn", "matplotlib", "jupyterlab <4.2", "xarray", "h5py"],
    "plots": ["python=3.10", "matplotlib", "jupyterlab <4", "seaborn", "bokeh", "plotly", "dask", "sqlalchemy"],
}
EDITS = ["polars", "numpy >=2", "pandas >=2.2", "jupyterlab >=4.2", "openssl <3.1", "openssl >=3.4", "python=3.12"]


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/cf-union").as_uri())
    options = parser.parse_args()
    if options.channel.startswith("file:") and not Path(options.channel.removeprefix("file://")).is_dir():
        print("The large channel is not unpacked; run tests/test_minimal_change.py with ENVSTORE_TEST_CORPUS once.")
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        configure(home, options.channel)
        counts = {name: make_version(home, options.channel, name, specs) for name, specs in ENVIRONMENTS.items()}
        server = Server(home)
        told: dict[tuple[str, str], list[dict[str, float]]] = {}
        for number in range(options.rounds + 1):
            for environment, asked in ENVIRONMENTS.items():
                for edit in EDITS:
                    answer = preview(server, environment, asked, edit)
                    if number and answer is not None:  # the first reads the channel
                        told.setdefault((environment, edit), []).append(answer)
        server.stop()
    return report(counts, told, options.rounds)


def make_version(home: Path, channel: str, name: str, specs: list[str]) -> int:
    """Put a version into the catalog without building it; return the number of its packages."""
    text = f"name: {name}\ndependencies:\n" + "".join(f"  - {spec}\n" for spec in specs)
    store = EnvStore(root_dir=str(home / "store"), default_channels=[channel], conda_environments_file="")
    try:
        answer = ask(
            store.resolver,
            "lock",
            lock_arguments(store, store.layout, BuildRequest(specification=text), may_build=False),
        )
        packages = [Package.model_validate(item) for item in answer["packages"]]
        origin = Origin.person(Specification.parse(text), store.default_channels)
        admitted = evaluate(origin, packages, store.policy).admit()
        builds = store.catalog.builds
        with store.catalog.transaction():
            store.catalog.environments.create("local", name)
            request = BuildRequest(specification=text, message="A benchmark")
            queued = builds.enqueue("local", name, "create", request, "bench")
        builds.claim("bench", max_running=10, only=queued.id)
        digest = store.catalog.locks.put(lock_hash(answer["lockfile"]), answer["lockfile"], admitted)
        builds.set_lock(queued.id, "bench", digest)
        platform = current_platform()
        own = [package for package in packages if package.platform == platform]
        builds.publish_version(
            queued.id, "bench", prefix_hash=prefix_hash(own, platform), platform=platform, size=1, files=1
        )
        builds.finish(queued.id, "bench")
        return len(own)
    finally:
        store.close()


def preview(server: Server, environment: str, asked: list[str], edit: str) -> dict[str, float] | None:
    """Return seconds and numbers of one preview, None where the edit has no solution."""
    lines = [spec for spec in asked if bare(spec) != bare(edit)]
    text = f"name: {environment}\ndependencies:\n" + "".join(f"  - {spec}\n" for spec in [*lines, edit])
    body = {"environment": f"local/{environment}", "specification": text}
    began = time.perf_counter()
    now = server.ask("POST", "envstore/preview", body)
    while now["state"] == "solving":
        time.sleep(0.01)
        now = server.ask("GET", f"envstore/previews/{now['id']}")
    whole = time.perf_counter() - began
    if now["state"] != "ready":
        return None
    (part,) = now["preview"]["comparison"]["platforms"][:1]
    moved = [change for change in part["changes"] if change["kind"] not in ("added", "removed")]
    return {"whole": whole, "solve": now["preview"]["seconds"]["solve"], "moved": len(moved)}


def bare(spec: str) -> str:
    """Return the name of a match spec."""
    return spec.replace("=", " ").replace("<", " ").replace(">", " ").split()[0]


def report(counts: dict[str, int], told: dict[tuple[str, str], list[dict[str, Any]]], rounds: int) -> int:
    """Print medians and the longest."""
    print(f"{rounds} rounds, medians in seconds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print(f"{'':<44}{'whole':>8}{'solver':>8}{'fastest':>9}{'moved':>7}")
    longest = 0.0
    for (environment, edit), answers in told.items():
        whole, solve = (statistics.median(answer[key] for answer in answers) for key in ("whole", "solve"))
        fastest = min(answer["whole"] for answer in answers)
        longest = max(longest, whole)
        what = f"{environment} ({counts[environment]} packages): {edit}"
        print(f"{what:<44}{whole:>8.2f}{solve:>8.2f}{fastest:>9.2f}{answers[-1]['moved']:>7.0f}")
    print(f"\nlongest: {longest:.2f} s (goal: at most {GOAL} s)")
    return 0 if longest <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
