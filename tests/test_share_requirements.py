"""The files of pip: requirements.txt and pylock.toml, written from a lock, and made into an environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.shared import WHEELS, conda_package, shared_of, wheel
from packaging.markers import Marker
from packaging.pylock import Pylock
from packaging.requirements import Requirement

from jupyter_envstore.errors import FormatUnavailableError, SpecificationError
from jupyter_envstore.schemas import Package
from jupyter_envstore.share import pylock, requirements
from jupyter_envstore.share.reading import read_specification

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

LINUX = {"sys_platform": "linux", "platform_machine": "x86_64"}
MAC = {"sys_platform": "darwin", "platform_machine": "arm64"}
SHA256 = "ab" * 32
COMMIT = "3f07f990ac74f1e1691ba17ef8c14007f05846ab"


def joined(text: str) -> list[str]:
    """Return the requirements of a file, one a line."""
    return [line for line in text.replace("\\\n", "").splitlines() if line and not line.startswith("#")]


def test_requirements_hold_every_platforms_files(two_platforms: list[Package]) -> None:
    text = requirements.write(shared_of(two_platforms))
    assert "# For Python 3.12.\n" in text
    found = {}
    for line in joined(text):
        requirement, *hashes = line.split("--hash=sha256:")
        found[Requirement(requirement).name] = (Requirement(requirement), {item.strip() for item in hashes})
    assert list(found) == ["fast-thing", "idna", "only-linux"]
    assert found["fast-thing"][1] == {one.sha256 for one in two_platforms if one.name == "fast-thing"}
    assert len(found["idna"][1]) == 1, "one file for both platforms is named once"
    only = found["only-linux"][0]
    assert only.marker is not None
    assert (only.marker.evaluate(LINUX), only.marker.evaluate(MAC)) == (True, False)
    assert str(only.specifier) == "==1.0"


def test_pip_takes_the_requirements(two_platforms: list[Package], tmp_path: Path) -> None:
    """Pip reads them and looks for the files, of which there are none."""
    (tmp_path / "requirements.txt").write_text(requirements.write(shared_of(two_platforms)))
    command = [sys.executable, "-m", "pip", "download", "--no-index", "--no-deps", "--require-hashes", "-r"]
    done = subprocess.run([*command, "requirements.txt"], cwd=tmp_path, capture_output=True, text=True)
    assert "No matching distribution found for fast-thing==2.0" in done.stderr, done.stderr


def test_a_pylock_is_what_the_standard_says(two_platforms: list[Package]) -> None:
    text = pylock.write(shared_of(two_platforms))
    lock = Pylock.from_dict(tomllib.loads(text))
    assert (lock.created_by, str(lock.requires_python)) == ("jupyter-envstore", "==3.12.*")
    assert [marker.evaluate(MAC) for marker in lock.environments or []] == [False, True]
    packages = {str(package.name): package for package in lock.packages}
    wheels = {file.url: file.hashes["sha256"] for file in packages["fast-thing"].wheels or []}
    assert wheels == {one.url: one.sha256 for one in two_platforms if one.name == "fast-thing"}
    assert packages["idna"].marker is None
    marker = packages["only-linux"].marker
    assert marker is not None
    assert marker == Marker("sys_platform == 'linux' and platform_machine == 'x86_64'")


def test_sources_and_commits_are_written(two_platforms: list[Package]) -> None:
    source = wheel("sdist-thing", "1.5").model_copy(update={"url": f"{WHEELS}/sdist-thing-1.5.tar.gz"})
    commit = wheel("requests", "2.32.4").model_copy(
        update={"url": f"git+https://git.example/requests.git@{COMMIT}", "sha256": None}
    )
    lock = Pylock.from_dict(tomllib.loads(pylock.write(shared_of([*two_platforms, source, commit]))))
    packages = {str(package.name): package for package in lock.packages}
    sdist, vcs = packages["sdist-thing"].sdist, packages["requests"].vcs
    assert sdist is not None
    assert vcs is not None
    assert sdist.url == source.url
    assert (vcs.type, vcs.url, vcs.commit_id) == ("git", "https://git.example/requests.git", COMMIT)
    with pytest.raises(FormatUnavailableError, match=r"requests comes out of a repository.*pylock\.toml"):
        requirements.write(shared_of([commit]))


def test_versions_that_differ_between_platforms_get_a_marker_each() -> None:
    text = requirements.write(shared_of([wheel("a", "1.0"), wheel("a", "2.0", platform="osx-arm64")]))
    one, other = (Requirement(line.partition("--hash")[0]) for line in joined(text))
    assert one.marker is not None
    assert other.marker is not None
    assert [one.marker.evaluate(LINUX), other.marker.evaluate(LINUX)] == [True, False]


@pytest.mark.parametrize("write", [requirements.write, pylock.write])
def test_a_lock_without_pip_packages_says_so(write: object) -> None:
    assert callable(write)
    with pytest.raises(FormatUnavailableError, match="no packages of pip"):
        write(shared_of([conda_package("python", "3.12.1")]))


# ---------------------------------------------------------------- read


@pytest.mark.parametrize("write", [requirements.write, pylock.write])
def test_what_is_written_becomes_a_pip_section(two_platforms: list[Package], write: object) -> None:
    assert callable(write)
    specification = read_specification(write(shared_of(two_platforms)).encode(), name="course")
    assert specification.name == "course"
    (python,) = specification.dependencies
    assert python in ("python=3.12", "python ==3.12.*")
    entries = [entry for entry in specification.pip if not entry.startswith("--")]
    assert [entry.split("==")[0] for entry in entries] == ["fast-thing", "idna", "only-linux"]
    assert entries[0].count("--hash=sha256:") == 2
    assert "sys_platform == 'linux'" in entries[2]


def test_a_requirements_file_as_people_write_it() -> None:
    text = (
        "# This file is autogenerated by pip-compile with Python 3.11\r\n"
        "--index-url https://wheels.example/simple\r\n-i https://wheels.example/other\r\n--require-hashes\r\n"
        "--pre\r\nnumpy>=1.26,<3  # the array\r\n\r\n"
        f"idna==3.7 \\\r\n    --hash=sha256:{SHA256} \\\r\n    --hash=sha256:{'cd' * 32}\r\n"
        "pandas[excel] ; python_version >= '3.10'\r\n"
        f"mine @ {WHEELS}/mine-1.0-py3-none-any.whl\r\n"
    )
    specification = read_specification(("\ufeff" + text).encode())
    assert specification.dependencies == ("python=3.11",)
    assert specification.pip == (
        "--index-url https://wheels.example/simple",
        "--index-url https://wheels.example/other",
        "--pre",
        "numpy>=1.26,<3",
        f"idna==3.7 --hash=sha256:{SHA256} --hash=sha256:{'cd' * 32}",
        "pandas[excel] ; python_version >= '3.10'",
        f"mine @ {WHEELS}/mine-1.0-py3-none-any.whl",
    )


def test_a_package_may_have_the_digests_of_two_hundred_wheels() -> None:
    hashes = "".join(f" \\\n    --hash=sha256:{number:064x}" for number in range(200))
    (entry,) = read_specification(f"orjson==3.10.0{hashes}\n".encode()).pip
    assert entry.count("--hash") == 200


def test_a_file_of_powershell_is_read() -> None:
    assert read_specification("numpy==1.2\r\nidna\r\n".encode("utf-16")).pip == ("numpy==1.2", "idna")


@pytest.mark.parametrize(
    ("asked", "spec"), [("3.12", "python=3.12"), (">=3.10, <3.13", "python >=3.10,<3.13"), (None, "python")]
)
def test_python_is_what_is_asked_for(asked: str | None, spec: str) -> None:
    assert read_specification(b"idna\n", python=asked).dependencies == (spec,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("idna\n-r other.txt\n", "Line 2: “-r” names another file"),
        ("idna\n--constraint=c.txt\n", "Line 2: “-c” names another file"),
        ("idna\n-e .\n", "Line 2: “-e” asks for a folder"),
        ("idna\n./wheels/mine-1.0-py3-none-any.whl\n", "Line 2: It names a file or folder"),
        ("idna\nmine @ file:///home/mira/mine.whl\n", "Line 2: It names a file or folder"),
        ("idna\nmine @ https://me:hunter2@h.example/m.whl\n", "Line 2: The address holds credentials"),
        ("idna\n--index-url https://me:hunter2@h.example/simple\n", "Line 2: .*credentials"),
        ("idna\n--find-links /home/mira\n", "Line 2: “--find-links” needs an address"),
        ("idna\n--trusted-host h.example\n", "Line 2: .*without checking who answers"),
        ("idna\n--no-binary :all:\n", "Line 2: .*built from source"),
        ("idna --hash=md5:00\nb\n", "Line 1: .*no digest that could be checked"),
        ("idna --config-settings x=y\nb\n", "Line 1: Options of single packages"),
        ("# nothing\nidna\n--frobnicate\n", "Line 3: The option “--frobnicate” is not known"),
        ("idna" + " " * 500_000 + "==1 x --hash\nb\n", "Line 1: Options of single packages"),
        ("a\n" * 5_001, "Line 5001: .*more than 5,000"),
    ],
)
def test_what_a_stranger_may_not_ask_for_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=words) as caught:
        read_specification(text.encode(), "requirements.txt")
    assert "hunter2" not in json.dumps(caught.value.to_dict())


def toml(packages: str, head: str = 'lock-version = "1.0"\ncreated-by = "x"\nrequires-python = ">=3.10"\n') -> bytes:
    return (head + packages).encode()


WHEEL = f'{{ url = "{WHEELS}/a-1.0-py3-none-any.whl", hashes = {{ sha256 = "{SHA256}" }} }}'


def test_a_pylock_of_others_is_read() -> None:
    data = toml(
        f'[[packages]]\nname = "a"\nversion = "1.0"\nindex = "https://wheels.example/simple"\nwheels = [{WHEEL}]\n'
        f'[[packages]]\nname = "b"\nmarker = "sys_platform == \'win32\'"\n'
        f'vcs = {{ type = "git", url = "https://git.example/b.git", commit-id = "{COMMIT}" }}\n'
        f'[[packages]]\nname = "c"\narchive = {{ url = "{WHEELS}/c.zip", hashes = {{ sha256 = "{SHA256}" }} }}\n'
        f'[[packages]]\nname = "d"\nversion = "1"\nmarker = "\'dev\' in dependency_groups"\nwheels = [{WHEEL}]\n'
    )
    specification = read_specification(data)
    assert specification.dependencies == ("python >=3.10",)
    assert specification.pip == (
        "--extra-index-url https://wheels.example/simple",
        f"a==1.0 --hash=sha256:{SHA256}",
        f"b @ git+https://git.example/b.git@{COMMIT} ; sys_platform == 'win32'",
        f"c @ {WHEELS}/c.zip --hash=sha256:{SHA256}",
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"lock-version = \n", "Line 1: This is no TOML"),
        (toml("a = " + "[" * 100_000), "nests too deeply|no TOML"),
        (toml("a = " + "9" * 10_000), "no TOML"),
        (toml("packages = []\n", 'lock-version = "2.0"\n'), "“lock-version” is '2.0'"),
        (toml('[[packages]]\nname = "a"\ndirectory = { path = "/home/mira" }\n'), "a is a folder of the machine"),
        (toml('[[packages]]\nname = "a"\nversion = "1"\nwheels = [{ path = "a.whl" }]\n'), "“hashes” must be a table"),
        (toml('[[packages]]\nname = "a"\nversion = "1"\nwheels = [{ url = "https://h/a", hashes = {} }]\n'), "sha256"),
        (toml('[[packages]]\nname = "a"\nversion = "1"\n'), "a names no file"),
        (toml(f'[[packages]]\nname = "a b"\nversion = "1"\nwheels = [{WHEEL}]\n'), "not the name of a package"),
        (
            toml(
                '[[packages]]\nname = "a"\nvcs = { type = "git", url = "https://x:hunter2@h", commit-id = "0123456" }\n'
            ),
            "holds credentials",
        ),
        (toml('[[packages]]\nname = "a"\nvcs = { type = "git", url = "https://h/a", commit-id = "x" }\n'), "commits"),
    ],
)
def test_a_pylock_that_cannot_be_used_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(SpecificationError, match=words) as caught:
        read_specification(data)
    assert "hunter2" not in json.dumps(caught.value.to_dict())
