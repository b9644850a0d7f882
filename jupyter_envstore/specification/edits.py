"""One edit of a specification: what a person changes of it, in one step, whichever way they said it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.specification import Specification


@dataclass(frozen=True)
class SpecificationEdit:
    """What is to be changed; whatever is left out stays as it is, to the letter.

    Attributes
    ----------
    add
        Match specs to ask for; one whose package is asked for already stands in its place.
    remove
        Names of packages to ask no more for.
    add_pip, remove_pip
        The same for pip: requirements, and names.
    channels
        All channels, in order. An empty list leaves none: the configured ones are used then.
    variables
        Values by name; None takes a variable away, the others stay.
    name
        What the specification calls the environment.
    """

    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    add_pip: Sequence[str] = ()
    remove_pip: Sequence[str] = ()
    channels: Sequence[str] | None = None
    variables: Mapping[str, str | None] = field(default_factory=dict)
    name: str | None = None

    def apply_to(self, before: Specification) -> Specification:
        """Return the specification after the edit.

        Raises
        ------
        SpecificationError
            When something to be removed is not there, or something to be written is not allowed.
        """
        after = before
        if self.remove:
            after = after.remove(self.remove)
        if self.add:
            after = after.add(self.add)
        if self.remove_pip:
            after = after.remove_pip(self.remove_pip)
        if self.add_pip:
            after = after.add_pip(self.add_pip)
        if self.channels is not None and tuple(self.channels) != after.channels:
            after = after.with_channels(dict.fromkeys(self.channels))
        if self.variables:
            after = after.with_variables(_changed(after.variables, self.variables))
        if self.name is not None and self.name != after.name:
            after = after.with_name(self.name)
        return after


def with_and_without(channels: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a list of channels with some more at its end and without some others.

    Raises
    ------
    SpecificationError
        When one to be removed is not in the list.
    """
    for channel in remove:
        _require(channel, channels, "channel")
    left = [channel for channel in channels if channel not in remove]
    return tuple(dict.fromkeys([*left, *add]))


def _changed(variables: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    for name, value in changes.items():
        if value is None:
            _require(name, list(variables), "variable")
    after = {**variables, **changes}
    return {name: value for name, value in after.items() if value is not None}


def _require(wanted: str, there: Sequence[str], what: str) -> None:
    if wanted in there:
        return
    near = difflib.get_close_matches(wanted[:100], there, n=1)
    if near:
        hint = f"Did you mean {quoted(near[0])}?"
    else:
        hint = f"There are {', '.join(there)}." if there else f"It names no {what}."
    raise SpecificationError(f"The specification has no {what} {quoted(wanted)}. {hint}", name=wanted[:100])
