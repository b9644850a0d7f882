"""Environments from lockfiles that come from outside: exactly what they say, from where it is allowed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.store import StoreHome, finish

from jupyter_envstore.errors import (
    ChannelNotAllowedError,
    InvalidInputError,
    InvalidNameError,
    LockfileError,
    NameTakenError,
)
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.synthesis import REMARK
from jupyter_envstore.store import EnvStore

STRANGE = "https://packages.example/lab"
SPECIFICATION = "name: origin\ndependencies:\n  - python=3.12\n  - idna\n"

Document = dict[str, Any]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> Document:
    """A lockfile for two platforms, made elsewhere. Do not change it."""
    elsewhere = StoreHome(tmp_path_factory.mktemp("elsewhere"))
    elsewhere.settings = {"default_channels": [channel_url]}
    store = elsewhere.open()
    try:
        return store.channels.lock(SPECIFICATION, platforms=["osx-arm64"]).lockfile
    finally:
        store.close()


def encoded(document: object) -> bytes:
    return json.dumps(document).encode()


def changed(document: Document, change: Callable[[Document], object]) -> Document:
    other = copy.deepcopy(document)
    change(other)
    return other


def move(document: Document, name: str, channel: str) -> Document:
    """Say that a package is of another channel."""

    def change(other: Document) -> None:
        for entry in other["package"]:
            if entry["name"] == name:
                entry["url"] = "/".join([channel, *entry["url"].split("/")[-2:]])

    return changed(document, change)


def test_the_first_version_is_exactly_what_the_lockfile_says(store: EnvStore, locked: Document) -> None:
    text = yaml.safe_dump(locked, sort_keys=False)
    build = finish(store, store.builds.create_from_lockfile("team/copy", text.encode(), message="From Mira"))
    assert (build.state, build.kind, build.error) == ("ready", "import", None)

    version = store.versions.get("team/copy")
    assert (version.number, version.message, version.active) == (1, "From Mira", True)
    wanted = {(entry["platform"], entry["url"]) for entry in locked["package"]}
    found = {
        (package.platform, package.url)
        for platform in ("linux-64", "osx-arm64")
        for package in store.versions.packages("team/copy", platform=platform)
    }
    assert found == wanted
    assert store.versions.lockfile("team/copy") == locked, "what we wrote ourselves comes back to the letter"

    # Who has the same lock has the same files.
    built = finish(store, store.builds.create("own", SPECIFICATION, platforms=["osx-arm64"]))
    assert built.state == "ready"
    assert store.versions.get("own").prefix == version.prefix


def test_sizes_and_licences_come_from_the_channel(store: EnvStore, locked: Document) -> None:
    finish(store, store.builds.create_from_lockfile("copy", encoded(locked)))
    packages = store.versions.packages("copy")
    assert all(package.size for package in packages)
    assert any(package.license for package in packages)
    assert store.versions.get("copy").size == sum(package.size or 0 for package in packages)


def test_a_digest_that_is_missing_comes_from_the_channel(store: EnvStore, locked: Document) -> None:
    def forget(document: Document) -> None:
        for entry in document["package"]:
            del entry["hash"]["sha256"]

    build = finish(store, store.builds.create_from_lockfile("copy", encoded(changed(locked, forget))))
    assert build.state == "ready", build.error
    assert all(package.sha256 for package in store.versions.packages("copy"))


def test_a_channel_has_no_say_about_another_file(store: EnvStore, locked: Document) -> None:
    def damage(document: Document) -> None:
        entry = next(entry for entry in document["package"] if entry["name"] == "idna")
        entry["hash"] = {"md5": "0" * 32}

    build = finish(store, store.builds.create_from_lockfile("copy", encoded(changed(locked, damage))))
    assert build.error is not None
    assert (build.state, build.error.code) == ("failed", "hash_mismatch")
    again = finish(store, store.builds.retry(build.id))
    assert again.error is not None
    assert (again.kind, again.error.code) == ("import", "hash_mismatch"), "a retry does the same once more"


def test_it_is_built_where_the_channel_tells_nothing(
    store: EnvStore, locked: Document, channel_dir: Path, tmp_path: Path
) -> None:
    """A folder of packages without an index: nobody could solve with it, and a lock needs no solving."""
    bare = tmp_path / "bare"
    for entry in locked["package"]:
        subdir, file = entry["url"].split("/")[-2:]
        if entry["platform"] == "linux-64":
            (bare / subdir).mkdir(parents=True, exist_ok=True)
            (bare / subdir / file).symlink_to(channel_dir / subdir / file)
    document = locked
    for name in {entry["name"] for entry in locked["package"]}:
        document = move(document, name, bare.as_uri())
    build = finish(store, store.builds.create_from_lockfile("copy", document, allow_channels=[bare.as_uri()]))
    assert build.state == "ready", build.error
    assert store.versions.get("copy").size == 0
    text, _ = store.builds.log_text(build.id)
    assert "Sizes stay unknown" in text


def test_the_specification_asks_for_what_nothing_else_needs(
    store: EnvStore, locked: Document, channel_url: str
) -> None:
    finish(store, store.builds.create_from_lockfile("copy", encoded(locked)))
    version = store.versions.get("copy")
    assert version.specification.startswith(REMARK)
    specification = Specification.parse(version.specification)
    assert specification.name == "copy"
    assert specification.channels == (channel_url,)
    assert specification.platforms == ("linux-64", "osx-arm64")
    names = {text.partition("==")[0] for text in specification.dependencies}
    assert "idna" in names
    assert names < {entry["name"] for entry in locked["package"]}

    # It can be changed like any other, and what it was imported for stays.
    edited = finish(store, store.builds.submit(store.drafts.edit("copy", add=["colorama"])))
    assert edited.state == "ready", edited.error
    before = {package.url for package in store.versions.packages("copy@1")}
    assert before < {package.url for package in store.versions.packages("copy@2")}


def test_a_specification_that_is_known_is_kept(store: EnvStore, locked: Document) -> None:
    finish(store, store.builds.create_from_lockfile(None, locked, specification=SPECIFICATION))
    assert store.versions.get("origin").specification == SPECIFICATION


def test_packages_of_a_channel_that_nobody_chose_are_refused(store: EnvStore, locked: Document) -> None:
    document = move(locked, "idna", STRANGE)
    with pytest.raises(ChannelNotAllowedError, match=f"{STRANGE} .*--allow-channel URL") as caught:
        store.builds.create_from_lockfile("copy", encoded(document))
    assert caught.value.details["channels"] == [{"url": STRANGE, "packages": 1}]
    assert store.environments.list().total == 0, "nothing is left behind"

    build = store.builds.create_from_lockfile("copy", encoded(document), allow_channels=[f"{STRANGE}/"])
    assert store.builds.request(build.id).specification.index(STRANGE) > 0
    store.builds.cancel(build.id)


def test_a_channel_that_only_stands_in_the_list_is_not_taken_over(store: EnvStore, locked: Document) -> None:
    document = changed(
        locked, lambda other: other["metadata"]["channels"].insert(0, {"url": STRANGE, "used_env_vars": []})
    )
    report = store.channels.look_into(encoded(document))
    assert report.valid
    assert STRANGE not in report.specification, "the next edit would take everything from there"


def test_what_cannot_be_built_here_is_refused_in_words(store: EnvStore, locked: Document) -> None:
    def only(platform: str) -> Callable[[Document], None]:
        def change(document: Document) -> None:
            document["metadata"]["platforms"] = [platform]
            document["package"] = [entry for entry in document["package"] if entry["platform"] == platform]

        return change

    with pytest.raises(LockfileError, match=r"no packages for linux-64, .* only for osx-arm64.*conda-lock lock -p"):
        store.builds.create_from_lockfile("copy", changed(locked, only("osx-arm64")))


def test_a_lockfile_needs_a_name_that_is_free(store: EnvStore, locked: Document) -> None:
    with pytest.raises(InvalidNameError):
        store.builds.create_from_lockfile(None, locked)
    finish(store, store.builds.create_from_lockfile("copy", locked))
    with pytest.raises(NameTakenError):
        store.builds.create_from_lockfile("COPY", locked)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda entry: entry.update(url=entry["url"].replace("https://", "https://me:hunter2@")), "holds credentials"),
        (lambda entry: entry.update(url=f"{entry['url']}?token=hunter2"), "credentials could stand"),
        (lambda entry: entry.update(url=entry["url"].replace("/lab/", "/lab/%2e%2e/")), "lead anywhere"),
        (lambda entry: entry.update(url=entry["url"].replace("/lab/", "/lab\\x/")), "lead anywhere"),
        (lambda entry: entry.update(build="other_0"), "names another build"),
        (lambda entry: entry.update(hash={}), "neither md5 nor sha256"),
    ],
)
def test_addresses_that_could_mislead_are_refused(
    store: EnvStore, locked: Document, change: Callable[[Document], object], words: str
) -> None:
    document = move(locked, "idna", STRANGE)
    change(next(entry for entry in document["package"] if entry["name"] == "idna"))
    with pytest.raises(LockfileError, match=words) as caught:
        store.builds.create_from_lockfile("copy", document, allow_channels=[STRANGE])
    assert "hunter2" not in json.dumps(caught.value.to_dict())


def test_one_package_has_one_file_in_all_categories(store: EnvStore, locked: Document) -> None:
    def split(document: Document) -> None:
        entry = next(entry for entry in document["package"] if entry["name"] == "idna")
        other = entry["url"].replace(f"-{entry['version']}-", "-0.1-")
        document["package"].append({**entry, "category": "dev", "version": "0.1", "url": other})

    with pytest.raises(LockfileError, match="another category of the file has another file"):
        store.builds.create_from_lockfile("copy", changed(locked, split))


def test_what_the_format_does_not_know_is_left_behind(store: EnvStore, locked: Document) -> None:
    """Dates, numbers that are none, a person's paths: a YAML file may hold all of it."""
    odd = "surprise: [2026-11-22, .nan, !!binary aGk=]\nmetadata:\n  git_metadata: {git_user_name: Mira}\n"
    text = yaml.safe_dump(locked)
    assert text.startswith("metadata:\n")
    text = odd + text.removeprefix("metadata:\n")
    document = store.channels.look_into(text.encode())
    assert document.valid
    build = store.builds.create_from_lockfile("copy", text.encode())
    assert finish(store, build).state == "ready"
    kept = store.versions.lockfile("copy")
    assert set(kept) == {"version", "metadata", "package"}
    assert "Mira" not in json.dumps(kept)


def test_a_channel_to_allow_must_be_one(store: EnvStore, locked: Document) -> None:
    with pytest.raises(InvalidInputError, match=r"no URL of a channel|not the name of a channel"):
        store.builds.create_from_lockfile("copy", locked, allow_channels=["not a channel"])


# ---------------------------------------------------------------- looking before anything is made


def test_a_look_says_what_it_holds_and_what_is_in_the_way(store: EnvStore, locked: Document, channel_url: str) -> None:
    own = [entry for entry in locked["package"] if entry["platform"] == "linux-64"]
    report = store.channels.look_into(encoded(locked), file="/home/mira/course-lock.yml", sizes=True)
    assert (report.valid, report.name, report.platforms) == (True, "course", ["linux-64", "osx-arm64"])
    assert [package.name for package in report.packages] == sorted(entry["name"] for entry in own)
    assert report.size == sum(package.size or 0 for package in report.packages) > 0
    (channel,) = report.channels
    names = {entry["name"] for entry in locked["package"]}
    assert (channel.url, channel.packages, channel.configured) == (channel_url, len(names), True)

    strange = store.channels.look_into(encoded(move(locked, "idna", STRANGE)), sizes=True)
    assert not strange.valid
    assert [(channel.url, channel.configured) for channel in strange.channels] == [
        (channel_url, True),
        (STRANGE, False),
    ]
    assert [remark.code for remark in strange.remarks] == ["channel_not_allowed"]
    assert strange.size is None, "a channel that nobody allowed is not asked"
    allowed = store.channels.look_into(encoded(move(locked, "idna", STRANGE)), allow_channels=[STRANGE], sizes=True)
    assert allowed.valid
    assert [package.name for package in allowed.packages if package.size is None] == ["idna"], "nobody answers there"
    assert allowed.size == sum(package.size or 0 for package in report.packages if package.name != "idna")
    assert allowed.channels[1].configured, "allowed counts as chosen"
    assert store.environments.list().total == 0
