"""Files that would do harm, or cannot be had: refused in words, and nothing is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import small_home
from fixtures.store import StoreHome, finish
from small_packages_channel import SMALL

from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.store import EnvStore


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> StoreHome:
    return small_home(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def store(small: StoreHome, tmp_path: Path) -> Iterator[EnvStore]:
    """An empty store on the channel of small packages."""
    opened = EnvStore(root_dir=str(tmp_path / "store"), kernels_dir=str(tmp_path / "kernels"), **small.settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lockfile(small: StoreHome) -> dict[str, Any]:
    """A lock of two platforms. Do not change it."""
    store = small.open()
    try:
        return store.channels.lock(SMALL, platforms=["osx-arm64"]).lockfile
    finally:
        store.close()


def explicit(lockfile: dict[str, Any], platform: str = "linux-64") -> str:
    """Return the list of one platform's packages."""
    entries = [entry for entry in lockfile["package"] if entry["platform"] == platform]
    lines = [f"{entry['url']}#{entry['hash']['md5']}" for entry in entries]
    return "\n".join([f"# platform: {platform}", "@EXPLICIT", *lines, ""])


def nothing_was_made(store: EnvStore) -> bool:
    prefixes = store.layout.root / "p"
    return not prefixes.exists() or not [path for path in prefixes.iterdir() if path.is_dir()]


def test_a_wrong_digest_stops_the_build(store: EnvStore, lockfile: dict[str, Any]) -> None:
    text = explicit(lockfile)
    good = text.splitlines()[-1].partition("#")[2]
    build = finish(store, store.sharing.import_file("copy", text.replace(good, "0" * 32).encode()))
    assert build.error is not None
    assert (build.state, build.error.code) == ("failed", "hash_mismatch")
    assert nothing_was_made(store)


def test_a_package_that_is_not_there_stops_the_build(store: EnvStore, lockfile: dict[str, Any]) -> None:
    text = explicit(lockfile).replace("tool-1.0-0", "tool-9.9-0")
    build = finish(store, store.sharing.import_file("copy", text.encode()))
    assert build.error is not None
    assert (build.state, build.error.code) == ("failed", "download_failed")
    assert "tool" in build.error.message
    assert nothing_was_made(store)


@pytest.mark.parametrize("ends", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_line_ends_and_marks_of_other_systems_do_no_harm(store: EnvStore, lockfile: dict[str, Any], ends: str) -> None:
    text = "\ufeff" + explicit(lockfile).replace("\n", ends)
    assert store.channels.look_into(text.encode()).valid
    document = "\ufeff" + json.dumps(lockfile, indent=1).replace("\n", ends)
    assert store.channels.look_into(document.encode()).valid


def bomb() -> str:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    return f"version: 6\nenvironments: {{}}\nl0: &l0 [x, x, x, x, x, x, x, x, x]\n{levels}packages: [*l11]\n"


def many(lockfile: dict[str, Any]) -> str:
    entry = lockfile["package"][0]
    return json.dumps({**lockfile, "package": [{**entry, "name": f"a{number}"} for number in range(100_000)]})


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda lock: explicit(lock, "osx-arm64"), "invalid_lockfile", "no packages for linux-64"),
        (lambda lock: explicit(lock).replace("file:///", "file:///elsewhere/"), "channel_not_allowed", "elsewhere"),
        (lambda lock: explicit(lock).replace("file:///", "/"), "invalid_lockfile", "files of this machine"),
        (lambda lock: bomb(), "invalid_lockfile", "repeats itself by YAML aliases"),
        (many, "invalid_lockfile", "100,000 packages"),
        (lambda lock: "[" * 100_000, "invalid_specification", "nest|deep"),
    ],
    ids=["other platforms", "strange folder", "path", "bomb", "many", "deep"],
)
def test_what_a_stranger_sends_is_refused_at_once(
    store: EnvStore, lockfile: dict[str, Any], make: Any, code: str, words: str
) -> None:
    with pytest.raises(EnvStoreError, match=words) as caught:
        store.sharing.import_file("copy", make(lockfile).encode())
    assert caught.value.code == code
    assert store.environments.list().total == 0
    assert nothing_was_made(store)
