"""``@EXPLICIT`` lists → a lock. They say nothing of dependencies; the channels complete that.

A file may hold several lists, each for a platform of its own and each beginning with ``@EXPLICIT``. Which one that is
stands in the addresses.
"""

from __future__ import annotations

import re
from typing import Any

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.lock.urls import has_credentials, parse_package_url
from jupyter_envstore.share.explicit import MARK
from jupyter_envstore.share.foreign import Found, decode, document_of, refuse_line, wheel_version

_PLATFORM = re.compile(r"#\s*platform:\s*([a-z]+-[a-z0-9]+)\s*")
_PIP = re.compile(r"#\s*pip\s+(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*@\s*(?P<url>\S+)\s*")
_DIGEST = re.compile(r"(?:sha256:)?[0-9a-fA-F]{64}|[0-9a-fA-F]{32}")


def read(data: bytes) -> dict[str, Any]:
    """Return a conda-lock v1 document of what the lists name. Digests that they leave out are left out there, too.

    Raises
    ------
    LockfileError
        With line and reason.
    """
    packages: list[Found] = []
    part: list[Found] = []
    told: str | None = None
    begun = 0
    number = 0
    for number, line in enumerate(decode(data).split("\n"), start=1):
        text = line.strip()
        if text == MARK:
            packages += _of_one_platform(part, told, begun) if begun else []
            part, begun = [], number
        elif match := _PLATFORM.fullmatch(text):
            # conda writes it above the mark: with a list begun it belongs to the next one
            if begun:
                packages += _of_one_platform(part, told, begun)
                part, begun = [], 0
            told = match[1]
        elif match := _PIP.fullmatch(text):
            part.append(_wheel(match["name"], match["url"], number))
        elif text and not text.startswith("#"):
            if not begun:
                refuse_line(number, f"“{text[:80]}” stands before “{MARK}”, which the list begins with.")
            part.append(_package(text, number))
    packages += _of_one_platform(part, told, begun)
    if not packages:
        raise LockfileError("The list names no packages. Below “@EXPLICIT” it needs one address a line.")
    return document_of(packages, "explicit")


def _package(text: str, number: int) -> Found:
    url, _, digest = text.partition("#")
    if "://" not in url:
        refuse_line(number, f"“{url[:80]}” is no address. A list from somebody else cannot name files of this machine.")
    if has_credentials(url):
        refuse_line(number, "The address holds credentials. Take them out, and keep them in conda's configuration.")
    place = parse_package_url(url)
    if place is None:
        refuse_line(
            number,
            f"“{url[:120]}” is not the address of a conda package: it has to end in "
            "platform/name-version-build.conda (or .tar.bz2).",
        )
    if digest and not _DIGEST.fullmatch(digest):
        refuse_line(number, "What stands behind “#” is neither an md5 nor a sha256.")
    digest = digest.removeprefix("sha256:").lower()
    return Found(
        name=place.name,
        version=place.version,
        url=url,
        hashes={"md5" if len(digest) == 32 else "sha256": digest} if digest else {},
        subdir=place.subdir,
        line=number,
    )


def _wheel(name: str, url: str, number: int) -> Found:
    address, _, digest = url.partition("#sha256=")
    if has_credentials(address.removeprefix("git+")):
        refuse_line(number, f"The address of {name[:80]} holds credentials. Take them out.")
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        refuse_line(number, f"The address of {name[:80]} needs “#sha256=” and the digest behind it.")
    version = wheel_version(address)
    if version is None:
        refuse_line(number, f"The address of {name[:80]} does not say its version: it is no wheel and no release.")
    hashes = {"sha256": digest.lower()}
    return Found(name=name, version=version, url=address, hashes=hashes, manager="pip", line=number)


def _of_one_platform(part: list[Found], told: str | None, begun: int) -> list[Found]:
    """Say of each package of a list for which platform it is locked.

    Raises
    ------
    LockfileError
        When the list mixes platforms, or names a package twice.
    """
    platform: str | None = None
    seen: dict[tuple[str, str], int] = {}
    for found in part:
        first = seen.setdefault((found.manager, found.name), found.line)
        if first != found.line:
            refuse_line(found.line, f"{found.name} stands in the list twice (first in line {first}).")
        if found.manager == "conda" and found.subdir != "noarch":
            if platform is not None and found.subdir != platform:
                refuse_line(
                    found.line,
                    f"{found.name} is for {found.subdir}, and the packages before it are for {platform}. One list is "
                    f"for one platform; let the next one begin with “{MARK}”.",
                )
            platform = found.subdir
    # A list without a package of its own platform can be installed anywhere.
    platform = platform or told or current_platform()
    return [found.on(platform) for found in part] if begun else []
