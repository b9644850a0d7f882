"""What may stand as a channel in a specification: a name, a name with a label, or an address without credentials."""

from __future__ import annotations

import re

from jupyter_envstore.specification.credentials import has_credentials

_MAX_LENGTH = 500
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_ADDRESS = re.compile(r"(https?|file|s3|oci)://[A-Za-z0-9_.~%/:\[\]+@-]+")


def channel_problem(channel: str) -> str | None:
    """Return why ``channel`` cannot be used, as a sentence that does not repeat it, or None if it can."""
    if not channel.strip():
        return "it is empty."
    if len(channel) > _MAX_LENGTH:
        return f"it has more than {_MAX_LENGTH} characters."
    token = "/t/" in channel and not channel.startswith("file:") and "$" not in channel
    if token or has_credentials(channel) or "@" in channel:
        return "it carries a user name, password or token. Keep credentials in your .netrc, keyring or .condarc."
    if "$" in channel:
        return (
            "variables of the shell are not replaced in channels, so that everyone locks against the same one. "
            "Write the address; credentials belong into your .netrc, keyring or .condarc."
        )
    if "{{" in channel or "{%" in channel:
        return "it is a template. Fill it in first."
    if "?" in channel or "#" in channel:
        return "an address of a channel has no `?` and no `#`."
    if "://" in channel:
        if ".." in channel.split("/"):
            return "an address with `..` could be anywhere. Write where it is."
        return None if _ADDRESS.fullmatch(channel) else "it is no address with http, https, file, s3 or oci."
    if channel.startswith((".", "/", "~")) or "\\" in channel or re.match(r"[A-Za-z]:", channel):
        return "a folder has to be written as an address, `file:///…`."
    if not _NAME.fullmatch(channel):
        return "a channel is a name like `conda-forge`, or an address."
    return None
