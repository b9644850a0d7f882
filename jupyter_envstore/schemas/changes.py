"""What differs between two versions, or between a version and what a draft would make of it, and why."""

from __future__ import annotations

from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.explanations import Explanation

ChangeKind = Literal["added", "removed", "upgraded", "downgraded", "rebuilt"]
WhyCode = Literal["asked", "required", "incompatible", "unneeded", "freed", "chosen"]


class Why(Schema):
    """Why one package changed.

    Attributes
    ----------
    code
        ``asked``: a person asks for it, or no longer does; ``required``: another package of the new set needs it so;
        ``incompatible``: what was there could not stay beside another package of the new set; ``unneeded``: nothing
        needs it now; ``freed``: an update let it move; ``chosen``: the resolver chose it so that all fits.
    by
        The other package, with its version; empty where there is none.
    requirement
        The match spec that says so; empty where there is none.
    text
        All of it in words.
    """

    code: WhyCode
    by: str = ""
    requirement: str = ""
    text: str


class PackageChange(Schema):
    """One package that is not the same on both sides.

    Attributes
    ----------
    kind
        ``rebuilt``: the same version, another file.
    direct
        Whether a person asks for it by name, on either side.
    before, after
        Versions; None on the side where it is not.
    before_build, after_build
        Build strings, likewise.
    size
        Bytes of the new file to download, None when unknown or when it is removed.
    """

    name: str
    manager: Literal["conda", "pip"] = "conda"
    kind: ChangeKind
    direct: bool = False
    before: str | None = None
    after: str | None = None
    before_build: str | None = None
    after_build: str | None = None
    size: int | None = None
    why: Why


class PlatformChanges(Schema):
    """What changes for one platform, those a person asked for first.

    Attributes
    ----------
    same
        Packages that stay exactly as they are.
    download
        Bytes of all new files whose size is known.
    unknown_sizes
        New files whose size is not known.
    """

    platform: str
    changes: list[PackageChange]
    same: int
    download: int = 0
    unknown_sizes: int = 0


class Side(Schema):
    """One side of a comparison.

    Attributes
    ----------
    reference
        ``namespace/name@number``; for a preview ``namespace/name`` alone.
    size_on_disk
        Bytes of its files here, unpacked, as last counted; None when they were never made on this machine.
    """

    reference: str
    version: int | None = None
    package_count: int
    size_on_disk: int | None = None


class Comparison(Schema):
    """Two versions side by side.

    Attributes
    ----------
    platforms
        By platform that both cover: this machine's first.
    platforms_added, platforms_removed
        What only one of them covers.
    specification_diff
        A unified diff of the two texts; empty when they are the same.
    """

    before: Side
    after: Side
    platforms: list[PlatformChanges]
    platforms_added: list[str] = []
    platforms_removed: list[str] = []
    specification_diff: str = ""


class Preview(Schema):
    """What an edit or an update would make of a version. Nothing was built.

    Attributes
    ----------
    parent
        Number of the version that it starts from.
    specification
        The text that would be built.
    message
        A message for the version, to be changed at will.
    nothing_to_build
        Whether packages and specification stay exactly as they are.
    unsolved
        For each platform that has no solution now, why.
    """

    parent: int
    specification: str
    message: str
    comparison: Comparison
    nothing_to_build: bool
    unsolved: dict[str, Explanation] = {}
    warnings: list[str] = []
    seconds: dict[str, float] = {}
