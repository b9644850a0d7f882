"""Alembic's migrations of the catalog, and their order in plain Python: Alembic is imported only to run them."""

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005")
"""All revisions from the first to the newest. A catalog with another one was written by a newer program."""
