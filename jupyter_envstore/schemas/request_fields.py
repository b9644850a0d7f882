"""What fields of requests may hold: types and bounds that bodies and queries have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MOST_ENTRIES = 500
"""Entries of a list in a request."""


def _printable(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValueError("control characters are not allowed")
    return text


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_printable)]
Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printable)]
Specs = Annotated[list[Line], Field(max_length=MOST_ENTRIES)]
PipSpecs = Annotated[list[Words], Field(max_length=MOST_ENTRIES)]
Text = Annotated[str, StringConstraints(max_length=1_000_000)]
Lockfile = Annotated[str, StringConstraints(max_length=4_000_000)] | dict[str, Any]
FileName = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_printable)]
Offers = Annotated[
    dict[
        Line, Annotated[dict[Annotated[Line, StringConstraints(pattern="^__")], Line], Field(max_length=MOST_ENTRIES)]
    ],
    Field(max_length=MOST_ENTRIES),
]
"""Virtual packages with their versions, by platform."""
Variables = Annotated[dict[Line, Words | None], Field(max_length=MOST_ENTRIES)]
Number = Annotated[int, Field(ge=1, lt=2**31, strict=True)]
Limit = Annotated[int, Field(ge=1, le=500, description="Entries in the answer.")]
Cursor = Annotated[str | None, Field(max_length=200, description="`next` of the page before.")]
Platform = Annotated[str | None, Field(max_length=64, description="This machine's when left out.")]


class Request(BaseModel):
    """A part of a request; refuses keys it does not know, since a misspelt one would be silently without effect."""

    model_config = ConfigDict(frozen=True, extra="forbid")
