"""What all schemas have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Schema(BaseModel):
    """A frozen value that refuses keys it does not know."""

    # An answer always has all its keys, so the API's description says so.
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Page(Schema, Generic[T]):
    """A part of a list: ``next`` is the cursor of the following part, or None at the end; ``total`` counts all."""

    items: list[T]
    next: str | None = None
    total: int
