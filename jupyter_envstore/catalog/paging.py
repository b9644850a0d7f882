"""Pages of a list, by key: the cursor holds the last row's place in the order, so that rows that come or go do not
shift what follows. It is opaque to clients and checked when it comes back."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timezone

from jupyter_envstore.errors import InvalidInputError

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
_LARGEST_ID = 2**63 - 1


def check_limit(limit: int) -> int:
    """Return ``limit`` when a page may have that many rows (1 to 500).

    Raises
    ------
    InvalidInputError
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInputError(f"A page has 1 to {MAX_LIMIT} entries; {limit} were asked for.", limit=limit)
    return limit


def write_cursor(*key: int | datetime) -> str:
    """Return the cursor after the row with that key."""
    parts = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_id(cursor: str) -> int:
    """Read a cursor whose key is one number.

    Raises
    ------
    InvalidInputError
    """
    parts = _read(cursor)
    if len(parts) != 1:
        raise _refusal(cursor)
    return _number(parts[0], cursor)


def read_numbers(cursor: str, count: int) -> tuple[int, ...]:
    """Read a cursor whose key is ``count`` numbers.

    Raises
    ------
    InvalidInputError
    """
    parts = _read(cursor)
    if len(parts) != count:
        raise _refusal(cursor)
    return tuple(_number(part, cursor) for part in parts)


def read_time_and_id(cursor: str) -> tuple[datetime, int]:
    """Read a cursor whose key is a moment and a number.

    Raises
    ------
    InvalidInputError
    """
    parts = _read(cursor)
    if len(parts) != 2 or not isinstance(parts[0], str):
        raise _refusal(cursor)
    try:
        moment = datetime.fromisoformat(parts[0])
        if moment.tzinfo is None:
            raise _refusal(cursor)
        return moment.astimezone(timezone.utc), _number(parts[1], cursor)
    except (ValueError, OverflowError):
        raise _refusal(cursor) from None


def _read(cursor: str) -> list[object]:
    if len(cursor) > 200:
        raise _refusal(cursor)
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise _refusal(cursor) from None
    if not isinstance(parts, list):
        raise _refusal(cursor)
    return parts


def _number(part: object, cursor: str) -> int:
    if type(part) is not int or not 0 <= part <= _LARGEST_ID:
        raise _refusal(cursor)
    return part


def _refusal(cursor: str) -> InvalidInputError:
    return InvalidInputError(
        "The cursor is none that this list gave out. Begin again with the first page.", cursor=ascii(cursor[:80])
    )
