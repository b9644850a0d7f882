"""Work that may take a while: answered at once when it ends soon, else with a resource to read and to cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_envstore.handlers.base import Accepted, EnvStoreHandler

if TYPE_CHECKING:
    from jupyter_envstore.schemas import PlatformCheck, PreviewState

PATIENCE = 1.0
"""Seconds that it may take before it is answered with a resource to read it from."""


class Pending(Protocol):
    """What knows work of one kind; see `jupyter_envstore.store.pending`."""

    def ended(self, work_id: str) -> Future[Any]:
        """Return what is done when a piece of work has ended."""

    def get(self, work_id: str) -> PreviewState | PlatformCheck:
        """Return how it stands."""

    def cancel(self, work_id: str) -> PreviewState | PlatformCheck:
        """Give it up."""


async def answer_soon(handler: EnvStoreHandler, pending: Pending, begin: Callable[[], str], resource: str) -> None:
    """Begin work; answer it when it ends within a second, else where to read it.

    Parameters
    ----------
    begin
        Returns the id of what it began; called in a thread.
    resource
        The path's part in front of the id.
    """
    work = await handler.in_thread(begin)
    first: set[asyncio.Future[Any]] = {asyncio.wrap_future(pending.ended(work)), handler.gone}
    await asyncio.wait(first, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if handler.gone.done():
        # Nobody will ever know its id.
        await handler.in_thread(lambda: pending.cancel(work))
        return

    def state() -> PreviewState | PlatformCheck | Accepted:
        found = pending.get(work)
        return Accepted(found, (resource, found.id)) if found.state in ("solving", "checking") else found

    await handler.answer(lambda asked: state())
