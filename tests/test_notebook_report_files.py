"""The report asks, when it is told to, whether the packages are whole here and can be had again elsewhere."""

from __future__ import annotations

import copy
import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest
from fixtures.package_index import PackageIndex
from fixtures.reports import ReportLab, check_of, reason_of
from fixtures.small import must_end_well
from fixtures.wheels import Wheel
from report_channel import KERNEL, TEXT, notebook, report_home

from jupyter_envstore.lock.document import lock_hash
from jupyter_envstore.notebooks.report.place_checks import Offered, check_fetchable
from jupyter_envstore.notebooks.report.reading import read_notebook
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.schemas import NotebookCheck
from jupyter_envstore.store import EnvStore


@pytest.fixture
def own(tmp_path: Path) -> ReportLab:
    """A store with `lab` that the test may damage."""
    store = report_home(tmp_path).open()
    must_end_well(store, store.builds.create("lab", TEXT))
    return ReportLab(store)


def test_files_are_read_on_request(lab: ReportLab) -> None:
    assert "on request" in reason_of(lab.report("x"), "files")
    check = lab.check("files", "x", verify=True)
    assert (check.grade, check.title) == ("pass", "Every file is as it was built")


def test_a_damaged_file_fails_and_can_be_repaired(own: ReportLab) -> None:
    prefix = Path(str(own.store.versions.get("lab").prefix))
    damaged = prefix / "lib/python3.12/site-packages/extra_file.py"
    damaged.parent.chmod(0o755)
    damaged.write_text("x = 1")
    check = own.check("files", "x", verify=True)
    assert (check.grade, check.title) == ("fail", "One file is not as built")
    assert "extra_file.py" in check.detail
    assert check.repair is not None
    assert check.repair.model_dump() == {"action": "repair", "arguments": {"environment": "local/lab@1"}}
    own.store.close()


def test_a_lock_that_was_not_built_here_is_to_be_looked_at(lab: ReportLab, tmp_path: Path) -> None:
    empty = EnvStore(root_dir=str(tmp_path / "empty"))
    report = empty.reports.notebook(notebook("import frames", carried=lab.carried), verify=True)
    check = check_of(report, "files")
    assert (check.grade, check.title) == ("look", "Not built on this machine")
    assert check.repair is not None
    assert check.repair.action == "build"
    assert report.environment is None
    assert not (tmp_path / "empty").exists()  # a report makes no store
    empty.close()


def test_channels_are_asked_on_request(lab: ReportLab) -> None:
    assert "on request" in reason_of(lab.report("x"), "fetchable")
    assert lab.check("fetchable", "x", fetch=True).grade == "pass"


def test_a_package_that_a_channel_took_back_fails(lab: ReportLab) -> None:
    document = copy.deepcopy(lab.carried["lockfile"])
    for entry in document["package"]:
        if entry["name"] == "frames":
            entry["hash"] = {"md5": "b" * 32, "sha256": "b" * 64}
    check = lab.check("fetchable", "x", carried=lab.changed(lockfile=document), fetch=True)
    assert (check.grade, check.title) == ("fail", "One package is not offered any more")
    assert check.detail.startswith("frames: ")
    assert check.repair is not None
    assert check.repair.action == "update"


def test_the_index_is_asked_for_wheels_and_never_their_addresses(
    lab: ReportLab, tmp_path: Path, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("thing"))
    file = "thing-1.0-py3-none-any.whl"
    document = copy.deepcopy(lab.carried["lockfile"])
    entry = {
        **document["package"][0],
        "name": "thing",
        "version": "1.0",
        "manager": "pip",
        "dependencies": {},
        "url": f"https://127.0.0.1:1/{file}",
        "hash": {"sha256": package_index.sha256(file)},
    }
    document["package"].append(entry)
    carried = lab.changed(lockfile=document)
    store = EnvStore(
        root_dir=str(tmp_path / "store"), default_channels=lab.store.default_channels, pip_index_url=package_index.url
    )

    def fetchable() -> tuple[str, str]:
        report = store.reports.notebook(notebook(carried=carried), fetch=True)
        check = check_of(report, "fetchable")
        return check.grade, f"{check.title}. {check.detail}"

    assert fetchable()[0] == "pass"
    package_index.yank(file)
    shutil.rmtree(store.layout.uv_cache)
    grade, words = fetchable()
    assert grade == "look"
    assert words.startswith("A package was taken back. thing==1.0 is yanked")
    entry["url"] = "https://127.0.0.1:1/thing-1.0.tar.gz"
    carried = lab.changed(lockfile=document)
    assert fetchable()[1].startswith("Holds what may not be used here. thing is not allowed here: policy “wheels only”")
    entry["url"] = f"https://127.0.0.1:1/{file}"
    carried = lab.changed(lockfile=document)
    package_index.remove(file)
    shutil.rmtree(store.layout.uv_cache)
    assert fetchable() == (
        "fail",
        "One package is not offered any more. thing: gone, or taken back because something was wrong with them.",
    )
    store.close()


def test_of_a_source_that_a_person_allowed_nobody_can_tell(lab: ReportLab) -> None:
    read = read_notebook(notebook())
    subject = Subject(read, lab.store.layout, lab.store.catalog, KERNEL, None, None, datetime.now(timezone.utc))
    check = check_fetchable(subject, lab.store.policy, lambda packages: Offered(unasked=packages[:1]))
    assert isinstance(check, NotebookCheck)
    assert (check.grade, check.title) == ("look", "Of 1 package nobody can tell")


def test_a_strangers_channel_is_not_asked(lab: ReportLab) -> None:
    document = copy.deepcopy(lab.carried["lockfile"])
    for entry in document["package"]:
        entry["url"] = f"https://127.0.0.1:1/evil/noarch/{entry['url'].rpartition('/')[2]}"
    carried = {**lab.carried, "lockfile": document, "sha256": lock_hash(document)}
    check = lab.check("fetchable", "x", carried=carried, fetch=True)
    assert (check.grade, check.title) == ("look", "Holds what may not be used here")
