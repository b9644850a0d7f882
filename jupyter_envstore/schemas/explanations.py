"""Why a request cannot be locked, as data: the panel, the command line and the API show the same."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class Reason(Schema):
    """A node in the tree of reasons: a sentence, and what it rests on."""

    text: str
    because: list[Reason] = []


class Relaxation(Schema):
    """A change of the specification that was solved before it is offered.

    Attributes
    ----------
    title
        What it means, in words: "Allow a newer Python".
    remove
        The person's own entries (as written) that it takes out.
    add
        The entries that stand instead; empty when the relaxation only removes.
    """

    title: str
    remove: list[str]
    add: list[str]


class MissingPackage(Schema):
    """An entry that nothing on a platform matches.

    Attributes
    ----------
    entry
        As it was written.
    newest
        The newest version there; None when the platform does not have the package at all.
    below, above
        The newest version under what the entry allows, and the oldest over it; None where there is none.
    elsewhere
        Which of the platforms that were solved for at the same time have what is asked for.
    """

    entry: str
    name: str
    newest: str | None = None
    below: str | None = None
    above: str | None = None
    elsewhere: list[str] = []


class Explanation(Schema):
    """Why one platform has no solution.

    Attributes
    ----------
    platform
        The conda subdir that was solved for.
    summary
        One sentence.
    conflict
        The smallest set of the person's own entries (as written) that collide: it has no solution, and without
        any one of its members there is one.
    missing
        Entries that nothing on the platform matches, whatever else is asked for.
    minimal
        False when time ran out before the set was known to be the smallest.
    reasons
        The tree of reasons.
    relaxations
        Changes that were solved and do fit, the mildest first.
    raw
        What the solver said.
    """

    platform: str
    summary: str
    conflict: list[str]
    missing: list[MissingPackage] = []
    minimal: bool = True
    reasons: list[Reason] = []
    relaxations: list[Relaxation] = []
    raw: str = ""
