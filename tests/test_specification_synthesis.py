"""Specifications for locks that came without one."""

from __future__ import annotations

import pytest

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.synthesis import REMARK, synthesize


def test_one_platform_needs_no_selector() -> None:
    text = synthesize("geo", ["conda-forge", "https://h.example/c"], {"linux-64": ["zlib==1.3", "numpy==2.1.0"]}).text
    assert text == (
        f"{REMARK}\nname: geo\nchannels:\n  - conda-forge\n  - https://h.example/c\n"
        "dependencies:\n  - numpy==2.1.0\n  - zlib==1.3\n"
    )


def test_what_differs_between_platforms_is_said_by_selectors() -> None:
    both = {
        "linux-64": ["a==1", "b==1", "c==1"],
        "linux-aarch64": ["a==1", "b==1"],
        "osx-arm64": ["a==1", "b==2", "c==1"],
        "win-64": ["a==1", "d==1"],
    }
    specification = synthesize(None, ["conda-forge"], both)
    assert specification.platforms == tuple(both)
    assert specification.name is None
    for platform, specs in both.items():
        assert sorted(specification.dependencies_for(platform)) == specs, platform
    assert specification.text.count("a==1") == 1
    assert "- b==1  # [linux]" in specification.text
    assert "- d==1  # [win]" in specification.text or "- d==1  # [win64]" in specification.text


@pytest.mark.parametrize("channel", ["https://u:p@h/c", "with blank", ""])
def test_what_a_specification_may_not_say_is_refused(channel: str) -> None:
    with pytest.raises(SpecificationError):
        synthesize("geo", [channel], {"linux-64": ["a==1"]})


def test_values_that_yaml_would_read_otherwise_are_quoted() -> None:
    specification = synthesize("2024.10", ["conda-forge"], {"linux-64": ["a==1"]})
    assert specification.name == "2024.10"
