"""Which version is newer, and what satisfies a requirement: as the solver says, on real versions."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_envstore.specification.version_matching import name_of, satisfies
from jupyter_envstore.specification.version_order import compare_versions

ORDERED = [
    "0.4", "0.4.1.rc", "0.4.1", "0.5a1", "0.5b3", "0.5", "0.9.6", "0.960923", "1.0", "1.1dev1", "1.1a1", "1.1.0dev1",
    "1.1.a1", "1.1.0rc1", "1.1.0", "1.1.0post1", "1996.07.12", "1!0.4.1", "1!3.1.1.6", "2!0.4.1",
]  # fmt: skip
"""The example in conda's own documentation, without those that are equal to a neighbour."""

SOLVER = """
import json, os, sys
from rattler import MatchSpec, PackageRecord, Version
from rattler.package import BuildString
asked = json.load(sys.stdin)
def order(one, other):
    one, other = Version(one), Version(other)
    return (one > other) - (one < other)
def record(name, version, build):
    return PackageRecord(name, version, BuildString(build), 0, "noarch", arch=None, platform=None)
print(json.dumps({
    "order": [order(*pair) for pair in asked["pairs"]],
    "match": [MatchSpec(text, strict=False).matches(record(*package)) for text, package in asked["matches"]],
}), flush=True)
os._exit(0)  # the library may crash at the interpreter's own end
"""


def ask_solver(**asked: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", SOLVER], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def records(large_channel: str) -> list[dict[str, Any]]:
    """Every record of the large channel."""
    folder = Path(large_channel.removeprefix("file://"))
    found: list[dict[str, Any]] = []
    for subdir in ("linux-64", "noarch"):
        data = json.loads((folder / subdir / "repodata.json").read_text())
        for key in ("packages", "packages.conda"):
            found += data.get(key, {}).values()
    return [record for record in found if "%" not in record["version"]]  # a slip of the channel's: no version


def test_documented_order() -> None:
    for number, one in enumerate(ORDERED):
        for other in ORDERED[number + 1 :]:
            assert compare_versions(one, other) == -1, (one, other)
            assert compare_versions(other, one) == 1, (one, other)


def test_equal_though_written_otherwise() -> None:
    for one, other in [("0.4", "0.4.0"), ("0.4.1.rc", "0.4.1.RC"), ("1.0-1", "1.0_1"), ("1.0", "1.0.0.0")]:
        assert compare_versions(one, other) == 0


def test_all_real_versions_are_ordered_as_the_solver_orders_them(records: list[dict[str, Any]]) -> None:
    versions = sorted({record["version"] for record in records})
    pairs = list(itertools.pairwise(versions))
    pairs += list(zip(versions, versions[7:], strict=False)) + list(zip(versions, versions[::-1], strict=False))
    order = ask_solver(pairs=pairs, matches=[])["order"]
    assert len(pairs) > 10_000
    wrong = [(pair, theirs) for pair, theirs in zip(pairs, order, strict=True) if compare_versions(*pair) != theirs]
    assert not wrong, wrong[:20]


def test_real_requirements_are_satisfied_by_what_the_solver_lets_pass(records: list[dict[str, Any]]) -> None:
    by_name: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_name.setdefault(record["name"], []).append(record)
    requirements = sorted({text for record in records for text in record["depends"]})
    matches = [
        (text, (record["name"], record["version"], record["build"]))
        for text in requirements
        for record in by_name.get(name_of(text), [])[:: max(1, len(by_name.get(name_of(text), [])) // 6)]
    ]
    assert len(matches) > 20_000
    theirs = ask_solver(pairs=[], matches=matches)["match"]
    wrong = [
        (text, package, matched)
        for (text, package), matched in zip(matches, theirs, strict=True)
        if satisfies(package[1], package[2], text) != matched
    ]
    assert not wrong, (len(wrong), wrong[:20])


FORMS = [
    "numpy", "numpy=1.26", "numpy ==1.26", "numpy 1.26.*", "numpy=1.26*", "numpy !=1.26.4", "numpy !=1.26.*",
    "numpy ~=1.26", "numpy ~=1.26.1", "numpy >=1.26,<2|>=2.3", "numpy >=2.0|<1.18", "numpy >=1.26.*", "numpy *",
    "numpy=1.26.4=py312_0", "numpy 1.26.4 py312*", "numpy (>=1,<1.5)|2.*", "numpy >1.26", "numpy <=1.26",
    "numpy <2.0a0", "numpy=*=py3*", "numpy[version='>=2']", "numpy[build=py312_0]",
]  # fmt: skip


def test_forms_that_people_write() -> None:
    packages = [
        ("numpy", version, build)
        for version in ["1.2", "1.17.5", "1.26", "1.26.0", "1.26.4", "1.260", "1.27", "2.0rc1", "2.0.0", "2.3.1", "2"]
        for build in ("py312_0", "mkl_1")
    ]
    matches = [(text, package) for text in FORMS for package in packages]
    theirs = ask_solver(pairs=[], matches=matches)["match"]
    ours = [satisfies(version, build, text) for text, (_, version, build) in matches]
    assert ours == theirs
    assert set(ours) == {True, False}
