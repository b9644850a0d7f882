"""The bytes of an environment.yml → clean text with ``\\n`` line ends.

Knows nothing of YAML. What it lets through holds no control character, no line separator that editors do not show
as one, and no character that reorders what is seen: so line numbers mean the same to everybody, and a text shows
what it says. It must never guess an encoding: a byte order mark or UTF-8, else an error.
"""

from __future__ import annotations

import codecs
import re

from jupyter_envstore.errors import SpecificationError

MAX_BYTES = 1_000_000
"""The size, in bytes, from which a specification is refused. The longest of real ones have some tens of thousands."""

# The mark of UTF-32 begins with that of UTF-16: the longer ones come first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and the line ends
    "\u2028\u2029"  # line and paragraph separator: YAML ends a line there, editors do not
    "\u202a-\u202e\u2066-\u2069"  # change the direction of what follows: the text would not show what it says
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)


def decode(data: bytes, path: str | None = None) -> str:
    """Return the text of a specification, its byte order mark removed and its line ends made ``\\n``.

    Parameters
    ----------
    data
        UTF-8 (with or without a mark), or UTF-16 or UTF-32 with one.
    path
        The file's name for messages.

    Raises
    ------
    SpecificationError
        Too large, wrongly encoded, or with a character that no specification needs.
    """
    if len(data) > MAX_BYTES:
        line = data.count(b"\n", 0, MAX_BYTES) + 1
        raise SpecificationError(
            f"The file has more than {MAX_BYTES:,} bytes (the limit is crossed in this line). An environment.yml is "
            "a short list; was another file meant?",
            line=line,
            path=path,
        )
    encoding = "utf-8"
    for mark, name in _MARKS:
        if data.startswith(mark):
            encoding, data = name, data[len(mark) :]
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        found = f"byte 0x{data[error.start]:02x}" if error.start < len(data) else "the end"
        line = len(_unify_line_ends(before).split("\n"))
        raise SpecificationError(
            f"The text is not {encoding.upper()} ({found} does not fit). Save the file with the encoding UTF-8.",
            line=line,
            path=path,
        ) from None
    return clean(text, path)


def clean(text: str, path: str | None = None) -> str:
    """Return ``text`` with ``\\n`` line ends and without a byte order mark, if a specification may hold all of it.

    Raises
    ------
    SpecificationError
        Too large, or with a character that no specification needs.
    """
    text = _unify_line_ends(text.removeprefix("\ufeff"))
    # A str has no size in bytes: encoding a lone surrogate would fail, and its refusal comes below.
    size = len(text) if len(text) > MAX_BYTES else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise SpecificationError(
            f"The text has more than {MAX_BYTES:,} bytes. An environment.yml is a short list; was another file meant?",
            line=text.count("\n", 0, MAX_BYTES) + 1,
            path=path,
        )
    unwanted = _UNWANTED.search(text)
    if unwanted:
        line = text.count("\n", 0, unwanted.start()) + 1
        character = ord(unwanted.group())
        if character == 0:
            hint = "Perhaps it is UTF-16 without a byte order mark, or no text at all. Save it with the encoding UTF-8."
        else:
            hint = "Delete it; it is invisible in most editors."
        raise SpecificationError(
            f"There is a character that a specification cannot hold (U+{character:04X}). {hint}", line=line, path=path
        )
    return text


def _unify_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
