"""Selectors keep and leave out exactly the lines that conda-lock keeps and leaves out."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envstore.specification.selectors import SELECTABLE_PLATFORMS, filter_lines

PIECES = [
    "- a", "  ", "#", "[linux]", "[win]", "[unix]", "[osx]", "[arm64]", "[linux64]", "[not osx]", "[]", "[", "]", "(",
    ")", " why", "[a]", "\t", "- b[version='1']",
]  # fmt: skip


@pytest.mark.parametrize("platform", SELECTABLE_PLATFORMS)
@settings(deadline=None, max_examples=300)
@given(line=st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
def test_a_line_is_kept_when_conda_lock_keeps_it(platform: str, line: str) -> None:
    from conda_lock.src_parser.selectors import filter_platform_selectors

    logging.getLogger("conda_lock.src_parser.selectors").setLevel(logging.ERROR)
    theirs = list(filter_platform_selectors(line, platform=platform))
    if line.lstrip().startswith("#"):
        assert theirs == []  # a comment: dropped there, kept here, the same to YAML
        assert filter_lines(line, platform) == line
    else:
        assert filter_lines(line, platform) == "".join(theirs)


def test_line_numbers_stay_what_they_are() -> None:
    assert filter_lines("a\nb # [win]\nc", "linux-64") == "a\n\nc"
