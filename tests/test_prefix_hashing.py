"""A prefix is named by the files it is made from and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.schemas import Package


def _package(name: str, **changes: Any) -> dict[str, Any]:
    values = {
        "name": name,
        "version": "1.0",
        "platform": "linux-64",
        "url": f"https://example.org/linux-64/{name}-1.0-0.conda",
        "md5": "ab" * 16,
        "sha256": "cd" * 32,
    }
    return values | changes


def test_order_and_what_is_not_a_file_do_not_matter() -> None:
    one, other = _package("one"), _package("other")
    described = _package("one", size=5, license="MIT", depends=["other"])
    assert prefix_hash([one, other], "linux-64") == prefix_hash([other, described], "linux-64")


def test_schema_objects_and_dictionaries_give_the_same_name() -> None:
    package = _package("one")
    assert prefix_hash([Package(**package)], "linux-64") == prefix_hash([package], "linux-64")


@pytest.mark.parametrize(
    "change", [{"sha256": "ee" * 32}, {"url": "https://example.org/linux-64/one-1.1-0.conda"}, {"sha256": None}]
)
def test_another_file_is_another_prefix(change: dict[str, Any]) -> None:
    assert prefix_hash([_package("one")], "linux-64") != prefix_hash([_package("one", **change)], "linux-64")


def test_another_platform_or_a_further_package_is_another_prefix() -> None:
    names = {
        prefix_hash([_package("one")], "linux-64"),
        prefix_hash([_package("one")], "osx-arm64"),
        prefix_hash([_package("one"), _package("two")], "linux-64"),
        prefix_hash([], "linux-64"),
    }
    assert len(names) == 4
    assert all(len(name) == 64 and int(name, 16) >= 0 for name in names)


def test_a_package_without_digest_is_refused_by_name() -> None:
    with pytest.raises(LockfileError, match=r"one-1\.0-0\.conda"):
        prefix_hash([_package("one", md5=None, sha256=None)], "linux-64")
