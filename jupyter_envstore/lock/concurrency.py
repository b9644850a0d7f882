"""Work that goes on at the same time and ends together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
T = TypeVar("T")


async def together(
    work: Mapping[K, Coroutine[Any, Any, T]], enough: Callable[[T], bool] = lambda answer: False
) -> dict[K, T]:
    """Do all of ``work`` at the same time; return the answers by key, in the order of ``work``.

    The first that raises ends the others. So does the first answer that is ``enough``: it is then the only one that
    is returned.
    """
    tasks = {key: asyncio.ensure_future(coroutine) for key, coroutine in work.items()}
    waiting = set(tasks.values())
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for key, task in tasks.items():
                if task in done and enough(task.result()):
                    return {key: task.result()}
        return {key: task.result() for key, task in tasks.items()}
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
