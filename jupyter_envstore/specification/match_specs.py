"""Match specs (``numpy >=1.26,<3``, ``conda-forge::blas=*=mkl``): what they name, and whether they can be read.

A grammar of our own, because it runs where no solver is loaded: in the server, as someone types. It accepts what conda
and rattler both accept and is stricter in corners that are nearly always mistakes. The solver reads every spec again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.channels import channel_problem
from jupyter_envstore.specification.credentials import has_credentials, quoted
from jupyter_envstore.specification.version_constraints import ConstraintError, read_constraint

MAX_LENGTH = 1_000

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_BUILD = re.compile(r"[A-Za-z0-9_.+*!]+")
_PAIR = re.compile(r"""\s*([A-Za-z0-9_]+)\s*=\s*("[^"\[\]]*"|'[^'\[\]]*'|[^,\s'"\[\]]+)\s*(?:,|$)""")
_KEYS = frozenset(
    {"version", "build", "build_number", "channel", "subdir", "fn", "file_name", "md5", "sha256", "license"}
    | {"license_family", "track_features"}
)


@dataclass(frozen=True)
class MatchSpec:
    """One requirement on a conda package.

    Attributes
    ----------
    text
        As it was written, without blanks around it.
    name
        The package's name in lower case.
    version
        The constraint without blanks, as written (``=3.12``, ``>=1,<2``), or None.
    build
        The pattern for the build string, or None.
    channel
        The channel that it has to come from, or None.
    attributes
        What else stands in brackets, by key.
    """

    text: str
    name: str
    version: str | None = None
    build: str | None = None
    channel: str | None = None
    attributes: dict[str, str] = field(default_factory=dict, hash=False)


class _Refused(Exception):
    """Why a spec cannot be read; never leaves this module."""


def parse_match_spec(text: str, *, line: int | None = None, path: str | None = None) -> MatchSpec:
    """Read a match spec.

    Parameters
    ----------
    text
        The spec.
    line, path
        Where it stands, for messages; the line counts from 1.

    Raises
    ------
    SpecificationError
        With what is wrong and, where it can be guessed, what was meant.
    """
    try:
        return _read(text.strip())
    except (_Refused, ConstraintError) as refusal:
        reason = f"{quoted(text.strip())} is no package requirement: {refusal}"
        meant = (
            {"wrong": refusal.wrong, "correction": refusal.correction} if isinstance(refusal, ConstraintError) else {}
        )
        raise SpecificationError(reason, line=line, path=path, **meant) from None


def _read(text: str) -> MatchSpec:
    if not text:
        raise _Refused("it is empty. Name a package.")
    if len(text) > MAX_LENGTH:
        raise _Refused(f"it has more than {MAX_LENGTH} characters.")
    if has_credentials(text) or re.search(r"^(?!file:).*/t/.*::", text):
        raise _Refused("it carries a password or token. Keep credentials in your .netrc, keyring or .condarc.")
    _refuse_strangers(text)
    attributes, rest = _split_brackets(text)
    channel, rest = _split_channel(rest)
    named = _NAME.match(rest)
    if not named:
        raise _Refused("it does not begin with a package's name (letters, digits and . _ -).")
    name, rest = named.group(), rest[named.end() :]
    _refuse_other_syntax(name, rest)
    version, build = read_constraint(rest, name)
    for key, positional in (("version", version), ("build", build), ("channel", channel)):
        if positional is not None and key in attributes:
            raise _Refused(f"it gives the {key} twice, before the brackets and inside them.")
    if "version" in attributes:
        version, extra = read_constraint(attributes.pop("version"), name)
        if extra is not None:
            raise _Refused("the version in brackets holds a build string too; write it as `build=…`.")
    build = attributes.pop("build", build)
    channel = attributes.pop("channel", channel)
    if build is not None and not _BUILD.fullmatch(build) and not (build.startswith("^") and build.endswith("$")):
        raise _Refused(f"{quoted(build)} is no build string (letters, digits and . _ + with * for anything).")
    if channel is not None and (problem := channel_problem(channel)):
        raise _Refused(f"its channel {quoted(channel)} cannot be used: {problem}")
    return MatchSpec(text, name.lower(), version, build, channel, attributes)


def _refuse_strangers(text: str) -> None:
    """Refuse what is no match spec but something that people write in its place."""
    if text.startswith("-"):
        raise _Refused("options like `-e` or `-r` belong into the `pip:` list.")
    if text.startswith(("git+", "hg+", "svn+", "bzr+")) or " @ " in text:
        raise _Refused("addresses of sources belong into the `pip:` list.")
    if re.match(r"(?:[a-z+]+://|[./~]|[A-Za-z]:\\)[^:]*$", text) or re.search(r"\.(?:conda|tar\.bz2)\b", text):
        raise _Refused(
            "files and addresses of single packages are not accepted. Name the package, its version and its channel."
        )
    if ";" in text or " if " in text:
        raise _Refused("conditions are not supported here. Use a selector like `# [linux]`, or the `pip:` list.")
    if "#" in text:
        raise _Refused("a comment needs a blank before its `#`.")
    if "{{" in text or "{%" in text:
        raise _Refused("it is a template. Fill it in first.")
    if "$" in text and "[" not in text:
        raise _Refused("variables of the shell are not replaced here. Write the value.")


def _split_brackets(text: str) -> tuple[dict[str, str], str]:
    opening = text.find("[")
    if opening < 0:
        if "]" in text:
            raise _Refused("there is a `]` without its `[`.")
        return {}, text
    inside = text[opening + 1 : -1]
    if not text.endswith("]"):
        raise _Refused("brackets have to close at the very end (`numpy[version='>=1.26']`).")
    pairs: dict[str, str] = {}
    position = 0
    while position < len(inside):
        pair = _PAIR.match(inside, position)
        if not pair:
            if "=" not in inside:
                raise _Refused(
                    "extras in brackets are pip's way. Put it into the `pip:` list, or leave the brackets out."
                )
            raise _Refused("what is in brackets must be `key=value` pairs with commas between them.")
        key, value = pair.group(1), pair.group(2).strip("'\"")
        if key not in _KEYS:
            raise _Refused(f"the key {quoted(key)} in brackets is unknown. Known are {', '.join(sorted(_KEYS))}.")
        if key in pairs or not value.strip():
            raise _Refused(f"the key `{key}` in brackets is {'given twice' if key in pairs else 'empty'}.")
        pairs[key] = value.strip()
        position = pair.end()
    return pairs, text[:opening].rstrip()


def _split_channel(text: str) -> tuple[str | None, str]:
    channel, separator, rest = text.rpartition("::")
    if not separator:
        return None, text
    if not channel.strip() or not rest.strip():
        raise _Refused("`::` separates a channel from a package (`conda-forge::numpy`); one of them is missing.")
    return channel.strip(), rest.strip()


def _refuse_other_syntax(name: str, rest: str) -> None:
    """Refuse what other tools write after a name, and say how it is written here."""
    value = rest[1:].strip()
    if rest.startswith(("*", "?")):
        raise _Refused("a name with wildcards could be many packages. Write the whole name.")
    if rest.startswith((":", "@")) and value:
        raise _Refused(f"a version is joined with `=`: write {quoted(f'{name}={value}')}.")
    if rest.lstrip().startswith("^"):
        raise _Refused(f"`^` is not known to conda: write a range like {quoted(f'{name} >=1.2,<2')}.")
    if name.endswith((".", "-")) and not rest:
        raise _Refused("the name ends with a hyphen or dot.")
    if rest and rest[0] not in " \t=<>!~":
        raise _Refused(f"the character {quoted(rest[0])} cannot follow the name {quoted(name)}.")
