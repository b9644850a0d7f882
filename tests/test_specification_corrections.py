"""What was probably meant by a constraint that cannot be read, as data that a program can put in."""

from __future__ import annotations

import pytest

from jupyter_envstore.builds.admission import report_on
from jupyter_envstore.policy import Policy


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("geopandas >1.0<2", "geopandas >1.0,<2"),
        ("geopandas=>1.0", "geopandas>=1.0"),
        ("conda-forge::geopandas <>1.0", "conda-forge::geopandas !=1.0"),
    ],
)
def test_a_mistake_comes_with_its_line_and_a_correction_that_is_accepted(entry: str, meant: str) -> None:
    text = f"name: geo\nchannels: [conda-forge]\ndependencies:\n  - python\n  - {entry}  # rivers\n"

    (remark,) = report_on(text, Policy()).remarks

    assert remark.line == 5
    assert remark.wrong is not None
    assert remark.correction is not None
    assert entry.replace(remark.wrong, remark.correction) == meant
    assert report_on(text.replace(entry, meant), Policy()).valid


def test_nothing_is_proposed_where_nothing_can_be_guessed() -> None:
    (remark,) = (
        r for r in report_on("dependencies:\n  - geopandas >>1.0\n", Policy()).remarks if r.severity == "error"
    )

    assert (remark.wrong, remark.correction) == (None, None)
