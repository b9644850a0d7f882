"""What conda's virtual packages stand for."""

from __future__ import annotations

MEANINGS = {
    "__glibc": "the C library (glibc)",
    "__cuda": "the CUDA version of the graphics driver",
    "__osx": "macOS",
    "__linux": "the Linux kernel",
    "__archspec": "the processor",
    "__unix": "a Unix system",
    "__win": "Windows",
}
"""Virtual package → what it is, in words."""
