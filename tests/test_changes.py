"""What differs between two sets of packages, in which order it is told, and why each changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from jupyter_envstore.changes import PackageSet, compare
from jupyter_envstore.schemas import Package, PackageChange, PlatformChanges
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.differences import offered_message, unified_diff


def package(name: str, version: str, *depends: str, build: str = "0", size: int | None = 1000) -> Package:
    stem = f"{name}-{version}-{build}"
    return Package(
        name=name,
        version=version,
        build=build,
        platform="linux-64",
        url=f"https://channel.test/linux-64/{stem}.conda",
        sha256=hashlib.sha256(stem.encode()).hexdigest(),
        size=size,
        depends=list(depends),
    )


def changes_between(
    before: Sequence[Package],
    after: Sequence[Package],
    asked_before: Sequence[str] = (),
    asked_after: Sequence[str] | None = None,
    freed: Sequence[str] | None = None,
) -> PlatformChanges:
    asked = asked_before if asked_after is None else asked_after
    return compare("linux-64", PackageSet(before, asked_before), PackageSet(after, asked), freed=freed)


def only(changes: PlatformChanges) -> PackageChange:
    (change,) = changes.changes
    return change


def test_equal_sets_have_no_changes() -> None:
    packages = [package("a", "1"), package("b", "2")]
    assert changes_between(packages, packages[::-1]) == PlatformChanges(platform="linux-64", changes=[], same=2)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, package("a", "1"), "added"),
        (package("a", "1"), None, "removed"),
        (package("a", "1.9"), package("a", "1.10"), "upgraded"),
        (package("a", "1.0"), package("a", "1.0rc1"), "downgraded"),
        (package("a", "1", build="py312_0"), package("a", "1", build="py313_0"), "rebuilt"),
        (package("a", "1.0"), package("a", "1.0.0"), "rebuilt"),
    ],
)
def test_kinds(before: Package | None, after: Package | None, kind: str) -> None:
    change = only(changes_between([before] if before else [], [after] if after else []))
    assert change.kind == kind
    assert (change.before, change.after) == (before and before.version, after and after.version)


def test_the_same_file_from_a_mirror_is_no_change() -> None:
    here = package("a", "1")
    there = here.model_copy(update={"url": "https://mirror.test/linux-64/a-1-0.conda"})
    assert changes_between([here], [there]).changes == []


def test_what_was_asked_for_comes_first_then_kind_then_name() -> None:
    before = [package("gone", "1"), package("down", "2"), package("up", "1"), package("mine", "2")]
    after = [package("zebra", "1"), package("ant", "1"), package("down", "1"), package("up", "2"), package("mine", "1")]
    found = changes_between(before, after, ["mine"])
    assert [change.name for change in found.changes] == ["mine", "ant", "zebra", "up", "down", "gone"]
    assert [change.direct for change in found.changes] == [True, False, False, False, False, False]


def test_downloads_are_added_up_and_unknown_sizes_counted() -> None:
    before = [package("gone", "1", size=7), package("same", "1", size=70)]
    after = [package("same", "1", size=70), package("new", "1", size=700), package("odd", "1", size=None)]
    found = changes_between(before, after)
    assert (found.download, found.unknown_sizes, found.same) == (700, 1, 1)


def test_added_because_asked_for_or_needed() -> None:
    after = [package("old", "1", "lib"), package("polars", "1.35", "lib >=2"), package("lib", "2")]
    found = {
        change.name: change.why
        for change in changes_between([package("old", "1", "lib")], after, [], ["polars >=1"]).changes
    }
    assert (found["polars"].code, found["polars"].requirement) == ("asked", "polars >=1")
    # Whoever came with it is the reason, not who was there before.
    assert (found["lib"].code, found["lib"].by, found["lib"].requirement) == ("required", "polars 1.35", "lib >=2")


def test_removed_because_no_longer_asked_for_or_needed() -> None:
    before = [
        package("seaborn", "1", "base"),
        package("base", "1"),
        package("keeper", "1", "extra"),
        package("extra", "1"),
    ]
    found = {
        c.name: c.why
        for c in changes_between(before, [package("keeper", "2")], ["seaborn", "keeper"], ["keeper"]).changes
    }
    assert found["seaborn"].code == "asked"
    assert (found["base"].code, found["base"].text) == ("unneeded", "nothing needs it now")
    assert (found["extra"].code, found["extra"].text) == ("unneeded", "keeper 2 needs it no longer")


def test_moved_because_asked_for() -> None:
    change = only(changes_between([package("numpy", "1.26.4")], [package("numpy", "2.1")], ["numpy"], ["numpy >=2"]))
    assert (change.why.code, change.why.requirement, change.why.text) == ("asked", "numpy >=2", "you ask for >=2")


def test_moved_because_another_package_needs_it() -> None:
    before = [package("numpy", "1.26.4"), package("pandas", "2.1", "numpy")]
    after = [package("numpy", "2.1"), package("pandas", "2.3", "numpy >=2"), package("idle", "1", "numpy >=1")]
    found = {
        c.name: c.why for c in changes_between(before, after, ["pandas", "numpy"], ["pandas >=2.3", "numpy"]).changes
    }
    assert (found["numpy"].code, found["numpy"].by, found["numpy"].requirement) == (
        "required",
        "pandas 2.3",
        "numpy >=2",
    )


def test_moved_because_it_could_not_stay() -> None:
    before = [package("python", "3.12.1"), package("lib", "1", "python >=3.12,<3.13.0a0", build="py312_0")]
    after = [package("python", "3.13.1"), package("lib", "1", "python >=3.13,<3.14.0a0", build="py313_0")]
    found = {c.name: c.why for c in changes_between(before, after, ["python"], ["python=3.13"]).changes}
    assert (found["lib"].code, found["lib"].by) == ("incompatible", "python 3.13.1")
    assert found["python"].code == "asked"


def test_moved_because_an_update_let_it() -> None:
    before, after = [package("a", "1"), package("b", "1")], [package("a", "2"), package("b", "2")]
    assert {c.why.code for c in changes_between(before, after, freed=[]).changes} == {"freed"}
    named = {c.name: c.why.code for c in changes_between(before, after, freed=["a"]).changes}
    assert named == {"a": "freed", "b": "chosen"}
    assert {c.why.code for c in changes_between(before, after).changes} == {"chosen"}


def test_every_reason_has_words() -> None:
    before = [package("a", "1"), package("b", "1", "c"), package("c", "1")]
    after = [package("a", "2"), package("d", "1"), package("e", "1", "d")]
    assert all(change.why.text for change in changes_between(before, after, ["b"], ["e"]).changes)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[python]", "[python, scikit-learn]", "Add scikit-learn"),
        ("[python, seaborn]", "[python, polars, altair]", "Add polars and altair, remove seaborn"),
        ("[numpy]", "['numpy>=2']", "Change numpy>=2"),
        ("[a]", "[a, b, c, d, e, f]", "Add b, c, d and 2 more"),
        ("[numpy]", "['numpy ==2.3.5']", "Pin numpy at 2.3.5"),
        ("[numpy, scipy]", "['numpy ==2.3.5', 'scipy ==1.0']", "Pin numpy and scipy"),
        ("['numpy ==2.3.5']", "[numpy]", "Unpin numpy"),
        ("['numpy ==2.3.5']", "['numpy >=2']", "Change numpy >=2"),
        ("['numpy ==2.3.5']", "['numpy ==2.3.6']", "Change numpy ==2.3.6"),
        ("[python]", "[python, 'numpy ==2.3.5']", "Add numpy"),
        ("[a]\nchannels: [x]", "[a]\nchannels: [y]", "Change the channels"),
        ("[a]\nchannels: [x, y]", "[a]\nchannels: [y, x]", "Change the channels"),
        ("[a]\nchannels: [x]", "[a]\nchannels: [x, bioconda]", "Add channel bioconda"),
        ("[a]\nchannels: [x]", "[a]\nchannels: [y, x, z]", "Add channels y and z"),
        ("[a]\nchannels: [x, y]", "[a]\nchannels: [y]", "Remove channel x"),
        ("[a]", "[a]\nchannels: [y]", "Change the channels"),
        ("[a]\nvariables: {A: 1}", "[a]\nvariables: {A: 2, B: 3}", "Set A and B"),
        ("[a]\nvariables: {A: 1, B: 2}", "[a]\nvariables: {B: 3}", "Set B, remove variable A"),
        ("[a]", "[a] # why", "Edit the specification"),
    ],
)
def test_a_message_is_offered(before: str, after: str, message: str) -> None:
    one, other = (Specification.parse(f"dependencies: {text}\n") for text in (before, after))
    assert offered_message(one, other) == message


def test_the_diff_of_two_texts_is_unified() -> None:
    text = unified_diff("a\nb\n", "a\nc\n", "x@1", "x@2")
    assert text == "--- x@1\n+++ x@2\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    assert unified_diff("a", "a", "x", "y") == ""


def test_hostile_texts_do_no_harm() -> None:
    """Versions and requirements come from channels, and may be long and nested."""
    long = "9" * 100_000
    before = [package("a", long, f"b >={long}" + ",<1" * 10_000), package("b", "1." * 20_000 + "1")]
    after = [package("a", long + "1", "b " + "(" * 5_000), package("b", "1!" * 20_000 + "1")]
    assert len(changes_between(before, after, ["a"], ["a>=" + "1" * 500]).changes) == 2
