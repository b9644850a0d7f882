"""Which channels a store trusts: those that its own configuration names, and none that look like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.lock.condarc import read_settings
from jupyter_envstore.lock.origins import channel_names
from jupyter_envstore.lock.roots import roots_of
from jupyter_envstore.policy.trust import Trust, trusted_channels
from jupyter_envstore.schemas import Package

FORGE = "https://conda.anaconda.org/conda-forge"


def package(name: str, *depends: str, channel: str = FORGE) -> Package:
    url = f"{channel}/linux-64/{name}-1.0-0.conda"
    return Package(name=name, version="1.0", platform="linux-64", channel=channel, url=url, depends=list(depends))


@pytest.mark.parametrize(
    ("channel", "trusted"),
    [
        (FORGE, True),
        ("https://CONDA.anaconda.org:443/conda-forge/", True),
        ("http://conda.anaconda.org/conda-forge", False),
        ("https://conda.anaconda.org/conda-forge/label/dev", False),
        ("https://conda.anaconda.org/conda-forge-evil", False),
        ("https://conda.anaconda.org/someone", False),
        ("https://conda.anaconda.org.evil.example/conda-forge", False),
        ("https://conda.anaconda.org:8443/conda-forge", False),
        ("file:///conda-forge", False),
    ],
)
def test_a_named_channel_stands_for_itself_alone(channel: str, trusted: bool) -> None:
    assert trusted_channels(ChannelSettings(), ["conda-forge"]).covers(channel) is trusted


def test_what_a_person_configured_is_trusted(tmp_path: Path) -> None:
    condarc = tmp_path / ".condarc"
    condarc.write_text(
        "channels: [bioconda, 'https://lab.example/t/secret-token/private', 'not a channel']\n"
        "channel_alias: https://mirror.example/conda\n"
        "custom_channels: {team: 'https://team.example/conda'}\n"
        "custom_multichannels: {ours: ['https://a.example/x', 'https://b.example/y']}\n"
        "mirrored_channels: {'https://far.example/z': ['https://near.example/z']}\n"
    )
    trust = trusted_channels(read_settings([condarc]), [])
    for url in (
        "https://mirror.example/conda/bioconda",
        "https://mirror.example/conda/anything",
        "https://lab.example/private",
        "https://team.example/conda/team",
        "https://team.example/conda/team/label/dev",
        "https://a.example/x",
        "https://b.example/y",
        "https://far.example/z",
        "https://near.example/z",
    ):
        assert trust.covers(url), url
    for url in (FORGE, "https://mirror.example/condapest/x", "https://team.example/conda/others", "https://a.example"):
        assert not trust.covers(url), url
    assert "secret-token" not in repr(trust)


def test_below_the_public_alias_anybody_can_publish() -> None:
    settings = ChannelSettings(mirrors={"https://conda.anaconda.org": ("https://mirror.example",)})
    for start in (ChannelSettings(), settings):
        assert trusted_channels(start, []) == Trust(frozenset())
        assert not trusted_channels(start, ["conda-forge"]).covers("https://conda.anaconda.org/someone")


def test_defaults_are_trusted_where_they_are_named() -> None:
    main = "https://repo.anaconda.com/pkgs/main"
    assert not trusted_channels(ChannelSettings(), ["conda-forge"]).covers(main)
    assert trusted_channels(ChannelSettings(), ["defaults"]).covers(main)


def test_a_further_channel_must_be_one() -> None:
    with pytest.raises(InvalidInputError):
        trusted_channels(ChannelSettings(), ["ftp://x/y"])


def test_channels_are_named_as_people_name_them() -> None:
    packages = [package("a", channel="https://h.example/own"), package("b"), package("c", channel=f"{FORGE}/label/x")]
    document = {"metadata": {"channels": [{"url": "unused"}, {"url": "conda-forge"}, {"url": "../broken"}]}}
    assert channel_names(document, packages, ChannelSettings()) == {
        FORGE: "conda-forge",
        "https://h.example/own": "https://h.example/own",
        f"{FORGE}/label/x": "conda-forge/label/x",
    }


# ---------------------------------------------------------------- what was wanted for its own sake


def test_roots_are_what_nothing_else_needs() -> None:
    packages = [package("app", "lib >=1", "__glibc >=2"), package("lib", "base"), package("base"), package("tool")]
    assert [found.name for found in roots_of(packages)] == ["app", "tool"]


def test_of_a_circle_one_stands_for_all() -> None:
    circle = [package("python", "pip", "base"), package("pip", "python"), package("base"), package("app", "python")]
    assert [found.name for found in roots_of(circle)] == ["app"]
    assert [found.name for found in roots_of(circle[:3])] == ["pip"]
    assert roots_of([]) == []
