"""Options of pip among the entries of `pip:` lists: where packages are looked for, and what no lock can hold.

Plain Python; touches neither disk nor network.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.content import read_content
from jupyter_envstore.specification.credentials import has_credentials, quoted

_REFUSED_OPTIONS = {
    "-e": "installs a folder in place, which no lock can hold. Build a wheel of it and name the wheel",
    "--editable": "installs a folder in place, which no lock can hold. Build a wheel of it and name the wheel",
    "-c": "names a file of constraints. Write them as requirements of their own, or as conda dependencies",
    "--constraint": "names a file of constraints. Write them as requirements of their own, or as conda dependencies",
    "--no-binary": "asks for source distributions. Leave it out, and allow the packages by name when you build",
    "--only-binary": "is the rule here anyway: leave it out",
    "--prefer-binary": "is the rule here anyway: leave it out",
    "--no-index": "leaves no index to ask. Leave it out; a wheel can be named by its address",
    "--trusted-host": "belongs into pip's configuration on your machine, and not into what is shared",
    "--require-hashes": "is the rule here anyway, since a lock has them all: leave it out",
    "--no-deps": "leaves out what packages need. Name the packages that you do not want as conda dependencies",
    "--process-dependency-links": "is understood by no pip of today: leave it out",
}


@dataclass
class PipOptions:
    """What the options of a section say; see `jupyter_envstore.lock.pip.entries.PipSection`."""

    index_url: str | None = None
    extra_index_urls: list[str] = field(default_factory=list)
    find_links: list[str] = field(default_factory=list)
    prereleases: bool = False

    def read(self, text: str, written: str, line: int | None) -> None:
        """Take in one option.

        Parameters
        ----------
        text, line
            As it stands in the specification, and where.
        written
            The same without a comment.

        Raises
        ------
        SpecificationError
            For what cannot be read, or cannot be locked.
        """
        option, value = _parts(text, written, line)
        if option in ("-r", "--requirement"):
            raise SpecificationError(
                f"{quoted(text)} refers to a file beside the specification, and there is no folder to read it from. "
                "Create the environment from the file on the command line, or write its lines here.",
                line=line,
            )
        if option in ("-i", "--index-url", "--pypi-url"):
            self.index_url = checked_address(option, value, line)
        elif option == "--extra-index-url":
            self.extra_index_urls.append(checked_address(option, value, line))
        elif option in ("-f", "--find-links"):
            self.find_links.append(checked_address(option, value, line))
        elif option == "--pre":
            self.prereleases = True
        else:
            reason = _REFUSED_OPTIONS.get(option, "is an option of pip that cannot be locked")
            raise SpecificationError(f"{quoted(text)}: `{option[:40]}` {reason}.", line=line)


def checked_address(option: str, value: str, line: int | None) -> str:
    """Return the address of an index or a page, when it can be asked.

    Raises
    ------
    SpecificationError
    """
    reason = ""
    if not value:
        reason = f"`{option}` needs an address behind it"
    elif "$" in value:
        reason = (
            f"`{option}` takes its address from a variable of the machine, which may be a secret. Write it "
            "without, and keep credentials in your keyring or .netrc"
        )
    elif has_credentials(value):
        reason = f"`{option}` names an address that carries a password or token"
    elif urlsplit(value).scheme not in ("https", "http"):
        reason = f"`{option}` needs an address that begins with https://; here stands {quoted(value)}"
    if reason:
        raise SpecificationError(f"{reason}.", line=line)
    return value


def _parts(text: str, written: str, line: int | None) -> tuple[str, str]:
    """Return an option and what stands behind it, in whichever of the ways that pip understands."""
    try:
        words = shlex.split(written)
    except ValueError:
        raise SpecificationError(f"{quoted(text)} has a quotation mark without its second.", line=line) from None
    option, found, value = words[0].partition("=")
    if not option.startswith("--") and len(option) > 2:
        option, value = option[:2], option[2:]
    elif not found:
        value = words[1] if len(words) > 1 else ""
    return option, value


def without_options(text: str) -> str:
    """Return the text of a specification without the lines of its pip section that conda-lock cannot read.

    Those are the options of pip: where packages are looked for says nothing about which are asked for.
    """
    content = read_content(text, check_duplicates=False)
    options = {entry.line for entry in content.pip if entry.text.startswith("--") or entry.text[:2] in ("-i", "-f")}
    return "\n".join(line for number, line in enumerate(text.split("\n"), start=1) if number not in options)
