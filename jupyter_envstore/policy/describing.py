"""The rules in force, as people and programs read them."""

from __future__ import annotations

from jupyter_envstore.policy.rules import RULES
from jupyter_envstore.policy.settings import Policy
from jupyter_envstore.schemas import PolicyReport, PolicyRule


def describe(policy: Policy) -> PolicyReport:
    """Return what may be used in a store.

    Raises
    ------
    InvalidInputError
        When a channel of its configuration is none.
    """
    approved = policy.approved()
    return PolicyReport(
        default_channels=list(policy.usual),
        allowed_channels=None if approved is None else approved.shown,
        trusted_channels=(approved or policy.trust()).shown,
        rules=[PolicyRule(rule=rule.code, policy=rule.title, says=rule.says(policy)) for rule in RULES],
    )
