"""Make another version the active one: at once when its files are there, else by a build that makes them first."""

from __future__ import annotations

from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.presentation import Presentation
from jupyter_envstore.schemas import BuildKind, BuildRequest, Version
from jupyter_envstore.schemas.switching import Switch


def is_on_disk(version: Version) -> bool:
    """Tell whether a version's files are where they belong, without looking at each of them."""
    there = version.prefix is not None and (Path(version.prefix) / "conda-meta").is_dir()
    return there and version.prefix_state == "ready"


def switch(catalog: Catalog, presentation: Presentation, version: Version, by: str) -> Switch | None:
    """Make a version active whose files are there, or return None when they were freed in this very moment.

    Kernels that run stay as they are. The catalog comes first; a kernel that cannot be set up is told, and tried again
    when a server starts.
    """
    with catalog.transaction():
        if catalog.versions.get(version.namespace, version.name, version.number).prefix_state == "freed":
            return None
        previous = catalog.environments.get(version.namespace, version.name).active_version
        environment = catalog.environments.set_active(version.namespace, version.name, version.number, by)
    notes: list[str] = []
    try:
        notes = presentation.present(version.namespace, version.name)
    except EnvStoreError as error:
        notes.append(f"The version is active, but its kernel could not be set up: {error.message}")
    return Switch(environment=environment, version=version.number, previous=previous, notes=notes)


def queue_switch(catalog: Catalog, version: Version, by: str) -> Switch:
    """Queue the build that makes a version's files again and then makes it active; the active one stays until then."""
    environment = catalog.environments.get(version.namespace, version.name)
    request = BuildRequest(
        specification=version.specification,
        message=f"Activate version {version.number}",
        parent=version.number,
        activate_over=environment.active_version,
    )
    # What is damaged has to be taken away before it can be made again.
    kind: BuildKind = "repair" if version.prefix_state == "broken" else "rebuild"
    build = catalog.builds.enqueue(version.namespace, version.name, kind, request, by)
    return Switch(environment=environment, version=version.number, previous=environment.active_version, build=build)
