"""Other people's lockfiles: read, written as conda-lock writes them, and read by conda-lock itself as the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT / "tools"))

from corpus_table import Outcome, lockfile_outcomes, specification_outcomes  # noqa: E402

REFUSED = {"028__conda__rattler__test-data__conda-lock__v3__robostack-turtlesim-conda-lock.yml": "version 3"}
"""Lockfiles that are of another version, and what is said of them."""


def require_equal(files: list[Path]) -> None:
    """Have each file read, written and read by conda-lock, and require the same packages of both."""
    for outcome in lockfile_outcomes(files):
        if outcome.file in REFUSED:
            assert (outcome.outcome, REFUSED[outcome.file] in outcome.note) == ("refused", True), outcome
        else:
            assert outcome.outcome == "equal", outcome


def test_small_lockfiles_are_read_written_and_read_again_as_the_same(corpus: Path) -> None:
    files = [path for path in sorted((corpus / "locks").glob("*.y*ml")) if path.stat().st_size < 130_000]
    assert len(files) >= 10
    require_equal(files)


@pytest.mark.long
def test_every_lockfile_is_read_written_and_read_again_as_the_same(corpus: Path) -> None:
    files = sorted((corpus / "locks").glob("*.y*ml"))
    assert len(files) >= 20
    require_equal(files)


def told(outcomes: list[Outcome]) -> list[str]:
    """Return what is wrong with outcomes: anything but a lock or an explanation in words."""
    return [str(one) for one in outcomes if one.outcome not in ("locked", "explained", "refused") or not one.note]


def test_some_specifications_are_locked_or_explained(corpus: Path, large_channel: str) -> None:
    wanted = ("062", "064", "066", "096", "900")
    files = [path for path in sorted((corpus / "envyml").glob("*.y*ml")) if path.name.startswith(wanted)]
    outcomes = specification_outcomes(files, large_channel, explain_seconds=2.0)
    assert len(outcomes) == len(wanted)
    assert not told(outcomes)
    assert any(one.outcome == "locked" for one in outcomes)


@pytest.mark.long
def test_every_specification_is_locked_or_explained(corpus: Path, large_channel: str) -> None:
    outcomes = specification_outcomes(sorted((corpus / "envyml").glob("*.y*ml")), large_channel)
    assert len(outcomes) >= 50
    assert not told(outcomes)
