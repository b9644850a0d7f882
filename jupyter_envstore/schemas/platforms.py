"""On which platforms an environment can be had, and what helps where it cannot, for panel, terminal and API alike."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import ErrorReport
from jupyter_envstore.schemas.explanations import Explanation

WorkaroundKind = Literal["version", "channel", "selector", "emulation"]
PlatformStanding = Literal["covered", "solvable", "unsolved", "unchecked"]
PlatformCheckProgress = Literal["checking", "ready", "failed", "cancelled"]


class TextEdit(Schema):
    """Lines of a text to be replaced.

    Attributes
    ----------
    line
        Where it begins, from 1.
    removed
        The lines there, as they are.
    added
        The lines that stand instead; put in before ``line`` when none is removed.
    """

    line: int
    removed: list[str]
    added: list[str]


class Workaround(Schema):
    """A way to a platform that was solved before it is shown. The other platforms stay as they are with it.

    Attributes
    ----------
    kind
        ``version``: another version there; ``channel``: from another configured channel; ``selector``: not asked for
        there; ``emulation``: another platform, whose programs run there too.
    title
        What it means, in words.
    remove, add
        The person's own entries (as written) that stand for that platform no more, and those instead.
    edits
        What to change of the environment.yml; the first line first. Empty where nothing is to be changed.
    specification
        The whole text after that, or None.
    platform
        With ``emulation``: what to lock for instead; None else.
    package_count
        What it solved to.
    """

    kind: WorkaroundKind
    title: str
    remove: list[str] = []
    add: list[str] = []
    edits: list[TextEdit] = []
    specification: str | None = None
    platform: str | None = None
    package_count: int = 0


class PlatformDifference(Schema):
    """A package that has another version on a platform than on this machine's; ``direct``: it is asked for by name."""

    name: str
    direct: bool = False
    here: str
    there: str


class PlatformReport(Schema):
    """How it stands with one platform.

    Attributes
    ----------
    standing
        ``covered``: the lock has it; ``solvable``: it is not in the lock, and could be; ``unsolved``: there is no
        solution; ``unchecked``: nobody has tried.
    own
        Whether it is this machine's.
    checked
        When it was solved, or tried; None when that is not known.
    package_count, download, unknown_sizes
        What is installed there, and the bytes to be downloaded for it, without the files whose size is not known.
    differences
        Against this machine's platform, those that are asked for first. Empty where either is not covered.
    only_here, only_there
        Names of packages that only one of the two has.
    explanation
        Why there is no solution, and with ``missing`` what is not there.
    workarounds
        The mildest first; None when nobody has looked for any.
    """

    platform: str
    standing: PlatformStanding
    own: bool = False
    checked: datetime | None = None
    package_count: int = 0
    download: int = 0
    unknown_sizes: int = 0
    differences: list[PlatformDifference] = []
    only_here: list[str] = []
    only_there: list[str] = []
    explanation: Explanation | None = None
    workarounds: list[Workaround] | None = None


class PlatformOverview(Schema):
    """How it stands with all platforms, this machine's first.

    Attributes
    ----------
    reference
        ``namespace/name@number``; empty for a specification that is no version.
    specification
        The text that all of it is about.
    configured
        Platforms that are locked for where nothing else is said.
    warnings
        Sentences.
    seconds
        Wall time of the check by part; empty where nothing was checked now.
    """

    reference: str = ""
    specification: str
    own: str
    configured: list[str] = []
    platforms: list[PlatformReport]
    warnings: list[str] = []
    seconds: dict[str, float] = {}


class PlatformCheck(Schema):
    """A check of platforms that was asked for; forgotten some minutes after its end.

    Attributes
    ----------
    id
        By which it is read and cancelled.
    overview
        With what was found, when it is ``ready``.
    error
        Why there is none, when it ``failed``.
    """

    id: str
    state: PlatformCheckProgress
    overview: PlatformOverview | None = None
    error: ErrorReport | None = None
    started: datetime
