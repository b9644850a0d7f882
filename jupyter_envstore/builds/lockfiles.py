"""Lockfiles that come from outside: what they hold, and whether an environment may be made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jupyter_envstore.builds.completing import complete_document
from jupyter_envstore.errors import EnvStoreError, LockfileError
from jupyter_envstore.lock.document import Document, all_packages, platforms_of
from jupyter_envstore.lock.origins import channel_names, channels_of
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.roots import roots_of
from jupyter_envstore.policy import Origin, Policy, Verdict, evaluate
from jupyter_envstore.schemas import LockfileChannel, LockfileReport, Package, Remark
from jupyter_envstore.settings import StoreSettings
from jupyter_envstore.share.reading import read_lockfile
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.synthesis import synthesize


@dataclass(frozen=True)
class ForeignLock:
    """A lockfile that can be read, and what this store makes of it.

    Attributes
    ----------
    document
        What the format knows of it.
    policy
        What the store allows now.
    allowed
        Channels that the person allows it besides.
    sources
        Names of packages of pip whose own code the person allows to be run.
    words
        What messages call where it stands: ``lockfile`` or ``notebook``.
    text
        The specification that it came with, if any.
    environment, environments
        Of a pixi.lock: which of its environments it is, and the names of all.
    """

    document: Document
    policy: Policy
    allowed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    words: str = "lockfile"
    text: str = ""
    environment: str | None = None
    environments: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        lockfile: bytes | dict[str, Any],
        store: StoreSettings,
        allow: Sequence[str] = (),
        environment: str | None = None,
        sources: Sequence[str] = (),
    ) -> ForeignLock:
        """Read a lockfile, as bytes or as the values of its JSON.

        Parameters
        ----------
        lockfile
            Of conda-lock, an explicit list, or a pixi.lock.
        allow
            Further channels to trust.
        environment
            Which of a pixi.lock's environments; ``default`` when None.
        sources
            Names of packages of pip that may be built from source.

        Raises
        ------
        LockfileError
            With what is wrong and where.
        """
        read = read_lockfile(lockfile, environment)
        return cls(
            read.document,
            Policy.of(store),
            tuple(allow),
            tuple(sources),
            environment=read.environment,
            environments=read.environments,
        )

    @cached_property
    def packages(self) -> list[Package]:
        """The packages of all platforms."""
        return all_packages(self.document)

    @cached_property
    def verdict(self) -> Verdict:
        """What the store's rules say about it.

        Raises
        ------
        InvalidInputError
            When one of the further channels is none.
        """
        origin = Origin.stranger(self.words, allowed=self.allowed, sources=self.sources)
        return evaluate(origin, self.packages, self.policy)

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
        PolicyError
            When packages may not be used here, or come from channels that nobody here chose.
        """
        self.verdict.require()
        self._require_possible()

    def _require_possible(self) -> None:
        own = current_platform()
        if not self.own_packages and self.words == "notebook":
            raise LockfileError(other_platforms(platforms_of(self.document)), platform=own)
        if not self.own_packages:
            covered = ", ".join(sorted({package.platform for package in self.packages})) or "no platform"
            raise LockfileError(
                f"The lockfile has no packages for {own}, which this machine is, only for {covered}. Lock its "
                f"specification again with that platform, for example: conda-lock lock -p {own} -f environment.yml",
                platform=own,
            )

    def specification(self, name: str | None) -> Specification:
        """Return a specification that leads to these packages, for one that came without.

        Raises
        ------
        LockfileError
            When its channels or packages cannot be written in one.
        """
        platforms = platforms_of(self.document)
        channels = channel_names(self.document, self.packages, self.policy.settings)
        wanted = {
            platform: [f"{one.name}=={one.version}" for one in self._roots(platform, "conda")] for platform in platforms
        }
        pip = {platform: [_pip_entry(one) for one in self._roots(platform, "pip")] for platform in platforms}
        try:
            return synthesize(name, channels.values(), {key: specs for key, specs in wanted.items() if specs}, pip)
        except EnvStoreError as error:
            reason = error.details.get("reason") or error.message
            raise LockfileError(f"No specification can be written for this lockfile. {reason}") from error

    def _roots(self, platform: str, manager: str) -> list[Package]:
        """Return what was wanted for its own sake. What a package of pip needs of conda counts: pip would bring it."""
        return roots_of([one for one in self.packages if one.platform == platform and one.manager == manager])

    def completed(self, packages: Sequence[Package]) -> ForeignLock:
        """Return it with what the channels say of its packages, where the file left it out; see `complete_document`."""
        return replace(self, document=complete_document(self.document, packages))

    def report(self, name: str | None = None) -> LockfileReport:
        """Return what it holds; ``name`` is what the environment might be called."""
        remarks = self.verdict.remarks
        specification = ""
        try:
            specification = self.text or self.specification(name).text
            self._require_possible()
        except EnvStoreError as error:
            remarks.append(Remark(severity="error", code=error.code, message=error.message))
        counts = channels_of(self.packages)
        names = channel_names(self.document, self.packages, self.policy.settings)
        trust, approved = self.policy.trust(self.allowed), self.policy.approved()
        return LockfileReport(
            valid=all(remark.severity != "error" for remark in remarks),
            name=name,
            platform=current_platform(),
            platforms=platforms_of(self.document),
            channels=[
                LockfileChannel(
                    name=shown,
                    url=url,
                    packages=counts[url],
                    configured=trust.covers(url),
                    allowable=approved is None or approved.covers(url),
                )
                for url, shown in names.items()
            ],
            packages=self.own_packages,
            size=None,
            specification=specification,
            remarks=remarks,
            findings=list(self.verdict.findings),
            environment=self.environment,
            environments=list(self.environments),
        )


def other_platforms(covered: Sequence[str]) -> str:
    """Return what is said of a notebook whose lock has nothing for this machine."""
    own = current_platform()
    why = f"The lock in the notebook has no packages for {own}, which this machine is."
    if own not in covered:
        where = ", ".join(covered) or "no platform"
        why = f"The notebook's environment is locked for {where}, and this machine is {own}."
    return (
        f"{why} What was asked for can be locked anew for this machine (--relock; relock in a request): the versions "
        "may then be others."
    )


def _pip_entry(package: Package) -> str:
    by_address = "+" in package.url.partition(":")[0]
    return f"{package.name} @ {package.url}" if by_address else f"{package.name}=={package.version}"


def with_sizes(report: LockfileReport, packages: list[Package]) -> LockfileReport:
    """Return a report with what the channels say of its packages."""
    sizes = [package.size for package in packages if package.size is not None]
    return report.model_copy(update={"packages": packages, "size": sum(sizes) if sizes else None})
