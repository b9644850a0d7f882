"""A stranger's source distribution or repository: no code of it runs before a person allowed it by name."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import PipLocker, pip_packages, specification_with_pip
from fixtures.store import StoreHome
from fixtures.wheels import Wheel, write_source

from jupyter_envstore.errors import LockError, PolicyError, SourceNotAllowedError, SpecificationError


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """The file that a hostile source writes as soon as any code of it runs."""
    return tmp_path / "trap"


@pytest.fixture
def hostile(package_index: PackageIndex, tmp_path: Path, trap: Path) -> str:
    """The name of a package that is there as a hostile source distribution only."""
    package_index.add_source("evil", tmp_path / "sources", trap=trap)
    return "evil"


@pytest.fixture
def repository(tmp_path: Path, trap: Path) -> Iterator[tuple[str, str]]:
    """The address of a hostile repository, and its commit."""
    folder = tmp_path / "work"
    folder.mkdir()
    source = write_source("evil", tmp_path / "sources", trap=trap)
    with tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
    tree = folder / "evil-1.0"
    identity = ["-c", "user.name=someone", "-c", "user.email=someone@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"], ["tag", "v1"]):
        subprocess.run(["git", *identity, *command], cwd=tree, check=True)
    bare = tmp_path / "served" / "evil.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(tree), str(bare)], check=True)
    subprocess.run(["git", "update-server-info"], cwd=bare, check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tree, capture_output=True, text=True, check=True).stdout

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *values: Any) -> None:
            super().__init__(*values, directory=str(tmp_path / "served"))

        def log_message(self, format: str, *values: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"git+http://127.0.0.1:{server.server_address[1]}/evil.git", commit.strip()
    server.shutdown()
    server.server_close()


def test_without_consent_no_code_runs_and_the_package_is_named(
    pip_locker: PipLocker, hostile: str, trap: Path, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("needs", requires=["evil"]))
    with pytest.raises(SourceNotAllowedError, match=r"evil 1\.0 is there for linux-64 only as a source") as caught:
        pip_locker.lock(["evil"])
    assert caught.value.details["packages"] == ["evil"]
    assert "--allow-source evil" in caught.value.message
    with pytest.raises(SourceNotAllowedError, match=r"evil 1\.0, which needs needs, is there"):
        pip_locker.lock(["needs"])
    assert not trap.exists()
    assert package_index.fetched() == []


def test_a_package_with_many_sources_and_no_wheel_is_named_too(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path, tmp_path: Path
) -> None:
    for version in ("0.9", "1.1", "2.0rc1"):
        package_index.add_source("evil", tmp_path / "sources", version=version, trap=trap)
    package_index.add(Wheel("needs", requires=["evil>=0.9"]))
    for entry in ("evil", "evil>=0.9,<1.1", "evil!=1.0", "needs"):
        with pytest.raises(SourceNotAllowedError, match="only as a source distribution") as caught:
            pip_locker.lock([entry])
        assert caught.value.details["packages"] == ["evil"]
    assert not trap.exists()
    allowed = pip_locker.packages(["needs"], pip_settings={"allow_source": ["evil"]})
    assert allowed["evil"].version == "1.1"


def test_consent_is_asked_for_the_source_and_not_for_what_has_none(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    package_index.add(Wheel("abroad", tag="cp39-cp39-win_amd64"))
    package_index.add(Wheel("needs", "1.0", requires=["abroad"]))
    package_index.add(Wheel("needs", "2.0", requires=["evil"]))
    with pytest.raises(SourceNotAllowedError, match=r"evil 1\.0, which needs needs, is there") as caught:
        pip_locker.lock(["needs"])
    assert caught.value.details["packages"] == ["evil"]
    assert pip_locker.packages(["needs"], pip_settings={"allow_source": ["evil"]})["needs"].version == "2.0"
    assert trap.exists()


def test_consent_for_one_package_is_none_for_another(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path, tmp_path: Path
) -> None:
    package_index.add_source("good", tmp_path / "sources")
    with pytest.raises(SourceNotAllowedError):
        pip_locker.lock(["evil", "good"], pip_settings={"allow_source": ["good"]})
    assert not trap.exists()


def test_a_wheel_is_taken_although_a_newer_source_is_there(
    pip_locker: PipLocker, package_index: PackageIndex, tmp_path: Path, trap: Path
) -> None:
    package_index.add(Wheel("evil", "0.9"))
    package_index.add_source("evil", tmp_path / "sources", version="1.0", trap=trap)
    assert pip_locker.packages(["evil"])["evil"].version == "0.9"
    allowed = pip_locker.packages(["evil"], pip_settings={"allow_source": ["evil"]})
    assert allowed["evil"].url.endswith(".whl")
    assert not trap.exists()


def test_with_consent_the_source_is_locked_and_that_it_was_is_recorded(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    answer = pip_locker.lock(["Evil"], pip_settings={"allow_source": ["EVIL"]})
    found = pip_packages(answer)["evil"]
    assert found.url.endswith("evil-1.0.tar.gz")
    assert found.sha256 == package_index.sha256("evil-1.0.tar.gz")
    assert trap.exists()
    notes = answer["lockfile"]["metadata"]["custom_metadata"]
    assert json.loads(notes["envstore_built_from_source"]) == ["evil"]


def test_only_what_has_no_wheel_is_built(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, tmp_path: Path
) -> None:
    package_index.add(Wheel("good", "1.0"))
    package_index.add_source("good", tmp_path / "sources", version="1.0")
    found = pip_locker.packages(["evil", "good"], pip_settings={"allow_source": ["evil", "good"]})
    assert found["evil"].url.endswith(".tar.gz")
    assert found["good"].url.endswith(".whl")


def test_in_a_preview_nothing_is_built_in_spite_of_consent(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    package_index.add(Wheel("foo"))
    look_only = {"allow_source": ["evil"], "may_build": False}
    first = pip_locker.lock(["evil", "foo"], pip_settings=look_only)
    assert list(pip_packages(first)) == ["foo"]
    assert any("evil: what it needs is known only when it is built" in warning for warning in first["warnings"])
    assert not trap.exists()
    before = pip_locker.lock(["evil"], pip_settings={"allow_source": ["evil"]})["packages"]
    trap.unlink()
    again = pip_locker.lock(["evil", "foo"], preferred=before, pip_settings=look_only)
    assert sorted(pip_packages(again)) == ["evil", "foo"]
    assert not trap.exists()


def test_a_search_for_an_exact_name_finds_it_and_runs_nothing(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    # Consent is for a build: a search does not even read it.
    settings = {"cache": str(pip_locker.cache), "index_url": package_index.url, "allow_source": ["evil"]}
    answer = pip_locker.resolver.call("pip_project", name="evil", pip=settings)
    assert answer["project"] == {"versions": ["1.0"], "source_only": True}
    assert not trap.exists()
    assert package_index.fetched() == []


def test_a_source_archive_by_its_address_needs_consent(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    entry = f"evil @ http://{package_index.host}/files/evil-1.0.tar.gz"
    with pytest.raises(SourceNotAllowedError, match="Line 5: evil comes out of a source archive"):
        pip_locker.lock([entry])
    assert not trap.exists()
    assert package_index.requests == []


def test_a_repository_is_pinned_to_its_commit_with_consent_only(
    pip_locker: PipLocker, repository: tuple[str, str], trap: Path
) -> None:
    address, commit = repository
    with pytest.raises(SourceNotAllowedError, match="evil comes out of a repository"):
        pip_locker.lock([f"evil @ {address}@v1"])
    assert not trap.exists()
    answer = pip_locker.lock([f"evil @ {address}@v1"], pip_settings={"allow_source": ["evil"]})
    found = pip_packages(answer)["evil"]
    assert (found.url, found.version, found.sha256) == (f"{address}@{commit}", "1.0", None)
    entry = next(item for item in answer["lockfile"]["package"] if item["name"] == "evil")
    assert (entry["url"], entry["hash"]["sha256"]) == (found.url, commit)


def test_a_repository_without_a_tag_stays_at_its_commit_until_it_is_updated(
    pip_locker: PipLocker, repository: tuple[str, str], tmp_path: Path
) -> None:
    address, commit = repository
    allowed = {"allow_source": ["evil"]}
    before = pip_locker.lock([f"evil @ {address}"], pip_settings=allowed)["packages"]
    tree, bare = tmp_path / "work" / "evil-1.0", tmp_path / "served" / "evil.git"
    identity = ["-c", "user.name=someone", "-c", "user.email=someone@example.org"]
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "more"], cwd=tree, check=True)
    subprocess.run(["git", "push", "-q", str(bare), "HEAD"], cwd=tree, check=True)
    subprocess.run(["git", "update-server-info"], cwd=bare, check=True)
    kept = pip_locker.packages([f"evil @ {address}"], preferred=before, freed=[], pip_settings=allowed)
    assert kept["evil"].url == f"{address}@{commit}"
    moved = pip_locker.packages([f"evil @ {address}"], preferred=before, freed=["evil"], pip_settings=allowed)
    assert moved["evil"].url != kept["evil"].url


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("git+https://example.org/some/pyart", "does not say which package it is"),
        ("evil @ git+file:///etc/evil", "cannot be pinned"),
        ("evil @ hg+https://example.org/evil", "cannot be pinned"),
        ("evil @ file:///etc/evil-1.0-py3-none-any.whl", "file of one machine"),
        ("./evil-1.0-py3-none-any.whl", "file or folder of one machine"),
        ("evil @ https://example.org/other-1.0-py3-none-any.whl", "another package"),
    ],
)
def test_what_leads_elsewhere_is_refused(pip_locker: PipLocker, entry: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=words):
        pip_locker.lock([entry], pip_settings={"allow_source": ["evil"]})


def test_a_lock_from_elsewhere_that_names_a_source_is_refused(
    home: StoreHome, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    package_index.add(Wheel("foo"))
    home.settings["pip_index_url"] = package_index.url
    store = home.open()
    try:
        document = store.channels.lock(specification_with_pip(["python=3.12", "pip"], ["foo"])).lockfile
        entry = next(entry for entry in document["package"] if entry["name"] == "foo")
        entry["name"] = "evil"
        entry["url"] = f"http://{package_index.host}/files/evil-1.0.tar.gz"
        entry["hash"]["sha256"] = package_index.sha256("evil-1.0.tar.gz")
        with pytest.raises(PolicyError, match="source"):
            store.builds.create_from_lockfile("copy", document)
        assert not store.channels.look_into(json.dumps(document).encode()).valid
    finally:
        store.close()
    assert not trap.exists()
    assert "evil-1.0.tar.gz" not in package_index.fetched()


def test_a_package_cannot_bring_addresses(
    pip_locker: PipLocker, package_index: PackageIndex, hostile: str, trap: Path
) -> None:
    package_index.add(Wheel("sly", requires=[f"evil @ http://{package_index.host}/files/evil-1.0.tar.gz"]))
    with pytest.raises(LockError):
        pip_locker.lock(["sly"])
    assert not trap.exists()
    assert "GET /files/evil-1.0.tar.gz" not in package_index.requests
