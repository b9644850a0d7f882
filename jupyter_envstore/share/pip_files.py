"""requirements.txt and pylock.toml → an environment.yml whose pip section is what the file says.

They know nothing of conda, so that a Python is all that is asked for there; it is solved, and the rest is installed
as it is written: at its versions, and where the file has digests only with files that have them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.writing import scalar


@dataclass
class PipFile:
    """What a file asks pip for.

    Attributes
    ----------
    entries
        Lines of a pip section, in order.
    python
        The versions of Python that the file is for, such as ``>=3.10``; None when it does not say.
    """

    entries: list[str] = field(default_factory=list)
    python: str | None = None


def specification_for(
    found: PipFile, remark: str, *, name: str | None = None, python: str | None = None
) -> Specification:
    """Return the environment.yml.

    Parameters
    ----------
    found
        What the file says.
    remark
        Where it comes from, for its first line.
    name
        Of the environment, or None.
    python
        The Python that somebody asked for instead of what the file says, such as ``3.12``.

    Raises
    ------
    SpecificationError
        When the versions of Python are none, or nothing is asked for.
    """
    if not found.entries:
        raise SpecificationError("The file asks for no package.")
    lines = [f"# {remark}", *([f"name: {scalar(name)}"] if name is not None else [])]
    lines += ["dependencies:", f"  - {scalar(_python(python or found.python))}", "  - pip:"]
    lines += [f"      - {scalar(entry)}" for entry in found.entries]
    return Specification.parse("\n".join(lines) + "\n")


def _python(versions: str | None) -> str:
    """Return the match spec for Python."""
    wanted = (versions or "").replace(" ", "")
    if not wanted:
        return "python"
    if re.fullmatch(r"\d+(\.\d+)*", wanted):
        return f"python={wanted}"
    if not re.fullmatch(r"[<>=!~0-9.,*]+", wanted):
        raise SpecificationError(f"“{wanted[:80]}” does not say which Python: write 3.12, or >=3.10,<3.13.")
    return f"python {wanted}"
