"""What differs between two sets of packages, and why each changed. No solver is asked: both sets are known."""

from jupyter_envstore.changes.comparing import PackageSet, compare

__all__ = ["PackageSet", "compare"]
