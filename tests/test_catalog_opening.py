"""Opening a catalog: new, old, too new, damaged, somebody else's, read-only, on a network file system."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from fixtures.catalog import build_version
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from jupyter_envstore.catalog import migrations, open_catalog, opening, tables
from jupyter_envstore.catalog.engine import WRITES, sqlite_engine
from jupyter_envstore.catalog.models import Base
from jupyter_envstore.catalog.network import file_system_type, is_network_folder
from jupyter_envstore.errors import CatalogTooNewError, StoreError, StoreReadOnlyError

OURS = Path(migrations.__path__[0])


def schema(path: Path) -> dict[str, list[str]]:
    """Return the parts of the SQL of every table and index, whatever their order and spacing."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    parts = {name: re.split(r"[\n()]\s*|, (?=CONSTRAINT|[a-z_]+ [A-Z])", sql) for name, sql in rows}
    return {name: sorted(filter(None, (part.strip(" ,)") for part in found))) for name, found in parts.items()}


def migrate_from_nothing(path: Path, revision: str = "head") -> None:
    """Make a catalog by running every migration up to ``revision``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine: Engine = sqlite_engine(path)
    with engine.connect() as raw:
        connection = raw.execution_options(**{WRITES: True})
        with connection.begin():
            tables.migrate(connection, revision)
    engine.dispose()


def copy_migrations(tmp_path: Path) -> Path:
    """Return a folder with our migrations, to which a test adds one."""
    newer = tmp_path / "newer"
    (newer / "versions").mkdir(parents=True)
    for path in (OURS / "env.py", *(OURS / "versions").glob("m*.py")):
        (newer / path.relative_to(OURS)).write_text(path.read_text())
    return newer


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done


def test_a_new_catalog_has_the_form_that_the_migrations_make(catalog_path: Path) -> None:
    open_catalog(catalog_path).close()
    migrated = catalog_path.parent / "migrated" / "catalog.sqlite"
    migrate_from_nothing(migrated)
    made = schema(catalog_path)
    assert made == schema(migrated)
    assert set(Base.metadata.tables) <= set(made)
    rows = []
    for path in (catalog_path, migrated):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            rows.append(
                [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("alembic_version", "counter")]
            )
    assert rows[0] == rows[1] == [[(migrations.REVISIONS[-1],)], [("change", 0)]]


def test_the_list_of_revisions_is_the_chain_of_migrations() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(OURS))
    script = ScriptDirectory.from_config(config)
    assert tuple(item.revision for item in script.walk_revisions())[::-1] == migrations.REVISIONS


def test_a_catalog_that_is_up_to_date_is_opened_without_migration_or_lock_libraries(catalog_path: Path) -> None:
    open_catalog(catalog_path).close()
    result = run(
        """
        import sys
        from jupyter_envstore.catalog import open_catalog
        open_catalog(sys.argv[1]).environments.list()
        heavy = {"alembic", "filelock", "tornado", "jupyter_server", "rattler", "conda_lock", "psutil"}
        heavy |= {"sqlalchemy.dialects.postgresql"}
        print(sorted(heavy & set(sys.modules)))
        """,
        catalog_path,
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")


def test_an_old_catalog_is_migrated_and_keeps_what_it_holds(
    catalog_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = open_catalog(catalog_path)
    build_version(catalog)
    catalog.close()
    newer = copy_migrations(tmp_path)
    # A column that must not be empty: on SQLite the table, to which others refer, is copied.
    (newer / "versions" / "m9999.py").write_text(
        textwrap.dedent(
            f"""
            import sqlalchemy as sa
            from alembic import op
            revision, down_revision = "9999", {migrations.REVISIONS[-1]!r}
            def upgrade():
                with op.batch_alter_table("environment", recreate="always") as table:
                    table.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="grey"))
            """
        )
    )
    monkeypatch.setattr(migrations, "__path__", [str(newer)])
    monkeypatch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, "9999"))
    catalog = open_catalog(catalog_path)
    assert catalog.environments.get("local", "analysis").active_version == 1
    catalog.close()
    with sqlite3.connect(catalog_path) as connection:
        assert connection.execute("SELECT colour FROM environment").fetchall() == [("grey",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def rows_of(path: Path, tables_wanted: list[str]) -> dict[str, list[dict[str, object]]]:
    """Return all rows of some tables."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')] for table in tables_wanted}


def test_a_catalog_of_the_first_form_keeps_every_row_and_works_on(catalog_path: Path, tmp_path: Path) -> None:
    made = tmp_path / "made" / "catalog.sqlite"
    catalog = open_catalog(made)
    build_version(catalog, names=("python", "numpy"))
    build_version(catalog, kind="edit")
    catalog.environments.create("local", "other")
    catalog.environments.soft_delete("local", "other")
    catalog.close()
    # The first form's columns of what today's program writes, put into a catalog of the first form.
    migrate_from_nothing(catalog_path, "0001")
    parts = rows_of(catalog_path, ["sqlite_master"])["sqlite_master"]
    others = ("alembic_version", "sqlite_sequence")
    tables_then = [str(part["name"]) for part in parts if part["type"] == "table" and part["name"] not in others]
    with contextlib.closing(sqlite3.connect(catalog_path)) as connection:
        columns = {
            table: [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')] for table in tables_then
        }
        connection.execute("DELETE FROM counter")
        for table, rows in rows_of(made, tables_then).items():
            names, marks = ", ".join(columns[table]), ", ".join("?" * len(columns[table]))
            for row in rows:
                values = [row[name] for name in columns[table]]
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
        connection.commit()
    before = rows_of(catalog_path, tables_then)
    assert len(before["version"]) == 2

    catalog = open_catalog(catalog_path)
    after = rows_of(catalog_path, tables_then)
    for table, rows in before.items():
        assert [{name: row[name] for name in columns[table]} for row in after[table]] == rows
    assert catalog.environments.get("local", "analysis").active_version == 2
    assert catalog.aliases.rename("local", "analysis", "local", "geo").name == "geo"
    assert catalog.versions.get("local", "analysis", 1).name == "geo"
    assert build_version(catalog, "geo", kind="edit").number == 3
    catalog.close()
    assert schema(catalog_path) == schema(made)


def test_a_migration_that_fails_leaves_the_catalog_as_it_was(
    catalog_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_catalog(catalog_path).close()
    before = schema(catalog_path)
    newer = copy_migrations(tmp_path)
    (newer / "versions" / "m9999.py").write_text(
        textwrap.dedent(
            f"""
            from alembic import op
            revision, down_revision = "9999", {migrations.REVISIONS[-1]!r}
            def upgrade():
                op.drop_table("event")
                raise RuntimeError("power cut")
            """
        )
    )
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "__path__", [str(newer)])
        patch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, "9999"))
        with pytest.raises(RuntimeError, match="power cut"):
            open_catalog(catalog_path)
    assert schema(catalog_path) == before
    assert open_catalog(catalog_path).events.list().total == 0


def test_a_catalog_of_a_newer_program_is_refused_in_words(catalog_path: Path) -> None:
    open_catalog(catalog_path).close()
    with sqlite3.connect(catalog_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '7777'")
    content = catalog_path.read_bytes()
    with pytest.raises(CatalogTooNewError, match="newer version of jupyter-envstore") as caught:
        open_catalog(catalog_path)
    assert caught.value.details["revision"] == "7777"
    assert catalog_path.read_bytes() == content


def test_processes_that_open_a_new_store_at_once_make_one_catalog(catalog_path: Path) -> None:
    code = """
        import sys
        from jupyter_envstore.catalog import open_catalog
        sys.stdin.readline()
        catalog = open_catalog(sys.argv[1])
        catalog.environments.create("local", sys.argv[2])
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), str(catalog_path), f"env{number}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=120)[1] for process in processes] == ["", "", "", ""]
    assert open_catalog(catalog_path).environments.list().total == 4


@pytest.mark.parametrize("content", [b"x", b"not a database at all, but longer than a header\n" * 100])
def test_a_file_that_is_no_database_is_refused_and_left_alone(catalog_path: Path, content: bytes) -> None:
    catalog_path.parent.mkdir(parents=True)
    catalog_path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or not a catalog"):
        open_catalog(catalog_path)
    assert catalog_path.read_bytes() == content


def test_a_damaged_catalog_is_refused_and_left_alone(catalog_path: Path) -> None:
    catalog = open_catalog(catalog_path)
    for number in range(50):
        catalog.environments.create("local", f"env{number}")
    catalog.close()
    content = bytearray(catalog_path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    catalog_path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        open_catalog(catalog_path).environments.list()
    assert catalog_path.read_bytes() == bytes(content)


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_the_database_of_another_program_is_refused_and_left_alone(catalog_path: Path, journal: str) -> None:
    catalog_path.parent.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(catalog_path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE recipe (name TEXT)")
    content = catalog_path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_catalog(catalog_path)
    assert catalog_path.read_bytes() == content


def test_a_folder_in_place_of_the_catalog_is_refused(catalog_path: Path) -> None:
    catalog_path.mkdir(parents=True)
    with pytest.raises(StoreError, match="is a folder"):
        open_catalog(catalog_path)


def test_a_file_in_place_of_the_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        open_catalog(tmp_path / "file" / "catalog.sqlite")


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "ünï ?#%20'\"; x" / "catalog.sqlite"
    catalog = open_catalog(path)
    catalog.environments.create("local", "analysis")
    catalog.close()
    assert path.exists()
    assert open_catalog(path).environments.list().total == 1


def test_only_its_owner_may_read_it(catalog_path: Path) -> None:
    catalog = open_catalog(catalog_path)
    catalog.environments.create("local", "analysis")
    files = [
        path for path in catalog_path.parent.iterdir() if path.name.startswith("catalog.sqlite") and path.stat().st_size
    ]
    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


READ_ONLY = """
    import os, sys, tempfile
    from pathlib import Path
    from jupyter_envstore.catalog import open_catalog
    from jupyter_envstore.errors import EnvStoreError
    with tempfile.TemporaryDirectory() as folder:
        # All that is imported late is imported here: the user below may not be able to read the libraries.
        open_catalog(Path(folder) / "catalog.sqlite").environments.create("local", "fine")
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    store = Path(sys.argv[1])
    def attempt(what):
        try:
            what()
            print("no error")
        except EnvStoreError as error:
            print(type(error).__name__, str(store) in error.message)
    store.mkdir()
    open_catalog(store / "catalog.sqlite").close()
    store.chmod(0o555)
    attempt(lambda: open_catalog(store / "catalog.sqlite"))
    attempt(lambda: open_catalog(store / "other.sqlite"))
    attempt(lambda: open_catalog(store / "deeper" / "catalog.sqlite"))
    store.chmod(0o755)
    (store / "catalog.sqlite").chmod(0o444)
    attempt(lambda: open_catalog(store / "catalog.sqlite"))
    (store / "catalog.sqlite").chmod(0o644)
    attempt(lambda: open_catalog(store / "catalog.sqlite").environments.create("local", "fine"))
"""


def test_a_read_only_store_is_refused_in_words(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):  # the unprivileged user of the child has to get there
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    tmp_path.chmod(0o777)
    result = run(READ_ONLY, tmp_path / "store")
    assert result.stderr == ""
    assert result.stdout.splitlines() == ["StoreReadOnlyError True"] * 4 + ["no error"]


def test_a_catalog_that_becomes_read_only_while_open_says_so(catalog_path: Path) -> None:
    catalog = open_catalog(catalog_path)
    with catalog._database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # what the database then answers to a write
    with pytest.raises(StoreReadOnlyError, match="cannot be written"):
        catalog.environments.create("local", "analysis")


def test_every_connection_holds_references_and_waits_for_others(catalog_path: Path) -> None:
    catalog = open_catalog(catalog_path)
    build_version(catalog)
    engine = catalog._database.engine
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            with pytest.raises(IntegrityError):
                connection.exec_driver_sql("DELETE FROM lock")
            connection.rollback()
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1  # NORMAL, since it is WAL


def test_a_network_file_system_gets_a_rollback_journal(catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def journal() -> str:
        with contextlib.closing(sqlite3.connect(catalog_path)) as connection:
            return str(connection.execute("PRAGMA journal_mode").fetchone()[0])

    open_catalog(catalog_path).close()
    assert journal() == "wal"
    with monkeypatch.context() as patch:
        patch.setattr(opening, "is_network_folder", lambda folder: True)
        catalog = open_catalog(catalog_path)  # a store that was moved there
        build_version(catalog)
        catalog.close()
        assert journal() == "delete"
        assert not list(catalog_path.parent.glob("*.lock"))
    assert open_catalog(catalog_path).environments.list().total == 1
    assert journal() == "wal"


def test_the_mount_that_holds_a_folder_decides() -> None:
    mounts = [("/", "ext4"), ("/home", "nfs4"), ("/home/mira/local", "xfs"), ("/mnt", "tmpfs"), ("/mnt", "CIFS")]

    def kind(folder: str) -> str:
        return file_system_type(Path(folder), mounts)

    assert kind("/var/lib") == "ext4"
    assert kind("/home/mira/.local") == "nfs4"
    assert kind("/home/mira/local/store") == "xfs"
    assert kind("/homes") == "ext4"
    assert kind("/mnt/x") == "cifs"


def test_a_temporary_folder_is_local(tmp_path: Path) -> None:
    assert is_network_folder(tmp_path / "not" / "there" / "yet") is False


def test_the_catalog_never_imports_what_only_servers_and_workers_need() -> None:
    forbidden = {"tornado", "jupyter_server", "rattler", "conda_lock", "traitlets"}
    for path in OURS.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & forbidden, path


PORTABLE = """
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateIndex, CreateTable
    from jupyter_envstore.catalog.models import Base
    from jupyter_envstore.catalog.tables import take_over_conditions
    take_over_conditions()
    dialect = postgresql.dialect()
    for table in Base.metadata.sorted_tables:
        print(" ".join(str(CreateTable(table).compile(dialect=dialect)).split()))
        for index in table.indexes:
            print(CreateIndex(index).compile(dialect=dialect))
"""


def test_the_tables_can_be_written_down_for_postgresql() -> None:
    result = run(PORTABLE)
    made = result.stdout.splitlines()
    unique = [line for line in made if line.startswith("CREATE UNIQUE INDEX uq_environment_namespace_id_key")]
    assert [line.partition(" WHERE ")[2] for line in unique] == ["deleted IS NULL"]
    assert sum(line.startswith("CREATE TABLE") for line in made) == len(Base.metadata.tables)
    assert any("created TIMESTAMP WITH TIME ZONE NOT NULL" in line for line in made)
