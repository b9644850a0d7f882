"""Taking prefixes away, safely: against builders, against kernels that start just now, and against a kill at any point.

The order is the catalog, then the name, then the files. Killed after the first, the prefix is on disk and the catalog
says freed: a build finds it and uses it, the next collection goes on. Killed after the second, what is left has a name
that a sweep removes. A prefix that the catalog calls ready is never half there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.holders import find_holders
from jupyter_envstore.disk.needs import Verdict
from jupyter_envstore.disk.survey import Survey
from jupyter_envstore.kernels.stamps import last_used
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.locking import hold_if_free
from jupyter_envstore.prefixes.publishing import find_mark
from jupyter_envstore.prefixes.removal import remove_each, remove_tree, set_aside
from jupyter_envstore.prefixes.verification import verify

_AT_ONCE = 16
"""How many are taken away before the processes are looked at again."""

_NEEDED = Verdict(True, "building", "it was needed again just now")


@dataclass
class Freed:
    """What became of prefixes: names of those that are gone, reasons why others stay, and notes for people."""

    gone: list[str] = field(default_factory=list)
    kept: dict[str, Verdict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def free_prefixes(catalog: Catalog, layout: StoreLayout, survey: Survey, names: Sequence[str]) -> Freed:
    """Take away prefixes that a survey found nobody to need; those that somebody came to need meanwhile stay."""
    freed = Freed()
    for start in range(0, len(names), _AT_ONCE):
        with contextlib.ExitStack() as held:
            aside = list(_set_aside(catalog, layout, survey, names[start : start + _AT_ONCE], held, freed))
            holders = find_holders(layout) if aside else None
            going: dict[Path, contextlib.ExitStack] = {}
            for name, place, lock in aside:
                if holders is not None and name in holders.found:
                    # A process had it open before it lost its name: give it back.
                    place.rename(layout.prefixes / name)
                    if name in survey.known:
                        catalog.holdings.set_state(survey.known[name].hash, "ready")
                    freed.kept[name] = Verdict(True, "running", f"in use by {holders.found[name][0]}")
                    continue
                freed.gone.append(name)
                going[place] = lock
            for place, error in remove_each(going, remove_tree):
                going[place].close()  # whoever waits to make that one again need not wait for all
                if error is not None:
                    freed.notes.append(f"{place} could not be removed whole ({error.strerror}). It is tried again.")
    return freed


def correct_states(catalog: Catalog, layout: StoreLayout, survey: Survey) -> None:
    """Make the catalog say what is on disk: after a kill, or when somebody removed files by hand."""
    there = set(survey.on_disk)
    for name, known in survey.known.items():
        if known.state != "freed" and name not in there:
            with hold_if_free(layout.prefix_lock(name)) as held:
                # Asked again with the lock held: a build may be exchanging a damaged one at this moment.
                if held and not layout.prefix(name).is_dir():
                    catalog.holdings.set_state(known.hash, "freed")
        elif known.state == "freed" and name in there and survey.needs.judge(name).stays:
            mark = find_mark(layout, name)
            if mark is not None and not verify(layout.prefix(name), quick=True, mark=mark):
                catalog.holdings.set_state(known.hash, "ready")


def _set_aside(
    catalog: Catalog,
    layout: StoreLayout,
    survey: Survey,
    names: Iterable[str],
    held: contextlib.ExitStack,
    freed: Freed,
) -> Iterator[tuple[str, Path, contextlib.ExitStack]]:
    """Take the names away from prefixes; yield where they are, and what holds the lock of each, until ``held`` ends."""
    holders = find_holders(layout)
    for name in names:
        if name in holders.found:
            freed.kept[name] = Verdict(True, "running", f"in use by {holders.found[name][0]}")
            continue
        lock = held.enter_context(contextlib.ExitStack())
        if not lock.enter_context(hold_if_free(layout.prefix_lock(name))):
            freed.kept[name] = Verdict(True, "building", "a build works with it")
            continue
        used = last_used(layout.used_prefix(name))
        if (used is not None and used > survey.needs.now) or not _give_up(catalog, survey, name):
            freed.kept[name] = _NEEDED
            continue
        place = set_aside(layout, name)
        if place is not None:
            yield name, place, lock


def _give_up(catalog: Catalog, survey: Survey, name: str) -> bool:
    if name in survey.known:
        return catalog.holdings.free(survey.known[name].hash, survey.locks)
    # Nobody's, as far as the catalog goes; but a build may be about to enter it there.
    return not set(catalog.holdings.expected_locks()) - set(survey.locks)
