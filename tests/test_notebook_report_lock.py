"""The report looks at the lock in a notebook: whether it is there, whole, the kernel's, and fit for others."""

from __future__ import annotations

from typing import Any

import pytest
from fixtures.reports import ReportLab, check_of, reason_of
from report_channel import TEXT, notebook

from jupyter_envstore.lock.document import lock_hash

RAN = {"name": "python", "version": "3.12.4"}


def with_python(lab: ReportLab, version: str = "3.12.4") -> dict[str, Any]:
    """Return what a notebook carries with a Python in its lock."""
    document = lab.carried["lockfile"]
    entry = next(one for one in document["package"] if one["name"] == "python-stub")
    url = entry["url"].replace("python-stub-1.0", f"python-{version}")
    return lab.changed(lockfile=_with(document, "python-stub", name="python", version=version, url=url))


def _with(document: dict[str, Any], which: str, /, **changes: Any) -> dict[str, Any]:
    package = [{**one, **changes} if one["name"] == which else one for one in document["package"]]
    return {**document, "package": package}


def pip_entry(lab: ReportLab, url: str, digest: str = "a" * 64) -> dict[str, Any]:
    """Return what a notebook carries with a package of pip in its lock."""
    document = lab.carried["lockfile"]
    entry = {
        "name": "thing",
        "version": "1.0",
        "manager": "pip",
        "platform": "linux-64",
        "dependencies": {},
        "url": url,
        "hash": {"sha256": digest},
        "category": "main",
        "optional": False,
    }
    return lab.changed(lockfile={**document, "package": [*document["package"], entry]})


# ---------------------------------------------------------------- the lock and its kernel


def test_a_lock_that_is_the_kernels_passes(lab: ReportLab) -> None:
    report = lab.report("import frames")
    assert report.environment == "local/lab@1"
    assert check_of(report, "carried").grade == "pass"
    assert check_of(report, "carried").detail == "4 packages for linux-64, osx-arm64."
    assert check_of(report, "kernel").grade == "pass"


def test_the_version_that_the_kernel_was_started_with_counts(lab: ReportLab) -> None:
    report = lab.report("import frames", kernel="envstore-local--gone", environment="lab@1")
    assert report.environment == "local/lab@1"
    assert check_of(report, "kernel").grade == "pass"


def test_a_notebook_without_a_lock_fails_and_can_be_given_one(lab: ReportLab) -> None:
    report = lab.report("import frames", carried=None)
    check = check_of(report, "carried")
    assert (check.grade, check.title) == ("fail", "Carries no lock")
    assert check.repair is not None
    assert check.repair.model_dump() == {"action": "embed", "arguments": {"environment": "local/lab@1"}}
    assert "no lock" in reason_of(report, "kernel")
    assert check_of(report, "imports").grade == "pass"  # held against the kernel's lock


def test_a_lock_that_was_changed_or_cannot_be_used_fails(lab: ReportLab) -> None:
    assert lab.check("carried", carried={**lab.carried, "sha256": "0" * 64}).title == "The lock was changed"
    broken = lab.check("carried", carried={**lab.carried, "lockfile": {"version": 1}})
    assert (broken.grade, broken.title) == ("fail", "The lock cannot be used")
    assert "metadata" in broken.detail
    assert lab.check("carried", carried={**lab.carried, "lockfile": ["x"]}).grade == "fail"


def test_a_part_of_the_kernels_lock_for_some_platforms_passes(lab: ReportLab) -> None:
    document = lab.carried["lockfile"]
    document["metadata"]["platforms"] = ["linux-64"]
    document["package"] = [one for one in document["package"] if one["platform"] == "linux-64"]
    check = lab.check("kernel", carried=lab.changed(lockfile=document))
    assert (check.grade, check.detail) == ("pass", "local/lab@1, for linux-64.")


def test_a_lock_that_is_not_the_kernels_fails_and_is_made_to_agree(lab: ReportLab) -> None:
    document = lab.carried["lockfile"]
    document["package"] = [one for one in document["package"] if one["name"] != "numbers-core"]
    check = lab.check("kernel", carried=lab.changed(lockfile=document))
    assert check.grade == "fail"
    assert "numbers-core differs" in check.detail
    assert check.repair is not None
    assert check.repair.action == "embed"


def test_a_kernel_of_elsewhere_is_to_be_looked_at(lab: ReportLab) -> None:
    for kernel in ("python3", "envstore-local--gone", "envstore-local--lab--v9"):
        check = lab.check("kernel", kernel=kernel)
        assert check.grade == "look"
        assert check.repair is not None
        assert check.repair.action == "switch_kernel"


def test_the_python_that_ran_it_is_compared_with_the_locks(lab: ReportLab) -> None:
    carried = with_python(lab)
    for version, grade in (("3.12.4", "pass"), ("3.12.1", "look"), ("3.11.9", "fail")):
        written = notebook("x = 1", carried=carried, language_info={"name": "python", "version": version})
        assert check_of(lab.store.reports.notebook(written), "python").grade == grade
    assert "no lock" in reason_of(lab.store.reports.notebook(notebook(language_info=RAN)), "python")


# ---------------------------------------------------------------- what was asked for


def test_a_lock_with_what_was_asked_for_passes_and_says_what_would_move(lab: ReportLab) -> None:
    check = lab.check("constraints")
    assert check.grade == "pass"
    assert check.detail == "An update may move picture-tools, python-stub to any version."


def test_a_specification_that_the_lock_does_not_meet_fails(lab: ReportLab) -> None:
    changed = TEXT.replace(">=1,<2", ">=2") + "  - missing\n"
    check = lab.check("constraints", carried=lab.changed(specification=changed))
    assert check.grade == "fail"
    assert check.detail.startswith("frames >=2 (locked: 1.0), missing is not there.")


@pytest.mark.parametrize("text", ["", "dependencies: [", 7])
def test_a_specification_that_says_nothing_is_to_be_looked_at(lab: ReportLab, text: object) -> None:
    assert lab.check("constraints", carried=lab.changed(specification=text)).grade == "look"


def test_platforms_that_people_have_are_wanted(lab: ReportLab) -> None:
    assert lab.check("platforms").grade == "pass"  # those of the store
    lab.store.platforms = []
    try:
        usual = lab.check("platforms")
    finally:
        lab.store.platforms = ["linux-64", "osx-arm64"]
    assert (usual.grade, usual.title) == ("look", "Not locked for Windows")
    assert usual.detail == "linux-64 and osx-arm64 are."
    assert usual.repair is not None
    assert usual.repair.arguments == {"environment": "local/lab", "platforms": ["win-64"]}


def test_a_lock_that_leaves_this_machine_out_fails(lab: ReportLab) -> None:
    document = lab.carried["lockfile"]
    document["metadata"]["platforms"] = ["osx-arm64"]
    document["package"] = [one for one in document["package"] if one["platform"] == "osx-arm64"]
    report = lab.report("import frames", carried=lab.changed(lockfile=document))
    assert check_of(report, "platforms").grade == "fail"
    assert "nothing for linux-64" in reason_of(report, "imports")


# ---------------------------------------------------------------- origins


def test_packages_with_digests_from_one_place_pass(lab: ReportLab) -> None:
    assert lab.check("hashes").grade == "pass"
    wheel = pip_entry(lab, "https://wheels.example/thing-1.0-py3-none-any.whl")
    assert lab.check("hashes", carried=wheel).grade == "pass"


@pytest.mark.parametrize(
    ("url", "grade", "title"),
    [
        ("git+https://git.example/thing@main", "fail", "One moving target"),
        ("git+https://git.example/thing", "fail", "One moving target"),
        (f"git+https://git.example/thing@{'a' * 40}", "look", "One is built from a repository"),
    ],
)
def test_what_may_be_another_one_tomorrow_fails(lab: ReportLab, url: str, grade: str, title: str) -> None:
    check = lab.check("hashes", carried=pip_entry(lab, url, "a" * 40))
    assert (check.grade, check.title) == (grade, title)


def test_an_md5_alone_is_to_be_looked_at(lab: ReportLab) -> None:
    document = _with(lab.carried["lockfile"], "frames", hash={"md5": "a" * 32})
    assert lab.check("hashes", carried=lab.changed(lockfile=document)).title == "One package has no sha256"


def test_channels_that_others_cannot_reach_are_to_be_looked_at(lab: ReportLab) -> None:
    assert lab.check("channels").grade == "look"  # the test's own lies in a folder
    served = _served(lab, "https://channel.example")
    assert lab.check("channels", carried=served).grade == "pass"
    assert lab.check("channels", carried=_served(lab, "http://channel.example")).title == "Fetched without encryption"


def _served(lab: ReportLab, channel: str) -> dict[str, Any]:
    document = lab.carried["lockfile"]
    package = [{**one, "url": f"{channel}/noarch/{one['url'].rpartition('/')[2]}"} for one in document["package"]]
    return lab.changed(lockfile={**document, "package": package})


def test_a_secret_in_lock_or_cell_fails_and_is_never_shown(lab: ReportLab) -> None:
    assert lab.check("credentials", "token = get_token()").grade == "pass"
    secret = "s3cr3t-t0k3n"
    carried = [
        lab.changed(specification=f"{TEXT}# https://me:{secret}@channel.example/x\n"),
        lab.changed(specification=f"{TEXT}variables:\n  TOKEN: ghp_{'a1' * 18}\n"),
        _served(lab, f"https://me:{secret}@channel.example"),
        _served(lab, f"http://me:{secret}@channel.example"),
    ]
    for one in carried:
        report = lab.report("x = 1", carried=one)
        assert check_of(report, "credentials").title == "A secret is in the lock"
        assert secret not in report.model_dump_json()
    cells = [f"url = 'https://me:{secret}@db.example/x'", f"key = 'ghp_{'a1' * 18}'"]
    report = lab.report("x = 1", *cells)
    check = check_of(report, "credentials")
    assert (check.grade, check.detail.partition(".")[0]) == ("fail", "Cells 2, 3")
    assert [place.cell for place in check.places] == [2, 3]
    assert secret not in report.model_dump_json()
    assert "ghp_" not in report.model_dump_json()


def test_an_old_lock_is_to_be_looked_at(lab: ReportLab) -> None:
    assert lab.check("age").grade == "pass"
    old = lab.check("age", carried={**lab.carried, "recorded": "2020-05-01T00:00:00Z"})
    assert old.grade == "look"
    assert "2020-05-01" in old.detail
    assert old.repair is not None
    assert old.repair.model_dump() == {"action": "update", "arguments": {"environment": "local/lab"}}
    assert lab.check("age", carried={**lab.carried, "recorded": "2999-01-01"}).title == "Locked in the future"


def test_the_age_of_the_kernels_version_is_not_that_of_another_lock(lab: ReportLab) -> None:
    undated = {name: value for name, value in lab.carried.items() if name != "recorded"}
    assert lab.check("age", carried=undated).grade == "pass"  # it is the kernel's
    document = undated["lockfile"]
    document["package"] = [one for one in document["package"] if one["name"] != "numbers-core"]
    other = {**undated, "lockfile": document, "sha256": lock_hash(document)}
    assert "Nothing says when" in reason_of(lab.report("x", carried=other), "age")
