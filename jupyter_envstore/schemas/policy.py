"""What may be installed here: the rules in force, and what they say about packages that somebody brings."""

from __future__ import annotations

from typing import Literal

from jupyter_envstore.schemas.base import Schema


class PolicyChannel(Schema):
    """A channel that a finding is about, and how many packages come from there."""

    url: str
    packages: int


class PolicyFinding(Schema):
    """What one rule says about some packages.

    Attributes
    ----------
    rule
        Code of the rule.
    policy
        What messages call the rule.
    severity
        ``error`` refuses; ``open`` has to be found out before anything is built; ``warning`` refuses nothing.
    message
        What is the matter, in a sentence.
    advice
        What to do about it, in a sentence.
    packages
        Names of the first of the packages; ``package_count`` counts all.
    channels
        Where they come from, or what was asked for.
    """

    rule: str
    policy: str
    severity: Literal["error", "open", "warning"]
    message: str
    advice: str = ""
    packages: list[str] = []
    package_count: int = 0
    channels: list[PolicyChannel] = []


class PolicyRule(Schema):
    """A rule in force.

    Attributes
    ----------
    rule, policy
        Its code, and what messages call it.
    says
        What it demands in this store, in a sentence or two.
    """

    rule: str
    policy: str
    says: str


class PolicyReport(Schema):
    """What may be used in this store.

    Attributes
    ----------
    default_channels
        Names of the channels of a specification that names none.
    allowed_channels
        URLs of the only channels that anything may come from; None: no such list is kept.
    trusted_channels
        URLs of the channels that a file from elsewhere may name without being asked about; what stands for all that
        lies below it ends in ``/*``.
    rules
        In the order in which they are applied.
    """

    default_channels: list[str]
    allowed_channels: list[str] | None
    trusted_channels: list[str]
    rules: list[PolicyRule]
