"""``pixi.lock``: written so that rattler reads the very same packages, and read in all formats of its later years."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.shared import CHANNEL, WHEELS, conda_package, shared_of, wheel

from jupyter_envstore.errors import FormatUnavailableError, LockfileError
from jupyter_envstore.lock.document import packages_of, platforms_of
from jupyter_envstore.schemas import Package
from jupyter_envstore.share import pixi
from jupyter_envstore.share.reading import read_lock, read_lockfile

SHA256 = "ab" * 32
READ_BY_RATTLER = """
import json, os, sys
from rattler import LockFile
environment = LockFile.from_path("pixi.lock").default_environment()
found = []
for platform, packages in environment.packages_by_platform().items():
    for package in packages:
        record = getattr(package, "package_record", None)
        hashes = package.hashes if package.hashes._hashes is not None else None  # of a commit there are none
        found.append({
            "platform": platform.name, "name": package.name, "version": str(package.version),
            "url": str(package.location), "sha256": hashes.sha256.hex() if hashes and hashes.sha256 else None,
            "md5": hashes.md5.hex() if hashes and hashes.md5 else None,
            "depends": sorted(record.depends if record else package.requires_dist),
            "size": record.size if record else None, "license": record.license if record else None,
        })
channels = [channel.url if hasattr(channel, "url") else str(channel) for channel in environment.channels()]
print(json.dumps({"packages": found, "channels": [str(channel) for channel in channels]}))
sys.stdout.flush()
os._exit(0)
"""


def read_by_rattler(text: str, folder: Path) -> dict[str, Any]:
    """Read a pixi.lock with the library that pixi itself reads it with, in a process of its own."""
    (folder / "pixi.lock").write_text(text)
    done = subprocess.run([sys.executable, "-c", READ_BY_RATTLER], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_rattler_reads_what_was_written(two_platforms: list[Package], tmp_path: Path) -> None:
    text = pixi.write(shared_of(two_platforms))
    assert text.startswith("# Written by jupyter-envstore from team/origin, version 3.\n")
    answer = read_by_rattler(text, tmp_path)
    assert answer["channels"] == [f"{CHANNEL}/"]
    found = {(item["platform"], item["url"]): item for item in answer["packages"]}
    assert len(found) == len(two_platforms)
    for package in two_platforms:
        item = found[package.platform, package.url]
        for key in ("name", "version", "md5", "sha256", "size", "license"):
            assert item[key] == getattr(package, key), (package.name, key)
        if package.manager == "conda":
            assert item["depends"] == sorted(package.depends)
    linux = next(item for key, item in found.items() if key[0] == "linux-64" and item["name"] == "fast-thing")
    assert linux["depends"] == ["idna<4,>=3", "other"] or linux["depends"] == ["idna>=3,<4", "other"]


def test_what_is_written_is_read_again(two_platforms: list[Package]) -> None:
    document = read_lock(pixi.write(shared_of(two_platforms)).encode())
    assert platforms_of(document) == ["linux-64", "osx-arm64"]
    fields = {"manager", "name", "version", "platform", "url", "md5", "sha256", "channel", "subdir"}
    found = [package for platform in platforms_of(document) for package in packages_of(document, platform)]

    def told(packages: list[Package]) -> list[str]:
        return sorted(json.dumps(package.model_dump(include=fields), sort_keys=True) for package in packages)

    assert told(found) == told(two_platforms)


def test_one_platform_may_be_asked_for(two_platforms: list[Package]) -> None:
    assert platforms_of(read_lock(pixi.write(shared_of(two_platforms, platform="osx-arm64")).encode())) == ["osx-arm64"]


def test_a_commit_is_written_as_pixi_writes_it(tmp_path: Path) -> None:
    commit = "3f07f990ac74f1e1691ba17ef8c14007f05846ab"
    source = wheel("requests", "2.32.4").model_copy(
        update={"url": f"git+https://git.example/requests.git@{commit}", "sha256": None}
    )
    text = pixi.write(shared_of([conda_package("python", "3.12.1"), source]))
    assert f"git+https://git.example/requests.git?rev={commit}#{commit}" in text
    assert read_by_rattler(text, tmp_path)["packages"]
    entry = next(entry for entry in read_lock(text.encode())["package"] if entry["manager"] == "pip")
    assert (entry["url"], entry["hash"]) == (source.url, {"sha256": commit})


def test_a_wheel_of_this_machine_cannot_be_written() -> None:
    local = wheel("mine", "1.0").model_copy(update={"url": "file:///home/mira/mine-1.0-py3-none-any.whl"})
    with pytest.raises(FormatUnavailableError, match=r"mine 1\.0 was installed from a file of this machine") as caught:
        pixi.write(shared_of([local]))
    assert "mira" not in json.dumps(caught.value.to_dict())


# ---------------------------------------------------------------- files of pixi


V5 = f"""version: 5
environments:
  default:
    channels:
    - url: {CHANNEL}/
    indexes:
    - https://wheels.example/simple
    packages:
      osx-arm64:
      - conda: {CHANNEL}/osx-arm64/bzip2-1.0.8-0.conda
      - pypi: {WHEELS}/idna-3.7-py3-none-any.whl
packages:
- kind: conda
  name: bzip2
  version: 1.0.8
  build: '0'
  subdir: osx-arm64
  url: {CHANNEL}/osx-arm64/bzip2-1.0.8-0.conda
  sha256: {SHA256}
  depends:
  - libc >=1,<2
- kind: pypi
  name: idna
  version: '3.7'
  url: {WHEELS}/idna-3.7-py3-none-any.whl
  sha256: {SHA256}
  requires_dist:
  - urllib3<3,>=1.21.1
  - pysocks!=1.5.7 ; extra == 'socks'
  requires_python: '>=3.5'
"""
V6 = f"""version: 6
environments:
  default:
    channels:
    - url: {CHANNEL}/
    packages:
      osx-arm64:
      - conda: {CHANNEL}/osx-arm64/bzip2-1.0.8-0.conda
      - pypi: {WHEELS}/idna-3.7-py3-none-any.whl
  docs:
    channels:
    - url: {CHANNEL}/
    packages:
      linux-64:
      - conda: {CHANNEL}/noarch/sphinx-8.0-0.conda
packages:
- conda: {CHANNEL}/osx-arm64/bzip2-1.0.8-0.conda
  sha256: {SHA256}
  depends:
  - libc >=1,<2
  purls: []
- conda: {CHANNEL}/noarch/sphinx-8.0-0.conda
  sha256: {SHA256}
- pypi: {WHEELS}/idna-3.7-py3-none-any.whl
  name: idna
  version: '3.7'
  sha256: {SHA256}
  requires_dist:
  - urllib3<3,>=1.21.1
  - pysocks!=1.5.7 ; extra == 'socks'
"""
V7 = V6.replace("version: 6", "version: 7\nplatforms:\n- name: mac\n  subdir: osx-arm64\n- name: linux-64").replace(
    "      osx-arm64:", "      mac:"
)


@pytest.mark.parametrize("text", [V5, V6, V7], ids=["v5", "v6", "v7"])
def test_all_formats_of_late_are_read(text: str) -> None:
    document = read_lock(text.encode())
    assert document["metadata"]["channels"] == [{"url": CHANNEL, "used_env_vars": []}]
    bzip2, idna = document["package"]
    assert (bzip2["name"], bzip2["version"], bzip2["platform"]) == ("bzip2", "1.0.8", "osx-arm64")
    assert (bzip2["dependencies"], bzip2["hash"]) == ({"libc": ">=1,<2"}, {"sha256": SHA256})
    assert (idna["manager"], idna["version"], idna["dependencies"]) == ("pip", "3.7", {"urllib3": "<3,>=1.21.1"})


def test_an_environment_is_chosen_by_its_name() -> None:
    document = read_lock(V6.encode(), "docs")
    assert [entry["name"] for entry in document["package"]] == ["sphinx"]
    with pytest.raises(LockfileError, match=r"no environment 'test'\. It has: default, docs"):
        read_lock(V6.encode(), "test")
    only = yaml.safe_load(V6)
    del only["environments"]["default"]
    assert [entry["name"] for entry in read_lock(json.dumps(only).encode())["package"]] == ["sphinx"]


def test_the_names_are_told_that_can_be_chosen() -> None:
    read = read_lockfile(V6.encode())
    assert (read.environment, read.environments) == ("default", ("default", "docs"))
    assert read_lockfile(V6.encode(), "docs").environment == "docs"
    assert read_lockfile(b"@EXPLICIT\n" + f"{CHANNEL}/noarch/a-1-0.conda\n".encode()).environments == ()
    # Also where the one that is taken cannot be read: perhaps another one can.
    broken = V6.replace("  default:", "  'a b':").replace(f"conda: {CHANNEL}/noarch/sphinx", "conda: https://x/sphinx")
    for wanted, words in ((None, r"no environment 'default'\. It has: a b, docs"), ("docs", "built from source")):
        with pytest.raises(LockfileError, match=words) as caught:
            read_lockfile(broken.encode(), wanted)
        assert caught.value.details["environments"] == ["a b", "docs"]


def test_names_that_nobody_could_choose_are_not_told() -> None:
    document = yaml.safe_load(V6)
    strange: dict[Any, Any] = {
        1: {},
        "": {},
        "x" * 101: {},
        "a\x1b[31m": {},
        **{f"n{number}": {} for number in range(500)},
    }
    document["environments"] = {**strange, "default": document["environments"]["default"]}
    with pytest.raises(LockfileError) as caught:
        read_lockfile(yaml.safe_dump(document, sort_keys=False).encode(), "a\x1b[31m" * 50)
    assert caught.value.details["environments"] == [f"n{number}" for number in range(100)]
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 1_000


def test_a_name_goes_with_a_pixi_lock() -> None:
    explicit = f"@EXPLICIT\n{CHANNEL}/linux-64/a-1-0.conda#{'ab' * 16}\n".encode()
    for lockfile in (explicit, read_lock(explicit)):
        with pytest.raises(LockfileError, match="can be said for a pixi"):
            read_lock(lockfile, "docs")


def changed(**entry: object) -> bytes:
    """Return the file with another first package."""
    document = yaml.safe_load(V6)
    document["packages"][0].update(entry)
    if "conda" in entry:
        document["environments"]["default"]["packages"]["osx-arm64"][0] = {"conda": entry["conda"]}
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (V6.replace("version: 6", "version: 4").encode(), "format '4'; formats 5, 6, 7 are read.*pixi lock"),
        (changed(conda="./my-package"), "a folder of the project, or built from source"),
        (changed(conda="https://me:hunter2@h.example/c/osx-arm64/a-1-0.conda"), "holds credentials"),
        (changed(conda="https://h.example/source.git"), "built from source, or is not the address"),
        (changed(conda="https://h.example/c/win-64/a-1-0.conda"), "its file is for win-64"),
        (changed(sha256="zz"), "its sha256 is not one"),
        (changed(depends={"a": 1}), "“depends” must be a list of texts"),
        (
            V6.replace("bzip2-1.0.8-0.conda\n      - pypi", "gone-1.0-0.conda\n      - pypi").encode(),
            "not among the pack",
        ),
        (b"version: 6\nenvironments: []\npackages: []\n", "“environments” must be a mapping"),
        (b"version: 6\nenvironments: {default: {packages: {}}}\npackages: []\n", "it has no packages"),
        (b"version: 6\nenvironments: &a {default: *a}\npackages: []\n", "contains itself"),
    ],
)
def test_what_cannot_be_installed_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read_lock(data)
    assert "hunter2" not in json.dumps(caught.value.to_dict())
