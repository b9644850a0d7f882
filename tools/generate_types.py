"""Write the TypeScript types of the API, from the OpenAPI document that the server gives out.

    python tools/generate_types.py            writes src/api/schema.ts
    python tools/generate_types.py --check    says whether it is up to date, and changes nothing

The file is committed, so that the front end can be built where the server is not installed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
TARGET = CHECKOUT / "src" / "api" / "schema.ts"
HEAD = """\
/**
 * What travels between the server and this extension. Written by tools/generate_types.py from the server's schemas:
 * do not edit it.
 */
import type { JSONObject } from '@lumino/coreutils';
"""
_WIDTH = 110
"""Of the front end's own code."""
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def main() -> int:
    """Write or check; 1 when the check finds another text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(CHECKOUT))
    from jupyter_envstore.handlers.describing import describe

    wanted = types_of(describe())
    if options.check:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        print("src/api/schema.ts is not what the server's schemas say: run python tools/generate_types.py")
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


def types_of(document: dict[str, Any]) -> str:
    """Return the TypeScript text for all schemas of an OpenAPI document, sorted by name."""
    schemas = document["components"]["schemas"]
    text = "\n".join(_interface(name, schemas[name]) for name in sorted(schemas))
    return f"{HEAD}\n{text}"


def _interface(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", []))
    lines = [*_comment(schema.get("description"), ""), f"export interface I{name} {{"]
    for key, value in schema.get("properties", {}).items():
        lines += _comment(value.get("description"), "  ")
        lines += _property(f"  readonly {key}{'' if key in required else '?'}:", _type(value))
    return "\n".join([*lines, "}", ""])


def _property(start: str, kind: str) -> list[str]:
    line = f"{start} {kind};"
    if len(line) <= _WIDTH or " | " not in kind or kind.startswith("ReadonlyArray"):
        return [line]
    if len(kind) + 5 <= _WIDTH:
        return [start, f"    {kind};"]
    parts = kind.split(" | ")
    return [start, *(f"    | {part}" for part in parts[:-1]), f"    | {parts[-1]};"]


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"I{schema['$ref'].rpartition('/')[2]}"
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return (" & " if key == "allOf" else " | ").join(_type(part) for part in schema[key])
    if "enum" in schema:
        return " | ".join(_literal(value) for value in schema["enum"])
    if "const" in schema:
        return _literal(schema["const"])
    kind = schema.get("type")
    if kind == "array":
        return f"ReadonlyArray<{_type(schema.get('items', {}))}>"
    if kind == "object":
        values = schema.get("additionalProperties", True)
        return f"Readonly<Record<string, {_type(values)}>>" if isinstance(values, dict) else "JSONObject"
    return _SIMPLE.get(str(kind), "JSONObject")


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def _comment(text: str | None, indent: str) -> list[str]:
    if not text:
        return []
    lines = text.replace("*/", "* /").replace("``", "`").splitlines()
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]


if __name__ == "__main__":
    sys.exit(main())
