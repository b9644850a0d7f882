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

_LOCK_DIGITS = 8
_PINNED = re.compile(rf"v([1-9][0-9]{{0,8}})(?:-([0-9a-f]{{{_LOCK_DIGITS}}}))?")
_LOOKS_PINNED = re.compile(r"v[0-9]+(-[0-9a-f]+)?(--.*)?")


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
    apart
        True for a pinned kernel whose name says the lock, too (``…--v<N>-<lock>``): name and number alone mean another
        environment's version, which had the name before.
    broken
        Words for why the prefix must not be started, or empty. The kernel then explains that instead.
    alias
        Namespace and name that the environment had before, for specs that go on under that name; else None.
    """

    namespace: str
    name: str
    version: int
    prefix: Path
    lock: str
    variables: Mapping[str, str] = field(default_factory=dict)
    activation: Activation = field(default_factory=Activation)
    pinned: bool = False
    apart: bool = False
    broken: str = ""
    alias: tuple[str, str] | None = None

    @property
    def environment(self) -> str:
        """``namespace/name``."""
        return f"{self.namespace}/{self.name}"

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
        parts = list(self.alias or (self.namespace, self.name))
        if self.pinned:
            parts.append(f"v{self.version}-{self.lock[:_LOCK_DIGITS]}" if self.apart else f"v{self.version}")
        if kernel != MAIN_KERNEL:
            parts.append(kernel)
        return (FOLDER_START + "--".join(parts)).lower()

    def display_name(self, kernel: str, title: str, default_namespace: str = DEFAULT_NAMESPACE) -> str:
        """What the launcher shows: ``analysis (v7)``, and for a further kernel ``analysis (v7) \u2013 R``.

        No two specs show the same: JupyterLab's kernel picker marks the present kernel by this text.
        """
        number = f"v{self.version}, pinned" if self.pinned else f"v{self.version}"
        shown = f"{_shown(self.namespace, self.name, default_namespace)} ({number})"
        if self.alias:
            shown += f", renamed from {_shown(*self.alias, default_namespace)}"
        return shown if kernel == MAIN_KERNEL else f"{shown} \u2013 {title}"


@dataclass(frozen=True)
class KernelName:
    """What the name of a store's kernel spec says. All of it is in lower case.

    Attributes
    ----------
    version
        The number that it is pinned to, or None.
    kernel
        Which of the prefix's kernels.
    lock
        How the lock hash of that version begins, or empty.
    """

    namespace: str
    name: str
    version: int | None = None
    kernel: str = MAIN_KERNEL
    lock: str = ""


def read_kernel_name(text: str) -> KernelName | None:
    """Read the name of a kernel spec, or return None when it is none of a store's. It need not exist."""
    parts = text.removeprefix(FOLDER_START).split("--")
    if not text.startswith(FOLDER_START) or len(parts) < 2 or not all(parts):
        return None
    namespace, name, *rest = parts
    pinned = _PINNED.fullmatch(rest[0]) if rest else None
    if pinned is None:
        return KernelName(namespace, name, None, "--".join(rest) or MAIN_KERNEL)
    return KernelName(namespace, name, int(pinned[1]), "--".join(rest[1:]) or MAIN_KERNEL, pinned[2] or "")


def _shown(namespace: str, name: str, default_namespace: str) -> str:
    return name if namespace.lower() == default_namespace.lower() else f"{namespace}/{name}"


def could_be_pinned(kernel: str) -> bool:
    """Whether a prefix's kernel of that name would get the spec name of another version's pinned kernel."""
    return _LOOKS_PINNED.fullmatch(kernel) is not None
