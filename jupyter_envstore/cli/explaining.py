"""An error's details in words for the terminal: why no versions fit, and what would."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from jupyter_envstore.errors import EnvStoreError, UnsolvableError


def explain(error: EnvStoreError) -> Iterator[str]:
    """Yield the lines that follow an error's own sentence; none where the sentence says it all."""
    if isinstance(error, UnsolvableError) or "explanation" in error.details:
        yield from _explain_conflict(error.details.get("explanation") or {})


def _explain_conflict(explanation: dict[str, Any]) -> Iterator[str]:
    conflict = explanation.get("conflict") or []
    if conflict:
        yield ""
        yield "What you asked for and cannot have together:"
        for entry in conflict:
            yield f"  - {entry}"
    reasons = explanation.get("reasons") or []
    if reasons:
        yield ""
        yield "Why:"
        for reason in reasons:
            yield from _tree(reason, "  ")
    relaxations = explanation.get("relaxations") or []
    if relaxations:
        yield ""
        yield "Each of these would fit (it was tried):"
        for relaxation in relaxations:
            yield f"  - {relaxation['title']}"
            removed = ", ".join(relaxation.get("remove") or [])
            added = ", ".join(shlex.quote(spec) for spec in relaxation.get("add") or [])
            yield f"      instead of {removed}: {added}" if added else f"      without {removed}"


def _tree(reason: dict[str, Any], indent: str) -> Iterator[str]:
    yield f"{indent}{reason.get('text', '')}"
    for cause in reason.get("because") or []:
        yield from _tree(cause, indent + "  ")
