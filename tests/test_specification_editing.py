"""An edit changes its own lines and leaves every other byte: comments, order, blanks and odd indentation."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification

TEXT = """\
# The spring campaign. \x20

name: spring   # in lower case
channels:
    - conda-forge    # first
    - bioconda
dependencies:
 # the language
 -  python=3.12      # as on the cluster

 - "numpy >=1.26,<3"
 - pandas  \x20
 - pip
 # from PyPI
 - pip:
     - rich
variables:
  MODE: fast  # or slow
# the end
"""


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    diff = list(difflib.ndiff(before.split("\n"), after.split("\n")))
    return [x[2:] for x in diff if x.startswith("- ")], [x[2:] for x in diff if x.startswith("+ ")]


@pytest.mark.parametrize(
    ("edit", "gone", "come"),
    [
        (lambda s: s.add(["scipy=1.*"]), [], [" - scipy=1.*"]),
        (lambda s: s.add(["scipy", "dask"]), [], [" - scipy", " - dask"]),
        (
            lambda s: s.add(["python=3.13"]),
            [" -  python=3.12      # as on the cluster"],
            [" -  python=3.13      # as on the cluster"],
        ),
        (lambda s: s.add(["numpy=2"]), [' - "numpy >=1.26,<3"'], [' - "numpy=2"']),
        (lambda s: s.add(["conda-forge::Pandas"]), [" - pandas   "], [" - conda-forge::Pandas   "]),
        (lambda s: s.remove(["numpy", "PANDAS"]), [' - "numpy >=1.26,<3"', " - pandas   "], []),
        (lambda s: s.replace("pandas", "polars"), [" - pandas   "], [" - polars   "]),
        (lambda s: s.with_name("autumn"), ["name: spring   # in lower case"], ["name: autumn   # in lower case"]),
        (lambda s: s.with_name("3.10"), ["name: spring   # in lower case"], ["name: '3.10'   # in lower case"]),
        (lambda s: s.with_name(None), ["name: spring   # in lower case"], []),
        (lambda s: s.with_channels(["conda-forge", "bioconda", "r"]), [], ["    - r"]),
        (lambda s: s.with_channels(["r", "conda-forge", "bioconda"]), [], ["    - r"]),
        (lambda s: s.with_channels(["bioconda"]), ["    - conda-forge    # first"], []),
        (lambda s: s.with_platforms(["linux-64"]), [], ["platforms:", "    - linux-64"]),
        (lambda s: s.with_variables({"MODE": "slow"}), ["  MODE: fast  # or slow"], ["  MODE: slow  # or slow"]),
        (lambda s: s.with_variables({"MODE": "fast", "N": "1"}), [], ["  N: '1'"]),
        (lambda s: s.with_variables({}), ["variables:", "  MODE: fast  # or slow"], []),
        (lambda s: s.add(["pandas"]), [], []),
    ],
)
def test_an_edit_changes_its_own_lines_only(
    edit: Callable[[Specification], Specification], gone: list[str], come: list[str]
) -> None:
    after = edit(Specification.parse(TEXT))
    assert changed_lines(TEXT, after.text) == (gone, come)


def test_a_new_package_stands_after_the_last_one_and_before_the_pip_list() -> None:
    spec = Specification.parse(TEXT).add(["scipy"])
    assert spec.dependencies[-2:] == ("pip", "scipy")
    assert " - pip\n - scipy\n # from PyPI\n - pip:\n     - rich\n" in spec.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dependencies:\n", "dependencies:\n  - numpy\n"),
        ("dependencies:", "dependencies:\n  - numpy"),
        ("dependencies: []  # none\n", "dependencies: [numpy]  # none\n"),
        ("dependencies: ~\n", "dependencies: [numpy]\n"),
        ("name: a\n# end\n", "name: a\n# end\ndependencies:\n  - numpy\n"),
        ("channels:\n- a\ndependencies:\n", "channels:\n- a\ndependencies:\n- numpy\n"),
        ("dependencies: [a, b]\n", "dependencies: [a, b, numpy]\n"),
        ("dependencies: [\n  a, # one\n  b\n]\n", "dependencies: [\n  a, # one\n  b, numpy\n]\n"),
        ("{dependencies: [a]}\n", "{dependencies: [a, numpy]}\n"),
        ("dependencies:\n- pip:\n  - rich\n", "dependencies:\n- numpy\n- pip:\n  - rich\n"),
        ("dependencies:\n- a\n\n# about b\n", "dependencies:\n- a\n- numpy\n\n# about b\n"),
    ],
)
def test_a_package_is_added_in_the_style_of_the_text(text: str, expected: str) -> None:
    after = Specification.parse(text).add(["numpy"])
    assert after.text == expected
    assert "numpy" in after.dependencies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dependencies:\n- a\n- b # it\n- c\n", "dependencies:\n- a\n- c\n"),
        ("dependencies:\n- b\n", "dependencies:\n"),
        ("dependencies: [a, b, c]\n", "dependencies: [a, c]\n"),
        ("dependencies: [a, b]\n", "dependencies: [a]\n"),
        ("dependencies: [b]\n", "dependencies: []\n"),
        ("dependencies:\n- b=1 # [linux]\n- b=2 # [win]\n- c\n", "dependencies:\n- c\n"),
        ("dependencies:\n- b\n# about pip\n- pip:\n  - rich\n", "dependencies:\n# about pip\n- pip:\n  - rich\n"),
        ("dependencies:\n- >-\n  b\n\n- c\n", "dependencies:\n\n- c\n"),
    ],
)
def test_a_package_is_removed_with_its_line(text: str, expected: str) -> None:
    assert Specification.parse(text).remove(["b"]).text == expected


@pytest.mark.parametrize("text", ["dependencies: [numpy]\n", "# top\ndependencies:\n  - numpy"])
def test_sections_that_are_not_there_are_made_and_go_again(text: str) -> None:
    spec = Specification.parse(text)
    full = spec.with_name("a").with_channels(["conda-forge"]).with_platforms(["linux-64"]).with_variables({"A": "b"})
    assert (full.name, full.channels, full.platforms, full.variables) == (
        "a",
        ("conda-forge",),
        ("linux-64",),
        {"A": "b"},
    )
    assert full.dependencies == ("numpy",)
    assert full.with_name(None).with_variables({}).with_channels([]).with_platforms([]).dependencies == ("numpy",)


def test_nodefaults_stays_where_it_is() -> None:
    spec = Specification.parse("channels:\n- a\n- nodefaults # never\ndependencies: [b]\n")
    assert spec.with_channels(["c", "a"]).text.startswith("channels:\n- c\n")
    assert "- nodefaults # never\n" in spec.with_channels(["c"]).text
    assert spec.with_channels(["c"]).channels == ("c",)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda s: s.remove(["nunpy"]), "Did you mean `numpy`?"),
        (lambda s: s.remove(["libgcc"]), "not among the dependencies"),
        (lambda s: s.replace("scipy", "scipy=1"), "not among the dependencies"),
        (lambda s: s.add(["numpy>1<2"]), "a comma is missing"),
        (lambda s: s.add(["git+https://example.org/x"]), "`pip:` list"),
        (lambda s: s.with_channels(["https://a:b@example.org"]), "password or token"),
        (lambda s: s.with_platforms(["linux-65"]), "no platform"),
        (lambda s: s.with_variables({"A-B": "c"}), "no name of a variable"),
        (lambda s: s.with_variables({"A: b\nname": "c"}), ""),
        (lambda s: s.with_name("a\nb"), ""),
        (lambda s: s.with_name("a\u2028b"), ""),
        (lambda s: s.with_name(""), "empty"),
    ],
)
def test_an_edit_that_makes_no_specification_is_refused(
    edit: Callable[[Specification], Specification], words: str
) -> None:
    with pytest.raises(SpecificationError) as caught:
        edit(Specification.parse(TEXT))
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "edit", "words"),
    [
        ("dependencies:\n- b # [linux]\n- b=2 # [win]\n", lambda s: s.add(["b=3"]), "lines 2, 3"),
        ("x-d: &d [b]\ndependencies: *d\n", lambda s: s.add(["c"]), "Edit the text itself"),
        ("{dependencies: [b]}\n", lambda s: s.with_name("a"), "Edit the text itself"),
        ("{dependencies: [b]}\n", lambda s: s.with_channels(["a"]), "Edit the text itself"),
        ("x-b: &b [c]\nchannels: [c]\ndependencies: [c]\n", lambda s: s.remove(["d"]), "not among"),
    ],
)
def test_an_edit_that_the_form_of_the_text_does_not_allow_is_refused(
    text: str, edit: Callable[[Specification], Specification], words: str
) -> None:
    with pytest.raises(SpecificationError, match=words):
        edit(Specification.parse(text))


# ---------------------------------------------------------------- properties

packages = st.sampled_from(["numpy", "pandas", "scipy", "r-base", "libxml2", "_mutex", "null", "yes", "ruamel.yaml"])
requirements = st.builds(
    "{}{}".format, packages, st.sampled_from(["", "=1.2", " >=1.2,<3", "==1.0=py_0", "[version='>=1,<2']", " 1.*"])
)
comments = st.sampled_from(["", "", "  # why: {x}, [1] (2)", " # é 😀 'quoted", "   "])
blanks = st.sampled_from(["", "", "\n", "# a line\n", "      # deep\n"])


def name_of(requirement: str) -> str:
    return re.split(r"[ =\[]", requirement)[0]


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw an environment.yml in one of the styles that people write."""
    quote = draw(st.sampled_from(["plain", "single", "double"]))

    def value(text: str, flow: bool = False) -> str:
        if quote == "double" or (flow and any(c in text for c in ",[]")) or text in ("null", "yes") or "'" in text:
            return f'"{text}"'
        return f"'{text}'" if quote == "single" else text

    found: list[str] = draw(st.lists(requirements, unique_by=name_of, max_size=5))
    indent = " " * draw(st.integers(0, 4))
    dash = "-" + " " * draw(st.integers(1, 3))
    parts = []
    if draw(st.booleans()):
        parts.append(f"name: spring{draw(comments)}\n")
    if draw(st.booleans()):
        parts.append(
            "channels:\n" + "".join(f"{indent}{dash}{c}{draw(comments)}\n" for c in ("conda-forge", "nodefaults"))
        )
    brackets, with_pip = draw(st.booleans()), draw(st.booleans())
    if found and brackets:
        parts.append(f"dependencies: [{', '.join(value(text, True) for text in found)}]{draw(comments)}\n")
    else:
        lines = "".join(f"{indent}{dash}{value(text)}{draw(comments)}\n{draw(blanks)}" for text in found)
        if found and with_pip:
            lines += f"{indent}{dash}pip:\n{indent}{' ' * len(dash)}  - rich\n"
        parts.append(f"dependencies:{draw(comments)}\n{lines}")
    if draw(st.booleans()):
        parts.append(f"variables:\n  MODE: fast{draw(comments)}\n")
    ordered = draw(st.permutations(parts))
    text = "".join(draw(blanks) + part for part in ordered)
    return text if draw(st.booleans()) else text.rstrip("\n")


@settings(deadline=None, max_examples=200)
@given(documents(), requirements)
def test_adding_a_package_and_removing_it_gives_the_same_text(text: str, requirement: str) -> None:
    spec = Specification.parse(text)
    (wanted,) = Specification.from_packages(None, [requirement], []).match_specs()
    assume(all(wanted.name != part.name for part in spec.match_specs()))
    more = spec.add([requirement])
    assert sorted(more.dependencies) == sorted([*spec.dependencies, requirement])
    assert (more.name, more.channels, more.pip, more.variables) == (spec.name, spec.channels, spec.pip, spec.variables)
    gone, come = changed_lines(text, more.text)
    assert len(gone) <= 1
    assert len(come) <= 1 + (not spec.dependencies)
    assert more.remove([wanted.name]).text == text


@settings(deadline=None, max_examples=200)
@given(documents(), requirements, st.data())
def test_replacing_a_package_and_replacing_it_back_gives_the_same_text(
    text: str, requirement: str, data: st.DataObject
) -> None:
    spec = Specification.parse(text)
    assume(spec.dependencies)
    old = data.draw(st.sampled_from(spec.match_specs()))
    (new,) = Specification.from_packages(None, [requirement], []).match_specs()
    assume(new.name == old.name or all(new.name != part.name for part in spec.match_specs()))
    edited = spec.replace(old.name, requirement)
    assert requirement in edited.dependencies
    gone, come = changed_lines(text, edited.text)
    assert len(gone) == len(come) <= 1
    back = edited.replace(new.name, old.text)
    assert back.dependencies == spec.dependencies
    if '"' not in text and "'" not in text:
        assert back.text == text


@settings(deadline=None, max_examples=200)
@given(
    documents(), st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf", "Cn"]), min_size=1, max_size=9)
)
def test_a_variable_and_a_name_can_be_set_to_any_text_and_set_back(text: str, value: str) -> None:
    spec = Specification.parse(text)
    more = spec.with_variables({**spec.variables, "OTHER": value})
    assert more.variables["OTHER"] == value
    assert more.with_variables(spec.variables).variables == spec.variables
    if spec.variables:
        assert more.with_variables(spec.variables).text == text
    if value.strip() and value.isprintable() and "{{" not in value and "{%" not in value:
        named = spec.with_name(value)
        assert named.name == value.strip()
        if spec.name is None:
            assert named.with_name(None).text == text
        else:
            assert named.with_name(spec.name).text == text


@settings(deadline=None, max_examples=200)
@given(documents(), st.lists(st.sampled_from(["conda-forge", "bioconda", "r", "a/label/b"]), unique=True))
def test_channels_can_be_set_to_any_list(text: str, channels: list[str]) -> None:
    spec = Specification.parse(text)
    edited = spec.with_channels(channels)
    assert edited.channels == tuple(channels)
    assert edited.dependencies == spec.dependencies
    assert ("nodefaults" in edited.text) == ("nodefaults" in spec.text)


def test_a_list_of_which_all_is_exchanged_keeps_its_form() -> None:
    spec = Specification.parse("channels:\n  - a\n  - b  # second\ndependencies:\n  - x\n")
    assert spec.with_channels(["c"]).text == "channels:\n  - c\ndependencies:\n  - x\n"
