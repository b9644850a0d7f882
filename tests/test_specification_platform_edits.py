"""Edits for one platform leave every other platform what it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.platform_edits import USUAL_PLATFORMS, change_for_platform, changed_lines
from jupyter_envstore.specification.selectors import SELECTABLE_PLATFORMS, cover, platforms_of_word, with_selector

TEXT = """\
name: analysis  # mine
channels: [conda-forge]
dependencies:
  - python=3.12
  - extra >=2  # plots
  # a remark
  - tool
"""


def lines_of(text: str, name: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if name in line]


def test_package_is_left_out_on_one_platform() -> None:
    after = change_for_platform(Specification.parse(TEXT), "win-64", ["extra >=2"], [])
    assert lines_of(after.text, "extra") == ["- extra >=2  # plots [unix]"]
    assert after.dependencies_for("win-64") == ("python=3.12", "tool")
    assert after.dependencies_for("osx-arm64") == ("python=3.12", "extra >=2", "tool")
    assert "  # a remark\n" in after.text


def test_line_is_written_for_each_group_of_the_others() -> None:
    after = change_for_platform(Specification.parse(TEXT), "osx-arm64", ["tool"], [])
    assert lines_of(after.text, "tool") == ["- tool  # [linux]", "- tool  # [win]", "- tool  # [osx64]"]


def test_other_requirement_stands_for_that_platform_alone() -> None:
    after = change_for_platform(Specification.parse(TEXT), "win-64", ["extra >=2"], ["extra <2"])
    assert lines_of(after.text, "extra") == ["- extra >=2  # plots [unix]", "- extra <2  # [win64]"]
    assert after.dependencies_for("win-64") == ("python=3.12", "extra <2", "tool")


def test_two_platforms_one_after_the_other() -> None:
    once = change_for_platform(Specification.parse(TEXT), "win-64", ["tool"], [])
    twice = change_for_platform(once, "osx-arm64", ["tool"], [])
    assert lines_of(twice.text, "tool") == ["- tool  # [linux]", "- tool  # [osx64]"]
    assert twice.dependencies_for("win-64") == twice.dependencies_for("osx-arm64") == ("python=3.12", "extra >=2")


def test_changed_lines_lead_from_one_text_to_the_other() -> None:
    after = change_for_platform(Specification.parse(TEXT), "osx-arm64", ["tool", "extra >=2"], ["tool 1.*"]).text
    lines = TEXT.split("\n")
    for line, removed, added in reversed(changed_lines(TEXT, after)):
        assert lines[line - 1 : line - 1 + len(removed)] == removed
        lines[line - 1 : line - 1 + len(removed)] = added
    assert "\n".join(lines) == after


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("dependencies: [tool, python]\n", "win-64"),
        (TEXT, "linux-s390x"),
        (TEXT.replace("- tool", "- tool  # [win]"), "linux-64"),
        ("dependencies:\n  - &a tool\n  - python\nvariables: {A: *a}\n", "win-64"),
    ],
)
def test_what_cannot_be_written_is_refused(text: str, platform: str) -> None:
    with pytest.raises(SpecificationError):
        change_for_platform(Specification.parse(text), platform, ["tool"], [])


@settings(deadline=None, max_examples=60)
@given(
    comment=st.sampled_from(["", "  # why", "  # see [1]", "  # (old)", "  # [unix]", "  # why [linux]", " #x"]),
    platform=st.sampled_from(USUAL_PLATFORMS),
    add=st.sampled_from([[], ["tool 1.*"], ["other::tool", "more"]]),
)
def test_conda_lock_reads_the_change_as_it_is_meant(comment: str, platform: str, add: list[str]) -> None:
    from conda_lock.src_parser.selectors import filter_platform_selectors

    before = Specification.parse(f"dependencies:\n  - python\n  - tool{comment}\n")
    try:
        after = change_for_platform(before, platform, ["tool"], add)
    except SpecificationError:
        assert "tool" not in before.dependencies_for(platform)
        return
    for other in USUAL_PLATFORMS:
        theirs = [line.split("#")[0].strip() for line in filter_platform_selectors(after.text, platform=other)]
        wanted = before.dependencies_for(other) if other != platform else ("python", *add)
        assert [line[2:] for line in theirs if line.startswith("- ")] == list(wanted)


@given(wanted=st.sets(st.sampled_from(SELECTABLE_PLATFORMS)))
def test_selectors_cover_exactly_what_they_are_to(wanted: set[str]) -> None:
    words = cover(wanted, avoid=set(SELECTABLE_PLATFORMS) - wanted)
    assert frozenset().union(*(platforms_of_word(word) for word in words)) == wanted


def test_no_selector_fits_behind_a_parenthesis_that_never_ends() -> None:
    assert with_selector("- a  # (see [x])", "win") == "- a  # (see [x]) [win]"
    with pytest.raises(ValueError, match="no selector"):
        with_selector("- a", "w]in")
