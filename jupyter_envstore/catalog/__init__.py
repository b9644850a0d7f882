"""What the store remembers: environments, versions, locks, builds, prefixes and who did what.

`open_catalog` gives a `Catalog`. Its queries answer the schemas of `jupyter_envstore.schemas`; rows, sessions and SQL
never leave this package. Importing it loads SQLAlchemy but never Alembic, which only a migration needs.
"""

from jupyter_envstore.catalog.aliases import Alias
from jupyter_envstore.catalog.catalog import Catalog, Changes, open_catalog
from jupyter_envstore.catalog.held_builds import LEASE_SECONDS
from jupyter_envstore.errors import LeaseLostError

__all__ = ["LEASE_SECONDS", "Alias", "Catalog", "Changes", "LeaseLostError", "open_catalog"]
