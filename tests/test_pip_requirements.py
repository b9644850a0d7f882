"""Entries of pip sections: what is read, what is refused with line and reason, and files beside the specification."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import specification_with_pip
from fixtures.store import StoreHome
from fixtures.wheels import Wheel, write_wheel

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.pip import files
from jupyter_envstore.lock.pip.files import include_own_files
from jupyter_envstore.lock.pip.requirements import read_section
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.pip_requests import requests_of

DIGEST = "a" * 64


def _specification(*entries: str) -> Specification:
    return Specification.parse(specification_with_pip(["python", "pip"], list(entries)))


@pytest.mark.parametrize(
    ("entry", "name", "origin"),
    [
        ("Foo_Bar[extra]>=1,<2; python_version < '3.12'", "foo-bar", "index"),
        ("foo==1.*  # why", "foo", "index"),
        (f"foo==1.0 --hash=sha256:{DIGEST}", "foo", "index"),
        (f"foo @ https://wheels.example/foo-1.0-py3-none-any.whl#sha256={DIGEST}", "foo", "wheel"),
        ("https://wheels.example/foo-1.0-py3-none-any.whl", "foo", "wheel"),
        ("foo @ https://wheels.example/archive/1234.zip", "foo", "archive"),
        ("foo @ git+https://example.org/some/foo.git@v1", "foo", "repository"),
        ("git+https://example.org/some/foo.git@main#egg=foo", "foo", "repository"),
        ("foo @ git+ssh://git@example.org/some/foo.git", "foo", "repository"),
    ],
)
def test_entries_are_read(entry: str, name: str, origin: str) -> None:
    [found] = read_section(_specification(entry)).entries
    assert (found.name, found.origin, found.line, found.text) == (name, origin, 5, entry)
    assert found.hashes == ({DIGEST} if DIGEST in entry else set())


def test_options_say_where_packages_are_looked_for() -> None:
    section = read_section(
        _specification(
            "--index-url https://index.example/simple", "--extra-index-url=https://more.example/simple",
            "-f https://wheels.example/list.html", "--pre", "foo",
        )
    )  # fmt: skip
    assert section.index_url == "https://index.example/simple"
    assert section.extra_index_urls == ("https://more.example/simple",)
    assert section.find_links == ("https://wheels.example/list.html",)
    assert section.prereleases
    text = "pip-repositories: [https://third.example/simple]\n" + specification_with_pip(["python"], ["foo"])
    assert read_section(Specification.parse(text)).extra_index_urls == ("https://third.example/simple",)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("-e .", "installs a folder in place"),
        ("--editable=git+https://example.org/foo#egg=foo", "installs a folder in place"),
        ("-r requirements.txt", "no folder to read it from"),
        ("-c constraints.txt", "file of constraints"),
        ("--no-binary :all:", "source distributions"),
        ("--no-index", "no index to ask"),
        ("--global-option=x", "an option of pip that cannot be locked"),
        ("--index-url ftp://index.example/simple", "https://"),
        ("--index-url file:///index", "https://"),
        ("--extra-index-url https://${TOKEN}@index.example/simple", "variable of the machine"),
        ("foo @ https://wheels.example/${SECRET}/foo-1.0-py3-none-any.whl", "variable of the machine"),
        ("foo=1.0", "`foo==1.0`"),
        ("foo bar", "cannot be read as a requirement"),
        ("./foo", "file or folder of one machine"),
        ("../foo-1.0-py3-none-any.whl", "file or folder of one machine"),
        ("C:\\\\wheels\\\\foo-1.0-py3-none-any.whl", "file or folder of one machine"),
        ("file:///wheels/foo-1.0-py3-none-any.whl", "only its owner can name"),
        ("foo @ s3://wheels.example/foo-1.0-py3-none-any.whl", "cannot be fetched"),
        ("foo @ https://wheels.example/foo.exe", "neither a wheel"),
        ("foo==1.0 --hash=md5:abc", "not a sha256"),
        ("git+https://github.example/some/pyart", "`pyart @ git+https://github.example/some/pyart`"),
    ],
)
def test_what_cannot_be_locked_is_refused_with_line_and_reason(entry: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=re.escape(words)) as caught:
        read_section(_specification("good", entry))
    assert caught.value.details["line"] == 6


def test_requests_are_match_specs() -> None:
    specification = _specification(
        "Foo_Bar[x]>=1,<2", "--pre", "baz # [linux]", "x @ https://e.example/x-1-py3-none-any.whl"
    )
    assert requests_of(specification, "linux-64") == ("foo-bar <2,>=1", "baz", "x")


def test_every_pip_section_of_the_corpus_is_read_or_refused_with_a_line(corpus: Path) -> None:
    read, refused = [], []
    for path in sorted(corpus.rglob("*.y*ml")):
        try:
            specification = Specification.read(path)
        except SpecificationError:
            continue  # its own tests are about those
        if not specification.pip:
            continue
        try:
            assert read_section(specification).entries
            read.append(path.name)
        except SpecificationError as error:
            assert error.details["line"]
            assert len(error.details["reason"]) > 30
            refused.append(path.name)
    assert len(read) > 20
    assert 0 < len(refused) < len(read) / 3


# ---------------------------------------------------------------- files beside the specification


def test_files_of_requirements_are_written_into_the_text(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "requirements.txt").write_text("# all\nfoo>=1  # why\n\n-r more/deep.txt\nbar \\\n    ==2.0\n")
    (tmp_path / "more" / "deep.txt").write_text("-r again.txt\n")
    (tmp_path / "more" / "again.txt").write_bytes(b"\xef\xbb\xbfbaz; python_version < '3.12'\r\n")
    before = _specification("first", "-r requirements.txt", "last")
    after = include_own_files(before, tmp_path).specification
    assert after.pip == ("first", "foo>=1", "baz; python_version < '3.12'", "bar ==2.0", "last")
    assert "# from -r requirements.txt" in after.text
    assert after.dependencies == before.dependencies
    selected = Specification.parse("dependencies:\n  - pip\n  - pip:\n    - -r requirements.txt  # [win]\n")
    kept = include_own_files(selected, tmp_path).specification
    assert (kept.pip_for("linux-64"), len(kept.pip_for("win-64"))) == ((), 3)


def test_a_text_that_names_no_files_stays_as_it_is(tmp_path: Path) -> None:
    before = _specification("foo", "bar @ https://wheels.example/bar-1.0-py3-none-any.whl")
    assert include_own_files(before, tmp_path).specification is before


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("-r nowhere.txt", "no file `nowhere.txt` beside"),
        ("-r ../outside.txt", "leads out of"),
        ("-r link.txt", "leads out of"),
        ("-r /etc/passwd", "leads out of"),
        ("-r https://e.example/requirements.txt", "names an address"),
        ("-r folder", "is no file"),
        ("-r circle.txt", "more than"),
        ("-r huge.txt", "bytes"),
        ("-r many.txt", "entries"),
        ("-r binary.txt", "not text in UTF-8"),
        ("./nowhere-1.0-py3-none-any.whl", "There is no file"),
        ("./odd.whl", "not named as a wheel"),
    ],
)
def test_files_that_cannot_be_taken_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, words: str
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 2000)
    monkeypatch.setattr(files, "MAX_ENTRIES", 20)
    folder = tmp_path / "project"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("foo\n")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "circle.txt").write_text("-r circle.txt\n")
    (folder / "huge.txt").write_text("#" * 3000)
    (folder / "many.txt").write_text("foo\n" * 30)
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "odd.whl").write_bytes(b"")
    with pytest.raises(SpecificationError, match=words) as caught:
        include_own_files(_specification("good", entry), folder)
    assert caught.value.details["line"] == 6


def test_what_a_file_of_requirements_may_not_say_is_refused(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("-e .\n")
    after = include_own_files(_specification("-r requirements.txt"), tmp_path).specification
    with pytest.raises(SpecificationError, match="installs a folder in place"):
        read_section(after)
    (tmp_path / "requirements.txt").write_text("--index-url https://me:s3cret@index.example/simple\n")
    with pytest.raises(SpecificationError) as caught:
        include_own_files(_specification("-r requirements.txt"), tmp_path)
    assert "s3cret" not in str(caught.value.to_dict())


def _write_project(home: StoreHome, index: PackageIndex) -> tuple[str, Path]:
    """Write an environment.yml that names a wheel and a file beside itself; return its text and the wheel."""
    index.add(Wheel("foo"))
    wheel = write_wheel(Wheel("local", "1.2", ["foo"]), home.root)
    text = specification_with_pip(["python=3.12", "pip"], [f"./{wheel.name}", "-r requirements.txt"])
    (home.root / "environment.yml").write_text(text)
    (home.root / "requirements.txt").write_text("foo\n")
    home.settings["pip_index_url"] = index.url
    return text, wheel


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written as POSIX has them")
def test_a_wheel_beside_the_file_is_locked_from_the_command_line_only(
    home: StoreHome, package_index: PackageIndex
) -> None:
    text, wheel = _write_project(home, package_index)
    done = home.run("lock", "-f", "environment.yml", "-o", "-")
    assert done.returncode == 0, done.stderr
    assert f'"url": "{wheel.resolve().as_uri()}"' in done.stdout
    assert '"name": "foo"' in done.stdout
    refused = home.run("lock", "-f", "-", "-o", "-")
    assert refused.returncode != 0
    store = home.open()
    try:
        with pytest.raises(SpecificationError, match="file or folder of one machine"):
            store.builds.create("x", text)
    finally:
        store.close()


def test_what_lies_beside_the_file_is_imported_from_the_command_line_only(
    home: StoreHome, package_index: PackageIndex
) -> None:
    text, _ = _write_project(home, package_index)
    done = home.run("import", "environment.yml", "-n", "x")
    assert done.returncode == 0, done.stderr
    assert {"foo", "local"} <= {item["name"] for item in home.json("packages", "x")["items"]}
    store = home.open()
    try:
        with pytest.raises(SpecificationError, match="file or folder of one machine"):
            store.sharing.import_file("z", text.encode(), file=str(home.root / "environment.yml"))
    finally:
        store.close()
