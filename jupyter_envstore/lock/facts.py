"""What a lock tells of its making, in its custom metadata: another program passes it over. Plain Python.

A lock from a stranger may hold anything there, so whatever is not as we write it counts as not told.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from jupyter_envstore.lock.platforms import KNOWN_PLATFORMS
from jupyter_envstore.schemas import Machine

MACHINE_KEY = "envstore_machine"
UNSOLVED_KEY = "envstore_unsolved"
STATED_KEY = "envstore_stated"
VIRTUAL_PACKAGES_KEY = "envstore_virtual_packages"
MOST_TEXT = 20_000
"""Longer facts are not ours."""


def machine_of(document: dict[str, Any]) -> Machine | None:
    """Return the machine that a lock was made on, or None when it does not say."""
    text = _custom(document).get(MACHINE_KEY)
    try:
        machine = Machine.model_validate_json(text) if text else None
    except ValidationError:
        return None
    if machine is None:
        return None
    offered = virtual_packages_of(document).get(machine.platform) or {}
    return machine.model_copy(update={"virtual_packages": offered})


def unsolved_of(document: dict[str, Any]) -> list[str]:
    """Return the platforms for which a lock was wanted and could not be had."""
    return _platforms(document, UNSOLVED_KEY)


def virtual_packages_of(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return by platform what a lock was solved with; empty where it does not say."""
    try:
        told = json.loads(_custom(document).get(VIRTUAL_PACKAGES_KEY) or "{}")
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        platform: {str(name): str(version) for name, version in packages.items()}
        for platform, packages in told.items()
        if isinstance(packages, dict)
    }


def stated_of(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return by platform what a person stated that its machines offer; empty where a lock was solved with the usual."""
    offered = virtual_packages_of(document)
    return {name: offered[name] for name in _platforms(document, STATED_KEY) if name in offered}


def _platforms(document: dict[str, Any], key: str) -> list[str]:
    names = _custom(document).get(key, "").split(",")
    return [name for name in names if name in KNOWN_PLATFORMS]


def _custom(document: dict[str, Any]) -> dict[str, str]:
    metadata = document.get("metadata")
    custom = metadata.get("custom_metadata") if isinstance(metadata, dict) else None
    if not isinstance(custom, dict):
        return {}
    return {key: text for key, text in custom.items() if isinstance(text, str) and len(text) <= MOST_TEXT}
