"""Print a port that is free together with the nine after it: for the servers of the browser tests.

It is none of those that the system gives to connections and kernels, which may take it before a server does.
"""

from __future__ import annotations

import random
import socket

PORTS = 10
RANGE = range(20_000, 32_000, PORTS)
"""Below what systems give away by themselves."""


def main() -> None:
    """Print the first of the ports."""
    print(next(port for port in random.sample(RANGE, len(RANGE)) if is_free(port)))


def is_free(first: int) -> bool:
    """Return whether nobody listens on a port and on those after it."""
    try:
        for port in range(first, first + PORTS):
            with socket.socket() as tried:
                tried.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
