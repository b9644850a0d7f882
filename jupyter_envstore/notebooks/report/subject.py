"""What the checks look at: a notebook, what it carries, and what this store knows of both. Gathered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import BrokenPrefixError, LockfileError, SpecificationError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.lock.document import packages_of, platforms_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.notebooks.report.asked import AskedElsewhere, read_asked
from jupyter_envstore.notebooks.report.beside import Beside
from jupyter_envstore.notebooks.report.carried import Carried, read_carried
from jupyter_envstore.notebooks.report.imports import Import, imports_of
from jupyter_envstore.notebooks.report.reading import Notebook
from jupyter_envstore.notebooks.state import version_of_kernel
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.records import InstalledPackage, read_installed
from jupyter_envstore.schemas import Package, Version
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.pip_requests import requests_of


class Requests(NamedTuple):
    """Match specs of what is asked for, of conda and, under normalised names, of pip."""

    conda: tuple[str, ...]
    pip: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A notebook with its surroundings.

    Attributes
    ----------
    notebook
        As it was read.
    layout
        Of the store.
    catalog
        Of the store; None while there is none.
    kernel
        Name of the kernel that it runs on.
    started
        The version that this kernel was started with; the one that it starts now when None.
    beside
        The modules that lie in its folder; None when nobody knows.
    now
        The time.
    """

    notebook: Notebook
    layout: StoreLayout
    catalog: Catalog | None
    kernel: str
    started: Version | None
    beside: Beside | None
    now: datetime

    @cached_property
    def own(self) -> str:
        """This machine's platform."""
        return current_platform()

    @cached_property
    def carried(self) -> Carried:
        """What the notebook carries."""
        return read_carried(self.notebook.metadata)

    @cached_property
    def asked(self) -> AskedElsewhere | None:
        """What another program left in it; None where there is nothing of the kind, or something of ours."""
        if self.carried.document is not None or self.carried.problem:
            return None
        return read_asked(self.notebook, self.own)

    @cached_property
    def version(self) -> Version | None:
        """The version that its kernel runs; None when it is none of this store's."""
        if self.started is not None or self.catalog is None:
            return self.started
        found = version_of_kernel(self.kernel, self.catalog)
        return None if found is None or found.deleted else found

    @cached_property
    def reference(self) -> str | None:
        """``namespace/name@number`` of the kernel's version."""
        version = self.version
        return f"{version.namespace}/{version.name}@{version.number}" if version else None

    @property
    def environment(self) -> str | None:
        """``namespace/name`` of the kernel's environment."""
        return f"{self.version.namespace}/{self.version.name}" if self.version else None

    @cached_property
    def platforms(self) -> list[str]:
        """What the lock covers: the notebook's, or else that of its kernel's version."""
        if self.carried.document is not None:
            return platforms_of(self.carried.document)
        return list(self.version.platforms) if self.version else []

    @cached_property
    def packages(self) -> Sequence[Package]:
        """The lock's packages for this machine: the notebook's, or else those of its kernel's version."""
        document = self.carried.document
        if document is not None:
            return packages_of(document, self.own) if self.own in platforms_of(document) else []
        return self.packages_of_version

    @property
    def requested(self) -> Sequence[Package]:
        """What is only asked for, where there is no lock at all."""
        return () if self.is_locked or self.asked is None else self.asked.packages

    @cached_property
    def packages_of_version(self) -> Sequence[Package]:
        """Those of the kernel's version, for this machine."""
        if self.version is None or self.catalog is None:
            return []
        return self.catalog.locks.packages(self.version.lock, self.own)

    @property
    def is_locked(self) -> bool:
        """Whether there is any lock to hold the notebook against."""
        return self.carried.document is not None or self.version is not None

    @cached_property
    def specification(self) -> Specification | None:
        """What was asked for; None when nothing says so, or it cannot be read."""
        text = self.carried.specification if self.carried.raw else ""
        if not text and self.carried.document is None and self.version is not None:
            text = self.version.specification
        if not text:
            return None
        try:
            return Specification.parse(text)
        except SpecificationError:
            return None

    @cached_property
    def requests(self) -> Requests | None:
        """What was asked for on this machine's platform; None when nobody knows."""
        specification = self.specification
        if specification is None:
            return None
        try:
            return Requests(specification.dependencies_for(self.own), requests_of(specification, self.own))
        except SpecificationError:
            return None

    @cached_property
    def installed(self) -> Sequence[InstalledPackage] | None:
        """The files of the lock on this machine, whoever built them; None when it was not built here."""
        if not self.packages:
            return None
        try:
            prefix = self.layout.prefix(prefix_hash(self.packages, self.own))
            return read_installed(prefix) if prefix.is_dir() else None
        except (BrokenPrefixError, LockfileError):
            return None

    @cached_property
    def python(self) -> str | None:
        """The version of the lock's Python, or None."""
        return next((one.version for one in self.packages if one.manager == "conda" and one.name == "python"), None)

    @cached_property
    def imports(self) -> list[Import]:
        """What its cells import."""
        return imports_of(self.notebook.cells)
