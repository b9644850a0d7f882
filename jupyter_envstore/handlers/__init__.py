"""HTTP under ``<base_url>/envstore/``: read the request, call the store, send the answer. One module a resource.

No decision is taken here: whatever a handler can do, the command line can do through the same call on the store.
"""

from __future__ import annotations

from typing import Any

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.endpoint import routes_of
from jupyter_envstore.handlers.missing import MissingHandler
from jupyter_envstore.handlers.table import ENDPOINTS

ROUTES: list[tuple[str, type[EnvStoreHandler], dict[str, Any]]] = [
    *routes_of(ENDPOINTS),
    (r"/envstore(?:/.*)?", MissingHandler, {"endpoints": {}}),
]
"""Path (without the server's base URL), handler, and what that is given, of every resource."""
