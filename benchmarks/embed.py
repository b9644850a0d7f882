"""What letting a notebook carry its environment takes when it is saved, and how large that is: 150 packages.

    python benchmarks/embed.py [--rounds 200] [--channel URL]

Through HTTP, as JupyterLab asks on each save: the notebook's metadata goes to a server that is warm, and what it is to
carry comes back. Once for a notebook that carries nothing yet, and once for one that carries the very same already. The
size is that of the metadata as nbformat writes it, with one platform, its packages at conda-forge's address.

The channel is a large one of real records without files, which the tests unpack (`ENVSTORE_TEST_CORPUS` names the
folder beside it); nothing is built.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "benchmarks")]

from catalog_http import Client, settle, tell  # noqa: E402
from preview import make_version  # noqa: E402
from server_import import Server, configure  # noqa: E402

from jupyter_envstore.lock.platforms import current_platform  # noqa: E402

TIME_GOAL, SIZE_GOAL = 0.030, 100_000
PACKAGES = 150
PUBLIC = "https://conda.anaconda.org/conda-forge"
SPECS = [
    "python=3.12",
    "ipykernel",
    "pandas",
    "scikit-learn",
    "matplotlib-base",
    "xarray",
    "h5py",
    "jupyterlab_widgets",
]


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/cf-union").as_uri())
    options = parser.parse_args()
    if options.channel.startswith("file:") and not Path(options.channel.removeprefix("file://")).is_dir():
        print("The large channel is not unpacked; run tests/test_minimal_change.py with ENVSTORE_TEST_CORPUS once.")
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        configure(home, options.channel)
        count = make_version(home, options.channel, "science", SPECS)
        server = Server(home)
        try:
            client = Client(server)
            settle(client)
            load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
            print(f"{count} packages, {options.rounds} rounds; {load}")
            print(f"\n{'milliseconds':<28}{'p50':>9}{'p95':>9}{'first':>9}{'busy':>9}")
            good = measure(client, options.rounds)
            good &= tell_size(embed(client, {}), options.channel, count)
        finally:
            server.stop()
        subprocess.run(["chmod", "-R", "u+w", name], check=True)
    return 0 if good else 1


def measure(client: Client, rounds: int) -> bool:
    """Print how long the answers take; return whether the goals are reached."""
    kernel = {"kernelspec": {"name": "envstore-local--science", "display_name": "science (v1)", "language": "python"}}
    held = {**kernel, "envstore": embed(client, kernel)}
    return all(
        [
            tell(client, "embed anew", rounds, lambda: embed(client, kernel), TIME_GOAL),
            tell(client, "embed what is there", rounds, lambda: embed(client, held), TIME_GOAL),
        ]
    )


def embed(client: Client, metadata: dict[str, Any]) -> dict[str, Any]:
    """Let a notebook carry the version for this machine's platform; return what it carries then."""
    body = {"metadata": metadata, "environment": "science", "platforms": [current_platform()]}
    held: dict[str, Any] = client.ask("POST", "notebooks/embed", body)["metadata"]
    return held


def tell_size(held: dict[str, Any], channel: str, count: int) -> bool:
    """Print how large it is; return whether the goal is reached, for as many packages as the goal is about."""
    with_it, without = (
        json.dumps({"metadata": metadata}, ensure_ascii=False, indent=1, sort_keys=True).replace(channel, PUBLIC)
        for metadata in ({"envstore": held}, {})
    )
    size = len(with_it.encode()) - len(without.encode())
    scaled = size / count * PACKAGES
    print(f"\n{size:,} bytes, which is {scaled:,.0f} for {PACKAGES} packages (goal: at most {SIZE_GOAL:,})")
    return scaled <= SIZE_GOAL


if __name__ == "__main__":
    sys.exit(main())
