"""What the catalog's queries cost: a number of statements that does not grow, and an index for every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fixtures.catalog import admitted, build_version, hash_of, package, queue
from sqlalchemy import event

from jupyter_envstore.catalog import Catalog, finding
from jupyter_envstore.catalog.models import Base
from jupyter_envstore.schemas import ACTIVE_STATES


@contextmanager
def statements(catalog: Catalog) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that run within the block, but for those that begin and end transactions."""
    engine = catalog._database.engine
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count(catalog: Catalog, call: Callable[[], object]) -> int:
    """Return how many statements a call runs."""
    with statements(catalog) as seen:
        call()
    return len(seen)


def plan(catalog: Catalog, call: Callable[[], object]) -> list[str]:
    """Return how SQLite goes about each statement that the call runs, one line a step."""
    with statements(catalog) as seen:
        call()
    steps: list[str] = []
    with catalog._database.engine.connect() as connection:
        for statement, parameters in seen:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row[3] for row in rows]
    return steps


READS: dict[str, Callable[[Catalog], object]] = {
    "environments": lambda catalog: catalog.environments.list(),
    "environments by name": lambda catalog: catalog.environments.list(search="env"),
    "environments by package": lambda catalog: catalog.environments.list(package="python"),
    "find": lambda catalog: catalog.findings.list("python"),
    "find a range": lambda catalog: catalog.findings.list("python >=1"),
    "environments by namespace": lambda catalog: catalog.environments.list(namespace="local"),
    "one environment": lambda catalog: catalog.environments.get("local", "env0"),
    "versions": lambda catalog: catalog.versions.list("local", "env0"),
    "all active versions": lambda catalog: catalog.versions.all_active(),
    "builds": lambda catalog: catalog.builds.list(),
    "builds by state": lambda catalog: catalog.builds.list(states=ACTIVE_STATES),
    "builds of one environment": lambda catalog: catalog.builds.list(namespace="local", name="env0"),
    "planned updates": lambda catalog: catalog.schedules.due(),
    "packages": lambda catalog: catalog.locks.packages(hash_of(repr(("python", "numpy")))),
    "changes": lambda catalog: catalog.changes_since(0),
    "former names": lambda catalog: catalog.aliases.all(),
    "former names of one environment": lambda catalog: catalog.aliases.of("local", "env0"),
    "an environment by a former name": lambda catalog: catalog.environments.get("local", "once"),
}


@pytest.mark.parametrize("name", READS)
def test_the_number_of_statements_does_not_depend_on_the_rows(catalog: Catalog, name: str) -> None:
    build_version(catalog, "once", names=("python", "numpy"))
    catalog.aliases.rename("local", "once", "local", "env0")
    queue(catalog, "env0", kind="edit")
    few = count(catalog, lambda: READS[name](catalog))
    for number in range(1, 12):
        build_version(catalog, f"before{number}", names=("python", f"package{number}"))
        catalog.aliases.rename("local", f"before{number}", "local", f"env{number}")
        build_version(catalog, "env0", kind="edit", names=("python", f"package{number}"))
        queue(catalog, f"env{number}", kind="edit")
    assert count(catalog, lambda: READS[name](catalog)) == few <= 4


def test_a_lock_is_kept_with_few_statements(catalog: Catalog) -> None:
    judged = admitted(package(f"package{number}") for number in range(300))
    assert count(catalog, lambda: catalog.locks.put(hash_of("large"), {}, judged)) <= 7


ALL_OF_IT = {"all active versions": {"environment"}, "former names": {"alias"}, "builds": {"build"}}
"""What is meant to go through a table: all of its rows, or the newest in the table's own order."""


@pytest.mark.parametrize("name", READS)
def test_no_page_goes_through_a_table_without_an_index(catalog: Catalog, name: str) -> None:
    build_version(catalog, "once", names=("python", "numpy"))
    catalog.aliases.rename("local", "once", "local", "env0")
    scanned = {
        step.split()[1]
        for step in plan(catalog, lambda: READS[name](catalog))
        if step.startswith("SCAN") and " USING " not in step
    }
    assert scanned & set(Base.metadata.tables) <= ALL_OF_IT.get(name, set())


def test_a_package_that_many_have_is_found_another_way(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        build_version(catalog, f"env{number}", names=("python", "rare") if number == 3 else ("python",))
    catalog.environments.soft_delete("local", "env5")

    def read(package: str) -> tuple[list[str], int]:
        page = catalog.environments.list(package=package, limit=3)
        rest = catalog.environments.list(package=package, cursor=page.next).items if page.next else []
        return sorted(item.name for item in [*page.items, *rest]), page.total

    rarely = read("python"), read("rare"), read("none")
    monkeypatch.setattr(finding, "WIDESPREAD", 1)
    catalog.environments.describe("local", "env0", "so that nothing remembered is answered")
    assert (read("python"), read("rare"), read("none")) == rarely
    listed = plan(catalog, lambda: catalog.environments.list(package="python"))
    assert not any("ix_version_lock_id" in step for step in listed), "no version is fetched for its lock alone"
    monkeypatch.setattr(finding, "COMMON_PACKAGE", 1)
    catalog.environments.describe("local", "env0", "once more")
    assert (read("python"), read("rare"), read("none")) == rarely
    assert rarely == ((["env0", "env1", "env2", "env3", "env4"], 5), (["env3"], 1), ([], 0))
    steps = plan(catalog, lambda: catalog.environments.list(package="python"))
    assert any("ix_lock_package_package_id_lock_id (package_id=? AND lock_id=?)" in step for step in steps)


def test_totals_are_counted_again_only_after_a_change(catalog: Catalog) -> None:
    build_version(catalog, "env0")
    first = count(catalog, lambda: catalog.environments.list())
    assert count(catalog, lambda: catalog.environments.list()) == first - 1
    catalog.environments.create("local", "env1")
    assert catalog.environments.list().total == 2
    assert catalog.environments.list(search="env1").total == 1
    with pytest.raises(ZeroDivisionError), catalog.transaction():
        catalog.environments.create("local", "env2")
        assert catalog.environments.list().total == 3
        raise ZeroDivisionError
    assert catalog.environments.list().total == 2


@pytest.mark.parametrize(
    ("read", "index"),
    [
        (lambda catalog: catalog.environments.list(), "ix_environment_updated_id"),
        (lambda catalog: catalog.environments.list(namespace="local"), "ix_environment_namespace_id_updated_id"),
        (lambda catalog: catalog.environments.list(package="python"), "ix_package_name_version (name=?)"),
        (lambda catalog: catalog.environments.list(package="python"), "ix_lock_package_package_id_lock_id"),
        (lambda catalog: catalog.environments.list(package="python"), "ix_version_lock_id"),
        (lambda catalog: catalog.environments.list(), "ix_build_unfinished (environment_id=?)"),
        (lambda catalog: catalog.environments.list(), "ix_build_environment_id_id (environment_id=?)"),
        (
            lambda catalog: catalog.environments.get("local", "env0"),
            "environment_namespace_id_key (namespace_id=? AND key",
        ),
        (
            lambda catalog: catalog.environments.get("local", "env0", include_deleted=True),
            "ix_environment_namespace_id_key (namespace_id=? AND key=?)",
        ),
        (lambda catalog: catalog.versions.list("local", "env0"), "sqlite_autoindex_version_1 (environment_id=?"),
        (lambda catalog: catalog.builds.list(states=ACTIVE_STATES), "ix_build_state_id (state=?"),
        (lambda catalog: catalog.builds.claim("worker", max_running=2), "ix_build_state_id (state=?)"),
        (lambda catalog: catalog.changes_since(0), "ix_build_sequence (sequence>?)"),
        (lambda catalog: catalog.changes_since(0), "ix_environment_sequence (sequence>?)"),
        (lambda catalog: catalog.builds.recover(), "ix_build_state_id (state=?)"),
        (lambda catalog: catalog.events.list(subject="local/env0"), "ix_event_subject_id (subject=?)"),
        (lambda catalog: catalog.locks.exists(hash_of("x")), "sqlite_autoindex_lock_1 (hash=?)"),
    ],
)
def test_the_index_made_for_it_is_used(catalog: Catalog, read: Callable[[Catalog], object], index: str) -> None:
    build_version(catalog, "env0", names=("python", "numpy"))
    queue(catalog, "env0", kind="edit")
    steps = plan(catalog, lambda: read(catalog))
    assert any(index in step for step in steps), steps


@pytest.mark.parametrize("name", ["environments", "environments by namespace", "builds", "versions"])
def test_a_page_is_read_in_order_and_not_sorted_as_a_whole(catalog: Catalog, name: str) -> None:
    build_version(catalog, "env0", names=("python", "numpy"))
    with statements(catalog) as seen:
        READS[name](catalog)
    page = [(sql, parameters) for sql, parameters in seen if "LIMIT" in sql]
    assert page
    with catalog._database.engine.connect() as connection:
        for sql, parameters in page:
            steps = [
                (row[0], row[1], row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            ]
            sorts = [parent for _, parent, step in steps if "TEMP B-TREE FOR ORDER BY" in step]
            # The outermost sort is of one page; a sort inside the subquery that picks it would be of everything.
            assert all(parent == 0 for parent in sorts), steps
