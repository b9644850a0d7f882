"""The lockfile that is written: the same bytes for the same inputs, and what conda-lock itself says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.resolver import ResolverProcess, StartResolver
from fixtures.shared import conda_package, shared_of
from small_channels import record, write_channel

from jupyter_envstore.errors import LockError
from jupyter_envstore.lock.document import canonical_json, packages_of, read_lockfile
from jupyter_envstore.share import conda_lock as conda_lock_file

TEXT = """\
# what the analysis needs
name: analysis
channels:
  - {channel}
  - nodefaults
platforms: [linux-64, osx-arm64]
dependencies:
  - python=3.12  # the language
  - numpy >=1.26
  - pandas
  - xz  # [osx]
variables:
  GREETING: grüß
"""


def conda_lock(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "conda_lock", *arguments]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_conda_lock_calls_it_up_to_date(resolver: ResolverProcess, large_channel: str, tmp_path: Path) -> None:
    text = TEXT.format(channel=large_channel)
    result = resolver.lock(text, [], platforms=["linux-64", "osx-arm64"])
    (tmp_path / "environment.yml").write_text(text, encoding="utf-8")
    (tmp_path / "conda-lock.yml").write_bytes(canonical_json(result["lockfile"]))
    # A conda that does nothing: were the lock out of date, conda-lock would run it and fail.
    check = ["lock", "--check-input-hash", "--conda", "/bin/true", "-f", "environment.yml"]
    done = conda_lock(tmp_path, *check)
    assert done.returncode == 0, done.stderr
    assert "Spec hash already locked for ['linux-64', 'osx-arm64']" in done.stderr
    (tmp_path / "environment.yml").write_text(text.replace("- pandas", "- pandas\n  - xarray"), encoding="utf-8")
    assert "already locked" not in conda_lock(tmp_path, *check).stderr


PIP = """channels: [conda-forge]
platforms: [linux-64, win-64]
dependencies:
  - python=3.12
  - gdb  # [linux]
  - pywin32  # [win]
  - pip:
      - idna>=3,<4
      - requests[socks] ; sys_platform == 'linux'
      - colorama  # [win]
"""


def test_a_pip_section_and_selectors_count_as_conda_lock_counts_them(tmp_path: Path) -> None:
    """Its own program finds the file up to date that we export with our input hash, and notices each change."""
    program = (
        "import json, os, pathlib, sys; from jupyter_envstore.lock.lockfile import content_hashes\n"
        "text = pathlib.Path('environment.yml').read_text()\n"
        "print(json.dumps(content_hashes(text, ['linux-64', 'win-64']))); sys.stdout.flush(); os._exit(0)"
    )
    (tmp_path / "environment.yml").write_text(PIP)
    (tmp_path / "names.json").write_text("{}")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    shared = shared_of([conda_package("python", "3.12.1", platform=name) for name in ("linux-64", "win-64")])
    shared.document["metadata"] |= {
        "content_hash": json.loads(done.stdout),
        "channels": [{"url": "conda-forge", "used_env_vars": []}],
        "sources": ["environment.yml"],
    }
    (tmp_path / "conda-lock.yml").write_text(conda_lock_file.write(shared))
    check = ["lock", "--check-input-hash", "--conda", "/bin/true", "-f", "environment.yml"]
    check += ["--pypi_to_conda_lookup_file", (tmp_path / "names.json").as_uri()]
    assert "Spec hash already locked for ['linux-64', 'win-64']" in conda_lock(tmp_path, *check).stderr
    # A selector that keeps the same lines changes nothing; what stands there for Windows counts for Windows alone.
    for line, other, still in (
        ("# [linux]", "# [unix]", "already locked for ['linux-64', 'win-64']"),
        ("colorama", "colorama>0.4", "already locked for ['linux-64']"),
        ("idna>=3,<4", "idna>=3,<3.7", None),
    ):
        (tmp_path / "environment.yml").write_text(PIP.replace(line, other))
        said = conda_lock(tmp_path, *check).stderr
        assert (still in said) if still else ("already locked" not in said), (other, said)


def test_conda_lock_renders_the_explicit_list(resolver: ResolverProcess, large_channel: str, tmp_path: Path) -> None:
    result = resolver.lock(["python=3.12"], [large_channel])
    (tmp_path / "conda-lock.yml").write_bytes(canonical_json(result["lockfile"]))
    done = conda_lock(tmp_path, "render", "--kind", "explicit", "-p", "linux-64", "conda-lock.yml")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "conda-linux-64.lock").read_text().splitlines()
    urls = {line.partition("#")[0] for line in lines if "://" in line}
    assert urls == {package["url"] for package in result["packages"]}


def test_same_inputs_give_the_same_bytes_in_another_process(
    resolver: ResolverProcess, start_resolver: StartResolver, large_channel: str
) -> None:
    text = TEXT.format(channel=large_channel)
    first = resolver.lock(text, [], platforms=["linux-64", "osx-arm64"])
    second = start_resolver(PYTHONHASHSEED="7").lock(text, [], platforms=["osx-arm64", "linux-64"])
    assert canonical_json(first["lockfile"]) == canonical_json(second["lockfile"])
    assert json.dumps(first["lockfile"]) == json.dumps(second["lockfile"])


def test_document_is_read_back_as_the_packages_that_were_solved(resolver: ResolverProcess, large_channel: str) -> None:
    result = resolver.lock(["python=3.12", "numpy"], [large_channel])
    document = read_lockfile(json.dumps(result["lockfile"]).encode())
    read = [(one.name, one.version, one.build, one.url, one.sha256) for one in packages_of(document, "linux-64")]
    solved = [(one["name"], one["version"], one["build"], one["url"], one["sha256"]) for one in result["packages"]]
    assert read == sorted(solved)


def test_nothing_of_this_machine_or_moment_is_in_it(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(
        tmp_path / "c", [record("lib", "1.0", "__glibc >=2.17", "base", "base >=1"), record("base", "1")]
    )
    document = resolver.lock(["lib"], [channel])["lockfile"]
    assert document["metadata"]["sources"] == ["environment.yml"]
    assert "time_metadata" not in document["metadata"]
    text = json.dumps({**document, "package": [], "metadata": {**document["metadata"], "channels": []}})
    assert str(tmp_path) not in text
    lib = next(entry for entry in document["package"] if entry["name"] == "lib")
    assert lib["dependencies"] == {"__glibc": ">=2.17", "base": ">=1"}


def test_two_versions_for_one_name_are_both_kept(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("lib", "1.0", "base >=1", "base <3"), record("base", "2")])
    document = resolver.lock(["lib"], [channel])["lockfile"]
    lib = next(entry for entry in document["package"] if entry["name"] == "lib")
    assert lib["dependencies"] == {"base": ">=1,<3"}


def test_date_of_the_channels_is_kept(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("lib", "1.0")])
    document = resolver.lock(["lib"], [channel], as_of="2025-01-31")["lockfile"]
    assert document["metadata"]["custom_metadata"]["envstore_as_of"] == "2025-01-31"


def test_package_without_md5_is_refused_in_words(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("lib", "1.0", md5=None)])
    with pytest.raises(LockError, match=r"no md5 for lib 1\.0"):
        resolver.lock(["lib"], [channel])
