"""A package is pinned at its locked version and let go again, in its own line of the specification."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.store import StoreHome, finish
from small_packages_channel import write_small_channel

from jupyter_envstore.errors import InvalidInputError, SpecificationError
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.differences import offered_message
from jupyter_envstore.specification.pins import pin, pinned_version, unpin
from jupyter_envstore.store import EnvStore

TEXT = "name: work\ndependencies:\n  - app <2  # until the spring\n  - tool\n"


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    """A home with an empty store on a channel of small packages, two versions of some."""
    place = StoreHome(tmp_path / "home")
    place.root.mkdir()
    channel = write_small_channel(tmp_path / "channel").as_uri()
    place.settings = {"default_channels": [channel], "conda_environments_file": str(place.conda_list)}
    return place


@pytest.fixture
def work(store: EnvStore) -> EnvStore:
    """A store with `work`: `app` 1.0 below 2, `lib` 2.0 that came with it, and `tool`."""
    assert finish(store, store.builds.create("work", TEXT)).state == "ready"
    return store


def edited(store: EnvStore, **change: list[str]) -> str:
    """Build an edit of `work` and return its specification."""
    build = finish(store, store.builds.submit(store.drafts.edit("work", **change)))  # type: ignore[arg-type]
    assert build.state == "ready", build.error
    return store.versions.get("work").specification


def test_a_pin_is_the_locked_version_and_unpinning_gives_back_what_was_asked_for(work: EnvStore) -> None:
    text = edited(work, pin=["App"])
    assert text == TEXT.replace("app <2", "app ==1.0")
    assert work.versions.get("work").message == "Pin app at 1.0"
    # Versions in between and a pin moved by hand do not hide what it was before.
    edited(work, add=["extra"])
    edited(work, add=["app ==2.0"])
    text = edited(work, unpin=["app"])
    assert text == TEXT.replace("  - tool\n", "  - tool\n  - extra\n")
    assert work.versions.get("work").message == "Unpin app"
    assert {item.name: item.version for item in work.versions.packages("work")}["app"] == "1.0"


def test_what_came_with_others_gets_a_line_of_its_own_and_stays_there(work: EnvStore) -> None:
    draft = work.drafts.edit("work", pin=["lib", "tool"])
    assert draft.request.message == "Pin tool and lib"
    assert edited(work, pin=["lib"]) == TEXT + "  - lib ==2.0\n"
    assert work.versions.get("work").message == "Pin lib at 2.0"
    assert edited(work, unpin=["lib"]) == TEXT + "  - lib\n"


def test_a_pinned_package_is_not_moved_by_an_update(work: EnvStore) -> None:
    edited(work, add=["app", "lib <2"])
    edited(work, pin=["lib"])
    assert "lib ==1.0" in work.versions.get("work").specification
    done = finish(work, work.builds.submit(work.drafts.update("work")))
    assert (done.state, done.version) == ("ready", None)
    assert [note.code for note in done.warnings] == ["nothing_to_build"]
    edited(work, add=["lib"])
    done = finish(work, work.builds.submit(work.drafts.update("work")))
    assert done.state == "ready"
    assert {item.name: item.version for item in work.versions.packages("work")}["lib"] == "2.0"


def test_what_cannot_be_pinned_or_let_go_is_said(work: EnvStore) -> None:
    with pytest.raises(InvalidInputError, match=r"no package 'apq'.* Did you mean app"):
        work.drafts.edit("work", pin=["apq"])
    with pytest.raises(SpecificationError, match=r"`app` is not pinned at one version.* as `app <2`"):
        work.drafts.edit("work", unpin=["app"])
    with pytest.raises(SpecificationError, match=r"`lib` is not pinned at one version.* It is not among"):
        work.drafts.edit("work", unpin=["lib"])


def test_the_terminal_pins_and_lets_go(work: EnvStore, home: StoreHome) -> None:
    assert home.json("edit", "work", "--pin", "tool", "--dry-run")["message"] == "Pin tool at 1.0"
    assert home.run("edit", "work", "--pin", "tool").returncode == 0
    done = home.run("edit", "work", "--unpin", "tool", "--dry-run")
    assert (done.returncode, "“Unpin tool”" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("spec", "version"),
    [
        ("numpy ==2.3.5", "2.3.5"),
        ("conda-forge::numpy==2.3.5", "2.3.5"),
        ("numpy 2.3.5", "2.3.5"),
        ("torch ==1!2.7.0+cu118", "1!2.7.0+cu118"),
        ("numpy !=2.3.5", None),
        ("numpy[version='==1.0']", "1.0"),
        ("numpy=2.3.5", None),
        ("numpy ==2.3.*", None),
        ("numpy ==2.3.5|==2.3.4", None),
        ("numpy >=2", None),
        ("numpy", None),
    ],
)
def test_which_requirements_are_pins(spec: str, version: str | None) -> None:
    assert pinned_version(spec) == version


@pytest.mark.parametrize(
    ("asked", "pinned"),
    [
        ("numpy", "numpy ==2.3.5"),
        ("NumPy >=2,<3", "NumPy ==2.3.5"),
        ("conda-forge::numpy", "conda-forge::numpy ==2.3.5"),
        ("numpy=2.*=*mkl", "numpy ==2.3.5 *mkl"),
    ],
)
def test_channel_and_build_of_a_pinned_package_stay(asked: str, pinned: str) -> None:
    before = Specification.parse(f"dependencies:\n  - {asked}  # why\n")
    after = pin(before, "numpy", "2.3.5")
    assert after.text == f"dependencies:\n  - {pinned}  # why\n"
    assert unpin(after, "numpy", [after.text, before.text]).text == before.text
    assert offered_message(before, after) == "Pin numpy at 2.3.5"


def test_conditions_that_a_pin_would_lose_are_not_lost() -> None:
    with pytest.raises(SpecificationError, match="in brackets"):
        pin(Specification.parse("dependencies:\n  - numpy[md5=abc]\n"), "numpy", "1.0")
    two = Specification.parse("dependencies:\n  - lib >=1  # [linux]\n  - lib >=2  # [osx]\n")
    with pytest.raises(SpecificationError, match="lines 2, 3"):
        pin(two, "lib", "1.0")
