"""What all schemas have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Schema(BaseModel):
    """A frozen value that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Schema, Generic[T]):
    """A part of a list: ``next`` is the cursor of the following part, or None at the end; ``total`` counts all."""

    items: list[T]
    next: str | None = None
    total: int
