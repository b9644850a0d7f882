"""Lockfiles as they come: ours, other people's, damaged and hostile ones."""

from __future__ import annotations

import copy
import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock import loading
from jupyter_envstore.lock.document import (
    MAX_BYTES,
    canonical_json,
    lock_hash,
    packages_of,
    platforms_of,
    read_lockfile,
)

GOOD: dict[str, Any] = {
    "version": 1,
    "metadata": {
        "content_hash": {"linux-64": "0" * 64},
        "channels": [{"url": "conda-forge", "used_env_vars": []}],
        "platforms": ["linux-64", "osx-arm64"],
        "sources": ["environment.yml"],
    },
    "package": [
        {
            "name": "numpy",
            "version": "2.1.0",
            "manager": "conda",
            "platform": "linux-64",
            "dependencies": {"python": ">=3.12,<3.13.0a0", "libgcc": ""},
            "url": "https://conda.anaconda.org/conda-forge/linux-64/numpy-2.1.0-py312h1103770_0.conda",
            "hash": {"md5": "A" * 32, "sha256": "b" * 64},
            "category": "main",
            "optional": False,
        },
        {
            "name": "requests",
            "version": "2.32.0",
            "manager": "pip",
            "platform": "linux-64",
            "dependencies": {},
            "url": "https://files.example/requests-2.32.0-py3-none-any.whl",
            "hash": {"sha256": "c" * 64},
            "category": "main",
            "optional": False,
        },
    ],
}


def encoded(document: object) -> bytes:
    return json.dumps(document).encode()


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = copy.deepcopy(GOOD)
    change(document)
    return encoded(document)


def index(corpus: Path) -> list[tuple[str, str]]:
    with (corpus / "locks" / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        return [(row[1], row[6]) for row in csv.reader(file, delimiter="\t") if row]


# ---------------------------------------------------------------- reading


def test_all_version_1_lockfiles_of_the_corpus_are_read(corpus: Path) -> None:
    read = 0
    for name, version in index(corpus):
        data = (corpus / "locks" / name).read_bytes()
        if version != "v1":
            with pytest.raises(LockfileError, match="only version 1"):
                read_lockfile(data)
            continue
        document = read_lockfile(data)
        for platform in platforms_of(document):
            packages = packages_of(document, platform)
            assert packages, name
            for package in packages:
                assert package.sha256 or package.md5 or package.url.startswith("git+")
                if package.manager == "conda":
                    assert package.build
                    assert package.subdir in ("noarch", platform)
                    start = f"{package.channel}/{package.subdir}/{package.name}-{package.version}-{package.build}."
                    assert package.url.startswith(start)
        read += 1
    assert read >= 19


def test_json_and_yaml_give_the_same_document_and_hash() -> None:
    from_json = read_lockfile(encoded(GOOD))
    from_yaml = read_lockfile(yaml.safe_dump(GOOD, sort_keys=False).encode())
    with_mark = read_lockfile(b"\xef\xbb\xbf" + encoded(GOOD))
    assert from_json == from_yaml == with_mark == GOOD
    assert lock_hash(from_json) == lock_hash(from_yaml)


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    turned = dict(reversed(list(GOOD.items())))
    assert canonical_json(turned) == canonical_json(GOOD)
    assert canonical_json({"ü": [1, {"b": None, "a": "é"}]}) == '{"ü":[1,{"a":"é","b":null}]}'.encode()


def test_packages_say_what_the_url_says() -> None:
    numpy, requests = packages_of(GOOD, "linux-64")
    assert (numpy.name, numpy.build, numpy.subdir) == ("numpy", "py312h1103770_0", "linux-64")
    assert numpy.channel == "https://conda.anaconda.org/conda-forge"
    assert numpy.md5 == "a" * 32
    assert numpy.depends == ["python >=3.12,<3.13.0a0", "libgcc"]
    assert (requests.manager, requests.channel, requests.build) == ("pip", "", "")
    assert packages_of(GOOD, "osx-arm64") == []
    with pytest.raises(LockfileError, match="does not cover win-64, only linux-64, osx-arm64"):
        packages_of(GOOD, "win-64")


def test_entry_in_two_categories_is_listed_once() -> None:
    document = copy.deepcopy(GOOD)
    document["package"].append({**document["package"][0], "category": "dev", "optional": True})
    assert [package.name for package in packages_of(read_lockfile(encoded(document)), "linux-64")] == [
        "numpy",
        "requests",
    ]


# ---------------------------------------------------------------- refusing


def first(document: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = document["package"][0]
    return entry


def url(address: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: first(document).update(url=address)


BASE = "conda.anaconda.org/conda-forge/linux-64/numpy-2.1.0-py312h1103770_0.conda"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("metadata"), "“metadata” is missing"),
        (lambda d: d.pop("version"), "version 0"),
        (lambda d: d.update(version=2), "of version 2"),
        (lambda d: d.update(version="1"), "of version '1'"),
        (lambda d: d.update(version=True), "of version True"),
        (lambda d: d["metadata"].pop("platforms"), "metadata: “platforms” is missing"),
        (lambda d: d["metadata"].update(platforms=["../x"]), "“../x” is not the name of a platform"),
        (lambda d: d["metadata"].update(platforms=["osx-64"]), r"package 1 \(numpy, linux-64\): its platform"),
        (lambda d: d["metadata"].update(channels=[{"url": "https://u:p@h/c"}]), "holds credentials"),
        (lambda d: d.update(package={}), "“package” must be a list"),
        (lambda d: d["package"].append("numpy"), "package 3: is not a mapping"),
        (lambda d: d["package"].append(first(d)), "stands in the file twice"),
        (lambda d: first(d).pop("url"), r"package 1 \(numpy, linux-64\): “url” is missing"),
        (lambda d: first(d).update(version=2.1), "“version” must be text"),
        (lambda d: first(d).update(name="../../etc"), "is not a package name"),
        (lambda d: first(d).update(manager="npm"), "it must be conda or pip"),
        (lambda d: first(d).update(hash={}), "neither md5 nor sha256"),
        (lambda d: first(d).update(hash={"md5": "zz"}), "its md5 is not one"),
        (lambda d: first(d).update(dependencies=["python"]), "“dependencies” must be a mapping"),
        (lambda d: first(d).update(dependencies={"python": 3}), "“dependencies” must map names"),
        (url("https://user:secret@" + BASE), "its URL holds credentials"),
        (url("https://conda.anaconda.org/t/tk-1/conda-forge/linux-64/numpy-2.1.0-0.conda"), "holds credentials"),
        (url("javascript:alert(1)"), "nothing can fetch"),
        (url("https://h/numpy.conda"), "does not end in platform"),
        (url("https://h/c/linux-64/numpy-2.1.0-0.zip"), "does not end in platform"),
        (url("https://h/c/win-64/numpy-2.1.0-0.conda"), "its file is for win-64"),
        (url("https://h/c/linux-64/evil-2.1.0-0.conda"), "names another package, evil 2.1.0"),
        (url("https://h/c/linux-64/numpy-2.1.0-0.conda\n"), "blanks or control characters"),
        (url("https://[::1/c/linux-64/numpy-2.1.0-0.conda"), "its URL is not one"),
        (url("https://c\u03bfnda.anaconda.org/forge/linux-64/numpy-2.1.0-0.conda"), "letters that no URL has"),
    ],
)
def test_broken_documents_are_refused_with_reason_and_place(
    change: Callable[[dict[str, Any]], object], words: str
) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read_lockfile(changed(change))
    assert "secret" not in str(caught.value.to_dict())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a lockfile"),
        (b"[]", "not a lockfile"),
        (b"42", "not a lockfile"),
        (b'{"version": 1, "metadata": ', "neither JSON nor YAML"),
        (b"version: 1\n\tpackage: []\n", "at line 2"),
        (b"\xff\xfe\x00\xd8", "cannot be read as text"),
        (b"version: !!python/object/apply:os.system ['true']\n", "neither JSON nor YAML"),
        (b"@EXPLICIT\nhttps://h/c/linux-64/a-1-0.conda\n", "explicit package list"),
        (b"version: 6\nenvironments: {}\npackages: []\n", "pixi lockfile"),
        (b'{"version": NaN}', "version"),
        (b"[" * 100_000, "nests its values too deeply|neither JSON nor YAML"),
        (b'{"a":' * 50_000, "nests its values too deeply|neither JSON nor YAML"),
        (b"a: &a\n  b: *a\n", "contains itself"),
    ],
)
def test_what_is_no_lockfile_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(LockfileError, match=words):
        read_lockfile(data)


def test_aliases_that_explode_are_refused_before_they_do() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(LockfileError, match="too large"):
        read_lockfile("\n".join(lines).encode())


def test_oversized_files_are_refused_unread() -> None:
    with pytest.raises(LockfileError, match="bytes"):
        read_lockfile(b" " * (MAX_BYTES + 1))


def test_channel_with_the_name_of_a_variable_holds_no_credentials() -> None:
    document = copy.deepcopy(GOOD)
    document["metadata"]["channels"] = [
        {"url": "https://h.example/t/${TOKEN}/c", "used_env_vars": ["TOKEN"]},
        "https://${USER}:${PASS}@h.example/c",
    ]
    assert read_lockfile(encoded(document)) == document


def test_what_the_server_imports_loads_no_solver() -> None:
    names = ["document", "validation", "platforms", "channels", "condarc", "urls", "availability", "reasons"]
    program = "import sys\n" + "".join(f"import jupyter_envstore.lock.{name}\n" for name in names)
    program += "print(sorted({'rattler', 'conda_lock'} & {name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: [x, 1.0, '1.0', 2026-01-01, yes, ~, 1e3, 0x1f, 1:30]\nc: {d: e, 'f': \"g\"}\n",
        "- a\n- - b\n  - c: d\n    e:\n- {}\n- []\n- ''\n- |\n  text\n  more\n- >-\n  folded\n  text\n",
        "a: 1\na: 2\n? b\n: c\n1: one\ntrue: yes\n",
        "base: &base {x: 1}\nother:\n  <<: *base\n  y: 2\n",
        "a: !!str 1\nb: !!set {x, y}\n",
        "%YAML 1.1\n---\na: 1\n...\n",
        "just words\n",
        "",
        "# only a comment\n",
    ],
)
def test_values_are_those_that_yamls_own_loader_gives(text: str) -> None:
    found = loading.load(text.encode())
    expected = yaml.safe_load(text)
    assert (found, repr(found)) == (expected, repr(expected))


@pytest.mark.parametrize(
    "text", ["a: 1\n---\nb: 2\n", "? [a]\n: b\n", "a: !!python/name:os.system\n", "a: =\n", "a: 2026-99-99\n"]
)
def test_what_the_loader_refuses_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError if "99" not in text else ValueError):
        yaml.safe_load(text)
    with pytest.raises(LockfileError):
        loading.load(text.encode())


def test_the_corpus_is_read_as_yamls_own_loader_reads_it(corpus: Path) -> None:
    for path in sorted((corpus / "locks").glob("*.y*ml"))[:12]:
        data = path.read_bytes()
        assert loading.load(data) == yaml.load(data, Loader=yaml.CSafeLoader), path.name
