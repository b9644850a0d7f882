"""Why packages of pip do not fit, in words and as data: what conda has, what pip needs, what is not there.

uv's own words are about its wheels and options. Here they are read for what they say, and told with both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from jupyter_envstore.errors import (
    EnvStoreError,
    IndexUnavailableError,
    LockError,
    PackageNotFoundError,
    SourceNotAllowedError,
    UnsolvableError,
)
from jupyter_envstore.lock.pip.entries import PipEntry
from jupyter_envstore.lock.pip.resolving import PipProblem
from jupyter_envstore.lock.pip.stubs import pip_version
from jupyter_envstore.lock.pip.uv import UvError
from jupyter_envstore.lock.pip.uv_log import NO_WHEEL, Need, WithoutWheel, is_source_refused, without_wheel
from jupyter_envstore.schemas import Explanation, Reason

_SILENT = re.compile(
    r"error sending request|Failed to fetch:|Request failed after|operation timed out|server error \(5|"
    r"client error \(Connect\)|lack of valid authentication|403 Forbidden|401 Unauthorized"
)
_LOGIN = re.compile(r"lack of valid authentication|401 Unauthorized|403 Forbidden")
_UNKNOWN = re.compile(
    r"(?:[Bb]ecause|and) (?P<name>[A-Za-z0-9._-]+) was not found in (?:the package registry|the cache|the provided)"
)
_PYTHON = re.compile(
    r"(?:requested|current) Python version \((?:>=)?(?P<version>[\d.]+)\) does not satisfy Python(?P<wanted>[^\s,]+).*?"
    r"(?:and|that) (?:all versions of )?(?P<name>[A-Za-z0-9._-]+)(?:==(?P<at>[^\s,]+))? depends? on Python",
    re.DOTALL,
)
_MOST = 400
"""Characters of what uv says that go into a sentence."""
_URL = re.compile(r"https?://[^\s/`'\")]+")

Near = Callable[[str, Collection[str]], Sequence[str]]


def failure(error: UvError, problem: PipProblem, names: Iterable[str], near: Near) -> EnvStoreError:
    """Return the error that says why a problem has no solution.

    Parameters
    ----------
    names
        Names that exist, of which a misspelt one may be meant.
    near
        Finds the names that are written much like one.

    Returns
    -------
    EnvStoreError
        `IndexUnavailableError` when the index does not answer, else a `LockError` whose details have the explanation.
    """
    text = error.text
    if is_silent(text):
        return silent_index(text)
    unknown = sorted({canonicalize_name(match["name"]) for match in _UNKNOWN.finditer(text)} - problem.supplied.keys())
    if unknown:
        return _not_found(unknown, error, problem, names, near)
    # A clash that uv found a way around is not what it gave up for.
    clashes = [clash for clash in clashes_with_conda(error.needs, problem) if _is_named(clash[0].name, text)]
    if clashes:
        need, entry = clashes[0]
        sentence = _clash(need, problem, entry)
        return UnsolvableError(
            sentence,
            explanation=_explanation(
                problem, sentence, entry, error, [_clash(other, problem, by) for other, by in clashes[:5]]
            ),
        )
    if match := _PYTHON.search(text):
        name, at = match["name"], f" {match['at']}" if match["at"] else ""
        sentence = f"conda has Python {problem.target.python}, but pip's {name}{at} needs Python {match['wanted']}."
        entry = _entry_of(canonicalize_name(name), error.needs, problem)
        return UnsolvableError(sentence, explanation=_explanation(problem, sentence, entry, error))
    missing = without_wheel(text)
    if missing:
        return _no_wheel(missing, error, problem)
    sentence = f"The packages of pip do not fit together for {problem.target.platform}: {first_cause(text)}"
    return UnsolvableError(sentence, explanation=_explanation(problem, sentence, None, error))


def _is_named(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) is not None


def explained_failure(error: LockError, platform: str) -> Explanation:
    """Return an error about packages of pip as what a platform that is not covered has."""
    if "explanation" in error.details:
        return Explanation.model_validate(error.details["explanation"])
    return Explanation(platform=platform, summary=error.message, conflict=[])


def clashes_with_conda(needs: Iterable[Need], problem: PipProblem) -> list[tuple[Need, PipEntry | None]]:
    """Return what pip's packages, or its section itself, need of packages that conda has in another version.

    The newest that needs it comes first, with the entry of the section that leads to it.
    """
    found: list[tuple[Need, PipEntry | None]] = []
    for entry in problem.section.entries:
        if entry.name in problem.supplied and not _allows(str(entry.requirement.specifier), entry.name, problem):
            found.append((Need("", "", entry.name, str(entry.requirement.specifier)), entry))
    needs = list(needs)
    further = [
        need
        for need in needs
        if need.name in problem.supplied
        and need.parent not in problem.supplied
        and not _allows(need.specifier, need.name, problem)
    ]
    further.sort(key=lambda need: Version(need.version), reverse=True)
    return found + [(need, _entry_of(need.parent, needs, problem)) for need in dict.fromkeys(further)]


def _allows(specifier: str, name: str, problem: PipProblem) -> bool:
    version = pip_version(problem.supplied[name].version)
    try:
        return version is None or SpecifierSet(specifier).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True


def _clash(need: Need, problem: PipProblem, entry: PipEntry | None) -> str:
    package = problem.supplied[need.name]
    has = f"conda has {package.name} {package.version}"
    asks = f"{need.name}{need.specifier}"
    if not need.parent:
        return f"{has}, but the pip section asks for {asks}."
    asked = f", which {entry.name} leads to," if entry is not None and entry.name != need.parent else ""
    return f"{has}, but pip's {need.parent} {need.version}{asked} needs {asks}."


def _entry_of(name: str, needs: Iterable[Need], problem: PipProblem) -> PipEntry | None:
    """Return the entry of the section from which a package is reached."""
    parents: dict[str, set[str]] = {}
    for need in needs:
        parents.setdefault(need.name, set()).add(need.parent)
    entries = {entry.name: entry for entry in problem.section.entries}
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop(0)
        if here in entries:
            return entries[here]
        if here not in seen:
            seen.add(here)
            waiting += sorted(parents.get(here, ()))
    return None


def is_silent(text: str) -> bool:
    """Tell whether uv went on no further because an index did not answer, or not to us."""
    return _SILENT.search(text) is not None


def silent_index(text: str) -> IndexUnavailableError:
    """Return the error for an index that did not answer."""
    match = _URL.search(text)
    host = match[0].partition("://")[2] if match else ""
    named = f"The package index {host}" if host else "The package index"
    if _LOGIN.search(text):
        return IndexUnavailableError(
            f"{named} wants a user and password, or another one than it was given. Keep them where uv and pip find "
            "them: .netrc, keyring, or their configuration.",
            channel=named,
        )
    return IndexUnavailableError(
        f"{named} does not answer. Check the network, or name a mirror with the setting EnvStore.pip_index_url.",
        channel=named,
    )


def _not_found(
    unknown: Sequence[str], error: UvError, problem: PipProblem, names: Iterable[str], near: Near
) -> PackageNotFoundError:
    known = [canonicalize_name(name) for name in names]
    found = {name: list(near(name, known)) for name in unknown}
    sentences = []
    for name in unknown[:5]:
        entry = _entry_of(name, error.needs, problem)
        needed = f", which {entry.name} needs" if entry is not None and entry.name != name else ""
        hint = f" Did you mean {' or '.join(found[name][:3])}?" if found[name] else ""
        sentences.append(f"There is no package “{name}”{needed} on the package index.{hint}")
    sentences.append("Correct the name in the pip section, or name the index that has it.")
    sentence = " ".join(sentences)
    entry = _entry_of(unknown[0], error.needs, problem)
    return PackageNotFoundError(
        sentence,
        packages=found,
        platform=problem.target.platform,
        explanation=_explanation(problem, sentence, entry, error),
    )


def _no_wheel(missing: Sequence[WithoutWheel], error: UvError, problem: PipProblem) -> LockError:
    # Where consent would help, that is told: there may be no way at all to have the others.
    sources = [one for one in missing if one.kind == NO_WHEEL and is_source_refused(one.name, error.text)]
    name, what, kind = (sources or missing)[0]
    entry = _entry_of(name, error.needs, problem)
    needed = f", which {entry.name} needs," if entry is not None and entry.name != name else ""
    shown = what.replace("==", " ")
    platform = problem.target.platform
    if sources:
        sentence = (
            f"{shown}{needed} is there for {platform} only as a source distribution, whose own code would have to run "
            f"to build it. If you trust it, allow that for this package: --allow-source {name}."
        )
        names = sorted({one.name for one in sources})
        return SourceNotAllowedError(
            sentence, packages=names, platform=platform, explanation=_explanation(problem, sentence, entry, error)
        )
    why = "Python" if "Python" in kind else "platform"
    sentence = f"{shown}{needed} has no wheel for {platform} with Python {problem.target.python} (no matching {why})."
    return UnsolvableError(sentence, explanation=_explanation(problem, sentence, entry, error))


def _explanation(
    problem: PipProblem, sentence: str, entry: PipEntry | None, error: UvError, reasons: Sequence[str] = ()
) -> dict[str, object]:
    return Explanation(
        platform=problem.target.platform,
        summary=sentence,
        conflict=[entry.text] if entry is not None else [],
        minimal=entry is not None,
        reasons=[Reason(text=reason) for reason in reasons],
        raw=error.text[:20_000],
    ).model_dump(mode="json")


def first_cause(text: str) -> str:
    """Return the first reason that uv gives, on one line; a long one is cut between its parts."""
    cause = text.partition("cause: ")[2] or text.partition("error: ")[2] or text
    sentence = " ".join(cause.partition("\nhint:")[0].split())
    if len(sentence) > _MOST:  # all of it is in the explanation
        shown = sentence[:_MOST]
        end = max(shown.rfind(mark) for mark in (". ", ", ", " and "))
        return f"{shown[: end if end > 0 else shown.rfind(' ')]} …"
    return sentence if sentence.endswith(".") else f"{sentence}."
