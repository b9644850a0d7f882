"""Freeing disk by itself: by age or by the size of the store, off by default, and announced before it happens.

What is announced stands in a file of the store, so that every server and command of the store can tell it, and only
what was announced is freed: a version that came to be unneeded meanwhile waits for the next time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from pydantic import ValidationError

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.collecting import Collector
from jupyter_envstore.disk.holders import find_holders
from jupyter_envstore.disk.measuring import used_of
from jupyter_envstore.disk.survey import Survey, Surveyor
from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.kernels import stamps
from jupyter_envstore.layout import PREFIX_NAME_LENGTH, StoreLayout
from jupyter_envstore.prefixes.locking import hold_if_free
from jupyter_envstore.schemas import Collection, PlannedCollection
from jupyter_envstore.settings import StoreSettings

LOOK_SECONDS = 3600.0
"""How often it is looked whether there is something to announce or to free."""
FIRST_SECONDS = 120.0
"""A server that has just started has better things to do."""
AUTHOR = "automatic"
"""Who frees, in the record of what was done."""

_log = logging.getLogger("jupyter_envstore.disk")


class AutomaticCollection:
    """What a server does for the disk of its store.

    Parameters
    ----------
    new_collector
        Gives what frees, a new one each time.
    clock
        What gives the time; tests set it.
    """

    def __init__(
        self,
        catalog: Catalog,
        layout: StoreLayout,
        surveyor: Surveyor,
        new_collector: Callable[[], Collector],
        settings: StoreSettings,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._surveyor = surveyor
        self._new_collector = new_collector
        self._settings = settings
        self._clock = clock
        self._next = time.monotonic() + FIRST_SECONDS
        self._thread: threading.Thread | None = None

    @property
    def enabled(self) -> bool:
        """Whether anything is ever freed by itself."""
        return self._settings.collect_unused_days > 0 or self._settings.collect_above_gigabytes > 0

    def tick(self) -> None:
        """Look, in the background, if it is time to; returns at once."""
        if time.monotonic() < self._next or (self._thread is not None and self._thread.is_alive()):
            return
        self._next = time.monotonic() + LOOK_SECONDS
        # A thread that the end of the server may interrupt anywhere: freeing is made for being killed.
        self._thread = threading.Thread(target=self._look_quietly, name="envstore-disk", daemon=True)
        self._thread.start()

    def look(self) -> Collection | None:
        """Note what is in use; announce what is to be freed, or free what was announced and is due.

        Returns
        -------
        What was freed, or None when it was not the time.
        """
        for name in find_holders(self._layout).found:
            # A kernel may run for weeks: when it ends, its environment was used until then.
            stamps.touch(self._layout.used_prefix(name))
        if not self.enabled:
            self._withdraw()
            return None
        with hold_if_free(self._layout.planned_collection.with_suffix(".lock")) as mine:
            return self._act() if mine else None

    def _act(self) -> Collection | None:
        survey, reason, days = self._due()
        plan, going = read_plan(self._layout), _references(survey) if reason else []
        if plan is not None and not set(plan.versions) & set(going):
            self._withdraw()  # there is no need any more
            plan = None
        if plan is None:
            if going:
                self._announce(survey, reason, going)
            return None
        if self._clock() < plan.due:
            return None
        done = self._new_collector().collect(days, AUTHOR, only=frozenset(plan.versions))
        self._withdraw()
        _log.info("%d bytes were freed: %s", done.freed, ", ".join(item.name for item in done.collected))
        return done

    def _due(self) -> tuple[Survey, str, float]:
        """Return the store as it is, why something is to be freed (empty: nothing), and what is too young for it."""
        settings = self._settings
        survey = self._surveyor.look(settings.keep_used_days)
        used, limit = used_of(survey, self._layout) / 1e9, settings.collect_above_gigabytes
        if limit and used > limit:
            reason = f"the store takes {used:.1f} GB, and is to take {limit:g} GB at most"
            return survey, reason, settings.keep_used_days
        days = settings.collect_unused_days
        if days:
            return self._surveyor.look(days), f"nobody used them for {days:g} days", days
        return survey, "", settings.keep_used_days

    def _withdraw(self) -> None:
        with contextlib.suppress(OSError):
            self._layout.planned_collection.unlink(missing_ok=True)

    def _announce(self, survey: Survey, reason: str, going: list[str]) -> None:
        plan = PlannedCollection(
            due=self._clock() + timedelta(hours=self._settings.collect_notice_hours),
            can_be_freed=_size(survey),
            versions=going,
            reason=reason,
        )
        place = self._layout.planned_collection
        temporary = place.with_name(f".{place.name}.{os.getpid()}")
        temporary.write_text(plan.model_dump_json(), encoding="utf-8")
        temporary.replace(place)
        _log.warning(
            "On %s these will be freed, because %s: %s. Pin a version to keep it.",
            plan.due.astimezone().strftime("%Y-%m-%d %H:%M"),
            reason,
            ", ".join(going),
        )
        self._catalog.events.append(AUTHOR, "disk.announce", "store", versions=going, due=plan.due.isoformat())
        self._catalog.holdings.tell(survey.known[name].hash for name in _free(survey) if name in survey.known)

    def _look_quietly(self) -> None:
        try:
            self.look()
        except EnvStoreError as error:
            _log.warning("The disk could not be looked after: %s", error.message)
        except Exception:  # noqa: BLE001  nobody waits for this thread: what it does not tell is lost
            _log.exception("The disk could not be looked after")


def read_plan(layout: StoreLayout) -> PlannedCollection | None:
    """Return what was announced, or None."""
    with contextlib.suppress(OSError, ValidationError, ValueError):
        return PlannedCollection.model_validate_json(layout.planned_collection.read_bytes())
    return None


def _free(survey: Survey) -> list[str]:
    return [name for name in survey.on_disk if not survey.needs.judge(name).stays]


def _references(survey: Survey) -> list[str]:
    """Return the references of the versions that nobody needs."""
    free = set(_free(survey))
    found = [
        version.reference
        for version in survey.versions
        if not version.deleted and version.prefix_hash[:PREFIX_NAME_LENGTH] in free
    ]
    return sorted(found)


def _size(survey: Survey) -> int:
    free = _free(survey)
    return survey.accounts.given_back(free, survey.accounts.entries_without(free))
