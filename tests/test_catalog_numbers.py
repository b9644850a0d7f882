"""Whatever is done in whatever order: numbers are never used again, and the active version is one that exists."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fixtures.catalog import Clock, claim, give_lock, publish, queue
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from jupyter_envstore.catalog import open_catalog
from jupyter_envstore.errors import ConflictError, NameTakenError, VersionNotFoundError


class Numbers(RuleBasedStateMachine):
    """One environment, a queue of builds, and a model of what its versions must be."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.catalog = open_catalog(Path(self.folder.name) / "catalog.sqlite", clock=self.clock)
        self.catalog.environments.create("local", "analysis")
        self.given: list[int] = []
        self.kept: set[int] = set()
        self.active: int | None = None
        self.waiting: list[tuple[int, int | None]] = []
        self.deleted = False

    def teardown(self) -> None:
        self.catalog.close()
        self.folder.cleanup()

    @precondition(lambda self: not self.deleted)
    @rule(parent=st.booleans())
    def ask(self, parent: bool) -> None:
        number = max(self.kept) if parent and self.kept else None
        self.waiting.append((queue(self.catalog, kind="edit", parent=number).id, self.active))

    @precondition(lambda self: self.waiting)
    @rule(index=st.integers(0, 100), outcome=st.sampled_from(["publish", "cancel", "die", "die after"]))
    def build(self, index: int, outcome: str) -> None:
        build_id, base = self.waiting.pop(index % len(self.waiting))
        build = self.catalog.builds.get(build_id)
        if outcome == "cancel":
            assert self.catalog.builds.request_cancel(build_id).state == "cancelled"
            return
        claim(self.catalog, build)
        give_lock(self.catalog, build)
        if outcome == "die":
            (recovered,) = self.catalog.builds.recover(lambda worker: False)
            if recovered.state == "queued":
                self.waiting.append((build_id, base))
            return
        version = publish(self.catalog, build, f"prefix{build_id}")
        assert version.number == (self.given[-1] if self.given else 0) + 1
        self.given.append(version.number)
        self.kept.add(version.number)
        if self.active == base:
            self.active = version.number
        if outcome == "publish":
            self.catalog.builds.finish(build_id, "worker")
        else:
            assert self.catalog.builds.recover(lambda worker: False)[0].state == "ready"

    @precondition(lambda self: self.given and not self.deleted)
    @rule(number=st.integers(1, 12))
    def activate(self, number: int) -> None:
        try:
            self.catalog.environments.set_active("local", "analysis", number)
        except VersionNotFoundError:
            assert number not in self.kept
        else:
            self.active = number

    @precondition(lambda self: self.given and not self.deleted)
    @rule(number=st.integers(1, 12))
    def delete(self, number: int) -> None:
        try:
            self.catalog.versions.delete("local", "analysis", number)
        except ConflictError:
            assert number == self.active
        except VersionNotFoundError:
            assert number not in self.kept
        else:
            self.kept.remove(number)

    @precondition(lambda self: not self.deleted and not self.waiting)
    @rule()
    def remove(self) -> None:
        self.catalog.environments.soft_delete("local", "analysis")
        self.deleted = True

    @precondition(lambda self: self.deleted)
    @rule()
    def undelete(self) -> None:
        self.catalog.environments.undelete("local", "analysis")
        self.deleted = False

    @precondition(lambda self: not self.deleted)
    @rule()
    def create_again(self) -> None:
        try:
            self.catalog.environments.create("local", "Analysis")
        except NameTakenError:
            assert self.given or self.waiting
        else:
            assert not self.given
            assert not self.waiting

    @invariant()
    def holds(self) -> None:
        if self.deleted:
            return
        everything = self.catalog.versions.list("local", "analysis", include_deleted=True).items
        assert [item.number for item in everything] == sorted(self.given, reverse=True)
        assert {item.number for item in everything if not item.deleted} == self.kept
        assert [item.number for item in everything if item.active] == ([self.active] if self.active else [])
        assert self.catalog.environments.get("local", "analysis").active_version == self.active
        assert self.active is None or self.active in self.kept


TestNumbers = Numbers.TestCase
TestNumbers.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    # The homes of all tests are made by a fixture, which hypothesis would like to have run for each example.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
