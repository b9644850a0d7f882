"""Which of the requested packages a platform does not have, and what it has of them. Worker side: loads the solver."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from rattler import Version
from rattler.repo_data import RepoDataRecord

from jupyter_envstore.lock.entries import Entry
from jupyter_envstore.lock.platform_solving import PlatformAnswer
from jupyter_envstore.schemas import MissingPackage

Elsewhere = Mapping[str, Collection[str]]
"""By platform: the entries (as written) that are to be had there."""


async def missing_packages(answer: PlatformAnswer, elsewhere: Elsewhere) -> list[MissingPackage]:
    """Return the entries of an answer that nothing on its platform matches, whatever else is asked for.

    Raises
    ------
    ChannelUnavailableError
    """
    solver = answer.solver
    entries = [entry for entry in answer.entries if not entry.name.startswith("__")]
    if not entries:
        return []
    groups = solver.groups_for(entries)
    found = await solver.repodata.records(groups, answer.platform, sorted({entry.name for entry in entries}))
    missing = []
    for entry in entries:
        records = [record for record in found if record.name.normalized == entry.name and _may_come_from(entry, record)]
        if any(entry.spec.matches(record) for record in records):
            continue
        there = [platform for platform, texts in elsewhere.items() if entry.text in texts]
        missing.append(_missing(entry, records, there))
    return missing


def _may_come_from(entry: Entry, record: RepoDataRecord) -> bool:
    return entry.channel is None or str(record.channel).rstrip("/") == entry.channel.url


def _missing(entry: Entry, records: Sequence[RepoDataRecord], elsewhere: list[str]) -> MissingPackage:
    versions: list[Version] = sorted({record.version for record in records})
    named = re.search(r"\d[\w.!+]*", entry.version or "")
    pivot = Version(named[0].rstrip(".")) if named else None
    below = [version for version in versions if pivot is not None and version < pivot]
    above = [version for version in versions if pivot is not None and version > pivot]
    return MissingPackage(
        entry=entry.text,
        name=entry.name,
        newest=str(versions[-1]) if versions else None,
        below=str(below[-1]) if below else None,
        above=str(above[0]) if above else None,
        elsewhere=elsewhere,
    )
