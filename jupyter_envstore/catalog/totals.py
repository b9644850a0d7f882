"""How many rows a filter matches, remembered for as long as nobody commits anything.

Every page of a list says its total. Counting takes longer than reading the page (30 ms for a package that ten thousand
environments have), and pages are asked for far more often than anything changes.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

from sqlalchemy import Connection, Select

from jupyter_envstore.catalog.database import Database

_MOST = 1000


class Totals:
    """Counts of one list, by filter. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._version = -1
        self._known: dict[Hashable, int] = {}

    def version(self) -> int:
        """Return what to hand to `count`. Ask before the transaction begins: what it sees is then no older."""
        return self._database.data_version()

    def count(self, connection: Connection, version: int, key: Hashable, query: Select[Any]) -> int:
        """Return the number that ``query`` answers, which depends on nothing but ``key`` and the catalog."""
        if self._database.is_writing():
            return int(connection.execute(query).scalar_one())  # of changes that nobody else can see yet
        with self._lock:
            if version == self._version and key in self._known:
                return self._known[key]
        total = int(connection.execute(query).scalar_one())
        with self._lock:
            if version != self._version or len(self._known) >= _MOST:
                self._version, self._known = version, {}
            self._known[key] = total
        return total
