"""A version whose files were changed, lost or freed: it is told, and made anew from its lock."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.store import StoreHome, finish

from jupyter_envstore.errors import BrokenPrefixError
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.store import EnvStore

SPECIFICATION = "name: calc\ndependencies: [python=3.12, calc-kernel]\n"


@pytest.fixture
def prefix(store: EnvStore) -> Path:
    assert finish(store, store.builds.create("calc", SPECIFICATION)).state == "ready"
    return Path(store.versions.get("calc").prefix or "")


def test_a_lost_prefix_is_made_again_from_the_lock(store: EnvStore, prefix: Path) -> None:
    lock = store.versions.get("calc").lock
    remove_tree(prefix)
    for ask in (store.versions.verify, store.versions.surroundings):
        with pytest.raises(BrokenPrefixError, match="jupyter envstore repair local/calc@1"):
            ask("calc")
    assert store.environments.get("calc").state == "freed"

    build = finish(store, store.builds.repair("calc"))

    assert (build.state, build.version) == ("ready", None)
    assert store.versions.verify("calc").problems == []
    version = store.versions.get("calc")
    assert (version.number, version.lock, version.prefix_state) == (1, lock, "ready")
    assert "Finding versions" not in store.builds.log_text(build.id)[0]


def test_changed_and_missing_files_are_mended_and_nothing_of_them_stays(store: EnvStore, prefix: Path) -> None:
    victim = next(prefix.glob("lib/python3.12/site-packages/traitlets/__init__.py"))
    inode = victim.stat().st_ino
    victim.parent.chmod(0o755)
    content = victim.read_bytes()
    victim.chmod(0o644)
    victim.write_bytes(b"raise SystemExit('changed')\n")  # in place: the package cache shares the file
    (prefix / "bin" / "calc-kernel").parent.chmod(0o755)
    (prefix / "bin" / "calc-kernel").unlink()
    assert store.environments.get("calc").state == "ready"
    told = store.versions.verify("calc").problems
    assert len(told) == 2, told
    assert store.environments.get("calc").state == store.versions.get("calc").prefix_state == "broken"

    build = finish(store, store.builds.repair("calc"))

    assert build.state == "ready", build.error
    assert store.environments.get("calc").state == "ready"
    assert store.versions.verify("calc").problems == []
    assert victim.read_bytes() == content
    assert victim.stat().st_ino != inode
    assert "Not as installed" in store.builds.log_text(build.id)[0]


def test_a_version_whose_files_are_good_again_is_not_broken_any_more(store: EnvStore, prefix: Path) -> None:
    stray = prefix / "stray.txt"
    prefix.chmod(0o755)
    stray.write_text("left here\n")
    assert store.versions.verify("calc").damaged == ["stray.txt"]
    assert store.environments.get("calc").state == "broken"
    stray.unlink()
    assert store.versions.verify("calc").problems == []
    assert store.environments.get("calc").state == "ready"


def test_nothing_else_takes_a_version_that_is_known_to_be_broken(store: EnvStore, prefix: Path) -> None:
    victim = next(prefix.glob("lib/python3.12/site-packages/traitlets/__init__.py"))
    content = victim.read_bytes()
    victim.chmod(0o644)
    victim.write_bytes(content[:-1] + b"#")  # as long as before: a quick look would see nothing
    assert store.versions.verify("calc").damaged == [str(victim.relative_to(prefix))]

    assert finish(store, store.builds.clone("calc", "copy")).state == "ready"

    assert victim.read_bytes() == content
    assert store.environments.get("calc").state == store.environments.get("copy").state == "ready"


def test_repairing_what_is_whole_changes_nothing(store: EnvStore, prefix: Path) -> None:
    before = prefix.stat().st_ino
    assert finish(store, store.builds.repair("calc@1")).state == "ready"
    assert prefix.stat().st_ino == before
    assert store.versions.list("calc").total == 1


def test_the_command_says_that_it_is_whole_again(home: StoreHome, store: EnvStore, prefix: Path) -> None:
    remove_tree(prefix)
    told = home.run("verify", "calc")
    assert told.returncode == 1
    done = home.run("repair", "calc")
    assert done.returncode == 0, done.stderr
    assert "v1 is ready" in done.stdout
    assert home.run("verify", "calc").returncode == 0


def test_what_is_damaged_in_other_versions_too_is_told(home: StoreHome, store: EnvStore, prefix: Path) -> None:
    more = SPECIFICATION.replace("calc-kernel", "calc-kernel, idna")
    assert finish(store, store.builds.create("more", more)).state == "ready"
    assert finish(store, store.builds.create("other", "name: other\ndependencies: [idna]\n")).state == "ready"
    victim = next(prefix.glob("lib/python3.12/site-packages/traitlets/__init__.py"))
    victim.chmod(0o644)
    victim.write_bytes(b"raise SystemExit('changed')\n")
    report = store.versions.verify("calc")
    assert report.damaged == [str(victim.relative_to(prefix))]
    assert report.also_in == ["local/more@1"]
    assert "repair local/more@1" in home.run("verify", "calc").stderr
    for reference in ("calc", "more"):
        assert finish(store, store.builds.repair(reference)).state == "ready"
        assert store.versions.verify(reference).problems == []
