"""Match specs: which are read, into what, which are refused in which words; and that conda and rattler agree."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import parse_match_spec


@pytest.mark.parametrize(
    ("text", "name", "version", "build", "channel"),
    [
        ("numpy", "numpy", None, None, None),
        ("PyYAML", "pyyaml", None, None, None),
        ("_libgcc_mutex=0.1=main", "_libgcc_mutex", "=0.1", "main", None),
        ("numpy=1.26=py311*", "numpy", "=1.26", "py311*", None),
        ("numpy 1.26.* py311h64a7726_0", "numpy", "1.26.*", "py311h64a7726_0", None),
        ("libblas=*=*openblas", "libblas", "=*", "*openblas", None),
        ("libarchive>=3.8 lgpl_*", "libarchive", ">=3.8", "lgpl_*", None),
        ("python >= 3.10 , < 3.13", "python", ">=3.10,<3.13", None, None),
        ("python>=3.8,!=3.9.1,<4.0a0", "python", ">=3.8,!=3.9.1,<4.0a0", None, None),
        ("pkg (>=1,<2)|>3", "pkg", "(>=1,<2)|>3", None, None),
        ("pkg ==1!2.0+local.1", "pkg", "==1!2.0+local.1", None, None),
        ("conda-lock~=2.5.6", "conda-lock", "~=2.5.6", None, None),
        ("conda-forge::sed=4.7", "sed", "=4.7", None, "conda-forge"),
        ("conda-forge/label/dev::pkg", "pkg", None, None, "conda-forge/label/dev"),
        ("https://conda.example.org/forge::pkg=1", "pkg", "=1", None, "https://conda.example.org/forge"),
        ("numpy[version='>=1.2,<2', build=py311*]", "numpy", ">=1.2,<2", "py311*", None),
        (
            'numpy=1.2[channel=conda-forge, md5="d41d8cd98f00b204e9800998ecf8427e"]',
            "numpy",
            "=1.2",
            None,
            "conda-forge",
        ),
    ],
)
def test_a_match_spec_is_read_into_its_parts(
    text: str, name: str, version: str | None, build: str | None, channel: str | None
) -> None:
    spec = parse_match_spec(text)
    assert (spec.name, spec.version, spec.build, spec.channel) == (name, version, build, channel)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("numpy>1.0<2", "write `numpy>1.0,<2`"),
        ("numpy >=1.0 <2", "write `numpy>=1.0,<2`"),
        ("numpy 1.0<2", "write `numpy 1.0,<2`"),
        ("numpy=>1.0", "Did you mean `>=`?"),
        ("numpy===1.0", "Did you mean `==`?"),
        ("numpy ^1.2", "`^` is not known"),
        ("numpy@1.2", "write `numpy=1.2`"),
        ("numpy:1.2", "write `numpy=1.2`"),
        ("numpy=", "a version is missing after `=`"),
        ("numpy>=1,", "a version is missing after `,`"),
        ("numpy=1=2=3", "left over"),
        ("numpy>=1..2", "one of its parts is empty"),
        ("numpy~=1.2.*", "Keep one of them"),
        ("numpy (>1", "a `)` is missing"),
        ("numpy$", "the shell"),
        ("numpy*", "wildcards"),
        ("*", "does not begin with a package's name"),
        ("", "it is empty"),
        ("-e .", "`pip:` list"),
        ("git+https://github.com/pandas-dev/pandas", "`pip:` list"),
        ("pkg @ https://example.org/pkg.whl", "`pip:` list"),
        ("dask[complete]", "extras in brackets"),
        ("numpy[version]", "extras in brackets"),
        ("numpy[versio=1]", "key `versio` in brackets is unknown"),
        ("numpy[version=1, version=2]", "given twice"),
        ("numpy=1[version=2]", "twice"),
        ("numpy[version='>=1']=2", "at the very end"),
        ("numpy]", "without its `[`"),
        ("numpy; python_version<'3.9'", "conditions are not supported"),
        ("https://conda.example.org/linux-64/numpy-1.0-0.conda", "single packages are not accepted"),
        ("./numpy-1.0-0.tar.bz2", "single packages are not accepted"),
        ("::numpy", "one of them is missing"),
        ("../here::numpy", "file:///"),
        ("{{ name }}=1", "template"),
        ("numpy#1", "a comment needs a blank"),
        ("nümpy", "cannot follow the name"),
        ("n" * 2000, "more than 1000 characters"),
        ("numpy " + "(" * 500, "nested too deep"),
    ],
)
def test_a_bad_match_spec_is_refused_with_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(SpecificationError) as caught:
        parse_match_spec(text, line=7)
    assert words in caught.value.message
    assert caught.value.details["line"] == 7
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "channel", ["https://ann:hunter2@conda.example.org/c", "https://conda.example.org/t/hunter2/c"]
)
def test_a_credential_in_a_match_spec_is_not_repeated(channel: str) -> None:
    for text in (f"{channel}::numpy", f"numpy[channel='{channel}']"):
        with pytest.raises(SpecificationError, match="password or token") as caught:
            parse_match_spec(text)
        assert "hunter2" not in str(caught.value.to_dict())


versions = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,3}){0,2}(a1|\.post0|rc2)?", fullmatch=True)
conditions = st.builds("{}{}".format, st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "~="]), versions)
constraints = st.one_of(
    st.lists(conditions, min_size=1, max_size=3).map(",".join),
    st.lists(conditions, min_size=2, max_size=3).map("|".join),
    versions.map("={}".format),
    versions.map("={}.*".format),
    st.just("=*"),
)
builds = st.from_regex(r"(py3[0-9]{1,2})?h?[0-9a-f]{1,7}_[0-9](\*)?", fullmatch=True)
names = st.from_regex(r"[a-z_][a-z0-9]{0,8}([-_.][a-z0-9]{1,5})?", fullmatch=True)


@st.composite
def written_specs(draw: st.DrawFn) -> str:
    """Draw a spec in one of the forms that conda's documentation shows."""
    name, constraint = draw(names), draw(constraints)
    channel = draw(st.sampled_from(["", "conda-forge::", "bioconda::"]))
    form = draw(st.integers(0, 4))
    if form == 0:
        return f"{channel}{name}"
    if form == 1:
        return f"{channel}{name}{constraint}"
    if form == 2:
        return f"{channel}{name} {constraint}"
    if form == 3:
        return f"{channel}{name}{constraint}={draw(builds)}"
    return f"{channel}{name}[version='{constraint}',build={draw(builds)}]"


def conda_reads(text: str) -> Any:
    """Return a spec as conda reads it, in the copy of conda that conda-lock carries."""
    module: Any = importlib.import_module("conda_lock._vendor.conda.models.match_spec")
    return module.MatchSpec(text)


@settings(deadline=None)
@given(written_specs())
def test_what_is_read_is_what_conda_reads(text: str) -> None:
    ours, theirs = parse_match_spec(text), conda_reads(text)
    assert ours.name == theirs.name
    assert ours.build == (str(theirs.get("build")) if theirs.get("build") is not None else None)
    channel = theirs.get("channel")
    assert ours.channel == (channel.canonical_name if channel else None)
    constraint = ours.version
    if constraint and constraint.startswith("=") and not constraint.startswith("=="):
        # Conda writes `=1.2` down as `1.2.*`, or as plain `1.2` where a build follows.
        plain = constraint[1:].removesuffix(".*")
        assert str(theirs.get("version") or "*").removeprefix("=").removesuffix(".*") == plain
    else:
        written = str(theirs.get("version")) if theirs.get("version") is not None else None
        assert _same(written) == _same(constraint)


def _same(constraint: str | None) -> object:
    """Return a constraint so that ``==1`` and ``1``, and another order of the alternatives, compare equal."""
    if constraint is None:
        return None
    separator = "|" if "|" in constraint else ","
    return sorted({part.removeprefix("==") for part in constraint.split(separator)})


@settings(deadline=None)
@given(written_specs())
def test_what_is_read_rattler_reads_too(text: str) -> None:
    from rattler import MatchSpec

    ours, theirs = parse_match_spec(text), MatchSpec(text, strict=False)
    assert theirs.name is not None
    assert ours.name == theirs.name.normalized
    assert (ours.version is None) == (theirs.version is None) or ours.version == "=*"


@st.composite
def damaged_specs(draw: st.DrawFn) -> str:
    """Draw a spec with a few characters put in, taken out or replaced."""
    text = draw(written_specs())
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        put = draw(st.text(st.sampled_from("ab1.*=<>!~,|()[]'\"#@:;/ _-+^$é"), max_size=2))
        text = text[:at] + put + text[at + draw(st.integers(0, 1)) :]
    return text


@settings(deadline=None, max_examples=300)
@given(damaged_specs())
def test_any_text_is_refused_or_means_the_same_to_conda_and_rattler(text: str) -> None:
    from rattler import MatchSpec

    try:
        ours = parse_match_spec(text)
    except SpecificationError:
        return
    assert conda_reads(ours.text).name == ours.name
    theirs = MatchSpec(ours.text, strict=False)
    assert theirs.name is not None
    assert theirs.name.normalized == ours.name
