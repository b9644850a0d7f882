"""The configuration that people have who configured nothing but a mirror: conda-forge, over HTTP, as it is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from channel_maker.serving import ChannelServer
from fixtures.store import StoreHome, finish

from jupyter_envstore.errors import ChannelUnavailableError
from jupyter_envstore.store import EnvStore

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"
SPECIFICATION = "name: analysis\ndependencies: [python=3.12, calc-kernel]\n"


@pytest.fixture
def mirrored(home: StoreHome, channel_server: ChannelServer) -> Iterator[EnvStore]:
    """A store whose conda-forge is fetched from the local channel's server; nothing else differs from the defaults."""
    del home.settings["default_channels"]
    home.settings["channel_mirrors"] = {CONDA_FORGE: [channel_server.url()]}
    store = home.open()
    yield store
    store.close()


def test_the_lock_names_conda_forge_and_the_files_come_from_the_mirror(
    mirrored: EnvStore, channel_server: ChannelServer
) -> None:
    assert mirrored.default_channels == ["conda-forge"]
    build = finish(mirrored, mirrored.builds.create("analysis", SPECIFICATION))
    assert build.state == "ready", build.error
    packages = mirrored.versions.packages("analysis")
    assert {package.channel for package in packages} == {CONDA_FORGE}
    assert all(package.url.startswith(f"{CONDA_FORGE}/") for package in packages)
    assert "127.0.0.1" not in str(mirrored.versions.lockfile("analysis"))
    assert channel_server.count("*.conda", method="GET", status=302) >= len(packages)
    assert mirrored.versions.verify("analysis").problems == []


def test_a_second_environment_downloads_nothing_again(mirrored: EnvStore, channel_server: ChannelServer) -> None:
    finish(mirrored, mirrored.builds.create("analysis", SPECIFICATION))
    fetched = channel_server.count("*.conda")
    build = finish(mirrored, mirrored.builds.create("more", SPECIFICATION.replace("]", ", idna]")))
    assert build.state == "ready", build.error
    new = [one.path for one in channel_server.requests[:] if one.path.endswith(".conda")][fetched:]
    assert {path.rpartition("/")[2].split("-")[0] for path in new} == {"idna"}


def test_without_a_network_it_builds_from_what_is_cached_and_says_so(
    home: StoreHome, mirrored: EnvStore, channel_server: ChannelServer
) -> None:
    finish(mirrored, mirrored.builds.create("analysis", SPECIFICATION))
    before = channel_server.count("*.conda")
    later = home.open()  # a new process, as it were: it remembers no metadata and has to ask
    try:
        with channel_server.behaving(statuses={"*": 503}):
            build = finish(later, later.builds.create("train", SPECIFICATION.replace(", calc-kernel", "")))
            assert build.state == "ready", build.error
            assert [warning.code for warning in build.warnings[:2]] == ["lock_note", "lock_note"]
            assert "does not answer" in build.warnings[0].message
            assert "from the cache" in build.warnings[1].message
            assert later.channels.search("calc-kernel").items[0].name == "calc-kernel"
    finally:
        later.close()
    assert channel_server.count("*.conda") == before


@pytest.mark.parametrize("missing", [{"shards": False}, {"zstd": False, "shards": False}, {"channeldata": False}])
def test_a_channel_that_offers_less_works_too(
    mirrored: EnvStore, channel_server: ChannelServer, missing: dict[str, bool]
) -> None:
    with channel_server.behaving(**missing):
        assert mirrored.channels.lock(SPECIFICATION).platforms == ["linux-64"]


def test_a_channel_that_does_not_answer_is_named_with_the_time_and_what_was_tried(
    mirrored: EnvStore, channel_server: ChannelServer
) -> None:
    with channel_server.behaving(statuses={"*": 503}), pytest.raises(ChannelUnavailableError) as caught:
        mirrored.channels.lock(SPECIFICATION)
    assert "conda-forge" in caught.value.message
    assert {"channel", "seconds", "tried"} <= set(caught.value.details)


def test_a_download_that_fails_once_is_tried_again(mirrored: EnvStore, channel_server: ChannelServer) -> None:
    channel_server.behaviour.statuses = {"*/python-3.12*": 503}
    channel_server.behaviour.times = {"*/python-3.12*": 1}
    build = finish(mirrored, mirrored.builds.create("analysis", SPECIFICATION))
    assert build.state == "ready", build.error


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"corrupt": {"*/python-3.12*.conda"}}, "download_failed"),  # the archive's own checksum notices it first
        ({"statuses": {"*/python-3.12*.conda": 404}}, "download_failed"),
    ],
)
def test_a_file_that_is_not_the_locked_one_is_refused_and_nothing_is_made(
    mirrored: EnvStore, channel_server: ChannelServer, fault: dict[str, object], code: str
) -> None:
    with channel_server.behaving(**fault):
        build = finish(mirrored, mirrored.builds.create("analysis", SPECIFICATION))
    assert build.state == "failed"
    assert build.error is not None
    assert build.error.code == code, build.error
    assert "python" in build.error.message
    assert mirrored.versions.list("analysis").total == 0
    assert [path for path in mirrored.layout.prefixes.iterdir() if path.is_dir()] == []

    again = finish(mirrored, mirrored.builds.retry(build.id))
    assert again.state == "ready", "the same lock, when the channel is well again"


def test_credentials_of_a_channel_never_stay_anywhere(home: StoreHome, channel_server: ChannelServer) -> None:
    channel_server.behaviour.credentials = ("reader", "s3cret-word")
    with_secret = channel_server.url().replace("http://", "http://reader:s3cret-word@")
    home.settings["default_channels"] = [with_secret]
    done = home.run("create", "-n", "private", "idna", "--json")
    assert "s3cret-word" not in done.stdout + done.stderr
    for path in home.store_dir.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert b"s3cret-word" not in path.read_bytes(), path
