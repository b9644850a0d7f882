"""What there is to say about an environment.yml while it is being written."""

from __future__ import annotations

from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.policy import PolicyFinding


class Remark(Schema):
    """Something about a specification, or about one line of it (from 1).

    Attributes
    ----------
    wrong, correction
        A part of that line, and what was probably meant in its place; None where that cannot be told.
    """

    severity: Literal["error", "warning"]
    code: str
    message: str
    line: int | None = None
    wrong: str | None = None
    correction: str | None = None


class SpecificationReport(Schema):
    """A specification as it is understood.

    Attributes
    ----------
    valid
        Whether a build of it would be accepted; False as soon as one remark is an error.
    name, channels, dependencies, pip, variables, platforms
        As written; empty when it cannot be read.
    remarks
        Errors first, then by line.
    findings
        What the policy has to say, as data; the remarks have it in words.
    """

    valid: bool
    name: str | None = None
    channels: list[str] = []
    dependencies: list[str] = []
    pip: list[str] = []
    variables: dict[str, str] = {}
    platforms: list[str] = []
    remarks: list[Remark] = []
    findings: list[PolicyFinding] = []


class EditedSpecification(Schema):
    """A text after an edit: its own lines changed, comments and order as they were.

    Attributes
    ----------
    specification
        The new text.
    report
        How it is understood.
    """

    specification: str
    report: SpecificationReport
