"""Names that environments may have, and the ways to write which one is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_envstore.errors import InvalidInputError, InvalidNameError, InvalidReferenceError
from jupyter_envstore.references import Reference, check_name, parse_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("analysis", Reference("local", "analysis")),
        ("team/analysis", Reference("team", "analysis")),
        ("analysis@3", Reference("local", "analysis", 3)),
        ("team/geo-2.1_x@12", Reference("team", "geo-2.1_x", 12)),
        ("A" * 64, Reference("local", "A" * 64)),
    ],
)
def test_a_reference_is_read_and_written_back(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference
    assert parse_reference(str(reference)) == reference


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".hidden", "-x", "a b", "a/b/c", "/a", "a/", "a\\b", "a\0", "a\n", "a\x1b[2J", "x" * 300,
     "é", "анализ", "分析", "a--b", "a:b", "a%2fb", "a@", "~"],
)  # fmt: skip
def test_a_name_that_could_do_harm_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_reference(name)
    assert caught.value.exit_status == 2
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


@pytest.mark.parametrize("text", ["a@0", "a@-1", "a@x", "a@1@2", "a@", "a@9999999999", "a@٣"])
def test_what_follows_the_at_sign_is_a_version_number(text: str) -> None:
    with pytest.raises(InvalidReferenceError, match="version number"):
        parse_reference(text)


def test_the_message_says_which_rule_a_name_breaks() -> None:
    with pytest.raises(InvalidNameError, match="300 characters"):
        check_name("x" * 300)
    with pytest.raises(InvalidNameError, match="two hyphens"):
        check_name("a--b")


@given(st.text())
def test_any_text_is_a_reference_or_is_refused(text: str) -> None:
    try:
        reference = parse_reference(text)
    except InvalidInputError:
        return
    for part in (reference.namespace, reference.name):
        assert part.isascii()
        assert "/" not in part
        assert part not in (".", "..")
