"""Writes the OpenAPI document. Loads all schemas."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

import jupyter_envstore
from jupyter_envstore.handlers.endpoint import Endpoint, schema_named
from jupyter_envstore.handlers.table import ENDPOINTS

_REFERENCE = "#/components/schemas/{model}"
_INTEGERS = {"version", "build"}
"""Parts of paths that are numbers."""
_FURTHER = ("Explanation",)
"""Schemas that stand in the details of errors."""


def describe(base_url: str = "/") -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the whole API, for a server at ``base_url``."""
    answers = {name for endpoint in ENDPOINTS for name in (endpoint.answer, endpoint.accepted) if name}
    answers |= {"ErrorReport", *_FURTHER}
    bodies = {endpoint.body for endpoint in ENDPOINTS if endpoint.body}
    named: list[tuple[Any, Any]] = [(schema_named(name), "serialization") for name in sorted(answers)]
    named += [(schema_named(name), "validation") for name in sorted(bodies)]
    references, definitions = models_json_schema(named, ref_template=_REFERENCE)
    by_name = {name: references[schema_named(name), "serialization"] for name in answers}
    by_name |= {name: references[schema_named(name), "validation"] for name in bodies}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, by_name)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "jupyter-envstore",
            "version": jupyter_envstore.__version__,
            "description": "Environments of immutable, locked versions, with a kernel each.",
        },
        "servers": [{"url": base_url.rstrip("/") or "/"}],
        "security": [{"token": []}, {"query": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token` and the server's token.",
                },
                "query": {"type": "apiKey", "in": "query", "name": "token"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "_xsrf",
                    "description": "The server's login cookie; what changes anything also needs X-XSRFToken.",
                },
            },
        },
    }
    # The schema library calls a page of environments Page_Environment_.
    renamed: dict[str, Any] = json.loads(re.sub(r"\bPage_(\w+?)_(?=\")", r"\1Page", json.dumps(document)))
    return renamed


def _operation(endpoint: Endpoint, by_name: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = by_name[endpoint.answer] if endpoint.answer else {}
    if endpoint.media != "application/json":
        answer = {"type": "string"}
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "summary": endpoint.summary,
        "tags": [endpoint.path.split("/")[2]],
        "parameters": [*map(_path_parameter, endpoint.parts), *_query_parameters(endpoint)],
        "responses": {
            str(endpoint.status): {
                "description": HTTPStatus(endpoint.status).phrase,
                "content": {endpoint.media: {"schema": answer}},
            },
            **_accepted(endpoint, by_name),
            "default": {
                "description": "What went wrong, in words and as a code.",
                "content": {"application/json": {"schema": by_name["ErrorReport"]}},
            },
        },
    }
    if endpoint.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_name[endpoint.body]}},
        }
    return operation


def _accepted(endpoint: Endpoint, by_name: dict[str, Any]) -> dict[str, Any]:
    if endpoint.accepted is None:
        return {}
    content = {endpoint.media: {"schema": by_name[endpoint.accepted]}}
    return {"202": {"description": "It takes longer; Location says where to read how it stands.", "content": content}}


def _operation_id(endpoint: Endpoint) -> str:
    words = [part.strip("{}").replace(".", "-") for part in endpoint.path.split("/")[2:]]
    return "-".join([endpoint.method.lower(), *words])


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1} if name in _INTEGERS else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    schema = schema_named(endpoint.query).model_json_schema()
    required = schema.get("required", [])
    parameters = []
    for name, described in schema["properties"].items():
        about = {key: value for key, value in described.items() if key not in ("title", "description")}
        parameter = {"name": name, "in": "query", "required": name in required, "schema": about}
        if "description" in described:
            parameter["description"] = described["description"]
        parameters.append(parameter)
    return parameters
