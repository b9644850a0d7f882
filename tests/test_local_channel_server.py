"""The channel server: what a client of conda-forge meets, and every fault that a test can order."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path

import pytest
from channel_maker.serving import ChannelServer
from fixtures.channel import ChannelClient

SPECS = ("calc-kernel", "envstore-activation-demo")
SHARDS = "*/shards/*"
PACKAGE = "envstore-activation-demo-1.0-0.conda"


def get(url: str, method: str = "GET", **headers: str) -> HTTPResponse:
    """Ask for a URL; header names are written with ``_``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response: HTTPResponse = urllib.request.urlopen(
        urllib.request.Request(url, method=method, headers=named), timeout=30
    )
    return response


def status_of(url: str, **headers: str) -> int:
    """The status of an answer, errors included."""
    try:
        return get(url, **headers).status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_client_as_it_comes_reads_the_sharded_index_and_is_told_when_it_is_still_current(
    channel_server: ChannelServer, channel_client: ChannelClient
) -> None:
    first = channel_client.records(channel_server.url(), *SPECS)
    assert channel_server.count(SHARDS, status=200) > 0
    assert channel_server.count("*/repodata.json*") == 0
    asked = channel_server.count(SHARDS)
    assert channel_client.records(channel_server.url(), *SPECS) == first
    assert channel_server.count("*/repodata_shards.msgpack.zst", status=304) == 2
    assert channel_server.count(SHARDS) == asked


def test_without_shards_the_compressed_index_is_read_and_without_that_the_plain_one(
    channel_server: ChannelServer, channel_client: ChannelClient, tmp_path: Path
) -> None:
    first = channel_client.records(channel_server.url(), *SPECS)
    with channel_server.behaving(shards=False):
        assert channel_client.records(channel_server.url(), *SPECS) == first
    assert channel_server.count("*/repodata.json.zst", method="GET", status=200) == 2
    with channel_server.behaving(shards=False, zstd=False):
        other = ChannelClient(tmp_path / "other")
        assert other.records(channel_server.url(), *SPECS) == first
    assert channel_server.count("*/repodata.json", method="GET", status=200) == 2


def test_packages_come_from_the_other_host(
    channel_server: ChannelServer, channel_client: ChannelClient, tmp_path: Path
) -> None:
    prefix = tmp_path / "prefix"
    channel_client.records(channel_server.url(), "envstore-activation-demo", prefix=prefix)
    assert (prefix / "etc/conda/activate.d/envstore-activation-demo.sh").is_file()
    ways = [(one.host, one.status) for one in channel_server.requests if one.path.endswith(PACKAGE)]
    assert set(ways) == {("channel", 302), ("files", 200)}


def test_credentials_are_demanded_and_stay_with_the_host_that_demands_them(
    channel_server: ChannelServer, channel_client: ChannelClient, tmp_path: Path
) -> None:
    url = channel_server.url()
    with channel_server.behaving(credentials=("ann", "pass word")):
        assert "401" in channel_client.ask(url, "envstore-activation-demo")["error"]
        allowed = url.replace("://", "://ann:pass%20word@")
        channel_client.records(allowed, "envstore-activation-demo", prefix=tmp_path / "prefix")
    from_files = [one for one in channel_server.requests if one.host == "files"]
    assert from_files
    assert not [one for one in from_files if "authorization" in one.headers]


def test_changed_bytes_are_refused_by_the_client(
    channel_server: ChannelServer, channel_client: ChannelClient, tmp_path: Path
) -> None:
    pattern = f"*/{PACKAGE}"
    with channel_server.behaving(corrupt={pattern}):
        answer = channel_client.ask(channel_server.url(), "envstore-activation-demo", prefix=tmp_path / "prefix")
    assert "failed to fetch" in answer["error"]
    assert channel_server.count(pattern, status=200) > 0


def test_a_fault_can_last_or_pass(channel_server: ChannelServer, channel_client: ChannelClient, tmp_path: Path) -> None:
    pattern = f"*/{PACKAGE}"
    order = (channel_server.url(), "envstore-activation-demo")
    with channel_server.behaving(statuses={pattern: 404}):
        for _ in range(2):
            assert "404" in channel_client.ask(*order, prefix=tmp_path / "prefix")["error"]
    with channel_server.behaving(statuses={pattern: 503}, times={pattern: 1}):
        assert "503" in channel_client.ask(*order, prefix=tmp_path / "prefix")["error"]
        channel_client.records(*order, prefix=tmp_path / "prefix")
    assert channel_server.count(pattern, status=503) == 1


def test_a_file_has_an_etag_a_date_and_ranges(channel_server: ChannelServer, channel_dir: Path) -> None:
    url = f"{channel_server.url()}/noarch/repodata.json"
    whole = (channel_dir / "noarch/repodata.json").read_bytes()
    answer = get(url)
    assert answer.read() == whole
    tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert status_of(url, If_None_Match=tag) == 304
    assert status_of(url, If_Modified_Since=modified) == 304
    assert status_of(url, If_None_Match='"another"', If_Modified_Since=modified) == 200
    part = get(url, Range="bytes=10-19")
    assert (part.status, part.read()) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    head = get(url, method="HEAD")
    assert (head.read(), int(head.headers["Content-Length"])) == (b"", len(whole))


def test_nothing_outside_the_channels_is_served(channel_server: ChannelServer) -> None:
    for path in ("../../../pyproject.toml", "%2e%2e/%2e%2e/pyproject.toml", ".generations/", "noarch", "nothing"):
        assert status_of(f"{channel_server.url()}/{path}") == 404, path


def test_a_truncated_answer_stops_half_way(channel_server: ChannelServer) -> None:
    with channel_server.behaving(truncated={"*/channeldata.json"}), pytest.raises(IncompleteRead):
        get(f"{channel_server.url()}/channeldata.json").read()
    assert get(f"{channel_server.url()}/channeldata.json").read()


def test_a_slow_download_takes_the_time_that_was_ordered(channel_server: ChannelServer, channel_dir: Path) -> None:
    size = (channel_dir / "channeldata.json").stat().st_size
    with channel_server.behaving(bytes_per_second=size * 2):
        started = time.monotonic()
        assert len(get(f"{channel_server.url()}/channeldata.json").read()) == size
        # A lower bound only: how much longer a busy machine needs proves nothing.
        assert time.monotonic() - started > 0.4


def test_what_hangs_is_let_go_by_a_reset(channel_server: ChannelServer) -> None:
    ended = threading.Event()

    def ask() -> None:
        with pytest.raises((OSError, IncompleteRead)):
            get(f"{channel_server.url()}/channeldata.json")
        ended.set()

    channel_server.behaviour.hangs = {"*/channeldata.json"}
    thread = threading.Thread(target=ask)
    thread.start()
    assert not ended.wait(0.3)
    channel_server.reset()
    assert ended.wait(30)
    thread.join()
