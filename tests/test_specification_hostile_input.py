"""Whatever bytes come, a specification is read or a `SpecificationError` says why not; nothing else happens."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification

FRAGMENTS = [
    "name", "channels", "dependencies", "variables", "platforms", "pip", ":", ": ", "\n", "\n  ", "\n- ", "\n  - ",
    "- ", "[", "]", "{", "}", ", ", "&a ", "*a", "!!str ", "!x ", "|", ">-", "'", '"', "#", " # [linux]", " # [win]",
    "{{", "%", "---\n", "...\n", "numpy", "numpy>=1,<2", "1.0", "yes", "null", "~", "<<", "?", "\t", "\\", "é", "😀",
    "\u00a0", "@", "https://a:b@c/", "/t/x/", "2026-11-22", "\x00", "\ufeff", "\u2028", "\ud800", "x-y", "linux-64",
]  # fmt: skip


def read(data: bytes | str) -> None:
    try:
        spec = Specification.parse(data) if isinstance(data, str) else Specification.parse_bytes(data)
    except SpecificationError as error:
        assert error.details["line"] is not None
        assert error.details["line"] >= 1
        json.dumps(error.to_dict()).encode()
        return
    for platform in ("linux-64", "win-64", "no-such"):
        try:
            spec.dependencies_for(platform)
        except SpecificationError:
            assert platform == "no-such"
    assert Specification.parse(spec.text) == spec


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data)


@settings(deadline=None, max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_any_pieces_of_yaml_are_read_or_refused(text: str) -> None:
    read(text)
    try:
        spec = Specification.parse(text)
    except SpecificationError:
        return
    edits: list[Callable[[], Specification]] = [
        lambda: spec.add(["a-new-one"]),
        lambda: spec.remove([part.name for part in spec.match_specs()]),
        lambda: spec.with_channels(["conda-forge"]),
        lambda: spec.with_variables({"A": "b"}),
        lambda: spec.with_name("a"),
        lambda: spec.with_name(None),
    ]
    for edit in edits:
        try:
            edit()
        except SpecificationError:
            continue


LIMIT = 999_000
LARGE = {
    "one scalar": "name: " + "a " * (LIMIT // 2),
    "one quoted scalar": 'name: "' + "a " * (LIMIT // 2) + '"',
    "a block": "name: |\n" + "  a\n" * (LIMIT // 5),
    "deep lists": "x-a: " + "[" * LIMIT,
    "deep mappings": "x-a: " + "{a: " * (LIMIT // 4),
    "dashes": "- " * (LIMIT // 2),
    "keys": "".join(f"x-{number}: 1\n" for number in range(80_000)),
    "comments": "# a\n" * (LIMIT // 4) + "dependencies: [numpy]\n",
    "packages": "dependencies:\n" + "".join(f"- package{number} >=1,<2 # [linux]\n" for number in range(9_000)),
    "conditions": "dependencies:\n- a " + ">1," * 1_000 + "\n",
    "parentheses": "dependencies:\n- a " + "(" * 3_000 + "\n",
    "addresses": "# " + "://a:" * (LIMIT // 5),
    "tokens": "# /?" + "a-" * (LIMIT // 2),
    "selectors": "name: a #" + "[a](" * (LIMIT // 4),
    "templates": "name: " + "{{" * (LIMIT // 2),
    "line ends": "\n" * LIMIT,
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_text_made_to_be_slow_is_done_with(kind: str) -> None:
    # The limit is on the processor's time, which a busy machine does not use up, and some forty times of what is
    # needed. What it is there for, quadratic time in a million characters, would take hours.
    program = """
import sys
from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification import Specification
text = sys.stdin.read()
Specification.from_packages("a", ["b"], ["c"])
import resource
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
try:
    Specification.parse(text)
except SpecificationError:
    pass
"""
    done = subprocess.run(
        [sys.executable, "-c", program], input=LARGE[kind], text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_reading_loads_no_solver_and_importing_loads_no_yaml() -> None:
    program = """
import sys
import jupyter_envstore.specification as s
def loaded():
    unwanted = ("yaml", "rattler", "conda_lock", "tornado", "jupyter_server")
    return [name for name in unwanted if name in sys.modules]
print(loaded())
s.Specification.parse("channels: [a]\\ndependencies: [numpy]\\n").add(["pandas"])
print(loaded())
"""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split("\n")[:2] == ["[]", "['yaml']"]
