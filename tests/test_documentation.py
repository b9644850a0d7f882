"""The guide says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from jupyter_envstore.settings import StoreSettings

DOCS = Path(__file__).parent.parent / "docs"


def test_every_setting_stands_in_the_guide_and_no_other() -> None:
    table = (DOCS / "configuration.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))

    assert described == set(StoreSettings.class_own_traits(config=True))
