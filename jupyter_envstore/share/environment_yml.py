"""``environment.yml``: what was asked for, as it was written; the versions are chosen anew by whoever uses it."""

from __future__ import annotations

import re

from jupyter_envstore.share.shared import Shared, commented, without_heading

_PREFIX = re.compile(r"^([\"']?)prefix\1[ \t]*:.*\n?(?:[ \t]+.*\n?)*", re.MULTILINE)


def write(shared: Shared) -> str:
    """Return the text, with its comments. A ``prefix:``, which ``conda env export`` writes, tells a folder: it goes."""
    return commented(shared.heading()) + "\n" + _PREFIX.sub("", without_heading(shared.specification))
