"""What is no specification is refused, with its line and a reason that says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification


def refusal(data: bytes | str) -> SpecificationError:
    with pytest.raises(SpecificationError) as caught:
        if isinstance(data, str):
            Specification.parse(data, path="environment.yml")
        else:
            Specification.parse_bytes(data, path="environment.yml")
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        # keys
        ("name: x\ndependancies:\n- numpy\n", 2, "Did you mean `dependencies`?"),
        ("pip:\n- rich\n", 1, "as `- pip:` with its own list"),
        ("version: 1\nmetadata: {}\n", 1, "lockfile"),
        ("foo: 1\n", 1, "begin with `x-`"),
        ("name: a\ndependencies: [numpy]\nname: b\n", 3, "twice (first in line 1)"),
        ("1: a\n", 1, "A key has to be a word"),
        ("<<: {name: a}\n", 1, "Merge keys"),
        # shapes
        ("- numpy\n", 1, "here stands a list"),
        ("numpy\n", 1, "here stands `numpy`"),
        ("", 1, "empty"),
        ("# nothing\n", 1, "empty"),
        ("name: a\n---\nname: b\n", 2, "second document"),
        ("dependencies: numpy\n", 1, "takes a list"),
        ("channels: conda-forge\n", 1, "lines like `- conda-forge`"),
        ("dependencies:\n  numpy: 1.26\n", 2, "here stands a mapping"),
        ("dependencies:\n- numpy: 1.26\n", 2, "Write `- numpy=1.26`"),
        ("dependencies:\n- python: 3.10\n", 2, "YAML reads 3.10 as a number"),
        ("dependencies:\n- 3.10\n", 2, "number 3.10"),
        ("dependencies:\n- [numpy]\n", 2, "here stands a list"),
        ("dependencies:\n-\n", 2, "here stands nothing"),
        ('dependencies:\n- ""\n', 2, "is empty"),
        ("dependencies:\n- true\n", 2, "Put it between quotes"),
        ("dependencies:\n- numpy\n- npm: [left-pad]\n", 3, "Only `pip:`"),
        ("dependencies:\n- pip:\n  - 1.0\n", 3, "Put it between quotes"),
        ("dependencies:\n- pip: rich\n", 2, "takes a list"),
        ("dependencies:\n- sel(linux): numpy\n", 2, "Write `- numpy  # [linux]`"),
        ("name: 3.10\n", 1, "Put it between quotes"),
        ("name: [a]\n", 1, "here stands a list"),
        ("name: !!python/object:os.system a\n", 1, "Tags"),
        ("name: !own a\n", 1, "Tags"),
        ("category: 1\n", 1, "Put it between quotes"),
        ("allow-pypi-requests: perhaps\n", 1, "`true` or `false`"),
        # packages
        ("dependencies:\n- numpy>1.0<2\n", 2, "write `numpy>1.0,<2`"),
        ("dependencies:\n- numpy\n- pandas\n- numpy=1.26\n", 4, "asked for twice"),
        ("dependencies:\n- numpy\n- NumPy\n", 3, "in line 2"),
        ("dependencies:\n- a # [unix]\n- a # [linux]\n", 3, "On linux-64"),
        ("dependencies:\n- a # [linux]\n  - b\n", 3, ""),
        # channels and platforms
        ("channels:\n- https://${TOKEN}.example.org/x\n", 2, "variables of the shell"),
        ("channels:\n- ../mine\n", 2, "file:///"),
        ("channels:\n- two words\n", 2, "a name like `conda-forge`"),
        ("channels:\n- channel: x\n  priority: 1\n", 2, "here stands a mapping"),
        ("platforms: [linux-65]\n", 1, "Did you mean `linux-6"),
        ("platforms: [linux]\n", 1, "is no platform"),
        # variables
        ("variables: [A=b]\n", 1, "NAME: value"),
        ("variables:\n  1A: b\n", 2, "no name of a variable"),
        ("variables:\n  A-B: b\n", 2, "no name of a variable"),
        ("variables:\n  A: [b]\n", 2, "needs a text"),
        ("variables:\n  A:\n", 2, 'write `A: ""`'),
        ("variables:\n  A: b\n  A: c\n", 3, "set twice"),
        ('variables:\n  A: "\\0"\n', 2, "control character"),
        # text
        ("dependencies:\n\t- numpy\n", 2, "tab"),
        ("dependencies:\n  - numpy\n\t- pandas\n", 3, "tab"),
        ("dependencies:\n\u00a0\u00a0- numpy\n  - b\n", 2, "non-breaking space"),
        ("name: a\ndependencies:\n  - numpy\n - pandas\n", 4, "indentation"),
        ("name: a\nchannels\n", 2, "`:` is missing"),
        ("name: a: b\n", 1, "between quotes"),
        ("name: @a\n", 1, "between quotes"),
        ("name: 'a\n", 1, "not YAML"),
        ("name: a\x00b\n", 1, "U+0000"),
        ("name: a\n# \x1b[31m\n", 2, "U+001B"),
        ("name: a\n# \u202e\n", 2, "U+202E"),
        ("name: \ud800\n", 1, "U+D800"),
        ('name: "a\\nb"\n', 1, "line break"),
        # templates
        ("name: {{ name }}\ndependencies: []\n", 1, "template"),
        ("name: a\ndependencies:\n- numpy={{ version }}\n", 3, "template"),
        ("name: a\n{% if x %}\ndependencies: []\n{% endif %}\n", 2, "template"),
        ("{{ header }}\nname: a\n", 1, "template"),
        ('name: "a-{{ b }}"\n', 1, "template"),
        # aliases
        ("channels: *c\n", 1, "not there"),
        ("x-a: &a [*a]\n", 1, "inside what it refers to"),
        ("x-a: &a 1\nx-b: &a 2\n", 2, "second time"),
        ("x-a: " + "[" * 50 + "]" * 50 + "\n", 1, "deeper than"),
    ],
)
def test_a_text_that_is_no_specification_is_refused_with_line_and_reason(text: str, line: int, words: str) -> None:
    error = refusal(text)
    assert error.details["line"] == line, error.message
    assert words in error.details["reason"]
    assert error.message.startswith(f"environment.yml: Line {line}: ")


def test_a_template_in_a_comment_is_no_template() -> None:
    assert Specification.parse("# {{ x }}\ndependencies: [numpy]  # {% y %}\n").dependencies == ("numpy",)


def test_another_encoding_is_refused_at_the_byte_that_does_not_fit() -> None:
    error = refusal("name: a\n# Größe\n".encode("latin-1"))
    assert error.details["line"] == 2
    assert "0xf6" in error.message
    assert "UTF-8" in error.message


def test_utf16_without_a_mark_is_named() -> None:
    assert "UTF-16" in refusal("name: a\n".encode("utf-16-le")).message


def test_half_a_character_at_the_end_is_refused() -> None:
    assert refusal(b"\xff\xfen\x00a").details["line"] == 1


@pytest.mark.parametrize("text", [True, False])
def test_more_than_a_megabyte_is_refused(text: bool) -> None:
    data = b"# comment\n" * 120_000
    error = refusal(data.decode() if text else data)
    assert "1,000,000 bytes" in error.message
    assert error.details["line"] == 100_001 if not text else 100_000 <= error.details["line"] <= 100_001


def test_aliases_that_explode_are_refused() -> None:
    lines = ["x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [
        f"x-{new}: &{new} [{', '.join(['*' + old] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    error = refusal("\n".join(lines))
    assert "10,000 values" in error.message
    assert error.details["line"] == 5


@pytest.mark.parametrize(
    "line",
    [
        "channels: ['https://ann:hunter2@conda.example.org/c']",
        "channels: ['https://hunter2@conda.example.org/c']",
        "channels: ['https://conda.example.org/t/hunter2/c']",
        "channels: [conda.example.org/t/hunter2/c]",
        "channels: ['ann:hunter2@conda.example.org/c']",
        "dependencies: ['https://ann:hunter2@conda.example.org/c::numpy']",
        "dependencies: [{pip: ['--index-url https://ann:hunter2@example.org/simple']}]",
        "dependencies: [{pip: ['git+https://hunter2@example.org/x']}]",
        "variables: {DATABASE: 'postgresql://ann:hunter2@example.org/x'}",
        "# it was https://ann:hunter2@example.org",
        "#  - https://conda.example.org/t/hunter2/c",
        "# https://conda.example.org/t/ab-01234567-89ab-cdef-0123-hunter2/c",
        "pip-repositories: ['https://ann:hunter2@example.org/simple']",
        "https://ann:hunter2@example.org: 1",
        "x-url: https://example.org/c?token=hunter2",
    ],
)
def test_credentials_are_refused_wherever_they_stand_and_never_repeated(line: str) -> None:
    error = refusal(f"name: a\n{line}\n")
    assert error.details["line"] == 2
    assert "hunter2" not in str(error.to_dict())
    assert "password or token" in error.message


def test_a_folder_called_t_is_no_token() -> None:
    text = "channels:\n- file:///srv/t/channel\ndependencies:\n- file:///srv/t/channel::numpy\n"
    assert Specification.parse(text).channels == ("file:///srv/t/channel",)


def test_the_address_of_a_forum_topic_is_no_credential() -> None:
    text = "# see https://discourse.example.org/t/how-to-lock/1234 and ann@example.org\ndependencies: [numpy]\n"
    assert Specification.parse(text).text == text


@pytest.mark.parametrize(
    "entry",
    [
        "git+ssh://git@github.com/pandas-dev/pandas",
        "git+https://github.com/pandas-dev/pandas@main",
        "pkg @ https://example.org:8443/pkg@1.whl",
        "git+https://${TOKEN}@github.com/ann/private",
    ],
)
def test_addresses_without_a_secret_are_kept(entry: str) -> None:
    assert Specification.parse(f"dependencies:\n- pip\n- pip:\n  - {entry}\n").pip == (entry,)


@pytest.mark.parametrize("make", ["missing", "folder", "loop"])
def test_a_file_that_cannot_be_opened_is_refused_in_words(tmp_path: Path, make: str) -> None:
    path = tmp_path / "environment.yml"
    if make == "folder":
        path.mkdir()
    elif make == "loop":
        path.symlink_to(path)
    with pytest.raises(SpecificationError, match=r"There is no such file|The file cannot be read") as caught:
        Specification.read(path)
    assert os.fspath(path) in caught.value.message
