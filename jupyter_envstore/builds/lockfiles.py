"""Lockfiles that come from outside: what they hold, and whether an environment may be made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jupyter_envstore.errors import EnvStoreError, LockfileError, PipNotSupportedError
from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.lock.condarc import read_settings, usual_places
from jupyter_envstore.lock.document import (
    Document,
    check_document,
    packages_of,
    plain_document,
    platforms_of,
    read_lockfile,
)
from jupyter_envstore.lock.origins import Trust, channel_names, channels_of, require_trusted, trusted_channels
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.roots import roots_of
from jupyter_envstore.schemas import LockfileChannel, LockfileReport, Package, Remark
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.synthesis import synthesize


def channel_settings(settings: StoreSettings) -> ChannelSettings:
    """Return how this store reads the names of channels."""
    known = read_settings(usual_places()) if settings.read_condarc else ChannelSettings()
    mirrors = {**known.mirrors, **{url: tuple(places) for url, places in settings.channel_mirrors.items()}}
    return replace(known, alias=settings.channel_alias or known.alias, mirrors=mirrors)


@dataclass(frozen=True)
class ForeignLock:
    """A lockfile that can be read, and what this store makes of it.

    Attributes
    ----------
    document
        What the format knows of it.
    settings
        How names of channels are read.
    trust
        Where packages may come from.
    """

    document: Document
    settings: ChannelSettings
    trust: Trust

    @classmethod
    def read(cls, lockfile: bytes | dict[str, Any], store: StoreSettings, allow: Sequence[str] = ()) -> ForeignLock:
        """Read a lockfile, as bytes or as the values of its JSON; ``allow`` are further channels to trust.

        Raises
        ------
        LockfileError
            With what is wrong and where.
        InvalidInputError
            When one of the further channels is none.
        """
        if isinstance(lockfile, bytes):
            document = read_lockfile(lockfile)
        else:
            check_document(lockfile)
            document = lockfile
        settings = channel_settings(store)
        trust = trusted_channels(settings, [*store.default_channels, *allow])
        return cls(plain_document(document), settings, trust)

    @cached_property
    def packages(self) -> list[Package]:
        """The packages of all platforms."""
        return [package for platform in platforms_of(self.document) for package in packages_of(self.document, platform)]

    @property
    def own_packages(self) -> list[Package]:
        """Those for this machine; none when it is not covered."""
        own = current_platform()
        return [package for package in self.packages if package.platform == own]

    def require_buildable(self) -> None:
        """Return when all of it can be built here and may be.

        Raises
        ------
        LockfileError
            When it has nothing for this machine.
        PipNotSupportedError
            When it has packages of pip: leaving them out would not be what is locked.
        ChannelNotAllowedError
            When packages come from channels that nobody here chose.
        """
        own = current_platform()
        if not self.own_packages:
            covered = ", ".join(sorted({package.platform for package in self.packages})) or "no platform"
            raise LockfileError(
                f"The lockfile has no packages for {own}, which this machine is, only for {covered}. Lock its "
                f"specification again with that platform, for example: conda-lock lock -p {own} -f environment.yml",
                platform=own,
            )
        pip = sorted({package.name for package in self.packages if package.manager == "pip"})
        if pip:
            some = ", ".join(pip[:3]) + (f" and {len(pip) - 3} more" if len(pip) > 3 else "")
            raise PipNotSupportedError(
                f"The lockfile has packages of pip ({some}), which cannot be built yet. Lock again without them, or "
                "with the conda packages of the same name where a channel has them.",
                pip=pip,
            )
        require_trusted(self.packages, self.trust)

    def specification(self, name: str | None) -> Specification:
        """Return a specification that leads to these packages, for one that came without.

        Raises
        ------
        LockfileError
            When its channels or packages cannot be written in one.
        """
        wanted = {
            platform: [
                f"{package.name}=={package.version}"
                for package in roots_of([item for item in self.packages if item.platform == platform])
                if package.manager == "conda"
            ]
            for platform in platforms_of(self.document)
        }
        channels = channel_names(self.document, self.packages, self.settings)
        try:
            return synthesize(name, channels.values(), {key: specs for key, specs in wanted.items() if specs})
        except EnvStoreError as error:
            reason = error.details.get("reason") or error.message
            raise LockfileError(f"No specification can be written for this lockfile. {reason}") from error

    def report(self, name: str | None = None) -> LockfileReport:
        """Return what it holds; ``name`` is what the environment might be called."""
        remarks = []
        specification = ""
        try:
            specification = self.specification(name).text
            self.require_buildable()
        except EnvStoreError as error:
            remarks.append(Remark(severity="error", code=error.code, message=error.message))
        counts = channels_of(self.packages)
        names = channel_names(self.document, self.packages, self.settings)
        return LockfileReport(
            valid=not remarks,
            name=name,
            platform=current_platform(),
            platforms=platforms_of(self.document),
            channels=[
                LockfileChannel(name=shown, url=url, packages=counts[url], configured=self.trust.covers(url))
                for url, shown in names.items()
            ],
            packages=self.own_packages,
            size=None,
            specification=specification,
            remarks=remarks,
        )


def with_sizes(report: LockfileReport, packages: list[Package]) -> LockfileReport:
    """Return a report with what the channels say of its packages."""
    sizes = [package.size for package in packages if package.size is not None]
    return report.model_copy(update={"packages": packages, "size": sum(sizes) if sizes else None})
