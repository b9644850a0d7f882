"""Versions made from versions: what stays, what is refused, what happens at once and what is built first."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.store import StoreHome, finish
from small_packages_channel import SMALL, write_small_channel

from jupyter_envstore.errors import (
    InvalidInputError,
    InvalidReferenceError,
    NameTakenError,
    NoRunnerError,
    NothingToBuildError,
    SpecificationError,
    UnsolvableError,
    VersionNotFoundError,
)
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.schemas import Build
from jupyter_envstore.store import EnvStore

TWO = SMALL + "  - extra\n"


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    """The folder of a channel with small packages for every platform."""
    return write_small_channel(tmp_path / "channel")


@pytest.fixture
def home(tmp_path: Path, channel: Path) -> StoreHome:
    """A home with an empty store on that channel."""
    place = StoreHome(tmp_path / "home")
    place.root.mkdir()
    place.settings = {"default_channels": [channel.as_uri()], "conda_environments_file": str(place.conda_list)}
    return place


@pytest.fixture
def small(store: EnvStore) -> EnvStore:
    """A store with `small`, whose version 1 has `tool` and what it needs."""
    built(store, store.builds.create("small", SMALL))
    return store


@pytest.fixture
def two(small: EnvStore) -> EnvStore:
    """A store with `small`, whose active version 2 has `extra` too."""
    edited(small, add=["extra"])
    return small


def built(store: EnvStore, build: Build) -> Build:
    """Run a build, which must succeed, to its end."""
    ended = finish(store, build)
    assert ended.state == "ready", ended.error
    return ended


def edited(store: EnvStore, ref: str = "small", **change: list[str]) -> Build:
    return built(store, store.builds.submit(store.drafts.edit(ref, **change)))  # type: ignore[arg-type]


def names(store: EnvStore, ref: str) -> set[str]:
    return {package.name for package in store.versions.packages(ref)}


def free(store: EnvStore, ref: str) -> Path:
    """Take a version's files away as a collection does."""
    version = store.versions.get(ref)
    prefix = Path(version.prefix or "")
    remove_tree(prefix)
    store.catalog.prefixes.set_state(version.prefix_hash or "", "freed")
    return prefix


# ---------------------------------------------------------------- edit


def test_an_edit_keeps_every_package_that_need_not_move(two: EnvStore) -> None:
    before = {package.url for package in two.versions.packages("small@1")}
    after = {package.url for package in two.versions.packages("small@2")}
    assert before < after
    assert "extra" in names(two, "small@2")
    assert two.versions.get("small").specification == SMALL + "  - extra\n"
    assert two.versions.get("small").message == "Add extra"
    assert two.versions.get("small@1").specification == SMALL, "a version never changes"


def test_an_edit_removes_what_only_the_removed_needed(two: EnvStore) -> None:
    edited(two, remove=["extra"])
    assert two.versions.get("small").message == "Remove extra"
    assert {p.url for p in two.versions.packages("small@3")} == {p.url for p in two.versions.packages("small@1")}
    assert two.versions.get("small@3").prefix == two.versions.get("small@1").prefix, (
        "the same packages are the same files"
    )


def test_an_edit_of_an_older_version_starts_from_that(two: EnvStore) -> None:
    edited(two, "small@1", add=["other"])
    assert two.versions.get("small@3").parent == 1
    assert not names(two, "small@3") & {"extra"}
    assert two.environments.get("small").active_version == 3


def test_a_whole_text_is_taken_as_it_is(small: EnvStore) -> None:
    text = TWO + "variables:\n  A: b\n"
    draft = small.drafts.edit("small", specification=text, message="By hand")
    built(small, small.builds.submit(draft))
    assert (small.versions.get("small").specification, small.versions.get("small").message) == (text, "By hand")


@pytest.mark.parametrize("change", [{"add": ["tool"]}, {"specification": SMALL}])
def test_an_edit_that_changes_nothing_is_not_built(small: EnvStore, change: dict[str, list[str]]) -> None:
    draft = small.drafts.edit("small", **change)  # type: ignore[arg-type]
    assert small.drafts.preview(draft).nothing_to_build
    with pytest.raises(NothingToBuildError, match="Nothing to build"):
        small.builds.submit(draft)
    assert small.builds.list().total == 1


def test_naming_what_came_along_makes_a_version_with_the_same_files(small: EnvStore) -> None:
    """It must: the next edit would otherwise drop what the person asked for."""
    along = sorted(names(small, "small") - {"tool"})[0]
    preview = small.drafts.preview(small.drafts.edit("small", add=[along]))
    assert preview.comparison.platforms[0].changes == []
    assert not preview.nothing_to_build
    edited(small, add=[along])
    assert small.versions.get("small@2").prefix == small.versions.get("small@1").prefix


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"remove": ["nothing"]}, SpecificationError),
        ({"add": ["a b c d"]}, SpecificationError),
        ({"specification": "dependencies: {"}, SpecificationError),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(
    small: EnvStore, change: dict[str, list[str]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        small.drafts.edit("small", **change)  # type: ignore[arg-type]
    assert small.builds.list().total == 1


def test_a_conflict_is_explained_and_the_active_version_stays(small: EnvStore) -> None:
    draft = small.drafts.edit("small", add=["lib <2", "app >=2"])
    with pytest.raises(UnsolvableError) as caught:
        small.drafts.preview(draft)
    build = finish(small, small.builds.submit(draft))
    assert build.state == "failed"
    assert build.error is not None
    for details in (caught.value.details, build.error.details):
        explanation = details["explanation"]
        assert explanation["conflict"]
        assert explanation["relaxations"]
    assert small.environments.get("small").active_version == 1
    assert small.environments.get("small").state == "ready"


def test_two_edits_at_once_are_both_built_and_the_later_is_offered(small: EnvStore) -> None:
    one = small.builds.submit(small.drafts.edit("small", add=["extra"]))
    other = small.builds.submit(small.drafts.edit("small", add=["other"]))
    for build in (one, other):
        built(small, build)
    numbers = [small.builds.get(build.id).version for build in (one, other)]
    assert numbers == [2, 3]
    assert small.environments.get("small").active_version == 2
    assert [small.versions.get(f"small@{number}").parent for number in numbers] == [1, 1]
    assert "other" in names(small, "small@3")
    assert small.versions.activate("small@3").environment.active_version == 3


def test_platforms_that_were_asked_for_once_stay(store: EnvStore) -> None:
    built(store, store.builds.create("small", SMALL, platforms=["osx-arm64"]))
    edited(store, add=["other"])
    assert store.versions.get("small").platforms == ["linux-64", "osx-arm64"]
    comparison = store.versions.compare("small@1", "small@2")
    assert [part.platform for part in comparison.platforms] == ["linux-64", "osx-arm64"]
    assert [change.name for change in comparison.platforms[1].changes][:1] == ["other"]


# ---------------------------------------------------------------- update


def test_an_update_moves_all_packages_or_those_named(store: EnvStore) -> None:
    built(store, store.builds.create("small", "name: small\ndependencies: [lib <2, app <2, tool]\n"))
    text = "name: small\ndependencies: [lib, app, tool]\n"
    built(store, store.builds.submit(store.drafts.edit("small", specification=text)))
    kept = {package.name: package.version for package in store.versions.packages("small@2")}
    assert (kept["lib"], kept["app"]) == ("1.0", "1.0"), "an edit moves nothing that fits"

    named = store.drafts.preview(store.drafts.update("small", ["app"]))
    found = {change.name: change.why for change in named.comparison.platforms[0].changes}
    assert {name: why.code for name, why in found.items()} == {"app": "freed", "lib": "required"}
    assert (found["lib"].by, found["lib"].requirement) == ("app 2.0", "lib >=2")
    assert named.message == "Update app"
    alone = store.drafts.preview(store.drafts.update("small", ["lib"]))
    assert [change.name for change in alone.comparison.platforms[0].changes] == ["lib"]

    build = finish(store, store.builds.submit(store.drafts.update("small")))
    assert (build.state, build.kind) == ("ready", "update")
    now = {package.name: package.version for package in store.versions.packages("small@3")}
    assert (now["lib"], now["app"]) == ("2.0", "2.0")
    assert store.versions.get("small").specification == text
    again = finish(store, store.builds.submit(store.drafts.update("small")))
    assert (again.state, again.version) == ("ready", None)
    assert [note.code for note in again.warnings] == [NothingToBuildError.code]
    assert store.environments.get("small").active_version == 3
    assert store.environments.get("small").state == "ready"


def test_only_what_is_there_can_be_updated(small: EnvStore) -> None:
    with pytest.raises(InvalidInputError, match="Did you mean tool"):
        small.drafts.update("small", ["tol"])


# ---------------------------------------------------------------- activate


def test_activating_needs_a_number_that_exists(small: EnvStore) -> None:
    with pytest.raises(InvalidReferenceError, match="small@1"):
        small.versions.activate("small")
    with pytest.raises(VersionNotFoundError):
        small.versions.activate("small@7")
    assert small.versions.activate("small@1").previous == 1, "once more does no harm"


def test_a_freed_version_is_built_again_from_its_lock_and_then_active(two: EnvStore) -> None:
    prefix, lock = free(two, "small@1"), two.versions.get("small@1").lock
    switch = two.versions.activate("small@1")
    assert switch.build is not None
    assert (switch.build.kind, switch.previous) == ("rebuild", 2)
    assert two.environments.get("small").active_version == 2, "until it is there"
    built(two, switch.build)
    assert two.environments.get("small").active_version == 1
    assert (two.layout.environments / "small").resolve() == prefix.resolve()
    assert two.versions.get("small@1").lock == lock
    assert two.versions.verify("small@1").problems == []
    assert two.versions.list("small").total == 2, "no version was made"


def test_files_that_were_lost_unseen_are_made_again_too(two: EnvStore) -> None:
    remove_tree(Path(two.versions.get("small@1").prefix or ""))
    switch = two.versions.activate("small@1")
    assert switch.build is not None
    built(two, switch.build)
    assert two.environments.get("small").active_version == 1


def test_a_rebuilt_version_does_not_undo_a_later_choice(two: EnvStore) -> None:
    edited(two, add=["other"])
    free(two, "small@1")
    switch = two.versions.activate("small@1")
    two.versions.activate("small@2")
    assert switch.build is not None
    built(two, switch.build)
    assert two.environments.get("small").active_version == 2
    assert two.versions.get("small@1").prefix_state == "ready"


def test_packages_gone_from_the_channel_keep_the_active_version(two: EnvStore, channel: Path) -> None:
    edited(two, remove=["extra"])
    free(two, "small@2")
    remove_tree(two.layout.package_cache)
    (channel / "noarch" / "extra-1.0-0.conda").unlink()
    switch = two.versions.activate("small@2")
    assert switch.build is not None
    build = finish(two, switch.build)
    assert build.state == "failed"
    assert build.error is not None
    assert "extra" in build.error.message
    assert two.environments.get("small").active_version == 3
    assert two.environments.get("small").state == "ready"


def test_a_rebuild_is_not_left_to_nobody(two: EnvStore) -> None:
    free(two, "small@1")
    with pytest.raises(NoRunnerError):
        two.versions.activate("small@1", wait=False)
    assert two.builds.list().total == 2


# ---------------------------------------------------------------- pin, clone


def test_a_version_is_pinned_and_unpinned(small: EnvStore) -> None:
    assert small.versions.pin("small@1").pinned
    assert small.versions.get("small@1").pinned
    assert not small.versions.pin("small@1", False).pinned
    with pytest.raises(InvalidReferenceError):
        small.versions.pin("small")


def test_a_clone_has_the_very_lock_under_its_own_name(two: EnvStore) -> None:
    built(two, two.builds.clone("small@1", "team/other"))
    clone, source = two.versions.get("team/other"), two.versions.get("small@1")
    assert (clone.number, clone.lock, clone.prefix) == (1, source.lock, source.prefix)
    assert clone.message == "Clone of local/small@1"
    assert "name: other" in clone.specification
    assert "# mine" in clone.specification
    assert two.versions.packages("team/other") == two.versions.packages("small@1"), "sizes and requirements included"
    built(two, two.builds.submit(two.drafts.edit("team/other", add=["other"])))
    assert two.environments.get("small").active_version == 2
    with pytest.raises(NameTakenError):
        two.builds.clone("small", "team/other")


def test_who_pinned_a_version_is_recorded_once(two: EnvStore) -> None:
    for _ in range(2):
        two.versions.pin("small@1", by="mira")
    two.versions.pin("small@1", False, by="ole")
    told = [(event.who, event.what) for event in two.catalog.events.list(subject="local/small@1").items]
    assert told == [("ole", "version.unpin"), ("mira", "version.pin")]
