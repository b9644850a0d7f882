"""Whatever is freed can be had again: what no channel has any more, or might not have, stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_maker.serving import ChannelServer
from fixtures.small import edit, freed, in_cache, kept, must_end_well
from fixtures.store import StoreHome
from small_packages_channel import SMALL

from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.store import EnvStore


@pytest.fixture
def own_channel(small_home: StoreHome) -> Iterator[EnvStore]:
    """A store with two versions from the channel of this test; the first has `extra` and is not active."""
    store = small_home.open()
    must_end_well(store, store.builds.create("small", SMALL + "  - extra\n"))
    edit(store, "small", remove=["extra"])
    yield store
    store.close()


def test_packages_that_no_channel_has_any_more_stay_in_the_cache(own_channel: EnvStore, small_channel: Path) -> None:
    (small_channel / "noarch" / "extra-1.0-0.conda").unlink()
    said = own_channel.disk.collect(dry_run=True)
    done = own_channel.disk.collect()
    assert freed(said) == freed(done) == ["local/small@1"]
    assert said.freed == done.freed
    assert "extra-1.0-0" in in_cache(own_channel)
    assert any("extra-1.0-0" in note and "no channel" in note for note in done.notes)
    switch = own_channel.versions.activate("small@1")
    assert switch.build is not None
    must_end_well(own_channel, switch.build)
    assert own_channel.versions.verify("small@1").problems == []


def test_a_prefix_that_alone_has_a_package_stays(own_channel: EnvStore, small_channel: Path) -> None:
    (small_channel / "noarch" / "extra-1.0-0.conda").unlink()
    remove_tree(own_channel.layout.package_cache / "extra-1.0-0")
    done = own_channel.disk.collect()
    assert kept(done) == {"local/small@1": "irreplaceable", "local/small@2": "active"}
    assert next(item.reason for item in done.kept if item.code == "irreplaceable").startswith("extra-1.0-0 can be had")


def test_channels_on_the_network_are_asked(small_home: StoreHome, small_channel: Path) -> None:
    with ChannelServer(small_channel.parent) as server:
        small_home.settings["default_channels"] = [server.url(small_channel.name)]
        store = small_home.open()
        try:
            must_end_well(store, store.builds.create("small", SMALL + "  - extra\n  - other\n"))
            edit(store, "small", remove=["extra", "other"])
            index = small_channel / "noarch" / "repodata.json"
            data = json.loads(index.read_text())
            data["packages.conda"]["extra-1.0-0.conda"]["sha256"] = "0" * 64  # another file of the same name
            index.write_text(json.dumps(data))
            store.close()  # a resolver that asked a moment ago would not ask again
            store = small_home.open()
            done = store.disk.collect()
            assert freed(done) == ["local/small@1"]
            assert in_cache(store) == {"base-1.0-0", "tool-1.0-0", "extra-1.0-0"}
        finally:
            store.close()


def test_nothing_leaves_the_cache_while_its_channel_does_not_answer(small_home: StoreHome, small_channel: Path) -> None:
    with ChannelServer(small_channel.parent) as server:
        small_home.settings["default_channels"] = [server.url(small_channel.name)]
        store = small_home.open()
        must_end_well(store, store.builds.create("small", SMALL + "  - extra\n"))
        edit(store, "small", remove=["extra"])
        store.close()
    remove_tree(store.layout.repodata_cache)
    store = small_home.open()
    try:
        done = store.disk.collect()
        assert freed(done) == ["local/small@1"]
        assert "extra-1.0-0" in in_cache(store)
        assert any("does not answer" in note for note in done.notes)
        switch = store.versions.activate("small@1")
        assert switch.build is not None
        must_end_well(store, switch.build)
    finally:
        store.close()


def test_packages_that_no_version_needs_go_without_asking(own_channel: EnvStore, small_channel: Path) -> None:
    own_channel.versions.delete("small@1")
    (small_channel / "noarch" / "extra-1.0-0.conda").unlink()
    own_channel.disk.collect()
    assert in_cache(own_channel) == {"base-1.0-0", "tool-1.0-0"}
