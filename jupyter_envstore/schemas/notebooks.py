"""Notebooks: what environment they carry, how that stands to their kernel, and what comes of restoring it."""

from __future__ import annotations

from typing import Any, Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import Build
from jupyter_envstore.schemas.changes import PlatformChanges
from jupyter_envstore.schemas.lockfiles import LockfileChannel
from jupyter_envstore.schemas.packages import Package
from jupyter_envstore.schemas.policy import PolicyFinding
from jupyter_envstore.schemas.specifications import Remark

Convention = Literal["envstore", "juv", "pixi", "jupyterlab-requirements", "nteract", "conda"]
NotebookStanding = Literal["agrees", "differs", "none", "missing"]
Direction = Literal["older", "newer", "other"]


class NotebookEdit(Schema):
    """A notebook after something was put into it or taken out.

    Attributes
    ----------
    changed
        Whether it is another one than before.
    bytes
        How much of it the environment takes, as nbformat writes it; 0 when it carries none.
    environment
        Reference of the version that it carries; empty when it carries none.
    lock, platforms
        Hash of the lock that it carries, and what that covers.
    metadata
        What the notebook's metadata says under ``envstore`` now, or None.
    content
        The whole notebook, where it was sent with the request.
    """

    changed: bool
    bytes: int = 0
    environment: str = ""
    lock: str = ""
    platforms: list[str] = []
    metadata: dict[str, Any] | None = None
    content: dict[str, Any] | None = None


class NotebookEnvironment(Schema):
    """What environment a notebook carries, and what is to be known before it is built. A stranger may have written it.

    Attributes
    ----------
    convention
        Which program's way of saying it.
    locked
        Whether it says each file exactly; else it is solved when it is built.
    name, name_taken
        What it would be called here, and whether the name that the notebook says is another environment's.
    environment
        What it says that it was: ``namespace/name@number``; empty where that is not told.
    recorded
        When it was locked.
    lock
        The lock's hash; empty without one.
    platform, platforms
        This machine's, and those that it is locked for.
    packages, pip
        Those for this machine, and how many of them pip installs. Without a lock: none.
    size
        Bytes of all files whose size is known; None when none is.
    here
        How many of the packages are in the store's cache already.
    download, unknown_sizes
        Bytes still to download, of those files whose size is known (None when none is), and how many others there are.
    size_on_disk, size_is_estimated
        Bytes of its files here, unpacked: as last counted, or estimated from what is known of its packages.
    specification, variables
        The environment.yml, and the environment variables that it sets.
    existing
        Versions of this store with the very same files, the best first: nothing has to be built. Without a lock, those
        that were made when the very same was asked for.
    remarks, findings
        What is in the way and what to know, and what the policy says, as data.
    valid
        Whether it can be had here, as far as can be told.
    """

    convention: Convention
    locked: bool
    name: str
    name_taken: bool = False
    environment: str = ""
    recorded: str = ""
    lock: str = ""
    platform: str
    platforms: list[str] = []
    channels: list[LockfileChannel] = []
    packages: list[Package] = []
    pip: int = 0
    size: int | None = None
    here: int = 0
    download: int | None = None
    unknown_sizes: int = 0
    size_on_disk: int | None = None
    size_is_estimated: bool = False
    specification: str = ""
    variables: dict[str, str] = {}
    existing: list[str] = []
    valid: bool
    remarks: list[Remark] = []
    findings: list[PolicyFinding] = []


class NotebookState(Schema):
    """How what a notebook carries stands to the kernel that it uses.

    Attributes
    ----------
    state
        ``agrees``; ``differs``; ``none``: it carries nothing; ``missing``: it carries an environment that is not here.
    kernel
        The kernel that was looked at, or empty.
    environment
        Reference of the version that the kernel starts; empty when it is none of this store.
    carried
        What the notebook says that it carries: ``namespace/name@number``, or empty.
    convention, lock, platforms, recorded
        As in `NotebookEnvironment`; None and empty when it carries nothing.
    packages
        How many it carries for this machine's platform; None where that cannot be told.
    existing
        Versions of this store with the very same files.
    building
        Id of a build that goes on for the very lock that it carries; None when there is none.
    direction
        Whether the notebook carries an older or a newer version of the kernel's environment, or something other.
    changes
        What would change for the notebook by carrying the kernel's version, by platform.
    problem
        Why what it carries cannot be used; empty when it can.
    """

    state: NotebookStanding
    kernel: str = ""
    environment: str = ""
    carried: str = ""
    convention: Convention | None = None
    lock: str = ""
    platforms: list[str] = []
    recorded: str = ""
    packages: int | None = None
    existing: list[str] = []
    building: int | None = None
    direction: Direction | None = None
    changes: list[PlatformChanges] = []
    problem: str = ""


class Restoration(Schema):
    """What became of an environment that a notebook carries.

    Attributes
    ----------
    carried
        What it carries.
    build
        The build that makes it, which was queued now; None when nothing has to be built, or only was looked.
    environment
        Reference of the version that the notebook can run on; empty until there is one.
    kernel
        The kernel that stays at that version; empty until there is one.
    """

    carried: NotebookEnvironment
    build: Build | None = None
    environment: str = ""
    kernel: str = ""
