"""The gate: every set of packages that is to be kept or built passes `evaluate`, whichever way it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import InitVar, dataclass

from jupyter_envstore.errors import PolicyError
from jupyter_envstore.policy.case import Case, PipFile
from jupyter_envstore.policy.origin import Origin
from jupyter_envstore.policy.rules import RULES
from jupyter_envstore.policy.settings import Policy
from jupyter_envstore.schemas import Package, PolicyFinding, Remark

_SEAL = object()
_ERRORS = {rule.code: rule.error for rule in RULES}
_MOST_SAID = 3
"""Findings that the message of an error repeats; its details have all."""


@dataclass(frozen=True)
class Admitted:
    """Packages that passed the gate: what the catalog keeps and a builder gets. Only a `Verdict` makes one."""

    packages: tuple[Package, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Packages are admitted by jupyter_envstore.policy.evaluate and by nothing else.")


@dataclass(frozen=True)
class Verdict:
    """What the rules say about packages; only `evaluate` makes one.

    Attributes
    ----------
    findings
        In the order of the rules; none: nothing to say against them.
    """

    packages: tuple[Package, ...]
    findings: tuple[PolicyFinding, ...]

    @property
    def remarks(self) -> list[Remark]:
        """What there is to say, one remark a finding, the refusals first."""
        return [
            Remark(
                severity="error" if finding.severity == "error" else "warning",
                code=_ERRORS[finding.rule].code if finding.severity == "error" else finding.rule,
                message=_sentences(finding),
            )
            for finding in sorted(self.findings, key=lambda one: one.severity != "error")
        ]

    def require(self) -> None:
        """Return when nothing that is known now speaks against the packages: enough to queue a build, not to run it.

        Raises
        ------
        PolicyError
        """
        _refuse([finding for finding in self.findings if finding.severity == "error"])

    def admit(self) -> Admitted:
        """Return the packages for the catalog or a builder.

        Raises
        ------
        PolicyError
            When a rule refuses them, or something is still open that had to be found out.
        """
        _refuse([finding for finding in self.findings if finding.severity != "warning"])
        return Admitted(self.packages, _SEAL)


def evaluate(
    origin: Origin,
    packages: Sequence[Package],
    policy: Policy,
    *,
    offered: Collection[PipFile] | None = None,
) -> Verdict:
    """Hold packages against the rules in force.

    Parameters
    ----------
    origin
        Who brings them.
    packages
        All of them, for all platforms; none yet for a specification that was not solved, whose channels are judged.
    policy
        What the store allows now.
    offered
        Those of their pip files that the configured indexes offer; None while nobody has asked the indexes.

    Raises
    ------
    InvalidInputError
        When something that was allowed, or that the store's list of channels names, is no channel.
    """
    case = Case(origin, packages, policy, offered)
    findings = tuple(finding for rule in RULES for finding in rule.examine(rule, case))
    return Verdict(tuple(packages), findings)


def _error(findings: Sequence[PolicyFinding]) -> PolicyError:
    return _ERRORS[findings[0].rule](
        " ".join(_sentences(finding) for finding in findings[:_MOST_SAID]),
        channels=[channel.model_dump() for finding in findings for channel in finding.channels],
        findings=[finding.model_dump(mode="json") for finding in findings],
    )


def _refuse(findings: Sequence[PolicyFinding]) -> None:
    if findings:
        raise _error(findings)


def _sentences(finding: PolicyFinding) -> str:
    return f"{finding.message} {finding.advice}".strip()
