"""From a wheel to a package: names, constraints, environment markers, scripts and data files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import conda_package_streaming.package_streaming as streaming
import pytest
from channel_maker.archive import PLACEHOLDER
from channel_maker.cache import BuiltPackage, PackageCache
from channel_maker.names import conda_name
from channel_maker.specifiers import conda_constraint, match_spec, python_range
from channel_maker.wheels import Wheel, build_wheel
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

PLATFORMS = ("linux-64", "osx-arm64", "win-64")
PYTHONS = ("3.11", "3.12")


def make_wheel(folder: Path, tag: str = "py3-none-any", metadata: tuple[str, ...] = (), **files: str) -> Wheel:
    """A wheel ``sample-1.0``; in ``files`` the names are keys of ``places``."""
    path = folder / f"sample-1.0-{tag}.whl"
    places = {
        "module": "sample/__init__.py",
        "script": "sample-1.0.data/scripts/sample-script",
        "data": "sample-1.0.data/data/share/sample/data.txt",
        "header": "sample-1.0.data/headers/sample.h",
        "entry_points": "sample-1.0.dist-info/entry_points.txt",
    }
    lines = ("Metadata-Version: 2.1", "Name: sample", "Version: 1.0", "License: MIT", *metadata, "")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sample-1.0.dist-info/METADATA", "\n".join(lines))
        archive.writestr("sample-1.0.dist-info/INSTALLER", "pip\n")
        for key, content in files.items():
            archive.writestr(places[key], content)
    return Wheel(path)


def build(folder: Path, wheel: Wheel, *available: str) -> list[BuiltPackage]:
    """The packages of a wheel."""
    return build_wheel(PackageCache(folder / "cache"), wheel, PYTHONS, PLATFORMS, frozenset(available))


def contents(package: BuiltPackage) -> dict[str, bytes]:
    """Path → content of everything in a package, ``info/`` included."""
    found = {}
    for component in (streaming.CondaComponent.pkg, streaming.CondaComponent.info):
        for tar, member in streaming.stream_conda_component(package.path, component=component):
            file = tar.extractfile(member)
            found[member.name] = file.read() if file is not None else b""
    return found


@pytest.mark.parametrize(
    ("pep440", "conda"),
    [
        (">=1.2,<2", ">=1.2,<2"),
        ("~=1.4.2", ">=1.4.2,1.4.*"),
        ("~=2.1", ">=2.1,2.*"),
        ("==1.3.*", "1.3.*"),
        ("==1.3", "==1.3"),
        ("!=1.5.*,>1", ">1,!=1.5.*"),
        ("===1.0", "==1.0"),
        ("", ""),
    ],
)
def test_a_constraint_of_pip_means_the_same_to_conda(pep440: str, conda: str) -> None:
    assert conda_constraint(SpecifierSet(pep440)) == conda


def test_names_are_conda_forges() -> None:
    assert conda_name("Jupyter-Client") == "jupyter_client"
    assert conda_name("tzdata") == "python-tzdata"
    assert conda_name("Pillow") == "pillow"
    assert match_spec(Requirement("stack-data>=0.6; extra == 'x'")) == "stack_data >=0.6"
    assert python_range("3.9") == "python >=3.9,<3.10.0a0"


def test_a_pure_wheel_is_one_package_for_all(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, metadata=("Requires-Dist: other>=1", "Requires-Python: >=3.9"), module="x = 1\n")
    (package,) = build(tmp_path, wheel, "other")
    assert package.record["subdir"] == "noarch"
    assert package.record["depends"] == ["other >=1", "python >=3.9"]
    inside = contents(package)
    assert inside["site-packages/sample/__init__.py"] == b"x = 1\n"
    assert inside["site-packages/sample-1.0.dist-info/INSTALLER"] == b"conda\n"


def test_markers_make_variants_that_together_cover_every_target_once(tmp_path: Path) -> None:
    metadata = (
        "Requires-Dist: mac-only; sys_platform == 'darwin'",
        "Requires-Dist: backport; python_version < '3.12'",
        "Requires-Dist: never; extra == 'test'",
    )
    packages = build(tmp_path, make_wheel(tmp_path, metadata=metadata), "mac-only", "backport", "never")
    found = {tuple(one.record["depends"]) for one in packages}
    old, new = "python >=3.11,<3.12.0a0", "python >=3.12,<3.13.0a0"
    assert found == {
        tuple(sorted(["python", "__linux", old, "backport"])),
        tuple(sorted(["python", "__linux", new])),
        tuple(sorted(["python", "__win", old, "backport"])),
        tuple(sorted(["python", "__win", new])),
        tuple(sorted(["python", "__osx", old, "backport", "mac-only"])),
        tuple(sorted(["python", "__osx", new, "mac-only"])),
    }
    assert len({one.file_name for one in packages}) == len(packages)


def test_what_linux_and_macos_share_is_one_variant(tmp_path: Path) -> None:
    metadata = ("Requires-Dist: windows-only; os_name == 'nt'",)
    packages = build(tmp_path, make_wheel(tmp_path, metadata=metadata), "windows-only")
    assert sorted(one.record["depends"] for one in packages) == [
        ["__unix", "python"],
        ["__win", "python", "windows-only"],
    ]


def test_entry_points_of_a_pure_wheel_are_left_to_the_installer(tmp_path: Path) -> None:
    entry_points = (
        "[console_scripts]\nSample = sample.cli:main [extra]\n[gui_scripts]\nwindow=sample:show.it\n[other]\nx=y:z\n"
    )
    (package,) = build(tmp_path, make_wheel(tmp_path, entry_points=entry_points))
    link = json.loads(contents(package)["info/link.json"])
    assert link["noarch"] == {"type": "python", "entry_points": ["Sample = sample.cli:main", "window = sample:show.it"]}


def test_a_compiled_wheel_is_a_package_for_each_python_with_scripts_of_its_own(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path,
        tag="cp311-abi3-manylinux_2_17_x86_64",
        module="x = 1\n",
        entry_points="[console_scripts]\nsample = sample.cli:App.main\n",
        script="#!python\nprint('hello')\n",
        data="data\n",
        header="// header\n",
    )
    packages = build(tmp_path, wheel)
    assert [one.record["subdir"] for one in packages] == ["linux-64", "linux-64"]
    for package, minor in zip(packages, PYTHONS, strict=True):
        assert f"python_abi {minor}.* *_cp{minor.replace('.', '')}" in package.record["depends"]
        inside = contents(package)
        shebang = f"#!{PLACEHOLDER}/bin/python{minor}\n".encode()
        assert inside[f"lib/python{minor}/site-packages/sample/__init__.py"] == b"x = 1\n"
        assert inside["bin/sample-script"] == shebang + b"print('hello')\n"
        assert inside["bin/sample"].startswith(shebang)
        assert b"from sample.cli import App\n" in inside["bin/sample"]
        assert b"App.main()" in inside["bin/sample"]
        assert inside["share/sample/data.txt"] == b"data\n"
        assert inside[f"include/python{minor}/sample/sample.h"] == b"// header\n"
        patched = {one["_path"]: one.get("prefix_placeholder") for one in _paths(inside)}
        assert patched["bin/sample"] == patched["bin/sample-script"] == PLACEHOLDER
        assert patched["share/sample/data.txt"] is None


def _paths(inside: dict[str, bytes]) -> list[dict[str, Any]]:
    paths: list[dict[str, Any]] = json.loads(inside["info/paths.json"])["paths"]
    return paths


def test_a_package_is_built_once_and_again_only_when_its_wheel_changed(tmp_path: Path) -> None:
    def run(text: str) -> tuple[list[str], bytes]:
        cache = PackageCache(tmp_path / "cache")
        (package,) = build_wheel(cache, make_wheel(tmp_path, module=text), PYTHONS, PLATFORMS, frozenset())
        return cache.built, package.path.read_bytes()

    first, before = run("x = 1\n")
    assert len(first) == 1
    assert run("x = 1\n") == ([], before)
    again, after = run("x = 2\n")
    assert len(again) == 1
    assert after != before
