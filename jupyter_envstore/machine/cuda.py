"""Which CUDA an NVIDIA driver runs: the driver's own table, as NVIDIA publishes it. Asking the driver takes seconds."""

from __future__ import annotations

_NEWEST = (
    # major version of the driver, newest CUDA
    (580, "13.0"),
    (575, "12.9"),
    (570, "12.8"),
    (565, "12.7"),
    (560, "12.6"),
    (555, "12.5"),
    (550, "12.4"),
    (545, "12.3"),
    (535, "12.2"),
    (530, "12.1"),
    (525, "12.0"),
    (520, "11.8"),
    (515, "11.7"),
    (510, "11.6"),
    (495, "11.5"),
    (470, "11.4"),
    (465, "11.3"),
    (460, "11.2"),
    (455, "11.1"),
    (450, "11.0"),
)


def newest_cuda(driver: str) -> str:
    """Return the newest CUDA that a driver of this version runs; empty when it is older than all that is known."""
    major = driver.partition(".")[0]
    if not major.isdigit():
        return ""
    return next((cuda for first, cuda in _NEWEST if int(major) >= first), "")
