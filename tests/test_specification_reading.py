"""An environment.yml is read: its fields, encodings, selectors, and the remarks that it gets."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from jupyter_envstore.specification import Specification

FULL = """\
# The analysis of the spring campaign.
name: spring
channels:
  - conda-forge
  - nodefaults
platforms: [linux-64, osx-arm64]
dependencies:
  - python=3.12      # as on the cluster
  - numpy >=1.26,<3
  - conda-forge::pandas
  - pip
  - pip:
      - rich==13.7
      - -r more.txt
      - pkg @ https://example.org/pkg-1.0-py3-none-any.whl
variables:
  MODE: fast
  LEVEL: 3.10
  FLAG: yes
  EMPTY: ""
category: main
x-own: {anything: [1, 2]}
"""


def test_all_fields_are_read_as_they_were_written() -> None:
    spec = Specification.parse(FULL)
    assert spec.text == FULL
    assert spec.name == "spring"
    assert spec.channels == ("conda-forge",)
    assert spec.dependencies == ("python=3.12", "numpy >=1.26,<3", "conda-forge::pandas", "pip")
    assert spec.pip == ("rich==13.7", "-r more.txt", "pkg @ https://example.org/pkg-1.0-py3-none-any.whl")
    assert spec.variables == {"MODE": "fast", "LEVEL": "3.10", "FLAG": "yes", "EMPTY": ""}
    assert spec.platforms == ("linux-64", "osx-arm64")
    assert [part.name for part in spec.match_specs()] == ["python", "numpy", "pandas", "pip"]


def test_name_channels_and_platforms_may_be_missing() -> None:
    spec = Specification.parse("dependencies: [numpy]")
    assert (spec.name, spec.channels, spec.platforms, spec.dependencies) == (None, (), (), ("numpy",))


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "name: né\ndependencies:\n- numpy\n".encode(),
        codecs.BOM_UTF16_LE + "name: né\r\ndependencies:\r\n- numpy\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "name: né\ndependencies:\n- numpy\n".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "name: né\ndependencies:\n- numpy\n".encode("utf-32-le"),
        "name: né\r\ndependencies:\r\n- numpy\r\n".encode(),
        "name: né\rdependencies:\r- numpy\r".encode(),
    ],
)
def test_encodings_with_a_mark_and_all_line_ends_give_the_same_text(data: bytes) -> None:
    assert Specification.parse_bytes(data).text == "name: né\ndependencies:\n- numpy\n"


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(FULL, encoding="utf-16")
    assert Specification.read(path) == Specification.parse(FULL)


def test_aliases_within_bounds_are_followed() -> None:
    spec = Specification.parse("x-c: &c [conda-forge]\nchannels: *c\ndependencies: [&n numpy]\n")
    assert spec.channels == ("conda-forge",)
    assert spec.dependencies == ("numpy",)


def test_several_pip_lists_are_joined() -> None:
    spec = Specification.parse("dependencies: [pip, {pip: [rich]}, {pip: [click]}]")
    assert spec.pip == ("rich", "click")


SELECTIVE = """\
channels: [conda-forge]
dependencies:
  - everywhere
  - a  # [linux]
  - b  # [linux64]
  - c  # [unix]
  - d  # [osx]
  - e  # [arm64]
  - f  # [win]
  - g  # [not win]
  - h  # for the plots [linux]
  - i  # [linux] (really)
  - numpy=1  # [linux]
  - numpy=2  # [osx]
  - pip
  - pip:
    - rich  # [osx64]
"""


@pytest.mark.parametrize(
    ("platform", "expected", "pip"),
    [
        ("linux-64", "everywhere a b c h i numpy=1 pip", ""),
        ("linux-aarch64", "everywhere a c h i numpy=1 pip", ""),
        ("osx-64", "everywhere c d i numpy=2 pip", "rich"),
        ("osx-arm64", "everywhere c d e i numpy=2 pip", ""),
        ("win-64", "everywhere f i pip", ""),
        ("linux-riscv64", "everywhere a c h i numpy=1 pip", ""),
    ],
)
def test_selectors_keep_lines_for_their_platforms(platform: str, expected: str, pip: str) -> None:
    spec = Specification.parse(SELECTIVE)
    assert " ".join(spec.dependencies_for(platform)) == expected
    assert " ".join(spec.pip_for(platform)) == pip
    assert len(spec.dependencies) == 13


def remarks(text: str) -> list[tuple[str, int | None]]:
    return [(remark.code, remark.line) for remark in Specification.parse(text).warnings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("channels: [conda-forge]\ndependencies: [numpy]", []),
        ("dependencies: [numpy]", [("no_channels", None)]),
        ("channels: [defaults]\ndependencies: [numpy]", [("defaults_channel", 1)]),
        ("channels: [a]\ndependencies:\n- numpy=1=py_0\n- pandas=1=py_0\n", [("build_pinned", 3)]),
        ("channels: [a]\ndependencies:\n- numpy=1=py*\n", []),
        ("channels: [a]\ndependencies: [numpy]\nprefix: /home/ann/x\n", [("prefix_ignored", 3)]),
        ("channels: [a]\ndependencies:\n", [("no_dependencies", 2)]),
        ("channels: [a]\ndependencies: []\n", [("no_dependencies", 2)]),
        ("channels: [a]", [("no_dependencies", None)]),
        ("channels: [a, a]\ndependencies: [numpy]", [("repeated", 1)]),
        ("channels: [a]\ndependencies:\n- pip:\n  - rich\n", [("pip_not_listed", 4)]),
        ("channels: [a]\ndependencies:\n- pip\n- pip:\n", [("empty_pip", 4)]),
        ("channels: [a]\ndependencies:\n- pip\n- pip:\n  - -e .\n", [("pip_refers_to_file", 5)]),
        ("channels: [a]\ndependencies: [numpy]\nvariables:\n  MY_TOKEN: x\n", [("secret_variable", 4)]),
        ("channels: [a]\ndependencies: [numpy]\nvariables:\n  PATH: x\n", [("risky_variable", 4)]),
        ("channels: [a]\ndependencies:\n- numpy # [not osx]\n", [("unknown_selector", 3)]),
        ("channels:\n- a # [linux]\ndependencies:\n- numpy\n", [("selector_without_effect", 2)]),
        (
            "channels: [a]\nplatforms: [linux-64]\ndependencies:\n- numpy # [win]\n- pip\n",
            [("selector_unused", 4)],
        ),
    ],
)
def test_what_is_worth_knowing_is_said_with_its_line(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert remarks(text) == expected


def test_a_specification_is_written_from_packages() -> None:
    spec = Specification.from_packages(
        "spring", ["python=3.12", "numpy >=1.26,<3"], ["conda-forge"], variables={"LEVEL": "3.10", "TEXT": "it's: #1\n"}
    )
    assert (spec.name, spec.channels, spec.dependencies) == (
        "spring",
        ("conda-forge",),
        ("python=3.12", "numpy >=1.26,<3"),
    )
    assert spec.variables == {"LEVEL": "3.10", "TEXT": "it's: #1\n"}
    assert spec.text.startswith("name: spring\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n")


@pytest.mark.parametrize("name", ["3.10", "yes", "null", "2026-11-22", "1_000", "0x1f", "12:30:45", "on"])
def test_a_name_that_yaml_takes_for_something_else_is_put_between_quotes(name: str) -> None:
    assert Specification.from_packages(name, ["numpy"], ["conda-forge"]).name == name
