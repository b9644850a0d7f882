"""The table of all endpoints: the one place where a path, its schemas and its handler meet."""

from __future__ import annotations

from jupyter_envstore.handlers.builds import BuildHandler, BuildsHandler, LogHandler, RequestHandler, RetryHandler
from jupyter_envstore.handlers.endpoint import Endpoint
from jupyter_envstore.handlers.environments import EnvironmentHandler, EnvironmentsHandler, UndeleteHandler
from jupyter_envstore.handlers.openapi import OpenApiHandler
from jupyter_envstore.handlers.packages import PackageHandler, PackagesHandler
from jupyter_envstore.handlers.specifications import CheckHandler
from jupyter_envstore.handlers.status import StatusHandler
from jupyter_envstore.handlers.versions import (
    ExportHandler,
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
    Endpoint("PATCH", _ENVIRONMENT, EnvironmentHandler, "Change an environment", "Environment", body="ChangeRequest"),
    Endpoint(
        "DELETE", _ENVIRONMENT, EnvironmentHandler, "Remove an environment; it can be brought back", "Environment"
    ),
    Endpoint("POST", f"{_ENVIRONMENT}/undelete", UndeleteHandler, "Bring a removed environment back", "Environment"),
    Endpoint(
        "GET", f"{_ENVIRONMENT}/versions", VersionsHandler, "List the versions, the newest first",
        "Page[Version]", query="PageQuery",
    ),
    Endpoint("GET", _VERSION, VersionHandler, "Look at one version", "Version"),
    Endpoint(
        "GET", f"{_VERSION}/packages", VersionPackagesHandler, "List the locked packages of a version",
        "Page[Package]", query="PackagesQuery",
    ),
    Endpoint("GET", f"{_VERSION}/lockfile", LockfileHandler, "The lockfile, a conda-lock v1 document"),
    Endpoint(
        "GET", f"{_VERSION}/export/{{format}}", ExportHandler, "A version as a file: `yaml` or `conda-lock`",
        media="application/yaml",
    ),
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
        "POST", "/envstore/specification/check", CheckHandler, "Say how an environment.yml is understood",
        "SpecificationReport", body="CheckRequest",
    ),
]  # fmt: skip
