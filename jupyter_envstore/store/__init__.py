"""The store: the one façade. Every command, HTTP handler and notebook action is a call on it.

`EnvStore` holds the parts; what can be done stands beside it, one file a concept: environments, versions, drafts of
versions, builds, channels. None of it knows a Jupyter server, and native solver code is never loaded here: what needs
it happens in worker processes. Parts are imported when first used, so that a command that needs few of them starts
fast.
"""

from jupyter_envstore.store.store import EnvStore

__all__ = ["EnvStore"]
