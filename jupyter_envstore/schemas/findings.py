"""Where a package is: in which environments, in which versions of them."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class Finding(Schema):
    """One version of an environment that contains what was looked for.

    Attributes
    ----------
    version
        The number of the environment's version.
    active
        Whether it is the active one.
    package, package_version, build
        The package as it is locked there; ``build`` is empty for pip.
    platform
        The platform that it is locked for: the one that the version was built on, where that has it.
    direct
        Whether a person asked for it by name; else it came with another package.
    """

    namespace: str
    name: str
    version: int
    active: bool
    package: str
    package_version: str
    build: str = ""
    platform: str
    direct: bool
