"""HTTP under ``<base_url>/envstore/``: read the request, call the store, send the answer. One module a resource.

No decision is taken here: whatever a handler can do, the command line can do through the same call on the store.
"""

from __future__ import annotations

from jupyter_server.base.handlers import JupyterHandler

from jupyter_envstore.handlers.status import StatusHandler

ROUTES: list[tuple[str, type[JupyterHandler]]] = [
    (r"/envstore/status", StatusHandler),
]
"""Path (without the server's base URL) and handler of every resource."""
