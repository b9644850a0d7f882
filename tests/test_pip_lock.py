"""Pip sections are locked: one wheel a package and platform, beside what conda supplies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import PipLocker, pip_packages, specification_with_pip
from fixtures.resolver import StartResolver
from fixtures.wheels import Wheel

from jupyter_envstore.errors import ChannelUnavailableError, LockError, PackageNotFoundError, UnsolvableError
from jupyter_envstore.lock.document import check_document, packages_of

TAGS = (
    "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
    "cp39-abi3-manylinux_2_17_x86_64",
    "cp311-cp311-musllinux_1_2_x86_64",
    "cp311-cp311-macosx_11_0_arm64",
    "cp311-cp311-win_amd64",
)


def test_a_package_is_locked_with_file_digest_size_and_what_it_needs(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    url = package_index.add(Wheel("Foo.Bar", "1.0", ["numpy>=1,<3", "baz[x]", "other; sys_platform == 'win32'"]))
    package_index.add(Wheel("baz", "2.0", extras={"x": ["qux==1.*"]}))
    package_index.add(Wheel("qux"))
    answer = pip_locker.lock(["foo-bar>=0.5"], ["python=3.11", "pip", "numpy"])
    found = pip_packages(answer)
    assert sorted(found) == ["baz", "foo-bar", "qux"]
    foo = found["foo-bar"]
    assert (foo.version, foo.url, foo.platform) == ("1.0", url, "linux-64")
    assert foo.sha256 == package_index.sha256("Foo_Bar-1.0-py3-none-any.whl")
    assert foo.size is not None
    assert foo.size > 500
    assert foo.depends == ["baz", "numpy >=1,<3"]
    assert [need.split()[0] for need in found["baz"].depends] == ["qux"]
    check_document(answer["lockfile"])
    written = {item.name: item for item in packages_of(answer["lockfile"], "linux-64")}
    assert (written["foo-bar"].manager, written["foo-bar"].sha256) == ("pip", foo.sha256)
    assert written["numpy"].manager == "conda"


def test_each_platform_gets_the_wheel_that_fits_it_best(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    for tag in TAGS:
        package_index.add(Wheel("fast", tag=tag))
    answer = pip_locker.lock(["fast"], platforms=("linux-64", "osx-arm64", "win-64"))
    chosen = {platform: pip_packages(answer, platform)["fast"].url for platform in ("linux-64", "osx-arm64", "win-64")}
    assert chosen["linux-64"].endswith("cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    assert chosen["osx-arm64"].endswith("cp311-cp311-macosx_11_0_arm64.whl")
    assert chosen["win-64"].endswith("cp311-cp311-win_amd64.whl")


def test_markers_and_selectors_are_those_of_the_platform_that_is_locked(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    for name in ("everywhere", "onwindows", "onmac", "oldpython", "selected"):
        package_index.add(Wheel(name))
    text = (
        "dependencies:\n  - python=3.11\n  - pip\n  - pip:\n    - everywhere\n"
        "    - onwindows; sys_platform == 'win32'\n    - onmac; platform_machine == 'arm64'\n"
        "    - oldpython; python_version < '3.9'\n    - selected  # [win]\n"
    )
    answer = pip_locker.lock([], text=text, platforms=("linux-64", "osx-arm64", "win-64"))
    assert sorted(pip_packages(answer)) == ["everywhere"]
    assert sorted(pip_packages(answer, "osx-arm64")) == ["everywhere", "onmac"]
    assert sorted(pip_packages(answer, "win-64")) == ["everywhere", "onwindows", "selected"]


def test_what_conda_supplies_is_neither_replaced_nor_asked_for(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("needs", requires=["numpy", "torch>=2"]))
    package_index.add(Wheel("numpy", "2.1"))
    package_index.add(Wheel("torch", "2.5"))
    found = pip_locker.packages(["needs", "numpy"], ["python=3.11", "pip", "pytorch"])
    assert list(found) == ["needs"]
    assert found["needs"].depends == ["numpy", "pytorch >=2"]
    assert not [request for request in package_index.requests if "numpy" in request or "torch" in request]


def test_an_extra_of_a_conda_package_brings_what_it_needs(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("needs", requires=["numpy[fast]"]))
    package_index.add(Wheel("numpy", "1.26.4", extras={"fast": ["turbo"]}))
    package_index.add(Wheel("turbo"))
    assert sorted(pip_locker.packages(["needs"], ["python=3.11", "pip", "numpy"])) == ["needs", "turbo"]


def test_a_platform_without_a_wheel_is_told_and_the_others_are_locked(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("onlylinux", tag="cp311-cp311-manylinux_2_17_x86_64"))
    answer = pip_locker.lock(["onlylinux"], platforms=("linux-64", "win-64"))
    assert list(pip_packages(answer)) == ["onlylinux"]
    assert list(answer["unsolved"]) == ["win-64"]
    explanation = answer["unsolved"]["win-64"]
    assert "onlylinux 1.0 has no wheel for win-64 with Python 3.11.9" in explanation["summary"]
    assert explanation["conflict"] == ["onlylinux"]


def test_pip_comes_along_as_conda_and_conda_lock_have_it(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo"))
    answer = pip_locker.lock(["foo"], ["numpy"])
    assert {"python", "pip"} <= {item["name"] for item in answer["packages"] if item["manager"] == "conda"}


def test_an_edit_keeps_what_was_locked_and_an_update_moves_it(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    for name in ("one", "two"):
        package_index.add(Wheel(name, "1.0"))
    before = pip_locker.lock(["one", "two"])["packages"]
    for name in ("one", "two", "three"):
        package_index.add(Wheel(name, "2.0"))
    edited = pip_locker.packages(["one", "two", "three"], preferred=before, freed=[])
    assert {name: item.version for name, item in edited.items()} == {"one": "1.0", "two": "1.0", "three": "2.0"}
    updated = pip_locker.packages(["one", "two"], preferred=before, freed=["two"])
    assert {name: item.version for name, item in updated.items()} == {"one": "1.0", "two": "2.0"}
    assert {item.version for item in pip_locker.packages(["one", "two"]).values()} == {"2.0"}


def test_packages_are_taken_as_they_were_on_a_day(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", "1.0"), uploaded="2026-01-01T00:00:00Z")
    package_index.add(Wheel("foo", "2.0"), uploaded="2026-03-01T00:00:00Z")
    assert pip_locker.packages(["foo"], as_of="2026-02-01")["foo"].version == "1.0"


def test_the_content_hash_is_that_of_conda_lock(
    pip_locker: PipLocker, package_index: PackageIndex, tmp_path: Path
) -> None:
    from conda_lock.content_hash import compute_content_hashes
    from conda_lock.src_parser import make_lock_spec
    from conda_lock.virtual_package import default_virtual_package_repodata

    for name in ("foo", "bar"):
        package_index.add(Wheel(name, "1.0"))
    text = specification_with_pip(["python=3.11", "numpy"], ["foo>=0.5", "bar[extra]==1.0; sys_platform == 'linux'"])
    answer = pip_locker.lock([], text=text)
    source = tmp_path / "environment.yml"
    source.write_text(text)
    names = tmp_path / "names.json"
    names.write_text("{}")
    spec = make_lock_spec(src_files=[source], platform_overrides=["linux-64"], mapping_url=names.as_uri())
    theirs = compute_content_hashes(spec, default_virtual_package_repodata(cuda_version="default"))
    assert answer["lockfile"]["metadata"]["content_hash"] == theirs


def test_an_index_and_further_ones_can_be_named_in_the_specification(
    pip_locker: PipLocker, package_index: PackageIndex, other_index: PackageIndex
) -> None:
    package_index.add(Wheel("foo", "1.0"))
    other_index.add(Wheel("special", "1.0+cu118"))
    found = pip_locker.packages([f"--extra-index-url {other_index.url}", "foo", "special==1.0+cu118"])
    assert found["special"].url.startswith(f"http://{other_index.host}/")
    assert found["foo"].url.startswith(f"http://{package_index.host}/")
    other_index.add(Wheel("foo", "3.0"))
    assert pip_locker.packages([f"--index-url {other_index.url}", "foo"])["foo"].version == "3.0"


def test_a_wheel_can_be_named_by_its_address(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    url = package_index.add(Wheel("direct", "3.0", ["foo"]))
    package_index.add(Wheel("foo"))
    digest = package_index.sha256("direct-3.0-py3-none-any.whl")
    found = pip_locker.packages([f"direct @ {url}#sha256={digest}"])
    assert (found["direct"].url, found["direct"].sha256, found["direct"].version) == (url, digest, "3.0")
    assert found["direct"].depends == ["foo"]
    with pytest.raises(LockError):
        pip_locker.lock([f"direct @ {url}#sha256={'0' * 64}"])


def test_a_stated_hash_is_held(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo"))
    digest = package_index.sha256("foo-1.0-py3-none-any.whl")
    assert pip_locker.packages([f"foo==1.0 --hash=sha256:{digest}"])["foo"].sha256 == digest
    with pytest.raises(LockError, match=r"No file of foo 1\.0 has a sha256"):
        pip_locker.lock([f"foo==1.0 --hash=sha256:{'0' * 64}"])


def test_where_an_index_states_no_digest_that_of_the_file_is_taken(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("foo"))
    package_index.without_digests = True
    assert pip_locker.packages(["foo"])["foo"].sha256 == package_index.sha256("foo-1.0-py3-none-any.whl")


def test_credentials_fetch_and_are_seen_nowhere(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.login = ("someone", "s3cr3tw0rd")
    package_index.add(Wheel("foo"))
    answer = pip_locker.lock(["foo"], pip_settings={"index_url": package_index.url_with_login})
    assert pip_packages(answer)["foo"].url == f"http://{package_index.host}/files/foo-1.0-py3-none-any.whl"
    assert "s3cr3tw0rd" not in json.dumps(answer)
    with pytest.raises(PackageNotFoundError) as caught:
        pip_locker.lock(["nowhere"], pip_settings={"index_url": package_index.url_with_login})
    assert "s3cr3tw0rd" not in json.dumps(caught.value.to_dict())
    with pytest.raises(ChannelUnavailableError, match="wants a user and password") as refused:
        pip_locker.lock(["bar"], pip_settings={"index_url": package_index.url_with_login.replace("w0rd", "wrong")})
    assert "s3cr3twrong" not in json.dumps(refused.value.to_dict())


def test_the_machines_own_configuration_says_where_packages_are(
    start_resolver: StartResolver, pip_locker: PipLocker, package_index: PackageIndex, tmp_path: Path
) -> None:
    package_index.login = ("someone", "s3cr3tw0rd")
    package_index.add(Wheel("foo"))
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[global]\nindex-url = {package_index.url}\n")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password s3cr3tw0rd\n")
    netrc.chmod(0o600)
    own = {"UV_CONFIG_FILE": "/dev/null", "PIP_CONFIG_FILE": str(configuration), "NETRC": str(netrc)}
    pip_locker.resolver = start_resolver(**own, UV_NO_BINARY_PACKAGE="foo", UV_OVERRIDE="/nowhere")
    answer = pip_locker.lock(["foo"], pip_settings={"index_url": ""})
    assert pip_packages(answer)["foo"].url.startswith(f"http://{package_index.host}/")
    pip_locker.resolver = start_resolver(
        UV_CONFIG_FILE="/dev/null", PIP_CONFIG_FILE="/dev/null", UV_INDEX_URL=package_index.url_with_login
    )
    assert "s3cr3tw0rd" not in json.dumps(pip_locker.lock(["foo"], pip_settings={"index_url": ""}))


def test_an_index_that_does_not_answer_is_named_and_what_is_known_is_used_offline(
    pip_locker: PipLocker, package_index: PackageIndex, start_resolver: StartResolver
) -> None:
    package_index.add(Wheel("foo"))
    pip_locker.resolver = start_resolver(UV_HTTP_RETRIES="0")
    known = pip_locker.packages(["foo"])
    package_index.failing = True
    with pytest.raises(ChannelUnavailableError, match=r"The package index .* does not answer"):
        pip_locker.lock(["foo", "bar"])
    assert pip_locker.packages(["foo"], offline=True) == known


def test_a_version_that_was_taken_back_is_told(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", "1.0"))
    package_index.add(Wheel("foo", "2.0"))
    package_index.yank("foo-2.0-py3-none-any.whl")
    assert pip_locker.packages(["foo"])["foo"].version == "1.0"
    answer = pip_locker.lock(["foo==2.0"])
    assert pip_packages(answer)["foo"].version == "2.0"
    assert any("foo==2.0" in warning and "took it back" in warning for warning in answer["warnings"])


def test_a_free_threaded_python_is_refused_in_words(
    pip_locker: PipLocker, package_index: PackageIndex, tmp_path: Path
) -> None:
    from small_channels import record, write_channel

    package_index.add(Wheel("foo"))
    pip_locker.channel = write_channel(
        tmp_path / "channel", [record("python", "3.13.1", build="0_cp313t"), record("pip", "24.0", "python")]
    )
    with pytest.raises(LockError, match="a Python that is not the usual one"):
        pip_locker.lock(["foo"], ["python"])


def test_a_name_that_is_nowhere_is_told_with_names_like_it(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    with pytest.raises(PackageNotFoundError, match=r"no package “nunpy” on the package index. Did you mean numpy\?"):
        pip_locker.lock(["nunpy"])


def test_no_version_fits_a_constraint(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", "1.0"))
    with pytest.raises(UnsolvableError) as caught:
        pip_locker.lock(["foo>=2"])
    relaxations = caught.value.details["explanation"]["relaxations"]
    assert relaxations[0] == {"title": "Allow another version of foo", "remove": ["foo>=2"], "add": ["foo"]}
