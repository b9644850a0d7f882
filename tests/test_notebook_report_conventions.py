"""What other programs write into notebooks, in the report: said in words, with what to do, and held against imports."""

from __future__ import annotations

from typing import Any

import pytest
from fixtures.reports import ReportLab, check_of, reason_of
from other_conventions import JUV, PIXI, UV_LOCK
from report_channel import notebook

from jupyter_envstore.notebooks.report.beside import Beside
from jupyter_envstore.schemas import NotebookCheck, NotebookReport

ELSEWHERE = {"name": "python3", "display_name": "Python 3", "language": "python"}
BUILD = {"action": "build", "arguments": {}}


def report(lab: ReportLab, *cells: str, **metadata: Any) -> NotebookReport:
    """Report on a notebook of another kernel, for which there is no lock of ours."""
    return lab.store.reports.notebook(notebook(*cells, **{"kernelspec": ELSEWHERE, **metadata}), beside=Beside())


def carried(found: NotebookReport) -> tuple[str, str, Any]:
    check = check_of(found, "carried")
    return check.grade, f"{check.title}. {check.detail}", check.repair and check.repair.model_dump()


def imports(found: NotebookReport) -> NotebookCheck:
    return check_of(found, "imports")


def test_a_lock_of_juv_is_worth_a_look(lab: ReportLab) -> None:
    found = report(lab, JUV, "import numpy, pandas", **{"uv.lock": UV_LOCK})
    grade, words, repair = carried(found)
    assert (grade, repair) == ("look", BUILD)
    assert words.startswith("Carries a lock of juv. 3 packages, each in one version, but without Python and the files.")
    assert (imports(found).grade, imports(found).title) == ("pass", "Every import is asked for")
    assert imports(found).detail == "numpy, pandas."


@pytest.mark.parametrize(
    ("cells", "metadata", "title", "detail"),
    [
        ((JUV,), {}, "juv", "2 packages, not each in one version. Another day gives others."),
        ((PIXI,), {}, "pixi", "6 packages, not each"),
        ((), {"uv": {"dependencies": ["numpy==2.1.0", "rich===14.0"]}}, "nteract", "2 packages, each in one version."),
        ((), {"conda": {"dependencies": ["numpy==2.1", "a=1.0=0", "b 3.1"]}}, "nteract", "3 packages, each in one"),
        ((), {"conda": {"dependencies": ["numpy=2.1"]}}, "nteract", "1 package, not each in one version."),
        ((), {"environment": {"dependencies": ["a==1", {"pip": ["b==1.*"]}]}}, "conda", "2 packages, not each"),
        ((), {"requirements": {"packages": {"numpy": "*"}}}, "jupyterlab-requirements", "1 package, not each"),
    ],
)
def test_a_request_is_no_lock_and_can_be_built(
    lab: ReportLab, cells: tuple[str, ...], metadata: dict[str, Any], title: str, detail: str
) -> None:
    grade, words, repair = carried(report(lab, *cells, **metadata))
    assert (grade, repair) == ("fail", BUILD)
    assert words.startswith(f"Asks for packages as {title} does, without a lock. {detail}")


def test_a_lock_of_jupyterlab_requirements_is_one(lab: ReportLab) -> None:
    lock = {"default": {"numpy": {"version": "==2.1.0"}, "scipy": {"version": "==1.14.1"}}}
    grade, words, _ = carried(report(lab, requirements={"packages": {"scipy": "*"}}, requirements_lock=lock))
    assert (grade, words.partition(".")[0]) == ("look", "Carries a lock of jupyterlab-requirements")


def test_what_must_not_be_taken_is_said_and_not_offered(lab: ReportLab) -> None:
    grade, words, repair = carried(report(lab, uv={"dependencies": ["x @ https://h.example/x.whl"]}))
    assert (grade, repair) == ("fail", None)
    assert words.startswith("What it asks for cannot be used. `x @ https://h.example/x.whl` is no package")
    grade, words, _ = carried(report(lab, "# /// script\n# dependencies = [\n# ///\n"))
    assert (grade, words.partition(".")[0]) == ("fail", "What it asks for cannot be used")


def test_an_empty_request_is_nothing(lab: ReportLab) -> None:
    found = report(lab, "# /// script\n# dependencies = []\n# ///\nimport numpy")
    assert carried(found)[1].startswith("Carries no lock.")
    assert "no lock" in reason_of(found, "imports")


def test_what_is_asked_for_may_bring_other_imports(lab: ReportLab) -> None:
    """Nobody can tell what a request brings before it is built; a lock says all of it."""
    found = imports(report(lab, JUV, "import json, numpy, sklearn"))
    assert (found.grade, found.title) == ("look", "One import of unknown origin")
    assert "sklearn (cell 2)" in found.detail
    locked = imports(report(lab, JUV, "import json, numpy, sklearn", **{"uv.lock": UV_LOCK}))
    assert (locked.grade, locked.title) == ("fail", "One import is not in what it asks for")


def test_a_lock_of_ours_or_of_the_kernel_goes_first(lab: ReportLab) -> None:
    ours = lab.report("import frames", JUV)
    assert check_of(ours, "carried").title == "Carries a lock"
    assert check_of(ours, "imports").detail == "frames."
    of_kernel = lab.report("import frames\nimport extra", JUV, carried=None)
    grade, words, repair = carried(of_kernel)
    assert (grade, words.partition(".")[0]) == ("fail", "Asks for packages as juv does, without a lock")
    # It is built already: another build would change nothing.
    assert words.endswith("Embed what it runs on.")
    assert repair == {"action": "embed", "arguments": {"environment": "local/lab@1"}}
    assert check_of(of_kernel, "imports").title == "One import is not in the environment"
