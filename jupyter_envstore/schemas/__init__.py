"""What travels: the one description of each thing that layers, processes and the network hand to each other.

Catalog queries return these, the command line prints them with ``--json``, the HTTP API answers them. They are
frozen, hold no secret and know nothing of how they are stored.
"""

from jupyter_envstore.schemas.base import Page, Schema
from jupyter_envstore.schemas.builds import (
    ACTIVE_STATES,
    RUNNING_STATES,
    Build,
    BuildKind,
    BuildProgress,
    BuildRequest,
    BuildState,
    ErrorReport,
)
from jupyter_envstore.schemas.changes import Comparison, PackageChange, PlatformChanges, Preview, Side, Why
from jupyter_envstore.schemas.environments import Environment, EnvironmentState
from jupyter_envstore.schemas.events import AuditEvent
from jupyter_envstore.schemas.explanations import Explanation, Reason, Relaxation
from jupyter_envstore.schemas.locks import LockResult
from jupyter_envstore.schemas.logs import LogPart
from jupyter_envstore.schemas.packages import Package, SearchResult
from jupyter_envstore.schemas.prefixes import Prefix
from jupyter_envstore.schemas.specifications import Remark, SpecificationReport
from jupyter_envstore.schemas.status import Status
from jupyter_envstore.schemas.switching import Switch
from jupyter_envstore.schemas.verification import VerificationReport
from jupyter_envstore.schemas.versions import PrefixState, Version

__all__ = [
    "ACTIVE_STATES",
    "RUNNING_STATES",
    "AuditEvent",
    "Build",
    "BuildKind",
    "BuildProgress",
    "BuildRequest",
    "BuildState",
    "Comparison",
    "Environment",
    "EnvironmentState",
    "ErrorReport",
    "Explanation",
    "LockResult",
    "LogPart",
    "Package",
    "PackageChange",
    "Page",
    "PlatformChanges",
    "Prefix",
    "PrefixState",
    "Preview",
    "Reason",
    "Relaxation",
    "Remark",
    "Schema",
    "SearchResult",
    "Side",
    "SpecificationReport",
    "Status",
    "Switch",
    "VerificationReport",
    "Version",
    "Why",
]
