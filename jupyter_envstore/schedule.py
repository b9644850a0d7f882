"""Planned updates: when one is due, have it built; the version that it makes waits until a person activates it."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import EnvStoreError, NotFoundError
from jupyter_envstore.schemas import Build, BuildRequest, Version

AUTHOR = "schedule"
MESSAGE = "Weekly update"


def queue_due(
    catalog: Catalog, request_for: Callable[[Version], BuildRequest], note: Callable[[str], None]
) -> list[Build]:
    """Queue an update of each environment for which one is due, and return the builds.

    Parameters
    ----------
    request_for
        Gives the request for an update of all packages of a version.
    note
        Told, in words, of an environment that could not be updated; the others are.
    """
    queued: list[Build] = []
    for namespace, name in catalog.schedules.due():
        try:
            with catalog.transaction():
                due = catalog.schedules.take(namespace, name)
                build = [_queue(catalog, namespace, name, request_for)] if due else []
        except NotFoundError:
            continue  # removed in this moment
        except EnvStoreError as error:
            note(f"The weekly update of {namespace}/{name} could not begin: {error.message}")
        else:
            queued += build
    return queued


def _queue(catalog: Catalog, namespace: str, name: str, request_for: Callable[[Version], BuildRequest]) -> Build:
    request = request_for(catalog.versions.get(namespace, name))
    waiting = request.model_copy(update={"activate": False, "message": MESSAGE})
    return catalog.builds.enqueue(namespace, name, "update", waiting, AUTHOR)
