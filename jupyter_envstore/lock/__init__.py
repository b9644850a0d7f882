"""From a specification to a lockfile.

`document`, `facts`, `platforms`, `channels` and `urls` are plain Python and may be imported anywhere. The other modules
load the native solver or conda-lock and must be imported by worker processes only: a crash there must never take a
Jupyter server with it.
"""
