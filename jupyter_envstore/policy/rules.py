"""The rules, each a function over one `Case`, and the table that puts them in order.

A further rule is a further row: it gets the packages with who brings them, and answers what it has to say. None knows
another, and none knows by which route the packages came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from jupyter_envstore.errors import ChannelNotAllowedError, PolicyError
from jupyter_envstore.lock.pip.sources import is_wheel
from jupyter_envstore.lock.urls import has_credentials
from jupyter_envstore.policy.case import Case
from jupyter_envstore.policy.pip_files import is_local, lies_below, pip_file, plain_name
from jupyter_envstore.policy.settings import Policy
from jupyter_envstore.schemas import Package, PolicyChannel, PolicyFinding
from jupyter_envstore.specification.credentials import has_credentials as text_has_credentials

MOST_NAMED = 50
"""Packages and channels that a finding names; it counts all."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    code, title
        For programs, and as messages call it.
    says
        Tells what it demands in a store.
    examine
        Yields what it has to say about a case.
    error
        How it refuses.
    """

    code: str
    title: str
    says: Callable[[Policy], str]
    examine: Callable[[Rule, Case], Iterator[PolicyFinding]] = field(repr=False)
    error: type[PolicyError] = PolicyError

    def finding(
        self,
        message: str,
        advice: str,
        *,
        packages: Iterable[str] = (),
        channels: Sequence[PolicyChannel] = (),
        severity: Literal["error", "open", "warning"] = "error",
    ) -> PolicyFinding:
        """Return a finding of this rule."""
        names = list(dict.fromkeys(packages))
        return PolicyFinding(
            rule=self.code,
            policy=self.title,
            severity=severity,
            message=message,
            advice=advice,
            packages=names[:MOST_NAMED],
            package_count=len(names),
            channels=list(channels[:MOST_NAMED]),
        )

    def not_allowed(self, names: Sequence[str]) -> str:
        """Return the sentence with which every rule begins that refuses packages as such."""
        return f"{_some(names)} {'is' if len(names) == 1 else 'are'} not allowed here: policy “{self.title}”."


def _no_credentials(rule: Rule, case: Case) -> Iterator[PolicyFinding]:
    found = [package.name for package in case.packages if _carries_secret(package)]
    if found:
        yield rule.finding(
            f"The address of {_some(found)} carries a user name, password or token, which would be kept and handed on "
            "with the environment.",
            "Take it out, and keep it in your .netrc, keyring or .condarc.",
            packages=found,
        )


def _carries_secret(package: Package) -> bool:
    url = package.url
    if package.manager == "conda" and ("?" in url or "#" in url):
        return True  # no file of a channel needs one
    if "@" not in url and "/t/" not in url:
        return "?" in url and text_has_credentials(url)
    if package.manager == "pip" and "+" in url.partition(":")[0]:
        scheme, _, rest = url.partition("://")
        head, slash, path = rest.partition("/")
        if scheme.endswith("+ssh"):
            head = head.rpartition("@")[2]  # ssh's user is no secret
        return "@" in head or has_credentials(f"https://{head}{slash}{path.partition('@')[0]}")
    return not url.startswith("file:") and (has_credentials(url) or text_has_credentials(url))


def _approved_channels(rule: Rule, case: Case) -> Iterator[PolicyFinding]:
    approved = case.policy.approved()
    if approved is None:
        return
    allowed = f"Allowed are {', '.join(case.policy.allowed)}."
    asked = [name for name in case.origin.channels if not case.policy.all_within(approved, name)]
    if asked:
        yield rule.finding(
            f"The {'channel' if len(asked) == 1 else 'channels'} {rule.not_allowed(asked)}",
            allowed,
            channels=[PolicyChannel(url=name, packages=0) for name in asked],
        )
    strange = {url: names for url, names in case.channels.items() if not approved.covers(url)}
    if strange:
        names = [name for some in strange.values() for name in some]
        yield rule.finding(
            f"{rule.not_allowed(names)} {'It comes' if len(names) == 1 else 'They come'} from {_shown(list(strange))}.",
            allowed,
            packages=names,
            channels=_counted(strange),
        )


def _chosen_channels(rule: Rule, case: Case) -> Iterator[PolicyFinding]:
    if case.origin.kind == "version":
        return  # it passed when it came in
    strange = {
        url: names
        for url, names in case.channels.items()
        if not case.trust.covers(url) and (case.origin.kind == "person" or not is_local(url))
    }
    if not strange:
        return
    number = sum(map(len, strange.values()))
    total = sum(map(len, case.channels.values()))
    listed = ", ".join(f"{url[:200]} ({len(names)})" for url, names in list(strange.items())[:5])
    more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
    channels = "a channel" if len(strange) == 1 else "channels"
    comes = "comes" if number == 1 else "come"
    if case.origin.kind == "person":
        message = f"{number} of {total} packages {comes} from {channels} that nobody asked for: {listed}{more}."
        advice = "A channel that was asked for says so. If you trust who publishes there, name it as a channel, too."
    else:
        message = (
            f"{number} of the {case.origin.words}'s {total} packages {comes} from {channels} that this store does not "
            f"use: {listed}{more}."
        )
        advice = (
            f"Their programs would run as yours. If you trust who publishes there, allow it for this "
            f"{case.origin.words} (--allow-channel URL; allow_channels in a request), or add it to "
            "EnvStore.default_channels for good."
        )
    names = [name for some in strange.values() for name in some]
    yield rule.finding(message, advice, packages=names, channels=_counted(strange))


def _no_foreign_folders(rule: Rule, case: Case) -> Iterator[PolicyFinding]:
    if case.origin.kind == "version":
        return
    allowed = [*case.origin.allowed, *case.origin.wheels]
    files = [item for item in case.pip if is_local(item.url) and not lies_below(item.url, allowed)]
    if case.origin.kind == "person":
        if files:
            yield rule.finding(
                f"{_some([item.name for item in files])} would come from a file of this machine that nobody named.",
                "Name the wheel in the pip section of an environment.yml that lies beside it, and create from there.",
                packages=[item.name for item in files],
            )
        return
    folders = {url: names for url, names in case.channels.items() if is_local(url) and not case.trust.covers(url)}
    names = [*(name for some in folders.values() for name in some), *(package.name for package in files)]
    if names:
        yield rule.finding(
            f"The {case.origin.words} takes {_some(names)} from a folder of this machine, and a file from elsewhere "
            "has no say about those.",
            "If you know what lies there, allow that very folder (--allow-channel file:///…; allow_channels in a "
            "request).",
            packages=names,
            channels=_counted(folders),
        )


def _offered_by_an_index(rule: Rule, case: Case) -> Iterator[PolicyFinding]:
    if case.origin.kind != "stranger":
        return
    foreign = [item for item in case.pip if not is_local(item.url) and not lies_below(item.url, case.origin.allowed)]
    if not foreign:
        return
    if case.offered is None:
        yield rule.finding(
            f"Whether the package index has {_some([package.name for package in foreign])} is looked up before "
            "anything is built.",
            "",
            packages=[package.name for package in foreign],
            severity="open",
        )
        return
    strange = [package for package in foreign if pip_file(package) not in case.offered]
    if strange:
        hosts = sorted({_host(package.url) for package in strange})
        yield rule.finding(
            f"The package index does not offer {_some([f'{item.name} {item.version}' for item in strange])} as the "
            f"{case.origin.words} has it, from {_shown(hosts)}.",
            "If you trust who publishes there, allow it (--allow-channel URL; allow_channels in a request).",
            packages=[package.name for package in strange],
            channels=[
                PolicyChannel(url=host, packages=sum(_host(package.url) == host for package in strange))
                for host in hosts
            ],
        )


def _wheels_only(rule: Rule, case: Case) -> Iterator[PolicyFinding]:
    if case.origin.kind == "version":
        return
    agreed = {plain_name(name) for name in case.origin.sources}
    sources = [item.name for item in case.pip if not is_wheel(item.url) and plain_name(item.name) not in agreed]
    if sources:
        yield rule.finding(
            f"{rule.not_allowed(sources)} {'It comes' if len(sources) == 1 else 'They come'} as source, and building "
            "that runs its programs as yours.",
            "Take a version that has a wheel, or agree to build it from source (--allow-source NAME; allow_source in a "
            "request).",
            packages=sources,
        )


def _counted(channels: dict[str, dict[str, None]]) -> list[PolicyChannel]:
    return [PolicyChannel(url=url, packages=len(names)) for url, names in channels.items()]


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2][:200]


def _some(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    listed = ", ".join(name[:80] for name in shown[:3])
    return f"{listed} and {len(shown) - 3} more" if len(shown) > 3 else listed


def _shown(urls: Sequence[str]) -> str:
    listed = ", ".join(url[:200] for url in urls[:5])
    return f"{listed} and {len(urls) - 5} more" if len(urls) > 5 else listed


def _say_approved(policy: Policy) -> str:
    if policy.allowed:
        return f"Packages come from {', '.join(policy.allowed)} and from nowhere else, whoever asks for them."
    return "No channel is forbidden: EnvStore.allowed_channels is empty."


RULES: tuple[Rule, ...] = (
    Rule(
        "credentials",
        "no credentials",
        lambda policy: "The address of a package carries no user name, password or token.",
        _no_credentials,
    ),
    Rule("approved_channels", "approved channels", _say_approved, _approved_channels),
    Rule(
        "chosen_channels",
        "chosen channels",
        lambda policy: (
            "A package comes from a channel that a person chose: the one in whose specification it is asked for, or "
            "for a file from elsewhere the one who configured this store or allowed the channel for that file."
        ),
        _chosen_channels,
        ChannelNotAllowedError,
    ),
    Rule(
        "foreign_folders",
        "no foreign folders",
        lambda policy: "A file from elsewhere names no folder of this machine, unless that is a channel of this store.",
        _no_foreign_folders,
        ChannelNotAllowedError,
    ),
    Rule(
        "package_index",
        "package index",
        lambda policy: (
            "A file for pip that a file from elsewhere names is one that the configured package index offers, or the "
            "person allowed where it lies."
        ),
        _offered_by_an_index,
    ),
    Rule(
        "wheels_only",
        "wheels only",
        lambda policy: "A package of pip is a wheel; source runs a stranger's programs and needs the person's consent.",
        _wheels_only,
    ),
)
