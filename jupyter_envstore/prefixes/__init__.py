"""Prefixes on disk: named by their content, published whole, verified, protected, removed.

Nothing here imports py-rattler: the server uses these modules too. Nothing here knows of environments, versions
or the catalog: a prefix belongs to whoever has its lock.
"""
