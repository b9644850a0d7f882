"""Where things lie inside a store's folder. Names only: nothing here touches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PREFIX_NAME_LENGTH = 16
"""Hex digits of the prefix hash that name its folder: short, because shebangs and prefixes have length limits."""


@dataclass(frozen=True)
class StoreLayout:
    """The folders and files of the store at ``root`` (an absolute path)."""

    root: Path

    @property
    def catalog(self) -> Path:
        """The SQLite catalog."""
        return self.root / "catalog.sqlite"

    @property
    def prefixes(self) -> Path:
        """Prefixes, their locks and the partial ones."""
        return self.root / "p"

    @property
    def environments(self) -> Path:
        """One symbolic link an environment, to the active version's prefix."""
        return self.root / "envs"

    @property
    def cache(self) -> Path:
        """All caches: counted and collected with the store."""
        return self.root / "cache"

    @property
    def package_cache(self) -> Path:
        """Extracted conda packages, hard-linked into prefixes."""
        return self.cache / "pkgs"

    @property
    def bytecode_cache(self) -> Path:
        """Compiled Python files, one folder a package and Python tag."""
        return self.cache / "pyc"

    @property
    def wheel_cache(self) -> Path:
        """Unpacked wheels, one folder each, hard-linked into prefixes."""
        return self.cache / "wheels"

    @property
    def uv_cache(self) -> Path:
        """What uv keeps while it finds versions: metadata of packages of pip."""
        return self.cache / "uv"

    @property
    def repodata_cache(self) -> Path:
        """What channels say about their packages."""
        return self.cache / "repodata"

    @property
    def caches_lock(self) -> Path:
        """The file whose lock builders share while they use packages and byte-code, and collecting has alone."""
        return self.cache / "lock"

    @property
    def footprints(self) -> Path:
        """What was measured of prefixes, which never change."""
        return self.cache / "footprints"

    @property
    def planned_collection(self) -> Path:
        """What automatic collection has announced."""
        return self.root / "planned-collection.json"

    @property
    def logs(self) -> Path:
        """One log a build."""
        return self.root / "logs"

    @property
    def artifacts(self) -> Path:
        """What was exported and kept."""
        return self.root / "artifacts"

    @property
    def temporary(self) -> Path:
        """One folder a worker process, removed by its supervisor."""
        return self.root / "tmp"

    @property
    def runners(self) -> Path:
        """One locked file for each process that runs queued builds."""
        return self.root / "runners"

    @property
    def used(self) -> Path:
        """Empty files whose time says when a prefix or a kernel was last started; see `kernels.stamps`."""
        return self.root / "used"

    def used_prefix(self, prefix_hash: str) -> Path:
        """The stamp of a prefix: its time is that of the last start of a kernel or command."""
        return self.used / "p" / prefix_hash[:PREFIX_NAME_LENGTH]

    def used_kernel(self, kernel: str) -> Path:
        """The stamp of a kernel spec: its time is that of its last start."""
        return self.used / "kernels" / kernel

    def prefix(self, prefix_hash: str) -> Path:
        """The folder of the prefix with that content hash (64 or at least 16 hex digits)."""
        return self.prefixes / prefix_hash[:PREFIX_NAME_LENGTH]

    def partial_prefix(self, prefix_hash: str) -> Path:
        """Where the prefix is made before it is published."""
        return self.prefixes / f"{prefix_hash[:PREFIX_NAME_LENGTH]}.partial"

    def prefix_lock(self, prefix_hash: str) -> Path:
        """The file whose lock must be held to publish or collect the prefix."""
        return self.prefixes / f"{prefix_hash[:PREFIX_NAME_LENGTH]}.lock"

    def log(self, build_id: int) -> Path:
        """The log of one build."""
        return self.logs / f"{build_id}.log"

    def environment_link(self, namespace: str, name: str, default_namespace: str) -> Path:
        """The link to an environment's active prefix; the default namespace is left out of its name."""
        short = name if namespace.lower() == default_namespace.lower() else f"{namespace}--{name}"
        return self.environments / short
