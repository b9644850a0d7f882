"""``@EXPLICIT`` lists: written as conda takes them, and read from whoever made them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.shared import CHANNEL, WHEELS, conda_package, shared_of, wheel
from fixtures.store import finish

from jupyter_envstore.errors import FormatUnavailableError, LockfileError, PlatformError
from jupyter_envstore.lock.document import packages_of, platforms_of
from jupyter_envstore.schemas import Package
from jupyter_envstore.share import explicit
from jupyter_envstore.share.reading import read_lock
from jupyter_envstore.specification import Specification
from jupyter_envstore.store import EnvStore

MD5 = "0123456789abcdef0123456789abcdef"
SHA256 = "ab" * 32


def listed(*lines: str) -> bytes:
    return "\n".join(["# platform: linux-64", "@EXPLICIT", *lines, ""]).encode()


def test_packages_come_after_what_they_need_each_with_its_digest(two_platforms: list[Package]) -> None:
    text = explicit.write(shared_of(two_platforms))
    lines = text.splitlines()
    mark = lines.index("@EXPLICIT")
    assert lines[0] == "# Written by jupyter-envstore from team/origin, version 3."
    assert all(line.startswith("#") for line in lines[:mark])
    assert lines[mark - 1] == "# platform: linux-64"
    found = [line for line in lines[mark + 1 :] if not line.startswith("#")]
    assert [line.rsplit("/", 1)[1].split("-")[0] for line in found] == ["libc", "tzdata", "python"]
    python = next(package for package in two_platforms if package.name == "python")
    assert found[-1] == f"{python.url}#{python.md5}"
    assert f"# pip idna @ {WHEELS}/idna-3.7-py3-none-any.whl#sha256=" in text


def test_it_is_the_list_that_conda_lock_writes(two_platforms: list[Package], tmp_path: Path) -> None:
    """conda-lock's own words, from the same packages: only the order and the comments differ."""
    from jupyter_envstore.share import conda_lock

    shared = shared_of(two_platforms)
    (tmp_path / "conda-lock.yml").write_text(conda_lock.write(shared))
    program = (
        "import os, pathlib, sys; from conda_lock.conda_lock import render_lockfile_for_platform as render\n"
        "from conda_lock.lockfile import parse_conda_lock_file\n"
        "lock = parse_conda_lock_file(pathlib.Path('conda-lock.yml'))\n"
        "lines = render(lockfile=lock, include_dev_dependencies=False, extras=None, kind='explicit',"
        " platform='linux-64', suppress_warning_for_pip_and_explicit=True)\n"
        "print('\\n'.join(lines)); sys.stdout.flush(); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)

    def said(text: str) -> set[str]:
        return {line for line in text.splitlines() if line.startswith(("http", "# pip ", "@"))}

    assert said(explicit.write(shared)) == said(done.stdout)


def test_only_a_sha256_is_written_where_there_is_no_md5() -> None:
    package = conda_package("tool", md5=None)
    assert explicit.write(shared_of([package])).splitlines()[-1] == f"{package.url}#{package.sha256}"


def test_one_platform_is_written_this_machines_or_the_one_asked_for(two_platforms: list[Package]) -> None:
    assert "osx-arm64" not in explicit.write(shared_of(two_platforms))
    other = explicit.write(shared_of(two_platforms, platform="osx-arm64"))
    assert "# platform: osx-arm64" in other
    assert "linux-64" not in other
    with pytest.raises(PlatformError, match="not locked for win-64, only for linux-64, osx-arm64"):
        explicit.write(shared_of(two_platforms, platform="win-64"))
    with pytest.raises(FormatUnavailableError, match="no conda packages"):
        explicit.write(shared_of([wheel("idna", "3.7")]))


def test_what_is_written_is_read_again(two_platforms: list[Package]) -> None:
    document = read_lock(explicit.write(shared_of(two_platforms)).encode())
    assert platforms_of(document) == ["linux-64"]
    wanted = {(one.manager, one.name, one.version, one.url) for one in two_platforms if one.platform == "linux-64"}
    found = packages_of(document, "linux-64")
    assert {(one.manager, one.name, one.version, one.url) for one in found} == wanted


def test_several_lists_make_one_lock(two_platforms: list[Package]) -> None:
    one = explicit.write(shared_of(two_platforms))
    other = explicit.write(shared_of(two_platforms, platform="osx-arm64"))
    document = read_lock((one + other).encode())
    assert platforms_of(document) == ["linux-64", "osx-arm64"]
    for platform in platforms_of(document):
        names = {package.name for package in packages_of(document, platform)}
        assert names == {package.name for package in two_platforms if package.platform == platform}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (f"@EXPLICIT\n{CHANNEL}/linux-64/a-1.0-0.conda#{MD5}\n".encode(), "md5"),
        (f"@EXPLICIT\n{CHANNEL}/linux-64/a-1.0-0.conda#{SHA256}\n".encode(), "sha256"),
        (f"@EXPLICIT\n{CHANNEL}/linux-64/a-1.0-0.tar.bz2#sha256:{SHA256.upper()}\n".encode(), "sha256"),
        (f"\ufeff# made on Windows\r\n\r\n@EXPLICIT\r\n{CHANNEL}/linux-64/a-1.0-0.conda#{MD5}\r\n".encode(), "md5"),
        (f"@EXPLICIT\n{CHANNEL}/linux-64/a-1.0-0.conda\n".encode(), None),
    ],
)
def test_lists_of_other_programs_are_read(data: bytes, kind: str | None) -> None:
    (entry,) = read_lock(data)["package"]
    assert (entry["name"], entry["version"], entry["platform"]) == ("a", "1.0", "linux-64")
    assert entry["hash"] == ({kind: MD5 if kind == "md5" else SHA256} if kind else {})


def test_a_list_of_noarch_packages_is_for_the_platform_that_its_comment_says() -> None:
    line = f"{CHANNEL}/noarch/a-1.0-0.conda#{MD5}"
    assert platforms_of(read_lock(f"# platform: osx-arm64\n@EXPLICIT\n{line}\n".encode())) == ["osx-arm64"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (listed(f"{CHANNEL}/linux-64/a-1.0-0.conda#zzz"), "Line 3: What stands behind “#”"),
        (listed("numpy=1.2"), "Line 3: “numpy=1.2” is no address"),
        (listed("/home/mira/a-1.0-0.conda"), "Line 3: .* cannot name files of this machine"),
        (listed(f"{CHANNEL}/linux-64/readme.txt"), "Line 3: .*not the address of a conda package"),
        (listed(f"https://me:hunter2@h.example/c/linux-64/a-1-0.conda#{MD5}"), "Line 3: .*holds credentials"),
        (listed(f"https://h.example/t/hunter2/c/linux-64/a-1-0.conda#{MD5}"), "Line 3: .*holds credentials"),
        (
            listed(f"{CHANNEL}/linux-64/a-1-0.conda#{MD5}", f"{CHANNEL}/osx-64/b-1-0.conda#{MD5}"),
            "Line 4: b is for osx-64, .*for linux-64",
        ),
        (
            listed(f"{CHANNEL}/linux-64/a-1-0.conda#{MD5}", f"{CHANNEL}/linux-64/a-2-0.conda#{MD5}"),
            "Line 4: a stands in the list twice",
        ),
        (listed("# pip idna @ https://wheels.example/idna-3.7-py3-none-any.whl"), "Line 3: .*sha256=.* digest"),
        (listed(f"{CHANNEL}/linux-64/%2e%2e/linux-64/a-1-0.conda#{MD5}"), "lead anywhere"),
        (listed(), "names no packages"),
        (b"@EXPLICIT\n\xff\n", "Line 2: .*UTF-8"),
        (listed(*(f"{CHANNEL}/linux-64/a{n}-1-0.conda#{MD5}" for n in range(50_001))), "50,001 packages"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read_lock(data)
    assert "hunter2" not in str(caught.value.to_dict())


# ---------------------------------------------------------------- built from a real channel


def test_dependencies_and_digests_come_from_the_channel(store: EnvStore, channel_url: str) -> None:
    """Roots and reasons need dependencies, which a list does not have; a lock needs digests."""
    result = store.channels.lock("name: origin\ndependencies:\n  - python=3.12\n  - idna\n", platforms=["osx-arm64"])
    lines = [package.url for package in result.packages if package.platform == "linux-64"]
    data = "\n".join(["@EXPLICIT", *lines]).encode()

    looked = store.channels.look_into(data, file="course.txt", sizes=True)
    assert (looked.valid, looked.name) == (True, "course")
    assert set(Specification.parse(looked.specification).dependencies) < {
        f"{package.name}=={package.version}" for package in looked.packages
    }, "not everything was asked for"

    build = finish(store, store.sharing.import_file("copy", data, file="course.txt"))
    assert build.state == "ready", build.error
    version = store.versions.get("copy")
    packages = {package.name: package for package in store.versions.packages("copy")}
    assert all(package.md5 and package.sha256 for package in packages.values())
    assert packages["python"].depends
    asked = {text.partition("==")[0] for text in Specification.parse(version.specification).dependencies}
    assert "idna" in asked
    assert "openssl" not in asked, "another package needs it"
    document = store.versions.lockfile("copy")
    assert all(entry["hash"].keys() == {"md5", "sha256"} for entry in document["package"])
    assert set(document["metadata"]["content_hash"]) == {"linux-64"}

    # The same packages are the same files, whichever way they came.
    finish(store, store.builds.create_from_lockfile("own", result.lockfile))
    assert store.versions.get("own").prefix == version.prefix


def test_a_list_without_digests_that_no_channel_knows_is_refused(store: EnvStore, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    data = f"@EXPLICIT\n{bare.as_uri()}/linux-64/a-1.0-0.conda\n".encode()
    build = finish(store, store.sharing.import_file("copy", data, allow_channels=[bare.as_uri()]))
    assert build.error is not None
    assert (build.state, build.error.code) == ("failed", "invalid_lockfile")
    assert "a 1.0" in build.error.message
