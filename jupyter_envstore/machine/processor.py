"""Processors: which level of its architecture one has, told by the flags that the kernel shows."""

from __future__ import annotations

import re
from collections.abc import Collection

_LEVELS = {
    # each with all of those before
    4: {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    3: {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"},
    2: {"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"},
}
FEATURES = frozenset().union(*_LEVELS.values()) | {
    "amx_tile", "avx512_bf16", "avx512_vnni", "avx_vnni", "aes", "sha_ni", "asimd", "sve", "sve2", "atomics", "bf16",
}  # fmt: skip
"""Flags that programs may be built for."""


def level_of(machine: str, flags: Collection[str]) -> str:
    """Return the level, such as ``x86-64-v3``; the architecture alone where there are no levels or no flags."""
    machine = machine.lower()
    if machine not in ("x86_64", "amd64"):
        return machine
    level = 1
    for number in (2, 3, 4):
        if not set(flags) >= _LEVELS[number]:
            break
        level = number
    return f"x86-64-v{level}" if flags else "x86-64"


def number_of(level: str) -> int | None:
    """Return 1 to 4 for a level of x86-64; None for everything else."""
    found = re.fullmatch(r"x86-64-v(\d)", level)
    return int(found[1]) if found else None


def archspec(machine: str, level: str) -> str:
    """Return the level as conda's ``__archspec`` has it."""
    if (number := number_of(level)) is None:
        return {"arm64": "arm64", "amd64": "x86_64"}.get(machine.lower(), machine.lower())
    return f"x86_64_v{number}" if number > 1 else "x86_64"
