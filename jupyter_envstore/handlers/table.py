"""The table of all endpoints: the one place where a path, its schemas and its handler meet."""

from __future__ import annotations

from jupyter_envstore.handlers.builds import BuildHandler, BuildsHandler, LogHandler, RequestHandler, RetryHandler
from jupyter_envstore.handlers.drafts import PreviewHandler, PreviewsHandler
from jupyter_envstore.handlers.endpoint import Endpoint
from jupyter_envstore.handlers.environments import EnvironmentHandler, EnvironmentsHandler, UndeleteHandler
from jupyter_envstore.handlers.finding import FindHandler
from jupyter_envstore.handlers.kernels import KernelsHandler
from jupyter_envstore.handlers.lockfiles import ImportHandler, LockfileCheckHandler
from jupyter_envstore.handlers.modules import ModuleHandler
from jupyter_envstore.handlers.naming import CloneHandler, RenameHandler
from jupyter_envstore.handlers.notebook_report import NotebookReportHandler
from jupyter_envstore.handlers.notebooks import (
    EmbedHandler,
    RecordHandler,
    RestoreHandler,
    StateHandler,
    StripHandler,
)
from jupyter_envstore.handlers.openapi import OpenApiHandler
from jupyter_envstore.handlers.packages import PackageHandler, PackagesHandler
from jupyter_envstore.handlers.platforms import MachinesHandler, PlatformCheckHandler, PlatformsHandler
from jupyter_envstore.handlers.policy import PolicyHandler
from jupyter_envstore.handlers.specifications import CheckHandler, EditHandler
from jupyter_envstore.handlers.status import StatusHandler
from jupyter_envstore.handlers.upkeep import KernelHandler, RepairHandler, VerifyHandler
from jupyter_envstore.handlers.usage import CollectHandler, UsageHandler
from jupyter_envstore.handlers.versions import (
    DiffHandler,
    ExportHandler,
    FormatsHandler,
    LockfileHandler,
    VersionHandler,
    VersionPackagesHandler,
    VersionsHandler,
)

_ENVIRONMENTS = "/envstore/environments"
_ENVIRONMENT = f"{_ENVIRONMENTS}/{{namespace}}/{{name}}"
_VERSION = f"{_ENVIRONMENT}/versions/{{version}}"
_BUILD = "/envstore/builds/{build}"

ENDPOINTS: list[Endpoint] = [
    Endpoint("GET", "/envstore/status", StatusHandler, "Which program answers, and on which store it works", "Status"),
    Endpoint("GET", "/envstore/openapi.json", OpenApiHandler, "This description"),
    Endpoint(
        "GET", _ENVIRONMENTS, EnvironmentsHandler, "List environments, those changed last first",
        "Page[Environment]", query="EnvironmentsQuery",
    ),
    Endpoint(
        "POST", _ENVIRONMENTS, EnvironmentsHandler, "Create an environment: queue the build of its first version",
        "Build", 202, body="CreateRequest",
    ),
    Endpoint("GET", _ENVIRONMENT, EnvironmentHandler, "Look at one environment", "Environment"),
    Endpoint(
        "PATCH", _ENVIRONMENT, EnvironmentHandler, "Change an environment, or which of its versions is active",
        "Environment", body="ChangeRequest", accepted="Build",
    ),
    Endpoint(
        "DELETE", _ENVIRONMENT, EnvironmentHandler, "Remove an environment; it can be brought back", "Environment"
    ),
    Endpoint("POST", f"{_ENVIRONMENT}/undelete", UndeleteHandler, "Bring a removed environment back", "Environment"),
    Endpoint(
        "POST", f"{_ENVIRONMENT}/clone", CloneHandler, "Create an environment with the lock of a version of this one",
        "Build", 202, body="CloneRequest",
    ),
    Endpoint(
        "POST", f"{_ENVIRONMENT}/rename", RenameHandler, "Rename an environment; the old name still leads to it",
        "Environment", body="RenameRequest",
    ),
    Endpoint(
        "GET", f"{_ENVIRONMENT}/versions", VersionsHandler, "List the versions, the newest first",
        "Page[Version]", query="PageQuery",
    ),
    Endpoint(
        "POST", f"{_ENVIRONMENT}/versions", VersionsHandler, "Edit or update: queue the build of a new version",
        "Build", 202, body="EditRequest",
    ),
    Endpoint("GET", _VERSION, VersionHandler, "Look at one version", "Version"),
    Endpoint(
        "PATCH", _VERSION, VersionHandler, "Pin a version, or correct its message", "Version",
        body="ChangeVersionRequest",
    ),
    Endpoint("DELETE", _VERSION, VersionHandler, "Delete a version; its number stays taken", "Version"),
    Endpoint(
        "GET", f"{_VERSION}/packages", VersionPackagesHandler, "List the locked packages of a version",
        "Page[Package]", query="PackagesQuery",
    ),
    Endpoint(
        "GET", f"{_VERSION}/diff", DiffHandler, "What differs from another version to this one, and why",
        "Comparison", query="DiffQuery",
    ),
    Endpoint(
        "POST", f"{_VERSION}/repair", RepairHandler, "Make those files of a version anew that are missing or damaged",
        "Build", 202,
    ),
    Endpoint(
        "POST", f"{_VERSION}/verify", VerifyHandler, "Read every file of a version and compare it with the lock",
        "VerificationReport",
    ),
    Endpoint(
        "POST", f"{_VERSION}/kernel", KernelHandler, "Make sure that a kernel of this very version exists",
        "VersionKernel",
    ),
    Endpoint(
        "GET", f"{_VERSION}/platforms", PlatformsHandler, "On which platforms a version can be had, as far as is known",
        "PlatformOverview",
    ),
    Endpoint(
        "POST", f"{_VERSION}/platforms", PlatformsHandler, "Find out on which other platforms a version can be had",
        "PlatformCheck", body="PlatformsRequest", accepted="PlatformCheck",
    ),
    Endpoint(
        "GET", "/envstore/platform-checks/{check}", PlatformCheckHandler, "Look at one platform check", "PlatformCheck"
    ),
    Endpoint(
        "DELETE", "/envstore/platform-checks/{check}", PlatformCheckHandler, "Give a platform check up", "PlatformCheck"
    ),
    Endpoint(
        "GET", f"{_VERSION}/machines", MachinesHandler, "On what machines a version was locked and built",
        "MachineReport",
    ),
    Endpoint("GET", f"{_VERSION}/lockfile", LockfileHandler, "The lockfile, a conda-lock v1 document"),
    Endpoint(
        "GET", f"{_VERSION}/export/{{format}}", ExportHandler,
        "A version as a file, in one of the formats that `formats` lists", query="FormatsQuery", media="text/plain",
    ),
    Endpoint(
        "GET", f"{_VERSION}/formats", FormatsHandler, "What a version would be in each format, and whom that is for",
        "Page[SharedFormat]", query="FormatsQuery",
    ),
    Endpoint(
        "GET", "/envstore/find", FindHandler, "List the versions that have a package, the active ones first",
        "Page[Finding]", query="FindQuery",
    ),
    Endpoint(
        "POST", "/envstore/preview", PreviewsHandler, "Say what an edit or an update would change; build nothing",
        "PreviewState", body="PreviewRequest", accepted="PreviewState",
    ),
    Endpoint("GET", "/envstore/previews/{preview}", PreviewHandler, "Look at one preview", "PreviewState"),
    Endpoint("DELETE", "/envstore/previews/{preview}", PreviewHandler, "Give a preview up", "PreviewState"),
    Endpoint(
        "GET", "/envstore/builds", BuildsHandler, "List builds, the newest first", "Page[Build]", query="BuildsQuery"
    ),
    Endpoint("GET", _BUILD, BuildHandler, "Look at one build", "Build"),
    Endpoint("DELETE", _BUILD, BuildHandler, "Cancel a build", "Build", 202),
    Endpoint("GET", f"{_BUILD}/request", RequestHandler, "What a build was asked to do", "BuildRequest"),
    Endpoint("POST", f"{_BUILD}/retry", RetryHandler, "Queue a failed or cancelled build again", "Build", 202),
    Endpoint("GET", f"{_BUILD}/log", LogHandler, "Read the log of a build, in parts", "LogPart", query="LogQuery"),
    Endpoint(
        "GET", "/envstore/packages", PackagesHandler, "Search the channels for packages",
        "Page[SearchResult]", query="SearchQuery",
    ),
    Endpoint(
        "GET", "/envstore/packages/{package}", PackageHandler, "What the channels offer of one package",
        "SearchResult", query="PackageQuery",
    ),
    Endpoint(
        "GET", "/envstore/modules/{module}", ModuleHandler, "Which package supplies a module that an environment lacks",
        "ModuleSupplier", query="ModuleQuery",
    ),
    Endpoint(
        "POST", "/envstore/specification/check", CheckHandler, "Say how an environment.yml is understood",
        "SpecificationReport", body="CheckRequest",
    ),
    Endpoint(
        "POST", "/envstore/lockfile/check", LockfileCheckHandler, "Say what a lockfile from outside holds",
        "LockfileReport", body="LockfileRequest",
    ),
    Endpoint(
        "POST", "/envstore/import", ImportHandler, "Create an environment from a file of whatever format",
        "Build", 202, body="ImportRequest",
    ),
    Endpoint(
        "POST", "/envstore/specification/edit", EditHandler, "Change an environment.yml; comments and order stay",
        "EditedSpecification", body="EditTextRequest",
    ),
    Endpoint(
        "POST", "/envstore/notebooks/report", NotebookReportHandler,
        "Say what stands between a notebook and the same results elsewhere", "NotebookReport",
        body="NotebookReportRequest",
    ),
    Endpoint(
        "GET", "/envstore/kernels", KernelsHandler, "Which versions the kernels that run were started with",
        "Page[RunningKernel]",
    ),
    Endpoint(
        "POST", "/envstore/notebooks/embed", EmbedHandler, "Let a notebook carry a version's specification and lock",
        "NotebookEdit", body="EmbedRequest",
    ),
    Endpoint(
        "POST", "/envstore/notebooks/strip", StripHandler, "Take out of a notebook what was put into it",
        "NotebookEdit", body="StripRequest",
    ),
    Endpoint(
        "POST", "/envstore/notebooks/record", RecordHandler, "Let a notebook say that it was run as a whole",
        "NotebookEdit", body="RecordRequest",
    ),
    Endpoint(
        "POST", "/envstore/notebooks/state", StateHandler, "How what a notebook carries stands to its kernel",
        "NotebookState", body="StateRequest",
    ),
    Endpoint(
        "POST", "/envstore/notebooks/restore", RestoreHandler,
        "Say what environment a notebook carries, and have it here: found, or built", "Restoration",
        body="RestoreRequest", accepted="Restoration",
    ),
    Endpoint("GET", "/envstore/policy", PolicyHandler, "What may be used here, and the rules in force", "PolicyReport"),
    Endpoint("GET", "/envstore/usage", UsageHandler, "What everything costs on disk, and what can be freed", "Usage"),
    Endpoint(
        "POST", "/envstore/collect", CollectHandler, "Free what nobody needs, or say what that would be",
        "Collection", body="CollectRequest",
    ),
]  # fmt: skip
