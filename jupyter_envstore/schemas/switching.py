"""What becomes of the wish that another version be the active one."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import Build
from jupyter_envstore.schemas.environments import Environment


class Switch(Schema):
    """An activation, done or under way.

    Attributes
    ----------
    environment
        As it is now.
    version
        The version that was asked for.
    previous
        Number of the version that was active before: to undo it, activate that one.
    build
        Makes the version's files again, which had been freed; the version becomes active when it is ready. None
        when it is active already.
    notes
        Sentences for the person.
    """

    environment: Environment
    version: int
    previous: int | None = None
    build: Build | None = None
    notes: list[str] = []
