"""Make a local conda channel out of PyPI wheels and the CPython interpreters of this machine.

    python tools/local_channel.py --output .cache/channel

For machines that cannot reach any channel, and for tests, which use it always. Below the output folder it makes the
channels ``conda-forge`` (good packages) and ``faults`` (broken ones). Any CPython from 3.10 on may run this; where the
libraries it needs are missing it starts itself again with the checkout's ``.venv`` or with an environment of its own
below the cache folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
_PYTHON_HELP = (
    "a minor to take (3.12), or an interpreter's path; may be repeated (default: two minors that the machine has)"
)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="local_channel.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--output", type=Path, required=True, help="folder for the channels")
    parser.add_argument("--cache", type=Path, default=CHECKOUT / ".cache", help="folder for wheels and built packages")
    parser.add_argument("--python", action="append", default=[], metavar="MINOR|PATH", help=_PYTHON_HELP)
    parser.add_argument("--science", action="store_true", help="scipy and scikit-learn too")
    parser.add_argument("--refresh", action="store_true", help="ask PyPI for newer wheels")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    options = parse(arguments)
    cache = options.cache.resolve()
    sys.path.insert(0, str(CHECKOUT / "tools"))
    from channel_maker.bootstrap import ensure_libraries, pip_candidates

    # Only after this line may anything be imported that is not in the standard library.
    ensure_libraries(CHECKOUT, cache)
    from channel_maker.making import Order, make

    started = time.monotonic()
    order = Order(
        output=options.output.absolute(),
        cache=cache,
        pythons=tuple(options.python),
        science=options.science,
        refresh=options.refresh,
        pip_candidates=pip_candidates(CHECKOUT),
    )
    try:
        outcome = make(order)
    except RuntimeError as error:
        print(f"local_channel.py: {error}", file=sys.stderr)
        return 1
    seconds = round(time.monotonic() - started, 1)
    if options.json:
        channels = {name: str(path) for name, path in outcome.channels.items()}
        report = {"channels": channels, "pythons": outcome.pythons, "packages": outcome.packages, "seconds": seconds}
        print(json.dumps(report | {"built": outcome.built, "reused": outcome.reused}))
        return 0
    print(
        f"{outcome.packages} packages for Python {', '.join(outcome.pythons)}: {len(outcome.built)} built, {seconds} s"
    )
    for name, path in outcome.channels.items():
        print(f"  {name:<12} {path.as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
