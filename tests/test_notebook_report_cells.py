"""The report looks at the cells of a notebook: what they reach for, and how they were run."""

from __future__ import annotations

from typing import Any

import pytest
from fixtures.reports import ReportLab, check_of, reason_of
from report_channel import code, notebook

STREAM = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}


def order(lab: ReportLab, *cells: dict[str, Any]) -> tuple[str, str, list[int]]:
    """Return grade, title and cells of the check for the order of cells."""
    check = check_of(lab.store.reports.notebook({**notebook(), "cells": list(cells)}), "order")
    return check.grade, check.title, [place.cell for place in check.places]


# ---------------------------------------------------------------- how they were run


def test_cells_that_ran_from_first_to_last_pass(lab: ReportLab) -> None:
    assert order(lab, code("a", 1), code("b", 2), code("", None)) == ("pass", "All cells ran in order", [])
    assert order(lab) == ("pass", "Has no code", [])


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([code("a", 1), code("b", 5), code("c", 3)], ("look", "Cells ran out of order", [2, 3])),
        ([code("a", 1), code("b", 1)], ("look", "Cells ran in several sessions", [1, 2])),
        ([code("a", 1), code("b", None), code("c", 2)], ("look", "1 cell was not run", [2])),
        ([code("a", 4), code("b", 7)], ("look", "Not run from the beginning", [])),
        ([code("a", None)], ("look", "Was not run", [1])),
        ([code("a", None, [STREAM])], ("look", "Nothing says when cells ran", [1])),
        ([code("a", 1), code("b", 2, [ERROR])], ("fail", "A cell ended in an error", [2])),
        ([code("a", 1, [ERROR]), code("b", 2), code("c", 3, [ERROR])], ("fail", "2 cells ended in an error", [1, 3])),
    ],
)
def test_cells_that_ran_otherwise_do_not(
    lab: ReportLab, cells: list[dict[str, Any]], found: tuple[str, str, list[int]]
) -> None:
    assert order(lab, *cells) == found


def test_all_cells_that_failed_are_named(lab: ReportLab) -> None:
    def detail(*failed: int) -> str:
        cells = [code("x", number, [ERROR] if number in failed else []) for number in range(1, 16)]
        return check_of(lab.store.reports.notebook({**notebook(), "cells": cells}), "order").detail

    assert detail(4) == "Cell 4."
    assert detail(4, 6, 7, 9) == "Cells 4, 6, 7, 9."
    assert detail(*range(2, 16)) == "Cells 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …."


def test_outputs_are_of_the_lock_that_the_run_was_recorded_with(lab: ReportLab) -> None:
    carried = lab.carried
    assert "No run" in reason_of(lab.report("x"), "outputs")
    run = {"lock": carried["sha256"], "in_order": True, "finished": "2026-11-22T10:00:00Z"}
    assert lab.check("outputs", "x", carried={**carried, "run": run}).grade == "pass"
    other = lab.check("outputs", "x", carried={**carried, "run": {**run, "lock": "0" * 64}})
    assert (other.grade, other.title) == ("fail", "The outputs are of another lock")
    assert lab.check("outputs", "x", carried={**carried, "run": {**run, "in_order": False}}).grade == "look"


def test_a_run_of_the_whole_lock_counts_for_a_part_of_it(lab: ReportLab) -> None:
    document = lab.carried["lockfile"]
    document["metadata"]["platforms"] = ["linux-64"]
    document["package"] = [one for one in document["package"] if one["platform"] == "linux-64"]
    run = {"lock": lab.store.versions.get("lab").lock, "in_order": True}
    part = {**lab.changed(lockfile=document), "run": run}
    assert lab.check("outputs", "x", carried=part).grade == "pass"
    assert lab.check("outputs", "x", carried=part, kernel="python3").grade == "look"  # nobody can tell here


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "text",
    [
        "read('/home/mira/data/x.csv')",
        "path = '/data/customers-2026q3.parquet'",
        "open('C:\\\\Users\\\\mira\\\\x.txt')",
        "open('~/x.csv')",
        "open('/mnt/share/x')",
        "load('file:///home/mira/x')",
        "!cat /Users/mira/notes.txt",
        "%cd /home/mira",
        "%%bash\ncat /home/mira/x",
        "open('/somewhere/else/table.csv')",
    ],
)
def test_a_file_of_this_machine_is_to_be_looked_at(lab: ReportLab, text: str) -> None:
    check = lab.check("paths", "x = 1", text)
    assert (check.grade, check.title) == ("look", "A file lies outside the folder")
    assert check.repair is not None
    assert check.repair.model_dump() == {"action": "show_cell", "arguments": {"cell": 2}}


@pytest.mark.parametrize(
    "text",
    [
        "open('data/x.csv')",
        "open('../x.csv')",
        "get('/api/v1/users')",
        "get('https://host.example/home/x.csv')",
        "x = '/'",
        "x = 'a/b'",
        "'''/home/mira/x is where it was'''",
        "open('/tmp/x.csv')",
        "open('/dev/null')",
        "!ls data",
        "x = 4 / 2",
    ],
)
def test_what_is_no_file_of_this_machine_passes(lab: ReportLab, text: str) -> None:
    assert lab.check("paths", text).grade == "pass"


# ---------------------------------------------------------------- packages installed by hand


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("!pip install shap", ["shap"]),
        ("%pip install -q 'shap>=0.4' xgboost[all]==2", ["shap", "xgboost"]),
        ("!{sys.executable} -m pip install shap", ["shap"]),
        ("!python -m pip install -U shap", ["shap"]),
        ("%conda install -y -c conda-forge shap", ["shap"]),
        ("!mamba install shap", ["shap"]),
        ("!uv pip install shap", ["shap"]),
        ("pip install shap", ["shap"]),
        ("%%bash\nset -e\npip install shap && echo done", ["shap"]),
        ("out = !pip install shap", ["shap"]),
        ("if missing:\n    !pip install shap", ["shap"]),
        ("!pip install \\\n    shap", ["shap"]),
        ("!pip install --timeout 5 --trusted-host mirror.example shap", ["shap"]),
        ("!conda install --solver libmamba shap -c conda-forge", ["shap"]),
        ("import sys, subprocess\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'shap'])", ["shap"]),
        ("import os\nif missing:\n    os.system('pip install -q shap')", ["shap"]),
        ("from subprocess import run\nrun(args=('pip', 'install', 'shap'), check=True)", ["shap"]),
    ],
)
def test_a_command_that_installs_fails_and_its_packages_can_be_added(
    lab: ReportLab, text: str, packages: list[str]
) -> None:
    check = lab.check("installs", "x = 1", text)
    assert check.grade == "fail"
    assert check.places[0].cell == 2
    assert check.repair is not None
    assert check.repair.model_dump() == {
        "action": "add_packages",
        "arguments": {"environment": "local/lab", "packages": packages},
    }


@pytest.mark.parametrize(
    "text", ["!apt-get install -y graphviz", "!pip install -r requirements.txt", "!pip uninstall x"]
)
def test_what_no_button_can_add_is_shown(lab: ReportLab, text: str) -> None:
    check = lab.check("installs", text)
    assert check.grade == "fail"
    assert check.repair is not None
    assert check.repair.action == "show_cell"


@pytest.mark.parametrize(
    "text",
    [
        "!pip list",
        "!conda env list",
        "# !pip install x",
        "print('pip install x')",
        "run(['pip', 'list'])",
        "os.system(command)",
        "subprocess.run([*command, 'install'])",
        "%pip --version",
        "'''\n!pip install x\n'''",
    ],
)
def test_what_installs_nothing_passes(lab: ReportLab, text: str) -> None:
    assert lab.check("installs", text).grade == "pass"


def test_what_comes_of_a_command_that_installs_is_said(lab: ReportLab) -> None:
    assert lab.check("installs", "!pip install shap").detail.endswith("pip and conda cannot change this environment.")
    assert lab.check("installs", "!pip install shap", kernel="python3").detail.endswith("each run may bring others.")


def test_a_secret_in_a_command_is_not_shown(lab: ReportLab) -> None:
    report = lab.report("!pip install git+https://me:s3cr3t@git.example/x")
    assert check_of(report, "installs").grade == "fail"
    assert "s3cr3t" not in report.model_dump_json()
