"""Time from *ready* to a kernel that answers, against the same interpreter started directly.

    python benchmarks/kernel_ready.py [--rounds 15] [--json]

The environment is created from the local channel by the command line, in a store below ``.cache/bench`` that a
second run uses again. One round starts each kind once, in turn, so that a busy machine troubles all alike.

- direct: the prefix's interpreter with ipykernel, as a plain kernel spec would start it;
- launched: the kernel spec that the store registered (launch script, activation, cleaned environment);
- fallback: the kernel that explains, of a prefix that is gone (no goal; for knowledge).

A kernel answers when its reply to ``kernel_info_request`` is there. The launch script's own time, without a
kernel, stands on a line of its own: it is what the difference of the first two would be on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
HOME = CHECKOUT / ".cache" / "bench"
KERNELS = HOME / "jupyter" / "data" / "kernels"
SPECS = ["python", "ipykernel", "envstore-activation-demo"]
GOAL = 0.050
"""Seconds that the launch script may cost."""


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    options = parser.parse_args()
    for kind in ("data", "runtime", "config"):
        os.environ[f"JUPYTER_{kind.upper()}_DIR"] = str(HOME / "jupyter" / kind)
    os.environ["JUPYTER_ENVSTORE_DIR"] = str(HOME / "store")
    launched = create_environment()
    names = {"direct": add_direct(launched), "launched": launched.name, "fallback": add_fallback()}
    for name in names.values():
        time_start(name)  # fills the file cache
    seconds: dict[str, list[float]] = {kind: [] for kind in names}
    for turn in range(options.rounds):
        order = list(names) if turn % 2 else list(names)[::-1]  # what runs before must not favour one of them
        for kind in order:
            seconds[kind].append(time_start(names[kind]))
    medians = {kind: statistics.median(values) for kind, values in seconds.items()}
    script = script_seconds(launched / "launch.sh")
    # The median of differences within a round: other work on the machine slows both of a pair, not one of them.
    added = statistics.median(
        launch - plain for plain, launch in zip(seconds["direct"], seconds["launched"], strict=True)
    )
    report(medians, added, script, as_json=options.json)
    return 0 if added <= GOAL else 1


def create_environment() -> Path:
    """Create the environment unless an earlier run did; return the folder of its kernel spec."""
    folder = KERNELS / "envstore-local--bench"
    if not (folder / "kernel.json").exists():
        channels = CHECKOUT / ".cache" / "channel"
        run(sys.executable, str(CHECKOUT / "tools" / "local_channel.py"), "--output", str(channels))
        config = HOME / "jupyter" / "config"
        config.mkdir(parents=True, exist_ok=True)
        settings = {"EnvStore": {"conda_environments_file": str(HOME / "environments.txt")}}
        (config / "jupyter_envstore_config.json").write_text(json.dumps(settings))
        channel = (channels / "conda-forge").as_uri()
        run(str(Path(sys.executable).with_name("jupyter-envstore")), "create", *SPECS, "-n", "bench", "-c", channel)
    return folder


def run(*command: str) -> None:
    """Run a command that must succeed; what it prints is for the person who waits."""
    subprocess.run(command, stdout=sys.stderr, check=True)


def add_direct(launched: Path) -> str:
    """Write a plain kernel spec of the same interpreter and command; return its name."""
    spec = json.loads((launched / "kernel.json").read_text(encoding="utf-8"))
    folder = KERNELS / "direct"
    folder.mkdir(exist_ok=True)
    plain = {"argv": spec["argv"][2:], "display_name": "direct", "language": "python", "metadata": {}}
    plain["metadata"] = {key: spec["metadata"][key] for key in ("supported_encryption",) if key in spec["metadata"]}
    (folder / "kernel.json").write_text(json.dumps(plain), encoding="utf-8")
    return folder.name


def add_fallback() -> str:
    """Register a kernel whose prefix is not there; return its name."""
    from jupyter_envstore.kernels.registry import KernelRegistry
    from jupyter_envstore.kernels.target import KernelTarget

    registry = KernelRegistry(KERNELS, HOME / "elsewhere")
    return registry.register(KernelTarget("local", "gone", 1, HOME / "elsewhere" / "p" / "0", "0" * 64))[0].name


def time_start(name: str) -> float:
    """Start a kernel, wait for its first answer, end it; return the seconds to the answer."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name=name)
    begun = time.perf_counter()
    manager.start_kernel(stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    client.start_channels()
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    ended = time.perf_counter()
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return ended - begun


def script_seconds(script: Path) -> float:
    """Return what the launch script costs without a kernel: the difference of medians to the same program alone."""

    alone, launched = ["/bin/true"], ["/bin/sh", str(script), "/bin/true"]
    pairs = [[timed(command) for command in (alone, launched)] for _ in range(200)]
    return statistics.median(second for _, second in pairs) - statistics.median(first for first, _ in pairs)


def timed(command: list[str]) -> float:
    """Return the seconds that a command took."""
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


def report(medians: dict[str, float], added: float, script: float, *, as_json: bool) -> None:
    """Print the medians, their ratios to the direct start, and the difference that the goal is about."""
    if as_json:
        print(json.dumps({"seconds": medians, "added": added, "script": script, "goal": GOAL}))
        return
    for kind, seconds in medians.items():
        print(f"{kind:10} {seconds:6.3f} s   {seconds / medians['direct']:5.2f} x direct")
    print(f"launched over direct  {1000 * added:+6.1f} ms, median of pairs (goal: at most {1000 * GOAL:.0f} ms)")
    print(f"the script by itself  {1000 * script:+6.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
