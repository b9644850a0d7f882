"""Read all of a prefix and report on it, for people."""

from __future__ import annotations

import time
from pathlib import Path

from jupyter_envstore.errors import BrokenPrefixError
from jupyter_envstore.prefixes.records import read_installed
from jupyter_envstore.prefixes.verification import verify
from jupyter_envstore.schemas import VerificationReport, Version


def inspect(version: Version) -> VerificationReport:
    """Compare every file of a version with what was installed.

    Raises
    ------
    BrokenPrefixError
        When the version is not on disk.
    """
    reference = f"{version.namespace}/{version.name}@{version.number}"
    if version.prefix is None or not Path(version.prefix).is_dir():
        raise BrokenPrefixError.not_on_disk(reference, version.prefix)
    began = time.monotonic()
    prefix = Path(version.prefix)
    installed = read_installed(prefix)
    problems = verify(prefix, installed=installed)
    return VerificationReport(
        reference=reference,
        prefix=version.prefix,
        files=sum(len(package.files) for package in installed),
        seconds=round(time.monotonic() - began, 3),
        problems=[str(problem) for problem in problems],
        damaged=[problem.path for problem in problems],
    )
