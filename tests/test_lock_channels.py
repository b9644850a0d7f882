"""Channels over HTTP: asked where they lie, named by what they are, and when they fail, failed in words."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from channel_maker.serving import ChannelServer
from fixtures.resolver import ResolverProcess, StartResolver
from small_channels import record, write_channel

from jupyter_envstore.errors import ChannelUnavailableError, InvalidInputError
from jupyter_envstore.lock.channels import ChannelSettings, resolve_channels
from jupyter_envstore.lock.condarc import read_settings

CANONICAL = "https://conda.anaconda.org/conda-forge"


def urls(*names: str, settings: ChannelSettings | None = None) -> list[list[str]]:
    groups = resolve_channels(names, settings or ChannelSettings())
    return [[channel.url for channel in group.channels] for group in groups]


# ---------------------------------------------------------------- names


def test_names_are_read_as_conda_reads_them() -> None:
    assert urls("conda-forge", "conda-forge/label/rc", "pkgs/main", "https://h.example/c/noarch/", "/srv/a b") == [
        [CANONICAL],
        [f"{CANONICAL}/label/rc"],
        ["https://repo.anaconda.com/pkgs/main"],
        ["https://h.example/c"],
        ["file:///srv/a%20b"],
    ]


def test_defaults_is_one_step_of_priority_and_nodefaults_is_nothing() -> None:
    assert urls("conda-forge", "nodefaults", "defaults") == [
        [CANONICAL],
        ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"],
    ]


def test_credentials_are_where_files_are_fetched_and_nowhere_else() -> None:
    (group,) = resolve_channels(["https://user:pass@h.example/t/tk-12/corp"], ChannelSettings())
    (channel,) = group.channels
    assert (group.name, channel.url) == ("https://h.example/corp", "https://h.example/corp")
    assert channel.locations == ("https://user:pass@h.example/t/tk-12/corp",)
    assert "pass" not in repr(channel)
    assert "tk-12" not in repr(channel)
    assert "pass" not in str(channel.shown_locations)


@pytest.mark.parametrize(
    "name",
    [
        "../up",
        "a b",
        "",
        "-c",
        "local",
        "ftp://h/c",
        "https:///c",
        "https://h/../c",
        "https://h/c?x=1",
        "$SECRET",
        "./here",
    ],
)
def test_what_is_no_channel_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        resolve_channels([name], ChannelSettings())


def test_condarc_gives_alias_custom_channels_multichannels_and_mirrors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORP_TOKEN", "tk-9")
    system, own = tmp_path / "system", tmp_path / "own"
    system.write_text("channel_alias: https://old.example\ndefault_channels: [https://d.example/main]\n")
    own.write_text(
        "channel_alias: https://alias.example\n"
        "custom_channels: {corp: 'https://corp.example/t/${CORP_TOKEN}'}\n"
        "custom_multichannels: {both: [corp, conda-forge]}\n"
        "mirrored_channels: {conda-forge: ['https://m.example/cf']}\n"
    )
    (tmp_path / "broken").write_text("\t: [")
    settings = read_settings([tmp_path / "absent", system, own, tmp_path / "broken"])
    assert urls("x", "defaults", "both", settings=settings) == [
        ["https://alias.example/x"],
        ["https://d.example/main"],
        ["https://corp.example/corp", "https://alias.example/conda-forge"],
    ]
    corp, forge = resolve_channels(["both"], settings)[0].channels
    assert corp.locations == ("https://corp.example/t/tk-9/corp",)
    assert forge.locations == ("https://m.example/cf",)


# ---------------------------------------------------------------- over HTTP


def test_lock_through_a_mirror_names_the_canonical_channel(
    resolver: ResolverProcess, channel_server: ChannelServer
) -> None:
    mirrors = {CANONICAL: [channel_server.url()]}
    result = resolver.lock(["python=3.12", "numpy"], ["conda-forge"], mirrors=mirrors)
    assert {package["channel"] for package in result["packages"]} == {CANONICAL}
    assert all(entry["url"].startswith(CANONICAL + "/") for entry in result["lockfile"]["package"])
    assert result["lockfile"]["metadata"]["channels"] == [{"url": "conda-forge", "used_env_vars": []}]
    assert channel_server.count("*/repodata_shards.msgpack.zst") > 0


def test_channel_named_in_an_entry_is_the_canonical_one_too(
    resolver: ResolverProcess, channel_server: ChannelServer
) -> None:
    mirrors = {CANONICAL: [channel_server.url()]}
    result = resolver.lock(["conda-forge::python=3.12"], ["conda-forge"], mirrors=mirrors)
    assert "python" in {package["name"] for package in result["packages"]}


def test_second_lock_asks_the_channel_nothing(start_resolver: StartResolver, channel_server: ChannelServer) -> None:
    resolver = start_resolver()
    first = resolver.lock(["python=3.12"], [channel_server.url()])
    asked = len(channel_server.requests)
    assert resolver.lock(["python=3.12"], [channel_server.url()])["lockfile"] == first["lockfile"]
    assert len(channel_server.requests) == asked


def test_failing_shards_fall_back_for_that_channel_only(
    start_resolver: StartResolver, channel_server: ChannelServer, tmp_path: Path
) -> None:
    channel_server.behaviour.statuses = {"/conda-forge/*/repodata_shards*": 500}
    good = write_channel(tmp_path / "good", [record("lib", "1.0")])
    result = start_resolver().lock(["python=3.12", "lib"], [channel_server.url(), good])
    assert channel_server.count("/conda-forge/*/repodata.json*", method="GET") > 0
    assert [warning for warning in result["warnings"] if channel_server.url() in warning]
    assert not [warning for warning in result["warnings"] if good in warning]


def test_a_304_without_headers_falls_back(start_resolver: StartResolver, channel_server: ChannelServer) -> None:
    first, second = start_resolver(), start_resolver()
    second.cache = first.cache
    lockfile = first.lock(["python=3.12"], [channel_server.url()])["lockfile"]
    channel_server.behaviour.bare_not_modified = True
    assert second.lock(["python=3.12"], [channel_server.url()])["lockfile"] == lockfile
    assert channel_server.count(status=304) > 0


def test_broken_shard_of_one_package_falls_back(start_resolver: StartResolver, channel_server: ChannelServer) -> None:
    channel_server.behaviour.corrupt = {"/conda-forge/*/shards/*", "/conda-forge/shards/*"}
    result = start_resolver().lock(["python=3.12"], [channel_server.url()])
    assert "python" in {package["name"] for package in result["packages"]}


def test_next_mirror_is_asked_when_one_has_nothing(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    mirrors = {CANONICAL: [channel_server.url("nothing-here"), channel_server.url()]}
    result = start_resolver().lock(["python=3.12"], ["conda-forge"], mirrors=mirrors)
    assert {package["channel"] for package in result["packages"]} == {CANONICAL}


def test_refused_connection_says_which_channel_how_long_and_what_was_tried(start_resolver: StartResolver) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    url = f"http://user:secret@127.0.0.1:{port}/t/tk-77/corp"
    with pytest.raises(ChannelUnavailableError, match="the connection was refused") as caught:
        start_resolver().lock(["python"], [url])
    details = caught.value.details
    assert details["channel"] == f"http://127.0.0.1:{port}/corp"
    assert details["seconds"] >= 0
    assert len(details["tried"]) == 1
    assert "secret" not in str(caught.value.to_dict())
    assert "tk-77" not in str(caught.value.to_dict())


def test_silent_channel_is_given_up_in_bounded_time(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    channel_server.behaviour.hangs = {"*"}
    resolver = start_resolver()
    with pytest.raises(ChannelUnavailableError, match="did not answer in time") as caught:
        resolver.lock(["python"], [channel_server.url()], patience_seconds=1.0)
    assert caught.value.details["seconds"] >= 1.0
    channel_server.reset()
    assert resolver.lock(["python=3.12"], [channel_server.url()], patience_seconds=1.0)["packages"]


def test_slow_channel_that_answers_is_waited_for(start_resolver: StartResolver, channel_server: ChannelServer) -> None:
    channel_server.behaviour.shards = False
    channel_server.behaviour.delays = {"*/repodata.json.zst": 3.0}
    result = start_resolver().lock(["python=3.12"], [channel_server.url()], patience_seconds=1.0)
    assert result["packages"]


@pytest.mark.parametrize(
    ("name", "statuses", "words"),
    [
        ("no-such-channel", {}, "there is no channel at this address"),
        ("conda-forge", {"*": 403}, "access was refused"),
        ("conda-forge", {"*": 503}, "its server failed"),
    ],
)
def test_answers_that_are_no_channel_are_said_in_words(
    start_resolver: StartResolver, channel_server: ChannelServer, name: str, statuses: dict[str, int], words: str
) -> None:
    channel_server.behaviour.statuses = statuses
    with pytest.raises(ChannelUnavailableError, match=words):
        start_resolver().lock(["python"], [channel_server.url(name)])


def test_channel_that_wants_a_password_gets_it_from_the_url(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    channel_server.behaviour.credentials = ("reader", "s3cret")
    url = channel_server.url().replace("://", "://reader:s3cret@")
    result = start_resolver().lock(["python=3.12"], [url])
    assert "s3cret" not in str(result)
    assert {package["channel"] for package in result["packages"]} == {channel_server.url()}


def test_offline_uses_the_cache_and_says_so(start_resolver: StartResolver, channel_server: ChannelServer) -> None:
    channel_server.behaviour.shards = False
    online, offline = start_resolver(), start_resolver()
    offline.cache = online.cache
    lockfile = online.lock(["python=3.12"], [channel_server.url()])["lockfile"]
    channel_server.reset()
    result = offline.lock(["python=3.12"], [channel_server.url()], offline=True)
    assert result["lockfile"] == lockfile
    assert any("Offline" in warning for warning in result["warnings"])
    assert channel_server.requests == []


def test_offline_without_a_cache_fails_in_words(start_resolver: StartResolver, channel_server: ChannelServer) -> None:
    with pytest.raises(ChannelUnavailableError, match="nothing of it is cached"):
        start_resolver().lock(["python=3.12"], [channel_server.url()], offline=True)
    assert channel_server.requests == []


# ---------------------------------------------------------------- on this machine


def test_changed_local_channel_is_noticed(start_resolver: StartResolver, tmp_path: Path) -> None:
    resolver = start_resolver()
    channel = write_channel(tmp_path / "c", [record("lib", "1.0")])
    assert resolver.lock(["lib"], [channel])["packages"][0]["version"] == "1.0"
    write_channel(tmp_path / "c", [record("lib", "1.0"), record("lib", "2.0")])
    assert resolver.lock(["lib"], [channel])["packages"][0]["version"] == "2.0"


def test_local_channel_that_appears_later_is_found(start_resolver: StartResolver, tmp_path: Path) -> None:
    resolver = start_resolver()
    folder = tmp_path / "c"
    with pytest.raises(ChannelUnavailableError, match="no channel at this address"):
        resolver.lock(["lib"], [folder.as_uri()])
    channel = write_channel(folder, [record("lib", "1.0")])
    assert resolver.lock(["lib"], [channel])["packages"]
    shutil.rmtree(folder)


def test_first_channel_with_a_name_wins(resolver: ResolverProcess, tmp_path: Path) -> None:
    first = write_channel(tmp_path / "first", [record("lib", "1.0")])
    second = write_channel(tmp_path / "second", [record("lib", "2.0")])
    (package,) = resolver.lock(["lib"], [first, second])["packages"]
    assert (package["version"], package["channel"]) == ("1.0", first)


def test_channels_of_a_specification_win_over_the_default_ones(resolver: ResolverProcess, tmp_path: Path) -> None:
    first = write_channel(tmp_path / "first", [record("lib", "1.0")])
    second = write_channel(tmp_path / "second", [record("lib", "2.0")])
    text = f"channels: ['{second}', nodefaults]\ndependencies: [lib]\n"
    (package,) = resolver.lock(text, [first])["packages"]
    assert package["version"] == "2.0"


def test_channel_that_goes_silent_while_solving_is_given_up(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    resolver = start_resolver()
    resolver.call("warm", channels=[channel_server.url()], patience_seconds=1.0)
    channel_server.behaviour.hangs = {"*"}  # from here on only what was fetched ahead is there: names, no records
    with pytest.raises(ChannelUnavailableError, match="did not answer in time"):
        resolver.lock(["python=3.12"], [channel_server.url()], patience_seconds=1.0)


def test_mirror_in_a_folder_is_refused_in_words() -> None:
    with pytest.raises(InvalidInputError, match="Serve it over"):
        resolve_channels(["conda-forge"], ChannelSettings(mirrors={CANONICAL: ("file:///srv/mirror",)}))


def test_further_channel_leaves_the_first_one_warm(
    start_resolver: StartResolver, channel_server: ChannelServer, tmp_path: Path
) -> None:
    resolver = start_resolver()
    resolver.lock(["python=3.12"], [channel_server.url()])
    asked = len(channel_server.requests)
    further = write_channel(tmp_path / "c", [record("lib", "1.0")])
    assert resolver.lock(["python=3.12", "lib"], [channel_server.url(), further])["packages"]
    assert len(channel_server.requests) == asked


def test_channel_that_changed_is_read_anew_for_every_platform(start_resolver: StartResolver, tmp_path: Path) -> None:
    resolver = start_resolver()
    platforms = ["linux-64", "osx-arm64"]
    for version in ("1.0", "2.0"):
        for platform in platforms:
            channel = write_channel(tmp_path / "c", [record("lib", version)], subdir=platform)
        result = resolver.lock(["lib"], [channel], platforms=platforms)
        assert [package["version"] for package in result["packages"]] == [version, version]


def test_search_has_summaries_from_the_channel_and_asks_for_them_once(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    resolver = start_resolver()
    arguments = {"pattern": "numpy", "channels": [channel_server.url()], "platform": "linux-64", "limit": 3}
    for _ in range(2):
        items = resolver.call("search", **arguments)["items"]
        assert items[0]["name"] == "numpy"
        assert "array" in items[0]["summary"].lower()
    assert channel_server.count("*/channeldata.json") == 1


def test_search_does_without_summaries_where_a_channel_has_none(
    start_resolver: StartResolver, channel_server: ChannelServer
) -> None:
    channel_server.behaviour.channeldata = False
    arguments = {"pattern": "numpy", "channels": [channel_server.url()], "platform": "linux-64", "limit": 3}
    (numpy, *_) = start_resolver().call("search", **arguments)["items"]
    assert (numpy["name"], numpy["summary"]) == ("numpy", "")


def test_broken_metadata_is_blamed_on_the_channel(start_resolver: StartResolver, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("lib", "1.0")])
    (tmp_path / "c" / "linux-64" / "repodata.json").write_text("<html>please log in</html>")
    with pytest.raises(ChannelUnavailableError, match=r"not a channel's metadata .*Ask whoever keeps the channel"):
        start_resolver().lock(["lib"], [channel])
