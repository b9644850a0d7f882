"""The platforms of versions and specifications: what is known, and checks that may take a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_envstore.errors import PlatformCheckNotFoundError
from jupyter_envstore.store.pending import Asked, PendingWork

if TYPE_CHECKING:
    from jupyter_envstore.coverage import Coverage
    from jupyter_envstore.schemas import PlatformCheck, PlatformOverview
    from jupyter_envstore.store.store import EnvStore

NOUN = "platform check"


class StorePlatforms:
    """What can be said of platforms in one store. All methods may be called from any thread."""

    def __init__(self, store: EnvStore) -> None:
        self._store = store
        self._work: PendingWork[PlatformOverview] = PendingWork(NOUN, PlatformCheckNotFoundError, store.log)

    @cached_property
    def _coverage(self) -> Coverage:
        from jupyter_envstore.coverage import Coverage

        store = self._store
        return Coverage(store.catalog, store.layout, store, lambda: store.resolver)

    def known(self, ref: str) -> PlatformOverview:
        """Say which platforms a version covers, which were tried in vain and why, and which nobody has tried.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        return self._coverage.known(self._store.versions.get(ref))

    def check(self, ref: str, platforms: Sequence[str] = ()) -> PlatformOverview:
        """Solve for platforms that a version does not cover, remember what comes of it, and say all that is known.

        Parameters
        ----------
        platforms
            None: those that are listed, configured or usual.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, PlatformError, ChannelUnavailableError
        """
        return self._coverage.check(self._store.versions.get(ref), platforms, lambda: self._store.closing)

    def check_text(
        self,
        text: str,
        platforms: Sequence[str] = (),
        *,
        virtual_packages: Mapping[str, Mapping[str, str]] | None = None,
    ) -> PlatformOverview:
        """Say on which platforms the text of an environment.yml can be had; this machine's is always among them.

        Parameters
        ----------
        platforms
            None: those that are listed, configured or usual.
        virtual_packages
            By platform: all that its machines offer.

        Raises
        ------
        SpecificationError, PlatformError, ChannelUnavailableError
        """
        return self._coverage.check_text(text, platforms, lambda: self._store.closing, virtual_packages)

    # ------------------------------------------------------------ checks that are not waited for

    def begin(self, ref: str, platforms: Sequence[str] = ()) -> str:
        """Begin to check a version as `check` does; return the id of the check.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError, PlatformError, TooManyPreviewsError
        """
        from jupyter_envstore.lock.platforms import check_platform

        version = self._store.versions.get(ref)
        wanted = [check_platform(platform) for platform in platforms]
        return self._work.begin(
            lambda cancelled: self._coverage.check(version, wanted, lambda: self._store.closing or cancelled())
        )

    def ended(self, check_id: str) -> Future[PlatformOverview]:
        """Return what is done when a check has ended: to be waited for, and for nothing else.

        Raises
        ------
        PlatformCheckNotFoundError
        """
        return self._work.get(check_id).future

    def get(self, check_id: str) -> PlatformCheck:
        """Return how a check stands.

        Raises
        ------
        PlatformCheckNotFoundError
        """
        return _state(self._work.get(check_id))

    def cancel(self, check_id: str) -> PlatformCheck:
        """Give a check up; one that has ended stays as it is.

        Raises
        ------
        PlatformCheckNotFoundError
        """
        return _state(self._work.cancel(check_id))

    def close(self) -> None:
        """Give all of them up."""
        self._work.close()


def _state(asked: Asked[PlatformOverview]) -> PlatformCheck:
    from jupyter_envstore.schemas import PlatformCheck

    if asked.is_cancelled:
        return PlatformCheck(id=asked.id, state="cancelled", started=asked.started)
    if not asked.future.done():
        return PlatformCheck(id=asked.id, state="checking", started=asked.started)
    overview, error = asked.outcome(NOUN)
    return PlatformCheck(
        id=asked.id, state="failed" if error else "ready", overview=overview, error=error, started=asked.started
    )
