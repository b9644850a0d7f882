"""What a kernel is made for: one version of one environment. Plain data; never reads the catalog or the disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.references import DEFAULT_NAMESPACE

FOLDER_START = "envstore-"
"""How every kernel spec of a store begins: never with ``conda-``, which nb_conda_kernels would delete."""
MAIN_KERNEL = "python3"
"""The kernel whose name is left out of its spec's."""

_LOOKS_PINNED = re.compile(r"v[0-9]+(--.*)?")


@dataclass(frozen=True)
class KernelTarget:
    """One version of an environment, for which kernel specs are to exist.

    Attributes
    ----------
    namespace, name
        The environment's.
    version
        Number of the version that the kernel starts.
    prefix
        The real path of its prefix (never the link); the prefix may have been freed.
    lock
        Lock hash of the version.
    variables
        The specification's variables.
    activation
        What activating the prefix changes.
    pinned
        True for a kernel that stays at this version (``…--v<N>``), False for the environment's active one.
    broken
        Words for why the prefix must not be started, or empty. The kernel then explains that instead.
    """

    namespace: str
    name: str
    version: int
    prefix: Path
    lock: str
    variables: Mapping[str, str] = field(default_factory=dict)
    activation: Activation = field(default_factory=Activation)
    pinned: bool = False
    broken: str = ""

    @property
    def reference(self) -> str:
        """``namespace/name@version``, as a person would type it."""
        return f"{self.namespace}/{self.name}@{self.version}"

    def short_name(self, default_namespace: str = DEFAULT_NAMESPACE) -> str:
        """The environment's name as its link has it: the default namespace is left out."""
        if self.namespace.lower() == default_namespace.lower():
            return self.name
        return f"{self.namespace}--{self.name}"

    def folder_name(self, kernel: str = MAIN_KERNEL) -> str:
        """Name of the spec for one of the prefix's kernels, in lower case as Jupyter wants it."""
        parts = [f"{self.namespace}--{self.name}"]
        if self.pinned:
            parts.append(f"v{self.version}")
        if kernel != MAIN_KERNEL:
            parts.append(kernel)
        return (FOLDER_START + "--".join(parts)).lower()

    def display_name(self, kernel: str, title: str, default_namespace: str = DEFAULT_NAMESPACE) -> str:
        """What the launcher shows: ``analysis (v7)``, and for a further kernel ``analysis (v7) \u2013 R``."""
        shown = self.name
        if self.namespace.lower() != default_namespace.lower():
            shown = f"{self.namespace}/{self.name}"
        first = f"{shown} (v{self.version})"
        return first if kernel == MAIN_KERNEL else f"{first} \u2013 {title}"


def could_be_pinned(kernel: str) -> bool:
    """Whether a prefix's kernel of that name would get the spec name of another version's pinned kernel."""
    return _LOOKS_PINNED.fullmatch(kernel) is not None
