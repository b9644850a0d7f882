"""An edit of the `pip:` list changes its own lines and leaves every other byte; through API and command line too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification

TEXT = """\
# The spring campaign.
name: spring
dependencies:
 -  python=3.12      # as on the cluster
 - pip
 # from PyPI
 - pip:
     - --extra-index-url https://wheels.example/simple   # ours
     - Great_Tables >=0.19   # for the report
     - "requests[socks] >=2"
     - https://wheels.example/files/rivers-1.0-py3-none-any.whl
variables:
  MODE: fast  # or slow
"""


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (
            lambda s: s.add_pip(["duckdb ==1.4.*"]),
            "none-any.whl\n",
            "none-any.whl\n     - duckdb ==1.4.*\n",
        ),
        (
            lambda s: s.add_pip(["great-tables==0.20"]),
            "Great_Tables >=0.19   # for the report",
            "great-tables==0.20   # for the report",
        ),
        (lambda s: s.add_pip(["requests"]), '"requests[socks] >=2"', '"requests"'),
        (
            lambda s: s.add_pip(["rivers @ https://wheels.example/files/rivers-2.0-py3-none-any.whl"]),
            "https://wheels.example/files/rivers-1.0",
            "rivers @ https://wheels.example/files/rivers-2.0",
        ),
        (lambda s: s.remove_pip(["GREAT.tables"]), "     - Great_Tables >=0.19   # for the report\n", ""),
        (
            lambda s: s.remove_pip(["rivers"]),
            "     - https://wheels.example/files/rivers-1.0-py3-none-any.whl\n",
            "",
        ),
    ],
)
def test_an_edit_changes_its_own_lines_only(
    edit: Callable[[Specification], Specification], before: str, after: str
) -> None:
    assert before in TEXT
    assert edit(Specification.parse(TEXT)).text == TEXT.replace(before, after)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dependencies:\n  - a # it\n", "dependencies:\n  - a # it\n  - pip:\n      - rich\n"),
        ("dependencies:\n- a\n\n# about b\n", "dependencies:\n- a\n- pip:\n    - rich\n\n# about b\n"),
        (
            "dependencies:\n- a\n- pip:\n  # none yet\n- b\n",
            "dependencies:\n- a\n- pip:\n    - rich\n  # none yet\n- b\n",
        ),
        ("dependencies:\n- pip: []\n", "dependencies:\n- pip: [rich]\n"),
        ("dependencies: [a]\n", "dependencies: [a, {pip: [rich]}]\n"),
        ("dependencies: [a, {pip: [b]}]\n", "dependencies: [a, {pip: [b, rich]}]\n"),
        ("dependencies: []\n", "dependencies: [{pip: [rich]}]\n"),
        ("dependencies:\n", "dependencies:\n  - pip:\n      - rich\n"),
        ("name: a\n", "name: a\ndependencies:\n  - pip:\n      - rich\n"),
    ],
)
def test_a_first_package_brings_the_list_in_the_style_of_the_text(text: str, expected: str) -> None:
    spec = Specification.parse(text).add_pip(["rich"])
    assert spec.text == expected
    assert spec.pip[-1] == "rich"


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n  - a # it\n  # why\n  - b\n",
        "dependencies: [a, b]\n",
        "dependencies: [a]\nvariables: {A: b}\n",
        "dependencies:\n- a\n\n# about b\n",
    ],
)
def test_the_list_goes_with_its_last_package(text: str) -> None:
    spec = Specification.parse(text).add_pip(["rich >=13", "duckdb"])
    assert spec.pip == ("rich >=13", "duckdb")
    assert spec.remove_pip(["rich", "duckdb"]).text == text


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda s: s.remove_pip(["greattables"]), "Did you mean `great-tables`?"),
        (lambda s: s.remove_pip(["pandas"]), "not in the `pip:` list"),
        (lambda s: s.add_pip(["rich=13"]), "Write `rich==13`"),
        (lambda s: s.add_pip(["--index-url https://wheels.example"]), "cannot be read as a requirement of pip"),
        (lambda s: s.add_pip(["rich\n - evil"]), "cannot be read as a requirement of pip"),
        (lambda s: s.add_pip([""]), "cannot be read as a requirement of pip"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(edit: Callable[[Specification], Specification], words: str) -> None:
    with pytest.raises(SpecificationError) as caught:
        edit(Specification.parse(TEXT))
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dependencies:\n- pip:\n  - rich # [linux]\n  - rich>1 # [win]\n", "lines 3, 4"),
        ("dependencies:\n- pip:\n  - a\n- pip:\n  - b\n", "Edit the text itself"),
        ("x-d: &d [a]\ndependencies:\n- pip: *d\n", "Edit the text itself"),
    ],
)
def test_an_edit_that_the_form_of_the_text_does_not_allow_is_refused(text: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=words):
        Specification.parse(text).add_pip(["rich"])


def test_a_selected_entry_that_stands_in_several_lines_is_removed_from_all() -> None:
    text = "dependencies:\n- pip:\n  - rich # [linux]\n  - rich>1 # [win]\n  - duckdb\n"
    assert Specification.parse(text).remove_pip(["rich"]).text == "dependencies:\n- pip:\n  - duckdb\n"
