"""A person's own constraints, one match spec each, as the solver understands them. Worker side: loads the solver.

Texts mean what conda means by them: ``python=3.11`` is 3.11 and everything under it, ``python 3.11`` and
``python==3.11`` are exactly 3.11. The solver's lenient parser agrees with conda on both; a test holds the two
against each other. Only what conda accepts beyond that is put right here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError, PackageNameMatcherParseError

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.channels import Channel, ChannelSettings, resolve_channel
from jupyter_envstore.lock.urls import hide_credentials

_CHANNEL = re.compile(r"(?P<channel>[^\s\[\]<>=!~|,]+)::(?P<rest>.*)", re.DOTALL)
_CHANNEL_KEY = re.compile(r"(?P<before>[\[,]\s*)channel\s*=\s*(?P<quote>['\"]?)(?P<channel>[^'\",\]\s]+)(?P=quote)\s*")


@dataclass(frozen=True)
class Entry:
    """One constraint.

    Attributes
    ----------
    text
        As it was written.
    name
        Package name, lower case.
    spec
        For the solver.
    channel
        The channel that the text insists on, or None.
    """

    text: str
    name: str
    spec: MatchSpec
    channel: Channel | None = None

    @property
    def version(self) -> str | None:
        """The version part, normalised, or None when any will do."""
        return self.spec.version if self.spec.version not in (None, "*") else None

    @property
    def build(self) -> str | None:
        """The build string part, or None."""
        return self.spec.build

    def written_with(self, version: str | None) -> str:
        """Return the text of the same constraint with another version part and without a build."""
        prefix = f"{self.channel.name}::" if self.channel else ""
        return f"{prefix}{self.name} {version}" if version else f"{prefix}{self.name}"


def parse_entries(texts: Iterable[str], settings: ChannelSettings) -> list[Entry]:
    """Parse match specs.

    Raises
    ------
    SpecificationError
        One of them is none.
    InvalidInputError
        One of them insists on a channel whose name is none.
    """
    return [parse_entry(text, settings) for text in texts]


def parse_entry(text: str, settings: ChannelSettings) -> Entry:
    """Parse one match spec; see `parse_entries`."""
    rest = text.partition(" #")[0].strip()
    channel: Channel | None = None
    if match := _CHANNEL.fullmatch(rest):
        channel, rest = resolve_channel(match["channel"], settings), match["rest"].strip()
    elif match := _CHANNEL_KEY.search(rest):
        channel = resolve_channel(match["channel"], settings)
        rest = rest[: match.start()] + match["before"] + rest[match.end() :]
        rest = re.sub(r"\[\s*,", "[", re.sub(r",\s*,", ",", rest)).replace(",]", "]").replace("[]", "")
    if rest.endswith("=") and not rest.endswith("=="):
        rest = rest[:-1].strip()  # conda reads “numpy=” as “numpy”
    try:
        spec = MatchSpec(f"{channel.url}::{rest}" if channel else rest, strict=False)
        name = spec.name.normalized
    except (InvalidMatchSpecError, PackageNameMatcherParseError) as error:
        shown = hide_credentials(text)[:200]
        raise SpecificationError(
            f"“{shown}” cannot be read as a package with a version: {hide_credentials(str(error))[:300]}.", entry=shown
        ) from None
    return Entry(text, name, spec, channel)
