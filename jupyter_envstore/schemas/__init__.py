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
from jupyter_envstore.schemas.environments import Environment, EnvironmentState, Schedule
from jupyter_envstore.schemas.events import AuditEvent
from jupyter_envstore.schemas.explanations import Explanation, MissingPackage, Reason, Relaxation
from jupyter_envstore.schemas.findings import Finding
from jupyter_envstore.schemas.formats import SharedFormat
from jupyter_envstore.schemas.kernels import RunningKernel, VersionKernel
from jupyter_envstore.schemas.lockfiles import LockfileChannel, LockfileReport
from jupyter_envstore.schemas.locks import LockResult
from jupyter_envstore.schemas.logs import LogPart
from jupyter_envstore.schemas.machines import Machine, MachineReport
from jupyter_envstore.schemas.modules import ModuleSupplier
from jupyter_envstore.schemas.notebooks import NotebookEdit, NotebookEnvironment, NotebookState, Restoration
from jupyter_envstore.schemas.packages import Package, SearchResult
from jupyter_envstore.schemas.platforms import (
    PlatformCheck,
    PlatformDifference,
    PlatformOverview,
    PlatformReport,
    PlatformStanding,
    TextEdit,
    Workaround,
    WorkaroundKind,
)
from jupyter_envstore.schemas.policy import PolicyChannel, PolicyFinding, PolicyReport, PolicyRule
from jupyter_envstore.schemas.prefixes import Prefix
from jupyter_envstore.schemas.previews import PreviewProgress, PreviewState
from jupyter_envstore.schemas.reports import (
    Grade,
    NotebookCheck,
    NotebookPlace,
    NotebookRepair,
    NotebookReport,
    RepairAction,
    UndoneCheck,
)
from jupyter_envstore.schemas.specifications import EditedSpecification, Remark, SpecificationReport
from jupyter_envstore.schemas.status import Status
from jupyter_envstore.schemas.switching import Switch
from jupyter_envstore.schemas.usage import (
    CacheUsage,
    Collected,
    Collection,
    EnvironmentUsage,
    Kept,
    PlannedCollection,
    Usage,
    UsageCode,
    VersionUsage,
)
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
    "CacheUsage",
    "Collected",
    "Collection",
    "Comparison",
    "EditedSpecification",
    "Environment",
    "EnvironmentState",
    "EnvironmentUsage",
    "ErrorReport",
    "Explanation",
    "Finding",
    "Grade",
    "Kept",
    "LockResult",
    "LockfileChannel",
    "LockfileReport",
    "LogPart",
    "Machine",
    "MachineReport",
    "MissingPackage",
    "ModuleSupplier",
    "NotebookCheck",
    "NotebookEdit",
    "NotebookEnvironment",
    "NotebookPlace",
    "NotebookRepair",
    "NotebookReport",
    "NotebookState",
    "Package",
    "PackageChange",
    "Page",
    "PlannedCollection",
    "PlatformChanges",
    "PlatformCheck",
    "PlatformDifference",
    "PlatformOverview",
    "PlatformReport",
    "PlatformStanding",
    "PolicyChannel",
    "PolicyFinding",
    "PolicyReport",
    "PolicyRule",
    "Prefix",
    "PrefixState",
    "Preview",
    "PreviewProgress",
    "PreviewState",
    "Reason",
    "Relaxation",
    "Remark",
    "RepairAction",
    "Restoration",
    "RunningKernel",
    "Schedule",
    "Schema",
    "SearchResult",
    "SharedFormat",
    "Side",
    "SpecificationReport",
    "Status",
    "Switch",
    "TextEdit",
    "UndoneCheck",
    "Usage",
    "UsageCode",
    "VerificationReport",
    "Version",
    "VersionKernel",
    "VersionUsage",
    "Why",
    "Workaround",
    "WorkaroundKind",
]
