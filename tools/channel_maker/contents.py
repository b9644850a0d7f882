"""What the local channel holds: names and version ranges as one writes them for pip, nothing computed.

Each group is resolved on its own, so several versions of one library come from several groups. Everything that a
package needs is added by ``downloads``; only what a person would ask for by name stands here.
"""

from __future__ import annotations

LOWEST_PYTHON = (3, 10)
PREFERRED_PYTHONS = ("3.12", "3.11", "3.13", "3.10")
"""Minors in order of preference; the channel takes the first two that the machine has."""

GROUPS: tuple[tuple[str, ...], ...] = (
    # Three series of numpy on every Python, chosen by what has wheels for it. The oldest pandas refuses numpy 2: that
    # conflict is real and not of our making.
    ("numpy>=1.26,<1.27 ; python_version < '3.13'", "pandas>=2.1,<2.2 ; python_version < '3.13'"),
    ("numpy>=2.1,<2.2 ; python_version < '3.14'", "pandas>=2.2,<2.3 ; python_version < '3.14'"),
    ("numpy>=2.2,<2.3 ; python_version == '3.10' or python_version == '3.13'",),
    ("numpy>=2.3,<2.4 ; python_version >= '3.11'", "pandas>=2.3,<2.4"),
    ("numpy>=2.4,<2.5 ; python_version >= '3.14'", "pandas>=3 ; python_version >= '3.14'"),
    ("ipykernel", "matplotlib", "pip", "setuptools", "wheel", "requests"),
    # Compiled packages of a few hundred kilobytes; each is missing on one of the foreign platforms (see ``foreign``).
    ("xxhash", "uvloop"),
    # Needed on macOS and Windows only; pure Python, so the same file serves there.
    ("appnope", "colorama"),
)

SCIENCE_GROUPS: tuple[tuple[str, ...], ...] = (("scikit-learn", "scipy"),)
"""Another 60 MB; taken with ``--science``."""
