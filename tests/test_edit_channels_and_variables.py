"""An edit of channels and variables changes their lines and no others, as does the one behind the panel's table."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.store import StoreHome, finish
from small_channels import write_channel
from small_packages import SmallPackage, write_package
from small_packages_channel import write_small_channel

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.store import EnvStore

TEXT = """\
# what the course needs
name: course
channels:
  - {first}   # ours
dependencies:
  - tool  # mine
  - lib >=1
variables:
  MODE: fast  # or slow
"""


@pytest.fixture
def first(tmp_path: Path) -> str:
    """A channel of small packages."""
    return write_small_channel(tmp_path / "first").as_uri()


@pytest.fixture
def second(tmp_path: Path) -> str:
    """A channel that has one package, `rare`, and no other."""
    folder = tmp_path / "second"
    written = write_package(SmallPackage("rare", files={"share/rare": b"rare"}), folder)
    fields = ("name", "version", "build", "depends", "md5", "sha256", "size")
    record = {**{key: written[key] for key in fields}, "build_number": 0, "timestamp": 1_700_000_000_000}
    return write_channel(folder, [record])


@pytest.fixture
def home(tmp_path: Path, first: str) -> StoreHome:
    """A home whose store looks into the first channel."""
    place = StoreHome(tmp_path / "home")
    place.root.mkdir()
    place.settings = {"default_channels": [first], "conda_environments_file": str(place.conda_list)}
    return place


@pytest.fixture
def course(store: EnvStore, first: str) -> EnvStore:
    """A store with `course`, whose specification has comments in every part."""
    assert finish(store, store.builds.create("course", TEXT.format(first=first))).state == "ready"
    return store


def test_a_channel_is_added_and_what_it_has_is_built(course: EnvStore, first: str, second: str) -> None:
    draft = course.drafts.edit("course", add=["rare"], channels=[first, second])
    assert draft.request.message == f"Add rare, add channel {second}"
    assert finish(course, course.builds.submit(draft)).state == "ready"
    assert {item.name: item.channel for item in course.versions.packages("course")}["rare"] == second
    text = course.versions.get("course").specification
    assert text == TEXT.format(first=first).replace("   # ours\n", f"   # ours\n  - {second}\n").replace(
        "  - lib >=1\n", "  - lib >=1\n  - rare\n"
    )

    # Taken away again: its line goes, and nothing else.
    draft = course.drafts.edit("course", remove=["rare"], remove_channels=[second])
    assert draft.request.message == f"Remove rare, remove channel {second}"
    assert draft.request.specification == TEXT.format(first=first)


def test_the_order_of_channels_is_the_given_one(course: EnvStore, first: str, second: str) -> None:
    draft = course.drafts.edit("course", channels=[second, first])
    assert f"channels:\n  - {second}\n  - {first}   # ours\n" in draft.request.specification


def test_a_channel_is_added_to_those_of_the_configuration_where_none_is_named(
    store: EnvStore, first: str, second: str
) -> None:
    assert finish(store, store.builds.create("plain", "name: plain\ndependencies:\n  - tool\n")).state == "ready"
    draft = store.drafts.edit("plain", add_channels=[second])
    assert draft.request.specification == (
        f"name: plain\nchannels:\n  - {first}\n  - {second}\ndependencies:\n  - tool\n"
    )
    assert draft.request.message == "Change the channels"


def test_variables_are_set_and_taken_away_and_reach_the_version(course: EnvStore) -> None:
    draft = course.drafts.edit("course", variables={"MODE": "slow", "LEVEL": "3.10"})
    assert draft.request.message == "Set MODE and LEVEL"
    assert "  MODE: slow  # or slow\n  LEVEL: '3.10'\n" in draft.request.specification
    assert finish(course, course.builds.submit(draft)).state == "ready"
    draft = course.drafts.edit("course", variables={"MODE": None})
    assert draft.request.message == "Remove variable MODE"
    assert "MODE" not in draft.request.specification
    assert "  LEVEL: '3.10'\n" in draft.request.specification


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"variables": {"MOED": None}}, "no variable `MOED`. Did you mean `MODE`?"),
        ({"variables": {"A: 1\n  B": "2"}}, "is no name of a variable"),
        ({"variables": {"2ND": "x"}}, "is no name of a variable"),
        ({"variables": {"A": "x\x00"}}, "a control character"),
        ({"variables": {"A": "https://me:secret@host/"}}, "password or token"),
        ({"channels": ["https://me:secret@host/channel"]}, "password or token"),
        ({"channels": ["../elsewhere"]}, "as an address"),
        ({"channels": ["conda-forge", "x\n  - y"]}, "cannot"),
        ({"remove_channels": ["bioconda"]}, "no channel `bioconda`"),
    ],
)
def test_what_is_not_there_or_not_allowed_is_refused_in_words(
    course: EnvStore, edit: dict[str, object], words: str
) -> None:
    with pytest.raises(SpecificationError) as caught:
        course.drafts.edit("course", **edit)  # type: ignore[arg-type]
    assert words in caught.value.message
    assert "secret" not in caught.value.message


def test_a_value_that_looks_like_yaml_stays_one_value(course: EnvStore) -> None:
    for value in ("a: b", "x # y", "- z", "yes", "", "it's", '"', "two\nlines", "*a", "{b}", " blank "):
        draft = course.drafts.edit("course", variables={"ODD": value})
        assert course.drafts.check(draft.request.specification).variables["ODD"] == value


def test_a_text_is_edited_as_a_version_is_and_told_about(course: EnvStore, first: str, second: str) -> None:
    text = TEXT.format(first=first)
    edited = course.drafts.edit_text(
        text, add=["extra"], remove=["lib"], channels=[first, second], variables={"MODE": None, "N": "1"}, name="other"
    )
    same = course.drafts.edit(
        "course", add=["extra"], remove=["lib"], channels=[first, second], variables={"MODE": None, "N": "1"}
    )
    assert edited.specification == same.request.specification.replace("name: course", "name: other")
    assert "# what the course needs" in edited.specification
    report = edited.report
    assert (report.valid, report.name, report.dependencies) == (True, "other", ["tool", "extra"])
    assert (report.channels, report.variables) == ([first, second], {"N": "1"})
    untouched = course.drafts.edit_text(text)
    assert untouched.specification == text
    with pytest.raises(SpecificationError, match="Line 2"):
        course.drafts.edit_text("dependencies:\n - [", add=["a"])


def test_the_terminal_says_the_same(course: EnvStore, home: StoreHome, second: str) -> None:
    preview = home.json(
        *("edit", "course", "--channel", second, "--variable", "MODE=a=b", "--variable", "N=", "--dry-run")
    )
    assert preview["message"] == f"Add channel {second}, set MODE and N"
    assert "MODE: a=b  # or slow" in preview["specification"]
    assert "N: ''" in preview["specification"]
    gone = home.json("edit", "course", "--remove-variable", "MODE", "--dry-run")
    assert gone["message"] == "Remove variable MODE"
    for wrong in (["--variable", "MODE"], []):
        assert home.run("edit", "course", *wrong).returncode == 2
    done = home.run("edit", "course", "--remove-channel", "bioconda")
    assert (done.returncode, "no channel `bioconda`" in done.stderr) == (1, True)
