"""What requests over HTTP carry in the query. Checked here, so that a store call gets sound values."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from jupyter_envstore.schemas.builds import BuildState
from jupyter_envstore.schemas.request_fields import Cursor, Limit, Line, Platform, Request, Specs


class EnvironmentsQuery(Request):
    """Which environments to list."""

    search: Line = Field("", description="A part of the name.")
    namespace: Line | None = Field(None, description="Only those of this namespace.")
    package: Line | None = Field(None, description="Only those whose active version has it: a name, or a match spec.")
    limit: Limit = 100
    cursor: Cursor = None


class PageQuery(Request):
    """Which part of a list."""

    limit: Limit = 100
    cursor: Cursor = None


class BuildsQuery(Request):
    """Which builds to list."""

    state: Annotated[list[BuildState], Field(max_length=20)] = Field([], description="Only those in one of these.")
    environment: Line | None = Field(None, description="Only those of this environment: `namespace/name` or `name`.")
    limit: Limit = 50
    cursor: Cursor = None


class LogQuery(Request):
    """From where on to read a log."""

    offset: int = Field(0, ge=0, le=2**53, description="`offset` of the part before.")


class PackagesQuery(Request):
    """Which packages of a version."""

    platform: Platform = None


class FormatsQuery(Request):
    """What a file is to cover."""

    platform: Annotated[str | None, Field(max_length=64)] = Field(
        None, description="Only this platform; when left out, all of the lock, or this machine's for a format of one."
    )


class DiffQuery(Request):
    """What a version is compared with."""

    against: Line = Field(
        min_length=1, description="The number of a version of the same environment, or a reference: `namespace/name@3`."
    )


class FindQuery(Request):
    """Which versions to find."""

    package: Line = Field(min_length=1, description="A package's name, or a match spec such as `numpy >=1.26,<2`.")
    active_only: bool = Field(False, description="Leave out versions that are not the active one of their environment.")
    limit: Limit = 100
    cursor: Cursor = None


class SearchQuery(Request):
    """What to look for in the channels."""

    q: str = Field(min_length=1, max_length=128, description="A part of the name, or a pattern such as `jupyter*`.")
    channel: Specs = Field([], description="A channel, may be given again; the configured ones when left out.")
    platform: Platform = None
    limit: Limit = 25


class PackageQuery(Request):
    """Where to look for one package."""

    channel: Specs = Field([], description="A channel, may be given again; the configured ones when left out.")
    platform: Platform = None


class ModuleQuery(Request):
    """Which environment is to have a module."""

    environment: Line | None = Field(
        None, description="A reference: its active version, or the one that is named. Without, only names tell."
    )
