"""Modules that code imports, and the packages that supply them."""

from __future__ import annotations

from typing import Literal

from jupyter_envstore.schemas.base import Schema


class ModuleSupplier(Schema):
    """Which package supplies a module.

    Attributes
    ----------
    module
        The top-level name of what was asked for: ``sklearn`` of ``sklearn.svm``.
    package
        What to ask for so that the module is there; None where nothing sensible can be said.
    source
        Where that is asked for: ``pypi`` where versions of the environment had it from there.
    installed
        Whether the version that was looked at supplies the very module: a kernel that lacks it needs a restart only.
    standard_library
        Whether Python brings it itself, or would on another system: there is nothing to add.
    environment
        Reference of the version that was looked at: ``namespace/name@number``; empty when there was none.
    """

    module: str
    package: str | None = None
    source: Literal["conda", "pypi"] = "conda"
    installed: bool = False
    standard_library: bool = False
    environment: str = ""
