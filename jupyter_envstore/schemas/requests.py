"""What requests over HTTP carry in the body. Checked here, so that a store call gets sound values.

What a name, a specification or a cursor may be is decided below the API; here stand only types and bounds.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import Field, StrictBool, StrictInt, StringConstraints, model_validator

from jupyter_envstore.schemas.environments import Schedule
from jupyter_envstore.schemas.request_fields import (
    FileName,
    Line,
    Lockfile,
    Number,
    Offers,
    PipSpecs,
    Request,
    Specs,
    Text,
    Variables,
    Words,
)

_STARTED = "Reference of the version that the kernel was started with, if it is not the one that it would start now."
_ALLOW_SOURCE = "Names of packages of pip whose own code may be run to build them, where there is no wheel."
_OFFERS = "By platform, all that its machines offer besides packages, such as `{linux-64: {__glibc: 2.17}}`"
_ADD_PIP = "Requirements of pip to add to the `pip:` list, or to put in the place of those of the same name."
_REMOVE_PIP = "Names of packages that pip is not asked for any more."

_R = TypeVar("_R", bound=Request)


class CreateRequest(Request):
    """What to create: exactly one of `specification`, `packages`, `path` and `lockfile` says what is in it.

    A `lockfile` may have the `specification` that it was locked from beside it.
    """

    name: Line | None = Field(
        None,
        description="`name` or `namespace/name`; when left out, what the specification or the lockfile's file says.",
    )
    specification: Text | None = Field(None, description="The text of an environment.yml.")
    packages: Specs | None = Field(None, description="Match specs, such as `python=3.12`.")
    path: FileName | None = Field(
        None,
        description="An environment.yml, a lockfile, a requirements.txt, a pylock.toml or a notebook among the "
        "server's contents.",
    )
    lockfile: Lockfile | None = Field(
        None,
        description="A lockfile to be installed as it is: conda-lock's, an explicit list or a pixi.lock as text, or "
        "conda-lock's as an object; or a notebook that carries one.",
    )
    channels: Specs = Field([], description="With `packages`: where to look, the first one first.")
    allow_channels: Specs = Field(
        [],
        description="With a lockfile: channels, by name or URL, that it may take packages from besides the configured.",
    )
    platforms: Specs = Field([], description="Lock for these too; a lockfile has its own.")
    virtual_packages: Offers = Field({}, description=f"{_OFFERS}; what is usual for those left out.")
    message: Words = Field("", description="What this version is for.")
    description: Words = Field("", description="What the environment is for.")
    as_of: Line | None = Field(None, description="Lock as the channels stood then, such as `2026-06-30`.")
    allow_source: Specs = Field([], description=_ALLOW_SOURCE)

    @model_validator(mode="after")
    def _one_source(self) -> CreateRequest:
        beside = self.specification is not None and self.lockfile is None
        sources = (self.packages is not None, self.path is not None, self.lockfile is not None, beside)
        if sum(sources) != 1:
            raise ValueError("give exactly one of specification, packages, path and lockfile")
        if self.channels and self.packages is None:
            raise ValueError("channels can be given with packages only; a specification names its own")
        if self.lockfile is not None and (self.platforms or self.virtual_packages or self.as_of is not None):
            raise ValueError("platforms, virtual_packages and as_of say how to lock; a lockfile is locked already")
        if self.allow_channels and self.lockfile is None and self.path is None:
            raise ValueError("allow_channels goes with a lockfile; a specification names its own channels")
        return self


class EditRequest(Request):
    """A change that makes a new version: an edit of the specification, or an update of what is locked for it."""

    parent: Number | None = Field(None, description="The version to start from; the active one when left out.")
    specification: Text | None = Field(
        None, description="The text of an environment.yml to begin with; the parent's when left out."
    )
    add: Specs = Field([], description="Match specs to add, or to put in the place of those of the same name.")
    remove: Specs = Field([], description="Names of packages that are not asked for any more.")
    add_pip: PipSpecs = Field([], description=_ADD_PIP)
    remove_pip: Specs = Field([], description=_REMOVE_PIP)
    channels: Specs | None = Field(None, description="The channels instead of those there are, the first one first.")
    variables: Variables | None = Field(None, description="Values by name; null takes one away, the others stay.")
    update: Specs | None = Field(
        None, description="Packages that may move to newer versions, none named: all of them. Null: an edit."
    )
    as_of: Line | None = Field(None, description="With `update`: as the channels stood then, such as `2026-06-30`.")
    platforms: Specs = Field([], description="Lock for these too; the parent's when left out.")
    virtual_packages: Offers = Field({}, description=f"{_OFFERS}; as for the parent for those left out.")
    allow_source: Specs = Field([], description=_ALLOW_SOURCE)
    message: Words = Field("", description="What this version is for; offered when left out.")

    @model_validator(mode="after")
    def _edit_or_update(self) -> EditRequest:
        edited = self.specification is not None or self.channels is not None or self.variables is not None
        entries = self.add or self.remove or self.add_pip or self.remove_pip
        if self.update is not None and (edited or entries or self.virtual_packages):
            raise ValueError(
                "an update leaves the specification as it is: give update, or what to edit "
                "(specification, add, remove, add_pip, remove_pip, channels, variables, virtual_packages), and not both"
            )
        if self.update is None and self.as_of is not None:
            raise ValueError("as_of says how far packages may move and goes with update; an edit keeps them in place")
        return self


class PreviewRequest(EditRequest):
    """A change to look at before anything is built."""

    environment: Line = Field(min_length=1, description="`namespace/name`, or `name`.")


class EditTextRequest(Request):
    """A change of the text of an environment.yml, whose comments and order are kept."""

    specification: Text
    add: Specs = Field([], description="Match specs to add, or to put in the place of those of the same name.")
    remove: Specs = Field([], description="Names of packages to take out.")
    add_pip: PipSpecs = Field([], description=_ADD_PIP)
    remove_pip: Specs = Field([], description=_REMOVE_PIP)
    channels: Specs | None = Field(None, description="The channels instead of those there are, the first one first.")
    variables: Variables | None = Field(None, description="Values by name; null takes one away, the others stay.")
    name: Line | None = Field(None, description="The name instead of the one there is.")


class ChangeRequest(Request):
    """What to change of an environment; what is left out stays."""

    description: Words | None = None
    active_version: Number | None = Field(None, description="The version that its kernel is to start.")
    schedule: Schedule | None = Field(None, description="How often an update is prepared, to be looked at.")

    @model_validator(mode="after")
    def _something(self) -> ChangeRequest:
        return something_given(self)


class ChangeVersionRequest(Request):
    """What to change of a version; what is left out stays."""

    pinned: StrictBool | None = Field(None, description="Whether it is kept from ever being collected.")
    message: Words | None = Field(None, description="What it is for.")

    @model_validator(mode="after")
    def _something(self) -> ChangeVersionRequest:
        return something_given(self)


class CloneRequest(Request):
    """An environment to be made from a version of another one."""

    name: Line = Field(min_length=1, description="Of the new one: `name` or `namespace/name`.")
    version: Number | None = Field(None, description="The version to take; the active one when left out.")


class RenameRequest(Request):
    """Another name for an environment."""

    name: Line = Field(min_length=1, description="The new one.")


class CollectRequest(Request):
    """Whether to free space, or only to say what could be freed."""

    dry_run: StrictBool = Field(True, description="Remove nothing.")


class PlatformsRequest(Request):
    """Which platforms to check a version for."""

    platforms: Specs = Field([], description="Those that it lists, or that are configured or usual, when left out.")


class CheckRequest(Request):
    """A text to check."""

    specification: Annotated[str, StringConstraints(max_length=2_000_000)]


class LockfileRequest(Request):
    """A lockfile to look into before anything is made from it."""

    lockfile: Lockfile = Field(
        description="A lockfile as text (conda-lock's, an explicit list, a pixi.lock), or conda-lock's as an object; "
        "or a notebook that carries one, as text or as an object."
    )
    file: FileName | None = Field(
        None, description="What its file is called; a name for the environment is told by that."
    )
    environment: Line | None = Field(None, description="Which environment of a pixi.lock; `default` when left out.")
    allow_channels: Specs = Field([], description="Channels to accept besides the configured ones, by name or URL.")
    allow_source: Specs = Field([], description=_ALLOW_SOURCE)
    sizes: StrictBool = Field(False, description="Ask the channels how large the packages are, which takes longer.")


class ImportRequest(Request):
    """A file from outside to make an environment from, of whatever format: it is told by what stands in it.

    Exactly one of `content` and `path` says which.
    """

    content: Lockfile | None = Field(
        None,
        description="The text of an environment.yml, a lockfile (conda-lock's, an explicit list, a pixi.lock), a "
        "requirements.txt, a pylock.toml or a notebook; conda-lock's and a notebook also as an object. Of a large "
        "notebook leave the outputs out.",
    )
    path: FileName | None = Field(None, min_length=1, description="Such a file among the server's contents.")
    file: FileName | None = Field(
        None, description="What the file is called; a name for the environment is told by that where it says none."
    )
    name: Line | None = Field(None, description="`name` or `namespace/name`; when left out, what the file says.")
    environment: Line | None = Field(None, description="Which environment of a pixi.lock; `default` when left out.")
    python: Line | None = Field(
        None, description="With a file of pip's: which Python, such as `3.12`; when left out, what the file says."
    )
    allow_channels: Specs = Field(
        [],
        description="With a lockfile or notebook: channels that it may take packages from besides the configured ones.",
    )
    allow_source: Specs = Field([], description=_ALLOW_SOURCE)
    message: Words = Field("", description="What this version is for.")
    description: Words = Field("", description="What the environment is for.")

    @model_validator(mode="after")
    def _one_file(self) -> ImportRequest:
        if (self.content is None) == (self.path is None):
            raise ValueError("give exactly one of content and path")
        return self


class NotebookReportRequest(Request):
    """A notebook to check: exactly one of `path` and `content` says which. Nothing of it is run."""

    path: FileName | None = Field(None, min_length=1, description="A notebook among the server's contents.")
    content: dict[str, Any] | None = Field(
        None, description="The notebook itself, as it is being edited; outputs may be left out of long ones."
    )
    folder: FileName | None = Field(
        None, description="With `content`: where it lies among the server's contents, to know the modules beside it."
    )
    kernel: Line | None = Field(
        None, description="Name of the kernel that it runs on; the one that it names when left out."
    )
    environment: Line | None = Field(None, description=_STARTED)
    verify: StrictBool = Field(False, description="Read every file of its environment, which takes longer.")
    fetch: StrictBool = Field(
        False, description="Ask channels and indexes whether they still offer its packages, which takes longer."
    )

    @model_validator(mode="after")
    def _one_notebook(self) -> NotebookReportRequest:
        if (self.path is None) == (self.content is None):
            raise ValueError("give exactly one of path and content")
        if self.folder is not None and self.content is None:
            raise ValueError("folder goes with content")
        return self


class NotebookRequest(Request):
    """A notebook: exactly one of `path`, `content` and `metadata` says which."""

    path: FileName | None = Field(None, description="A notebook among the server's contents.")
    content: dict[str, Any] | None = Field(None, description="The notebook itself.")
    metadata: dict[str, Any] | None = Field(
        None,
        description="Its metadata alone, of a notebook that somebody has open. What other programs write into cells "
        "is not found this way.",
    )

    @model_validator(mode="after")
    def _one_notebook(self) -> NotebookRequest:
        if sum(one is not None for one in (self.path, self.content, self.metadata)) != 1:
            raise ValueError("give exactly one of path, content and metadata")
        return self


class EmbedRequest(NotebookRequest):
    """A notebook that is to carry an environment."""

    environment: Line | None = Field(
        None, description="A reference; when left out, the version of the kernel that the notebook names."
    )
    platforms: Specs = Field([], description="Only these; all that the lock covers when left out.")


class RecordRequest(NotebookRequest):
    """A notebook of which every cell of code was run, without an error, by a kernel that was started for it."""

    environment: Line = Field(description="Reference of the version that this kernel was started with.")
    counts: list[StrictInt | None] | None = Field(
        None,
        max_length=20_000,
        description="With `metadata`, and only there: the numbers that its cells of code got, in their order; cells "
        "without text left out.",
    )

    @model_validator(mode="after")
    def _numbers(self) -> RecordRequest:
        if (self.counts is None) != (self.metadata is None):
            raise ValueError("counts goes with metadata, and metadata with counts")
        return self


class StripRequest(NotebookRequest):
    """A notebook out of which is to be taken what was put into it."""


class StateRequest(NotebookRequest):
    """A notebook whose kernel is to be held against what it carries."""

    kernel: Line | None = Field(None, description="The kernel that it runs on, if it is not the one that it names.")
    environment: Line | None = Field(None, description=_STARTED)


class RestoreRequest(NotebookRequest):
    """A notebook whose environment is to be had here."""

    build: StrictBool = Field(False, description="Build it, or use what is here. Else only say what it carries.")
    name: Line | None = Field(
        None, description="Of a new environment; when left out, as the notebook says, numbered where that is taken."
    )
    file: FileName | None = Field(
        None, description="What its file is called; names the environment where nothing else does."
    )
    relock: StrictBool = Field(False, description="Lock anew what was asked for, as for another platform.")
    allow_channels: Specs = Field([], description="Channels that it may take packages from besides the configured.")
    sizes: StrictBool = Field(
        False, description="Ask the channels how large the packages are that are not known here, which takes longer."
    )
    pin: StrictBool = Field(
        False, description="With `path`: let the file name the kernel of the version, once there is one."
    )


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
