"""An edit moves only what it must: judged by a solver of its own, on the real records of the large channel."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from fixtures.resolver import ResolverProcess

from jupyter_envstore.errors import UnsolvableError
from jupyter_envstore.specification.version_matching import name_of

JUDGE = """
import asyncio, json, os, sys
from rattler import Channel, Gateway, GenericVirtualPackage, MatchSpec, PackageName, SourceConfig, VirtualPackage, solve
from rattler import VirtualPackageOverrides
from rattler.exceptions import SolverError

asked = json.load(sys.stdin)

async def main():
    gateway = Gateway(default_config=SourceConfig(sharded_enabled=False))
    for question in asked["questions"]:
        try:
            records = await solve(
                [Channel(asked["channel"])],
                [MatchSpec(text, strict=False) for text in question["specs"]],
                gateway=gateway,
                platforms=["linux-64", "noarch"],
                constraints=[MatchSpec(text, strict=False) for text in question["constraints"]],
                virtual_packages=VirtualPackage.detect(VirtualPackageOverrides()),
            )
            # A package that nothing needs any more did not stay.
            names = {record.name.normalized for record in records}
            stayed = all(text.split()[0] in names for text in question["constraints"])
            print("true" if stayed else "false", flush=True)
        except SolverError as error:
            print("false", flush=True)

asyncio.run(main())
sys.stdout.flush()
os._exit(0)
"""


@dataclass(frozen=True)
class Edit:
    """What was asked for before, and after."""

    before: list[str]
    after: list[str]


def edits() -> list[Edit]:
    """Return the edits: on each of the environments each of the changes."""
    environments = [
        ["python=3.11", "numpy <2", "pandas", "scikit-learn"],
        ["python=3.10", "matplotlib", "jupyterlab <4"],
        ["python=3.12", "ipykernel", "requests"],
        ["python=3.11", "pandas <2.1", "pyarrow <15"],
    ]
    changes = [
        "numpy >=2", "pandas >=2.2", "python=3.12", "openssl <3.4", "jupyterlab >=4", "xarray", "scipy", "polars",
    ]  # fmt: skip
    found = []
    for before in environments:
        for change in changes:
            found.append(Edit(before, [*(spec for spec in before if name_of(spec) != name_of(change)), change]))
    return found


def solvable(channel: str, questions: list[dict[str, list[str]]]) -> list[bool]:
    done = subprocess.run(
        [sys.executable, "-c", JUDGE],
        input=json.dumps({"channel": channel, "questions": questions}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line == "true" for line in done.stdout.split()]


def exactly(package: dict[str, Any]) -> str:
    return f"{package['name']} =={package['version']} {package['build']}"


@pytest.mark.timeout(600)
def test_no_package_moved_that_could_have_stayed(resolver: ResolverProcess, large_channel: str) -> None:
    """Beside all that stayed, no moved package can be kept at its old build."""
    questions: list[dict[str, list[str]]] = []
    moves: list[tuple[Edit, str]] = []
    tried = 0
    for edit in edits():
        parent = resolver.lock(edit.before, [large_channel])["packages"]
        try:
            child = resolver.lock(edit.after, [large_channel], preferred=parent, explain_seconds=0.1)["packages"]
        except UnsolvableError:
            continue
        tried += 1
        old = {package["name"]: package for package in parent}
        kept = [exactly(package) for package in child if old.get(package["name"], {}).get("url") == package["url"]]
        for package in child:
            was = old.get(package["name"])
            if was is not None and was["url"] != package["url"]:
                moves.append((edit, package["name"]))
                questions.append({"specs": [*edit.after, exactly(was)], "constraints": kept})
        # What stayed is possible together, or the judge would answer no to everything.
        moves.append((edit, ""))
        questions.append({"specs": edit.after, "constraints": kept})
    answers = solvable(large_channel, questions)
    assert len(answers) == len(questions)
    assert tried >= 30
    assert sum(bool(name) for _, name in moves) > 50
    assert not [move for move, possible in zip(moves, answers, strict=True) if possible != (move[1] == "")]


def test_a_package_that_can_stay_stays_though_another_must_go(resolver: ResolverProcess, large_channel: str) -> None:
    """With a new Python everything that is built for one moves, and nothing else does."""
    before, after = ["python=3.10", "matplotlib", "jupyterlab <4"], ["python=3.12", "matplotlib", "jupyterlab <4"]
    parent = {p["name"]: p for p in resolver.lock(before, [large_channel])["packages"]}
    answer = resolver.lock(after, [large_channel], preferred=list(parent.values()))
    moved = {p["name"]: p for p in answer["packages"] if p["name"] in parent and p["url"] != parent[p["name"]]["url"]}
    assert "python" in moved
    without_python = [
        name for name in moved if "py312" not in moved[name]["build"] and name not in ("python", "python_abi")
    ]
    assert len(without_python) < 5, without_python


def test_a_named_update_is_as_new_as_can_be_and_moves_no_other(resolver: ResolverProcess, large_channel: str) -> None:
    entries = ["python=3.11", "numpy", "pandas"]
    parent = {
        p["name"]: p for p in resolver.lock(["python=3.11", "numpy <1.26", "pandas <2.1"], [large_channel])["packages"]
    }
    stayed = resolver.lock(entries, [large_channel], preferred=list(parent.values()))["packages"]
    assert {p["name"]: p["version"] for p in stayed}["pandas"] == parent["pandas"]["version"]
    updated = resolver.lock(entries, [large_channel], preferred=list(parent.values()), freed=["pandas"])["packages"]
    newest = resolver.lock(entries, [large_channel])["packages"]
    versions = {p["name"]: p["version"] for p in updated}
    assert versions["pandas"] == {p["name"]: p["version"] for p in newest}["pandas"] != parent["pandas"]["version"]
    assert versions["python"] == parent["python"]["version"]
