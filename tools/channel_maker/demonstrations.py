"""Small packages of our own for what PyPI's wheels never do: activation scripts in bash and variables of an
environment.
"""

from __future__ import annotations

import json

from .archive import Draft, PackageFile
from .cache import BuiltPackage, PackageCache

_TIMESTAMP = 1_704_067_200_000  # 2024-01-01

_ACTIVATE = """\
# Uses a bash array on purpose: many packages' activation scripts do, and a plain POSIX shell stops at it.
envstore_demo_parts=("activated" "by" "bash array")
export ENVSTORE_ACTIVATION_DEMO="${envstore_demo_parts[*]}"
export ENVSTORE_ACTIVATION_DEMO_PREFIX="${CONDA_PREFIX}"
export ENVSTORE_ACTIVATION_DEMO_QUOTED="it's \\"quoted\\" and \\$plain"
unset envstore_demo_parts
"""

_DEACTIVATE = """\
unset ENVSTORE_ACTIVATION_DEMO ENVSTORE_ACTIVATION_DEMO_PREFIX ENVSTORE_ACTIVATION_DEMO_QUOTED
"""

ACTIVATION_VARIABLES = {
    "ENVSTORE_ACTIVATION_DEMO": "activated by bash array",
    "ENVSTORE_ACTIVATION_DEMO_QUOTED": 'it\'s "quoted" and $plain',
}
"""What ``envstore-activation-demo`` sets (beside ``ENVSTORE_ACTIVATION_DEMO_PREFIX``, which is the prefix)."""

ENVIRONMENT_VARIABLES = {"ENVSTORE_VARIABLES_DEMO": "from env_vars.d", "ENVSTORE_VARIABLES_DEMO_SPACES": "  a b  "}
"""What ``envstore-variables-demo`` sets by ``etc/conda/env_vars.d``."""


def generic_draft(name: str, files: list[PackageFile], version: str = "1.0", **other: object) -> Draft:
    """A noarch package of a few files; ``other`` are further fields of ``Draft``."""
    fields: dict[str, object] = {"depends": [], "license": "BSD-3-Clause", "summary": f"{name}, for trying things out"}
    return Draft(
        name=name,
        version=version,
        build="0",
        subdir="noarch",
        timestamp=_TIMESTAMP,
        noarch="generic",
        files=files,
        **(fields | other),  # type: ignore[arg-type]
    )


def draft_key(draft: Draft) -> list[object]:
    """What a small package is made from, for the cache: its metadata and its files."""
    files = [(one.path, one.read().hex(), one.executable, one.link_to, one.has_placeholder) for one in draft.files]
    stated = [(one.stated_path, (one.stated or b"").hex()) for one in draft.files if one.stated_path or one.stated]
    return ["small", draft.index(), draft.about(), draft.entry_points, files, stated]


def build_demonstrations(cache: PackageCache) -> list[BuiltPackage]:
    """``envstore-activation-demo`` and ``envstore-variables-demo``."""
    activation = generic_draft(
        "envstore-activation-demo",
        [
            PackageFile("etc/conda/activate.d/envstore-activation-demo.sh", _ACTIVATE.encode()),
            PackageFile("etc/conda/deactivate.d/envstore-activation-demo.sh", _DEACTIVATE.encode()),
        ],
    )
    variables = generic_draft(
        "envstore-variables-demo",
        [PackageFile("etc/conda/env_vars.d/envstore-variables-demo.json", json.dumps(ENVIRONMENT_VARIABLES).encode())],
    )
    return [build_small(cache, draft) for draft in (activation, variables)]


def build_small(cache: PackageCache, draft: Draft) -> BuiltPackage:
    """Build a package that is small enough to be its own key."""
    return cache.get(draft_key(draft), lambda: [draft])[0]
