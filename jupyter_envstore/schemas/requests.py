"""What requests over HTTP carry, in the query and in the body. Checked here, so that a store call gets sound values.

What a name, a specification or a cursor may be is decided below the API; here stand only types and bounds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from jupyter_envstore.schemas.builds import BuildState

MOST_ENTRIES = 500
"""Entries of a list in a request."""


def _printable(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValueError("control characters are not allowed")
    return text


_Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_printable)]
_Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printable)]
_Specs = Annotated[list[_Line], Field(max_length=MOST_ENTRIES)]
_Limit = Annotated[int, Field(ge=1, le=500, description="Entries in the answer.")]
_Cursor = Annotated[str | None, Field(max_length=200, description="`next` of the page before.")]
_Platform = Annotated[str | None, Field(max_length=64, description="This machine's when left out.")]


class Request(BaseModel):
    """A part of a request; refuses keys it does not know, since a misspelt one would be silently without effect."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------- queries


class EnvironmentsQuery(Request):
    """Which environments to list."""

    search: _Line = Field("", description="A part of the name.")
    namespace: _Line | None = Field(None, description="Only those of this namespace.")
    package: _Line | None = Field(None, description="Only those whose active version has a package of this name.")
    limit: _Limit = 100
    cursor: _Cursor = None


class PageQuery(Request):
    """Which part of a list."""

    limit: _Limit = 100
    cursor: _Cursor = None


class BuildsQuery(Request):
    """Which builds to list."""

    state: Annotated[list[BuildState], Field(max_length=20)] = Field([], description="Only those in one of these.")
    environment: _Line | None = Field(None, description="Only those of this environment: `namespace/name` or `name`.")
    limit: _Limit = 50
    cursor: _Cursor = None


class LogQuery(Request):
    """From where on to read a log."""

    offset: int = Field(0, ge=0, le=2**53, description="`offset` of the part before.")


class PackagesQuery(Request):
    """Which packages of a version."""

    platform: _Platform = None


class SearchQuery(Request):
    """What to look for in the channels."""

    q: str = Field(min_length=1, max_length=128, description="A part of the name, or a pattern such as `jupyter*`.")
    channel: _Specs = Field([], description="A channel, may be given again; the configured ones when left out.")
    platform: _Platform = None
    limit: _Limit = 25


class PackageQuery(Request):
    """Where to look for one package."""

    channel: _Specs = Field([], description="A channel, may be given again; the configured ones when left out.")
    platform: _Platform = None


# ---------------------------------------------------------------- bodies


class CreateRequest(Request):
    """What to create: exactly one of `specification`, `packages` and `path` says what is in it."""

    name: _Line | None = Field(
        None, description="`name` or `namespace/name`; what the specification says when left out."
    )
    specification: Annotated[str, StringConstraints(max_length=1_000_000)] | None = Field(
        None, description="The text of an environment.yml."
    )
    packages: _Specs | None = Field(None, description="Match specs, such as `python=3.12`.")
    path: Annotated[str, StringConstraints(max_length=4096), AfterValidator(_printable)] | None = Field(
        None, description="An environment.yml among the server's contents."
    )
    channels: _Specs = Field([], description="With `packages`: where to look, the first one first.")
    platforms: _Specs = Field([], description="Lock for these too.")
    message: _Words = Field("", description="What this version is for.")
    description: _Words = Field("", description="What the environment is for.")
    as_of: _Line | None = Field(None, description="Lock as the channels stood then, such as `2026-06-30`.")

    @model_validator(mode="after")
    def _one_source(self) -> CreateRequest:
        if sum(source is not None for source in (self.specification, self.packages, self.path)) != 1:
            raise ValueError("give exactly one of specification, packages and path")
        if self.channels and self.packages is None:
            raise ValueError("channels can be given with packages only; a specification names its own")
        return self


class ChangeRequest(Request):
    """What to change of an environment."""

    description: _Words


class CheckRequest(Request):
    """A text to check."""

    specification: Annotated[str, StringConstraints(max_length=2_000_000)]


ExportFormat = Literal["yaml", "conda-lock"]
