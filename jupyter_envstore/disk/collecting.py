"""Freeing disk: what nobody needs goes, all of it can be built again, and a person is told what stays and why."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Container, Sequence
from datetime import timedelta
from pathlib import Path

from jupyter_envstore.builds.recovery import sweep
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.emptying import BYTECODE, FETCHED, Caches, Emptying, old_metadata
from jupyter_envstore.disk.expiry import expired_environments, old_logs, purge
from jupyter_envstore.disk.freeing import correct_states, free_prefixes
from jupyter_envstore.disk.measuring import version_code
from jupyter_envstore.disk.needs import Verdict
from jupyter_envstore.disk.offers import Ask
from jupyter_envstore.disk.sources import Sources
from jupyter_envstore.disk.survey import Survey, Surveyor, folders
from jupyter_envstore.folder import LEAST_FREE
from jupyter_envstore.kernels import stamps
from jupyter_envstore.layout import PREFIX_NAME_LENGTH, StoreLayout
from jupyter_envstore.prefixes.locking import hold_if_free
from jupyter_envstore.schemas import Collected, Collection, Kept

_SHOWN = 5


class Collector:
    """Frees the disk of one store.

    Parameters
    ----------
    ask
        Asks channels what they still have.
    platform
        This machine's.
    """

    def __init__(self, catalog: Catalog, layout: StoreLayout, surveyor: Surveyor, ask: Ask, platform: str) -> None:
        self._catalog = catalog
        self._layout = layout
        self._surveyor = surveyor
        self._sources = Sources(ask)
        self._emptying = Emptying(catalog, layout, surveyor, self._sources, platform)
        self._notes: list[str] = []

    def foresee(self, recent_days: float) -> Collection:
        """Say what `collect` would do now. Changes nothing."""
        survey = self._surveyor.look(recent_days)
        going, kept = self._decide(survey)
        leftovers = self._leftovers()
        caches = self._emptying.plan(survey, [*leftovers, *going])
        logs, metadata = old_logs(self._catalog, self._layout), old_metadata(self._layout)
        collected = [
            *self._forgotten([name for _, name in expired_environments(self._catalog)]),
            *self._account(survey, leftovers, going, caches.entries),
            *_files("logs", logs_size := _size(logs), len(logs)),
            *_files("metadata", metadata_size := _size(metadata), len(metadata)),
        ]
        freed = survey.accounts.given_back([*leftovers, *going], caches.entries) + logs_size + metadata_size
        return self._report(survey, collected, kept, freed, caches, dry_run=True)

    def collect(self, recent_days: float, by: str, *, only: Container[str] | None = None) -> Collection:
        """Free what nobody needs; with ``only`` no other versions than those of these references."""
        forgotten = self._forgotten(purge(self._catalog, self._layout, by))
        # Looked at before the sweep, so that what it removes is counted.
        survey = self._surveyor.look(recent_days)
        leftovers = self._leftovers()
        sweep(self._layout)
        if shutil.disk_usage(self._layout.root).free < LEAST_FREE:
            # The catalog needs room to say that something is gone: what nobody needs even now goes first.
            self._emptying.empty(self._emptying.plan(survey, leftovers))
        correct_states(self._catalog, self._layout, survey)
        for name in survey.needs.holders.found:
            # A kernel may run for weeks: when it ends, its environment was used until then.
            stamps.touch(self._layout.used_prefix(name))
        going, kept = self._decide(survey)
        if only is not None:
            going = [name for name in going if _named(survey, name, 0).name in only]
        freed = free_prefixes(self._catalog, self._layout, survey, going)
        kept |= freed.kept
        self._notes += freed.notes
        caches = self._emptying.plan(survey, [*leftovers, *freed.gone])
        emptied = self._emptying.empty(caches)
        if emptied is None:
            self._notes.append(
                "A build is using the cache of packages now, so nothing was taken out of it. Free again."
            )
            emptied = set()
        logs, metadata = old_logs(self._catalog, self._layout), old_metadata(self._layout)
        logs_size, metadata_size = _size(logs), _size(metadata)
        for path in (*logs, *metadata):
            with contextlib.suppress(OSError):
                path.unlink()
        self._catalog.purges.purge_unused()
        self._surveyor.forget_missing(set(survey.on_disk) - set(freed.gone))
        collected = [
            *forgotten,
            *self._account(survey, leftovers, freed.gone, emptied),
            *_files("logs", logs_size, len(logs)),
            *_files("metadata", metadata_size, len(metadata)),
        ]
        given_back = survey.accounts.given_back([*leftovers, *freed.gone], emptied) + logs_size + metadata_size
        if collected:
            names = [item.name for item in collected if item.kind == "version"]
            self._catalog.events.append(by, "disk.collect", "store", freed=given_back, versions=names)
        return self._report(survey, collected, kept, given_back, caches, dry_run=False)

    # ------------------------------------------------------------ deciding

    def _decide(self, survey: Survey) -> tuple[list[str], dict[str, Verdict]]:
        """Return the prefixes that go, those not used for longest first, and verdicts that differ from the survey's."""
        going: list[str] = []
        kept: dict[str, Verdict] = {}
        for name in survey.on_disk:
            if survey.needs.judge(name).stays:
                continue
            lost = self._emptying.irreplaceable(survey, name)
            if lost:
                kept[name] = Verdict(True, "irreplaceable", f"{_some(lost)} can be had nowhere else")
            else:
                going.append(name)
        oldest = survey.needs.now - timedelta(days=36_500)
        return sorted(going, key=lambda name: (survey.needs.last_used.get(name, oldest), name)), kept

    def _leftovers(self) -> list[str]:
        """Return what builders and removals left that ended too early: their locks are free."""
        found = []
        for name in folders(self._layout.prefixes):
            if "." in name:
                with hold_if_free(self._layout.prefix_lock(name.partition(".")[0])) as free:
                    if free:
                        found.append(name)
        return found

    # ------------------------------------------------------------ telling

    def _account(
        self, survey: Survey, leftovers: Sequence[str], gone: Sequence[str], entries: set[str]
    ) -> list[Collected]:
        accounts = survey.accounts
        left = [name for name in leftovers if name in accounts.sizes]
        sizes = dict(accounts.one_by_one([*left, *gone], entries))
        collected = [_named(survey, name, sizes[name]) for name in gone]
        if left:
            names = "unfinished files"
            collected.append(
                Collected(kind="leftovers", name=names, size=sum(sizes[name] for name in left), count=len(left))
            )
        for kind, start, words in (("packages", FETCHED, "cached packages"), ("bytecode", BYTECODE, "byte-code")):
            unused = {name for name in entries if name.startswith(start) and not accounts.users[name]}
            if unused:
                size = accounts.given_back((), unused)
                collected.append(
                    Collected.model_validate({"kind": kind, "name": words, "size": size, "count": len(unused)})
                )
        return collected

    @staticmethod
    def _forgotten(names: Sequence[str]) -> list[Collected]:
        return [Collected(kind="environment", name=name, size=0) for name in names]

    def _report(
        self,
        survey: Survey,
        collected: list[Collected],
        changed: dict[str, Verdict],
        freed: int,
        caches: Caches,
        *,
        dry_run: bool,
    ) -> Collection:
        notes = [*self._notes, *self._sources.notes]
        if caches.irreplaceable:
            notes.append(
                f"{_some(caches.irreplaceable)} stay in the cache, though nobody uses them now: a version needs them, "
                "and no channel is known to have them."
            )
        if survey.needs.holders.unread:
            notes.append(
                f"{survey.needs.holders.unread} processes of other people hide which files they use; what they run "
                "from here is told from their commands alone."
            )
        return Collection(
            dry_run=dry_run,
            freed=freed,
            disk_free=shutil.disk_usage(self._layout.root).free,
            collected=collected,
            kept=_kept(survey, changed),
            notes=notes,
        )


def _kept(survey: Survey, changed: dict[str, Verdict]) -> list[Kept]:
    kept = []
    for version in survey.versions:
        name = version.prefix_hash[:PREFIX_NAME_LENGTH]
        if version.deleted or name not in survey.on_disk:
            continue
        stays, code, reason = version_code(survey, version)
        if name in changed:
            stays, code, reason = True, changed[name].code, changed[name].reason
        if stays:
            kept.append(Kept(name=version.reference, size=survey.accounts.sizes[name], code=code, reason=reason))
    return sorted(kept, key=lambda one: (-one.size, one.name))


def _named(survey: Survey, name: str, size: int) -> Collected:
    versions = survey.needs.versions.get(name, ())
    living = [version for version in versions if not version.deleted]
    if living:
        return Collected(kind="version", name=living[0].reference, size=size, count=len(living))
    return Collected(kind="files", name=versions[0].reference if versions else name, size=size)


def _files(kind: str, size: int, count: int) -> list[Collected]:
    words = {"logs": "old logs", "metadata": "old channel metadata"}
    return (
        [Collected.model_validate({"kind": kind, "name": words[kind], "size": size, "count": count})] if count else []
    )


def _size(paths: Sequence[Path]) -> int:
    size = 0
    for path in paths:
        with contextlib.suppress(OSError):
            size += path.lstat().st_blocks * 512
    return size


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
