"""What a requirements.txt asks for, line by line. Nothing that it names is opened or run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NoReturn

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.urls import has_credentials
from jupyter_envstore.share.pip_files import PipFile

MOST_ENTRIES = 5_000
"""Requirements of one file."""

_KEPT = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links")
"""Options that say where packages are."""
_PASSED_OVER = ("--require-hashes", "--prefer-binary", "--only-binary", "--no-deps", "--disable-pip-version-check")
"""Options that ask for what we do anyway."""
_ELSEWHERE = {
    "-r": "names another file, which is not here. Put its lines in this one's place.",
    "-c": "names another file, which is not here. Write its versions behind the names.",
    "-e": "asks for a folder that is edited, which no version can hold. Name a release or a commit.",
    "--trusted-host": "would fetch without checking who answers. Take it out.",
    "--no-binary": "has packages built from source, which runs their programs. Take it out.",
}
_LONG = {"--requirement": "-r", "--constraint": "-c", "--editable": "-e"}
_PATH = re.compile(r"(?:\.{0,2}/|[A-Za-z]:[\\/]|~|file:)")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_HASH = re.compile(r"--hash[= ]sha256:[0-9a-fA-F]{64}")
_MADE_FOR = re.compile(r"with [Pp]ython (\d+\.\d+)|--python-version[= ](\d+\.\d+)|For Python (\d+\.\d+)\.")


def read(text: str) -> PipFile:
    """Return what the file asks for.

    Raises
    ------
    SpecificationError
        With line and reason: other files, folders of a machine, credentials, options that change what is safe.
    """
    found = PipFile()
    for number, line in _logical_lines(text):
        if line.startswith("#"):
            made_for = _MADE_FOR.search(line)
            if made_for and found.python is None:
                found.python = next(part for part in made_for.groups() if part)
            continue
        entry = _option(line, number) if line.startswith("-") else _requirement(line, number)
        if entry is not None:
            found.entries.append(entry)
        if len(found.entries) > MOST_ENTRIES:
            _refuse(number, f"The file asks for more than {MOST_ENTRIES:,} packages.")
    return found


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with the number of their first, those that end with a backslash joined, comments behind text gone."""
    begun, number = "", 0
    for place, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        number = number if begun else place
        if not begun and line.startswith("#"):
            yield place, line
            continue
        line = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].rstrip()
        if line.endswith("\\"):
            begun += line[:-1].rstrip() + " "
            continue
        whole, begun = (begun + line).strip(), ""
        if whole:
            yield number, whole
    if begun.strip():
        yield number, begun.strip()


def _option(line: str, number: int) -> str | None:
    try:
        words = shlex.split(line)
    except ValueError:
        _refuse(number, "A quotation mark is missing.")
    name, separator, value = words[0].partition("=")
    if not separator and name[:2] in ("-i", "-f", "-r", "-c", "-e") and len(name) > 2:
        name, value = name[:2], name[2:]
    value = value or " ".join(words[1:])
    name = _LONG.get(name, name)
    if name in _ELSEWHERE:
        _refuse(number, f"“{name}” {_ELSEWHERE[name]}")
    if name in _PASSED_OVER:
        return None
    if name == "--pre":
        return name
    if name not in _KEPT:
        _refuse(
            number, f"The option “{name[:60]}” is not known here. Take it out, or say it where packages are locked."
        )
    if not re.match(r"https?://", value):
        _refuse(number, f"“{name}” needs an address; files of another machine cannot be read.")
    if has_credentials(value):
        _refuse(
            number, "The address of an index holds credentials. Take them out, and keep them in uv's configuration."
        )
    return f"{ {'-i': '--index-url', '-f': '--find-links'}.get(name, name) } {value}"


def _requirement(line: str, number: int) -> str:
    requirement, *hashes = (part.strip() for part in re.split(r"\s(?=--hash[= ])", line))
    for item in hashes:
        if not _HASH.fullmatch(item):
            _refuse(number, f"“{item[:80]}” is no digest that could be checked: a sha256 is.")
    if re.search(r"\s--\w", requirement):
        _refuse(number, "Options of single packages, other than --hash, change how it is built. Take them out.")
    target = requirement.partition("@")[2].strip() if "@" in requirement else requirement
    if _PATH.match(requirement) or (_PATH.match(target) and target is not requirement):
        _refuse(number, "It names a file or folder of another machine. Name a release, or an address.")
    if "://" in requirement and has_credentials(target.removeprefix("git+")):
        _refuse(number, "The address holds credentials. Take them out, and keep them in uv's configuration.")
    if "://" not in requirement.split(" ")[0] and not _NAME.match(requirement):
        _refuse(number, f"“{requirement[:80]}” is no package.")
    return " ".join([requirement, *(item.replace("--hash ", "--hash=") for item in hashes)])


def _refuse(line: int, reason: str) -> NoReturn:
    raise SpecificationError(reason, line=line)
