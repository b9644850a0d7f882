"""The report holds what a notebook imports against the packages of its lock."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from fixtures.reports import ReportLab, check_of, reason_of
from report_channel import notebook

from jupyter_envstore.notebooks.report import beside
from jupyter_envstore.notebooks.report.beside import Beside
from jupyter_envstore.notebooks.report.imports import imports_of
from jupyter_envstore.notebooks.report.reading import CodeCell
from jupyter_envstore.notebooks.report.standard_library import standard_modules
from jupyter_envstore.notebooks.report.suppliers import Suppliers, package_of_import
from jupyter_envstore.prefixes.records import InstalledFile, InstalledPackage, read_installed, write_wheels


def modules(text: str) -> list[str]:
    return [one.module for one in imports_of([CodeCell(1, text)])]


def test_imports_of_packages_that_are_asked_for_pass(lab: ReportLab) -> None:
    report = lab.report("import json, os\nimport frames.io as io", "from PIC import x")
    assert check_of(report, "imports").grade == "pass"
    assert check_of(report, "imports").detail == "frames, picture-tools."
    assert check_of(report, "asked_for").grade == "pass"


def test_an_import_that_no_package_supplies_fails_and_can_be_added(lab: ReportLab) -> None:
    check = lab.check("imports", "import frames", "import shap\nfrom sklearn import svm", "import shap")
    assert check.grade == "fail"
    assert check.title == "Two imports are not in the environment"
    assert check.detail == "shap (cells 2, 3), sklearn (cell 2)."
    assert [(one.cell, one.line) for one in check.places] == [(2, 1), (2, 2), (3, 1)]
    assert check.repair is not None
    assert check.repair.model_dump() == {
        "action": "add_packages",
        "arguments": {"environment": "local/lab", "packages": ["scikit-learn", "shap"]},
    }


def test_an_import_that_is_there_only_by_chance_is_to_be_looked_at(lab: ReportLab) -> None:
    check = lab.check("asked_for", "import frames", "import numbers_core")
    assert check.grade == "look"
    assert check.title == "One imported package is not asked for"
    assert check.repair is not None
    assert check.repair.arguments == {"environment": "local/lab", "packages": ["numbers-core"]}


def test_of_a_module_that_several_packages_share_the_part_that_is_imported_counts(lab: ReportLab) -> None:
    assert lab.check("asked_for", "from shared import pictures").grade == "pass"
    assert lab.check("asked_for", "import shared.sums").grade == "look"
    assert lab.check("asked_for", "import shared").grade == "pass"  # nobody can tell which


def test_a_module_beside_the_notebook_is_to_be_handed_on(lab: ReportLab) -> None:
    check = lab.check("imports", "import own_functions", beside=Beside.of(["own_functions.py"]))
    assert (check.grade, check.title) == ("look", "Imports a file beside it")
    assert check.detail == (
        "own_functions (cell 1) may be a file of your own, beside the notebook: hand that on with it."
    )
    assert lab.check("imports", "import own_functions", beside=Beside.of(["others.py"])).grade == "fail"


def test_what_may_be_a_file_of_ones_own_is_said_and_not_to_be_added(lab: ReportLab) -> None:
    check = lab.check(
        "imports", "import own, shap", "from tools.maps import draw", beside=Beside.of(["own.py"], ["tools"])
    )
    assert (check.grade, check.title) == ("fail", "One import is not in the environment")
    assert check.detail == (
        "shap (cell 1). own (cell 1), tools.maps (cell 2) may be files of your own, beside the notebook: "
        "hand that on with it."
    )
    assert [place.what for place in check.places] == ["shap"]
    assert check.repair is not None
    assert check.repair.arguments["packages"] == ["shap"]


def test_what_python_has_no_longer_is_said(lab: ReportLab) -> None:
    document = lab.carried["lockfile"]
    for entry in document["package"]:
        if entry["name"] == "python-stub":
            url = entry["url"].replace("python-stub-1.0", "python-3.13.1")
            entry.update(name="python", version="3.13.1", url=url)
    check = lab.check("imports", "import asyncore, cgi", carried=lab.changed(lockfile=document))
    assert check.grade == "fail"
    assert check.detail == "asyncore (cell 1), cgi (cell 1). asyncore, cgi: not a part of Python 3.13 any more."
    assert check.repair is None


def test_a_module_that_a_cell_writes_is_there(lab: ReportLab) -> None:
    assert lab.check("imports", "%%writefile own.py\nx = 1", "import own").grade == "pass"
    assert lab.check("imports", "\n%%file -a tools/maps.py\nx = 1", "from tools.maps import x").grade == "pass"
    assert lab.check("imports", "%%writefile /elsewhere/own.py\nx = 1", "import own").grade == "fail"
    assert lab.check("imports", "# %%writefile own.py", "import own").grade == "fail"


def test_the_interpreter_of_notebooks_need_not_be_asked_for(lab: ReportLab) -> None:
    assert lab.check("asked_for", "from IPython.display import HTML").grade == "pass"  # `numbers-core` has it here


def test_a_file_that_is_taken_for_a_package_is_to_be_looked_at(lab: ReportLab) -> None:
    check = lab.check("imports", "import PIC", "import frames.io, os", beside=Beside.of(["frames.py", "os.py"]))
    assert (check.grade, check.title) == ("look", "A file beside it hides a package")
    assert check.detail == (
        "frames.io (cell 2): a notebook takes what lies beside it first. Hand the file on, or rename it."
    )
    assert [place.cell for place in check.places] == [2]
    # Python itself comes first, and a folder need not be a package.
    assert lab.check("imports", "import os, frames", beside=Beside.of(["os.py"], ["frames"])).grade == "pass"


def test_what_lies_beside_a_notebook_is_told_by_names_alone(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    (folder / "package").mkdir(parents=True)
    (folder / "no-module").mkdir()
    for name in (
        "own.py",
        "fast.cpython-312-x86_64-linux-gnu.so",
        "old.pyc",
        "a.test.py",
        "2nd.py",
        "n.ipynb",
        "README",
    ):
        (folder / name).write_text("raise SystemExit")
        (folder / name).chmod(0)
    (folder / "linked").symlink_to("/proc/1/root", target_is_directory=True)
    (folder / "linked_file.py").symlink_to("/nowhere/at/all.py")
    found = Beside.read(folder)
    assert found is not None
    assert found.files == {"own", "fast", "old", "linked_file"}
    assert found.folders == {"package", "linked"}
    assert Beside.read(folder / "own.py") is None
    assert Beside.read(tmp_path / "gone") is None


def test_a_large_folder_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MOST_ENTRIES", 3)
    for number in range(5):
        (tmp_path / f"m{number}.py").touch()
    found = Beside.read(tmp_path)
    assert found is not None
    assert len(found.files) == 3


def test_what_the_notebook_can_do_without_need_not_be_there(lab: ReportLab) -> None:
    guarded = "try:\n    import shap\nexcept ImportError:\n    import frames as shap"
    assert lab.check("imports", guarded).grade == "pass"
    assert lab.check("imports", "try:\n    import shap\nexcept ValueError:\n    pass").grade == "fail"
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shap"
    assert lab.check("imports", typed).grade == "pass"


def test_without_files_of_the_lock_the_names_decide_as_far_as_they_can(lab: ReportLab) -> None:
    carried = lab.carried
    for entry in carried["lockfile"]["package"]:
        entry["hash"]["sha256"] = "0" * 64
    carried = lab.changed(lockfile=carried["lockfile"])
    assert lab.check("imports", "import frames", carried=carried).grade == "pass"
    unknown = lab.check("imports", "import PIC", carried=carried)
    assert unknown.grade == "look"
    assert unknown.repair is not None
    assert unknown.repair.action == "build"
    assert lab.check("imports", "import sklearn", carried=carried).grade == "fail"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a, b.c\nfrom d.e import f", ["a", "b.c", "d.e"]),
        ("def run():\n    import a\nclass B:\n    import c", ["a", "c"]),
        ("from . import a\nfrom .b import c\nfrom __future__ import annotations", []),
        ("%matplotlib inline\nimport a\n!ls -l\nimport b", ["a", "b"]),
        ("files = !ls\nx = %time 1\nimport a\na?\n??a", ["a"]),
        ("for x in y:\n    !echo {x}\nimport a", ["a"]),
        ("!pip install x \\\n    import_of_nothing\nimport a", ["a"]),
        ("%%time\nimport a", ["a"]),
        ("%%bash\nimport a", []),
        ("%%html\n<script>import a</script>", []),
        ("%load_ext a.b\n%load_ext autoreload\n%autoreload 2", ["a.b"]),
        ("import a\nthis is no Python\nfrom b import c", ["a", "b"]),
        ("'''\nimport a\n'''", []),
        ("await thing()\nimport a", ["a"]),
        ("match x:\n    case 1:\n        import a", ["a"]),
        ("with x:\n    import a\nif y:\n    pass\nelse:\n    import b", ["a", "b"]),
        ("try:\n    x\nexcept* ValueError:\n    import a", ["a"]),
        ("x = '\\d'\nimport a", ["a"]),
        ("import a\0", ["a"]),
        ("", []),
    ],
)
def test_imports_are_read_from_whatever_stands_in_a_cell(text: str, found: list[str]) -> None:
    assert modules(text) == found


@pytest.mark.parametrize(
    "text", ["(" * 5000, "-" * 100_000 + "1", "x" * 600_000, "lambda: " * 20_000, "if x:\n " * 500]
)
def test_a_cell_that_is_made_to_break_the_reader_does_not(text: str) -> None:
    assert modules(f"import a\n{text}") == ["a"]


def test_a_parser_that_loses_count_does_not_break_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(text: str) -> ast.Module:
        raise SystemError("AST constructor recursion depth mismatch")

    monkeypatch.setattr(ast, "parse", lose)
    assert modules("import frames\nfrom pictures import x") == ["frames", "pictures"]


def test_wheels_of_a_prefix_supply_modules(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    paths = ("site-packages/thing/__init__.py", "site-packages/one.py", "site-packages/Thing-1.0.dist-info/RECORD")
    files = tuple(InstalledFile(f"lib/python3.12/{path}", "file", "0" * 64, 1) for path in paths)
    write_wheels(tmp_path, [InstalledPackage("Some-Thing", "1.0", "", "0" * 64, files, manager="pip")])
    suppliers = Suppliers.in_prefix(read_installed(tmp_path), {"thing", "one"})
    assert suppliers.of("thing.inner") == suppliers.of("one") == {"Some-Thing"}
    assert suppliers.of("RECORD") == set()


def test_the_standard_library_is_that_of_the_version() -> None:
    assert {"json", "os", "distutils"} <= standard_modules((3, 11))
    assert "distutils" not in standard_modules((3, 12))
    assert "tomllib" not in standard_modules((3, 10))
    assert "numpy" not in standard_modules(None)


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("sklearn.svm", "scikit-learn"),
        ("PIL.Image", "pillow"),
        ("my_module", "my-module"),
        ("google.protobuf", "protobuf"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("zope.interface", "zope.interface"),
        ("google", None),
    ],
)
def test_an_import_leads_to_the_name_of_a_package(module: str, package: str | None) -> None:
    assert package_of_import(module) == package


@pytest.mark.parametrize(
    ("metadata", "carried", "reason"),
    [
        ({"language_info": {"name": "R"}}, True, "in Python notebooks only"),
        ({"kernelspec": {"name": "python3"}}, False, "There is no lock"),
    ],
)
def test_where_imports_cannot_be_judged_the_report_says_so(
    lab: ReportLab, metadata: dict[str, Any], carried: bool, reason: str
) -> None:
    written = notebook("import a", carried=lab.carried if carried else None, **metadata)
    assert reason in reason_of(lab.store.reports.notebook(written), "imports")
