"""What a pip section asks for, as match specs: for what counts names, and compares versions."""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_envstore.specification.specification import Specification

_BEHIND = re.compile(r"(?:^|\s)#(?![A-Za-z0-9_]+=).*$|\s--hash[= ].*$")


def requests_of(specification: Specification, platform: str) -> tuple[str, ...]:
    """Return what the pip section asks for on a platform (``name >=1``), under normalised names.

    An entry that cannot be read is left out: it was refused when its version was locked.
    """
    found = []
    for text in specification.pip_for(platform):
        try:
            requirement = Requirement(_BEHIND.sub("", text).strip())
        except InvalidRequirement:
            continue
        found.append(f"{canonicalize_name(requirement.name)} {requirement.specifier}".strip())
    return tuple(found)
