"""What a lockfile from outside holds, before anything is made from it."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.packages import Package
from jupyter_envstore.schemas.policy import PolicyFinding
from jupyter_envstore.schemas.specifications import Remark


class LockfileChannel(Schema):
    """A channel that packages of a lockfile come from.

    Attributes
    ----------
    name, url
        As a specification would name it, and where it is.
    packages
        How many come from there; one that is there for several platforms counts once.
    configured
        Whether this store uses it anyway. Another one has to be allowed for this lockfile.
    allowable
        Whether it may be: False for one that is not among the only channels of this store.
    """

    name: str
    url: str
    packages: int
    configured: bool
    allowable: bool


class LockfileReport(Schema):
    """A lockfile as it is understood.

    Attributes
    ----------
    valid
        Whether an environment could be created from it with the channels that were allowed.
    name
        What the environment might be called, by the name of the file; None when there is no saying.
    platform
        This machine's.
    platforms
        What the lockfile covers, sorted.
    channels
        In the order of their priority, where the lockfile tells it.
    packages
        What would be installed here, by name.
    size
        Bytes to download, as far as they are known; None when none is, as without asking the channels.
    specification
        The environment.yml that would be written for it.
    remarks
        What is in the way, and what is still to be found out.
    findings
        What the policy has to say, as data; the remarks have it in words.
    environment, environments
        Of a pixi.lock: which of its environments this is, and the names of all that can be asked for.
    """

    valid: bool
    name: str | None
    platform: str
    platforms: list[str]
    channels: list[LockfileChannel]
    packages: list[Package]
    size: int | None
    specification: str
    remarks: list[Remark]
    findings: list[PolicyFinding] = []
    environment: str | None = None
    environments: list[str] = []
