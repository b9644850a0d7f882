"""What requests over HTTP carry, in the query and in the body. Checked here, so that a store call gets sound values.

What a name, a specification or a cursor may be is decided below the API; here stand only types and bounds.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from jupyter_envstore.schemas.builds import BuildState
from jupyter_envstore.schemas.environments import Schedule

MOST_ENTRIES = 500
"""Entries of a list in a request."""


def _printable(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValueError("control characters are not allowed")
    return text


_Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_printable)]
_Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printable)]
_Specs = Annotated[list[_Line], Field(max_length=MOST_ENTRIES)]
_Text = Annotated[str, StringConstraints(max_length=1_000_000)]
_Lockfile = Annotated[str, StringConstraints(max_length=4_000_000)] | dict[str, Any]
_FileName = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_printable)]
_Variables = Annotated[dict[_Line, _Words | None], Field(max_length=MOST_ENTRIES)]
_Number = Annotated[int, Field(ge=1, lt=2**31, strict=True)]
_Limit = Annotated[int, Field(ge=1, le=500, description="Entries in the answer.")]
_Cursor = Annotated[str | None, Field(max_length=200, description="`next` of the page before.")]
_Platform = Annotated[str | None, Field(max_length=64, description="This machine's when left out.")]
_ALLOW_SOURCE = "Names of packages of pip whose own code may be run to build them, where there is no wheel."


class Request(BaseModel):
    """A part of a request; refuses keys it does not know, since a misspelt one would be silently without effect."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_R = TypeVar("_R", bound=Request)


# ---------------------------------------------------------------- queries


class EnvironmentsQuery(Request):
    """Which environments to list."""

    search: _Line = Field("", description="A part of the name.")
    namespace: _Line | None = Field(None, description="Only those of this namespace.")
    package: _Line | None = Field(None, description="Only those whose active version has it: a name, or a match spec.")
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


class FormatsQuery(Request):
    """What a file is to cover."""

    platform: Annotated[str | None, Field(max_length=64)] = Field(
        None, description="Only this platform; when left out, all of the lock, or this machine's for a format of one."
    )


class DiffQuery(Request):
    """What a version is compared with."""

    against: _Line = Field(
        min_length=1, description="The number of a version of the same environment, or a reference: `namespace/name@3`."
    )


class FindQuery(Request):
    """Which versions to find."""

    package: _Line = Field(min_length=1, description="A package's name, or a match spec such as `numpy >=1.26,<2`.")
    active_only: bool = Field(False, description="Leave out versions that are not the active one of their environment.")
    limit: _Limit = 100
    cursor: _Cursor = None


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
    """What to create: exactly one of `specification`, `packages`, `path` and `lockfile` says what is in it.

    A `lockfile` may have the `specification` that it was locked from beside it.
    """

    name: _Line | None = Field(
        None,
        description="`name` or `namespace/name`; when left out, what the specification or the lockfile's file says.",
    )
    specification: _Text | None = Field(None, description="The text of an environment.yml.")
    packages: _Specs | None = Field(None, description="Match specs, such as `python=3.12`.")
    path: _FileName | None = Field(
        None,
        description="An environment.yml, a lockfile, a requirements.txt or a pylock.toml among the server's contents.",
    )
    lockfile: _Lockfile | None = Field(
        None,
        description="A lockfile to be installed as it is: conda-lock's, an explicit list or a pixi.lock as text, or "
        "conda-lock's as an object.",
    )
    channels: _Specs = Field([], description="With `packages`: where to look, the first one first.")
    allow_channels: _Specs = Field(
        [],
        description="With a lockfile: channels, by name or URL, that it may take packages from besides the configured.",
    )
    platforms: _Specs = Field([], description="Lock for these too; a lockfile has its own.")
    message: _Words = Field("", description="What this version is for.")
    description: _Words = Field("", description="What the environment is for.")
    as_of: _Line | None = Field(None, description="Lock as the channels stood then, such as `2026-06-30`.")
    allow_source: _Specs = Field([], description=_ALLOW_SOURCE)

    @model_validator(mode="after")
    def _one_source(self) -> CreateRequest:
        beside = self.specification is not None and self.lockfile is None
        sources = (self.packages is not None, self.path is not None, self.lockfile is not None, beside)
        if sum(sources) != 1:
            raise ValueError("give exactly one of specification, packages, path and lockfile")
        if self.channels and self.packages is None:
            raise ValueError("channels can be given with packages only; a specification names its own")
        if self.lockfile is not None and (self.platforms or self.as_of is not None):
            raise ValueError("platforms and as_of say how to lock; a lockfile is locked already")
        if self.allow_channels and self.lockfile is None and self.path is None:
            raise ValueError("allow_channels goes with a lockfile; a specification names its own channels")
        return self


class EditRequest(Request):
    """A change that makes a new version: an edit of the specification, or an update of what is locked for it."""

    parent: _Number | None = Field(None, description="The version to start from; the active one when left out.")
    specification: _Text | None = Field(
        None, description="The text of an environment.yml to begin with; the parent's when left out."
    )
    add: _Specs = Field([], description="Match specs to add, or to put in the place of those of the same name.")
    remove: _Specs = Field([], description="Names of packages that are not asked for any more.")
    channels: _Specs | None = Field(None, description="The channels instead of those there are, the first one first.")
    variables: _Variables | None = Field(None, description="Values by name; null takes one away, the others stay.")
    update: _Specs | None = Field(
        None, description="Packages that may move to newer versions, none named: all of them. Null: an edit."
    )
    as_of: _Line | None = Field(None, description="With `update`: as the channels stood then, such as `2026-06-30`.")
    platforms: _Specs = Field([], description="Lock for these too; the parent's when left out.")
    allow_source: _Specs = Field([], description=_ALLOW_SOURCE)
    message: _Words = Field("", description="What this version is for; offered when left out.")

    @model_validator(mode="after")
    def _edit_or_update(self) -> EditRequest:
        edited = self.specification is not None or self.channels is not None or self.variables is not None
        if self.update is not None and (edited or self.add or self.remove):
            raise ValueError(
                "an update leaves the specification as it is: give update, or what to edit "
                "(specification, add, remove, channels, variables), and not both"
            )
        if self.update is None and self.as_of is not None:
            raise ValueError("as_of says how far packages may move and goes with update; an edit keeps them in place")
        return self


class PreviewRequest(EditRequest):
    """A change to look at before anything is built."""

    environment: _Line = Field(min_length=1, description="`namespace/name`, or `name`.")


class EditTextRequest(Request):
    """A change of the text of an environment.yml, whose comments and order are kept."""

    specification: _Text
    add: _Specs = Field([], description="Match specs to add, or to put in the place of those of the same name.")
    remove: _Specs = Field([], description="Names of packages to take out.")
    channels: _Specs | None = Field(None, description="The channels instead of those there are, the first one first.")
    variables: _Variables | None = Field(None, description="Values by name; null takes one away, the others stay.")
    name: _Line | None = Field(None, description="The name instead of the one there is.")


class ChangeRequest(Request):
    """What to change of an environment; what is left out stays."""

    description: _Words | None = None
    active_version: _Number | None = Field(None, description="The version that its kernel is to start.")
    schedule: Schedule | None = Field(None, description="How often an update is prepared, to be looked at.")

    @model_validator(mode="after")
    def _something(self) -> ChangeRequest:
        return something_given(self)


class ChangeVersionRequest(Request):
    """What to change of a version; what is left out stays."""

    pinned: StrictBool | None = Field(None, description="Whether it is kept from ever being collected.")
    message: _Words | None = Field(None, description="What it is for.")

    @model_validator(mode="after")
    def _something(self) -> ChangeVersionRequest:
        return something_given(self)


class CloneRequest(Request):
    """An environment to be made from a version of another one."""

    name: _Line = Field(min_length=1, description="Of the new one: `name` or `namespace/name`.")
    version: _Number | None = Field(None, description="The version to take; the active one when left out.")


class RenameRequest(Request):
    """Another name for an environment."""

    name: _Line = Field(min_length=1, description="The new one.")


class CollectRequest(Request):
    """Whether to free space, or only to say what could be freed."""

    dry_run: StrictBool = Field(True, description="Remove nothing.")


class PlatformsRequest(Request):
    """Which platforms to check a version for."""

    platforms: _Specs = Field([], description="Those that it lists, or that are configured or usual, when left out.")


class CheckRequest(Request):
    """A text to check."""

    specification: Annotated[str, StringConstraints(max_length=2_000_000)]


class LockfileRequest(Request):
    """A lockfile to look into before anything is made from it."""

    lockfile: _Lockfile = Field(
        description="A lockfile as text (conda-lock's, an explicit list, a pixi.lock), or conda-lock's as an object."
    )
    file: _FileName | None = Field(
        None, description="What its file is called; a name for the environment is told by that."
    )
    environment: _Line | None = Field(None, description="Which environment of a pixi.lock; `default` when left out.")
    allow_channels: _Specs = Field([], description="Channels to accept besides the configured ones, by name or URL.")
    allow_source: _Specs = Field([], description=_ALLOW_SOURCE)
    sizes: StrictBool = Field(False, description="Ask the channels how large the packages are, which takes longer.")


class ImportRequest(Request):
    """A file from outside to make an environment from, of whatever format: it is told by what stands in it."""

    content: _Lockfile = Field(
        description="The text of an environment.yml, a lockfile (conda-lock's, an explicit list, a pixi.lock), a "
        "requirements.txt or a pylock.toml; conda-lock's also as an object."
    )
    file: _FileName | None = Field(
        None, description="What the file is called; a name for the environment is told by that where it says none."
    )
    name: _Line | None = Field(None, description="`name` or `namespace/name`; when left out, what the file says.")
    environment: _Line | None = Field(None, description="Which environment of a pixi.lock; `default` when left out.")
    python: _Line | None = Field(
        None, description="With a file of pip's: which Python, such as `3.12`; when left out, what the file says."
    )
    allow_channels: _Specs = Field(
        [], description="With a lockfile: channels that it may take packages from besides the configured ones."
    )
    allow_source: _Specs = Field([], description=_ALLOW_SOURCE)
    message: _Words = Field("", description="What this version is for.")
    description: _Words = Field("", description="What the environment is for.")


def something_given(request: _R) -> _R:
    """Return a request that changes something.

    Raises
    ------
    ValueError
        When it asks for nothing.
    """
    if all(value is None for value in request.__dict__.values()):
        raise ValueError(f"give at least one of {', '.join(type(request).model_fields)}")
    return request
