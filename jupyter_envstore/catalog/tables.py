"""The tables' form: make them, recognise an old or foreign form, bring an old one up to date.

Which form a catalog has is read with plain SQL. Alembic is imported only to run a migration.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from jupyter_envstore.catalog import migrations
from jupyter_envstore.catalog.database import CHANGE_COUNTER, Database
from jupyter_envstore.catalog.engine import WRITES
from jupyter_envstore.catalog.faults import explain
from jupyter_envstore.catalog.models import Base, CounterRow
from jupyter_envstore.errors import CatalogTooNewError, StoreError

State = Literal["new", "old", "current"]


def table_state(database: Database) -> State:
    """Return in which form the tables are; ``new`` means that there is none at all.

    Raises
    ------
    CatalogTooNewError
        When a newer program made them.
    StoreError
        When they are another program's.
    """
    with database.reading() as connection:
        return _state_on(connection, database.name)


def _state_on(connection: Connection, name: str) -> State:
    tables = set(inspect(connection).get_table_names()) if connection.dialect.name != "sqlite" else _tables(connection)
    if not tables:
        return "new"
    if "alembic_version" not in tables:
        raise StoreError(
            f"{name} is a database of another program, not a catalog of environments. Choose another store.",
            catalog=name,
        )
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision == migrations.REVISIONS[-1]:
        return "current"
    if revision is not None and revision not in migrations.REVISIONS:
        raise CatalogTooNewError(
            f"The catalog {name} was written by a newer version of jupyter-envstore (its form is {revision}, this one "
            f"knows {migrations.REVISIONS[-1]}). Update jupyter-envstore, or choose another store.",
            catalog=name,
            revision=revision,
            known=migrations.REVISIONS[-1],
        )
    return "old"


def _tables(connection: Connection) -> set[str]:
    found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
    return set(found.scalars())


def bring_up_to_date(database: Database) -> None:
    """Make or migrate the tables in one transaction; nothing is done when another process was faster."""
    try:
        with database.engine.connect() as raw, _references_unchecked(raw):
            connection = raw.execution_options(**{WRITES: True})
            with connection.begin():
                state = _state_on(connection, database.name)
                if state == "new":
                    create_tables(connection)
                elif state == "old":
                    migrate(connection)
                    _check_references(connection, database.name)
    except DBAPIError as error:
        raise explain(error, database.name) or error from error


@contextmanager
def _references_unchecked(connection: Connection) -> Iterator[None]:
    """Let SQLite copy tables that others refer to, which is how it alters them."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # On the driver's connection: inside a transaction, which SQLAlchemy would begin, the setting has no effect.
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def create_tables(connection: Connection) -> None:
    """Make all tables as the models say and mark them with the newest revision."""
    if connection.dialect.name == "postgresql":
        take_over_conditions()
    Base.metadata.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:revision)"), {"revision": migrations.REVISIONS[-1]}
    )
    connection.execute(insert(CounterRow).values(name=CHANGE_COUNTER, value=0))


def take_over_conditions() -> None:
    """Give the partial indexes on PostgreSQL the conditions that they have on SQLite."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations from the stored revision up to ``revision`` on this connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _check_references(connection: Connection, name: str) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreError(
            f"The catalog {name} could not be brought up to date: a row of {broken[0]} refers to one of {broken[2]} "
            "that is missing. It was left as it was.",
            catalog=name,
        )
