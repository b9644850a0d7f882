"""A conflict between what conda has and what pip needs is told in one sentence, with both sides and as data."""

from __future__ import annotations

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import PipLocker, specification_with_pip
from fixtures.wheels import Wheel

from jupyter_envstore.errors import PackageNotFoundError, UnsolvableError
from jupyter_envstore.lock.pip.conflicts import first_cause
from jupyter_envstore.lock.pip.uv_log import WithoutWheel, without_wheel

CONDA = ["python=3.11", "pip", "numpy"]


def test_a_package_of_pip_needs_another_version_than_conda_has(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("foo", "2.0", ["numpy>=2"]))
    with pytest.raises(UnsolvableError) as caught:
        pip_locker.lock(["foo==2.0"], CONDA)
    explanation = caught.value.details["explanation"]
    assert explanation["summary"] == "conda has numpy 1.26.4, but pip's foo 2.0 needs numpy>=2."
    assert caught.value.message == explanation["summary"]
    assert explanation["conflict"] == ["foo==2.0"]
    assert explanation["platform"] == "linux-64"
    assert [item["title"] for item in explanation["relaxations"]] == ["Leave out foo"]


def test_another_version_that_fits_is_offered_after_it_was_solved(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("foo", "2.0", ["numpy>=2"]))
    package_index.add(Wheel("foo", "1.0", ["numpy<2"]))
    assert pip_locker.packages(["foo"], CONDA)["foo"].version == "1.0"
    with pytest.raises(UnsolvableError) as caught:
        pip_locker.lock(["foo>=2"], CONDA)
    assert caught.value.details["explanation"]["relaxations"] == [
        {"title": "Allow another version of foo", "remove": ["foo>=2"], "add": ["foo"]}
    ]


def test_a_conflict_that_was_got_around_is_not_blamed(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", "2.0", ["numpy>=2"]))
    package_index.add(Wheel("foo", "1.0"))
    package_index.add(Wheel("other", tag="cp311-cp311-win_amd64"))
    with pytest.raises(UnsolvableError, match=r"other 1\.0 has no wheel"):
        pip_locker.lock(["foo", "other"], CONDA)


def test_the_entry_that_leads_to_it_is_named(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("top", requires=["middle"]))
    package_index.add(Wheel("middle", "3.1", requires=["torch<2"]))
    with pytest.raises(UnsolvableError) as caught:
        pip_locker.lock(["top"], ["python=3.11", "pip", "pytorch"])
    assert caught.value.message == "conda has pytorch 2.2.1, but pip's middle 3.1, which top leads to, needs torch<2."
    assert caught.value.details["explanation"]["conflict"] == ["top"]


def test_the_section_itself_asks_for_another_version(pip_locker: PipLocker) -> None:
    with pytest.raises(UnsolvableError, match=r"conda has numpy 1\.26\.4, but the pip section asks for numpy>=2\."):
        pip_locker.lock(["numpy>=2"], CONDA)


def test_an_address_does_not_replace_what_conda_has(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    url = package_index.add(Wheel("numpy", "2.0"))
    with pytest.raises(UnsolvableError, match=r"conda has numpy 1\.26\.4, but the pip section takes numpy from an add"):
        pip_locker.lock([f"numpy @ {url}"], CONDA)


@pytest.mark.parametrize("columns", ["20", "200"])
def test_python_itself_does_not_fit(
    pip_locker: PipLocker, package_index: PackageIndex, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)  # the width of a terminal changes nothing of what is understood
    package_index.add(Wheel("modern", "5.0", requires_python=">=3.12"))
    with pytest.raises(UnsolvableError, match=r"conda has Python 3\.11\.9, but pip's modern.* needs Python >=3\.12"):
        pip_locker.lock(["modern"])


def test_one_platform_alone_has_the_conflict(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", requires=["numpy>=2; sys_platform == 'win32'"]))
    answer = pip_locker.lock(["foo"], CONDA, platforms=("linux-64", "win-64"))
    assert answer["unsolved"]["win-64"]["summary"] == "conda has numpy 1.26.4, but pip's foo 1.0 needs numpy>=2."


def test_a_package_that_another_one_needs_is_not_there(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", requires=["gone"]))
    with pytest.raises(PackageNotFoundError, match="no package “gone”, which foo needs on the package index"):
        pip_locker.lock(["foo"])


def test_two_entries_that_collide_are_told_in_words(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    for version in ("1.0", "2.0"):
        package_index.add(Wheel("lib", version))
    package_index.add(Wheel("foo", requires=["lib<2"]))
    with pytest.raises(UnsolvableError, match="The packages of pip do not fit together") as caught:
        pip_locker.lock(["foo", "lib>=2"])
    titles = [item["title"] for item in caught.value.details["explanation"]["relaxations"]]
    assert titles == ["Leave out foo", "Allow another version of lib"]


def test_a_way_to_a_platform_is_offered_only_when_pip_goes_along(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("foo", requires=["numpy>=2; sys_platform == 'win32'"]))

    def ways(pip: list[str]) -> list[str]:
        report = pip_locker.resolver.call(
            "platforms",
            specification=specification_with_pip(["python=3.11", "pip", "numpy", "zlib >=9"], pip),
            channels=[pip_locker.channel],
            platforms=["win-64"],
            pip={"cache": str(pip_locker.cache), "index_url": package_index.url},
        )
        return [way["kind"] for way in report["platforms"]["win-64"]["workarounds"]]

    package_index.add(Wheel("fine"))
    assert ways(["fine"]) == ["version", "selector"]
    assert ways(["foo"]) == []


WITHOUT = """error: No solution found when resolving dependencies:
  cause: Because all of:
      scikit-learn<=0.20.4
      scikit-learn>=0.22.2.post1
  have no usable wheels and only the following versions of scikit-learn are available:
      scikit-learn<=0.20.4
      scikit-learn>=0.22.2.post1
  we can conclude that your requirements are unsatisfiable.
"""


def test_a_package_that_has_no_wheel_in_any_version_is_read_from_uvs_words() -> None:
    assert without_wheel(WITHOUT) == [WithoutWheel("scikit-learn", "scikit-learn", "usable wheels")]


def test_no_version_has_a_wheel_for_another_platform(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    for version in ("1.0", "1.1", "2.0", "3.0"):
        package_index.add(Wheel("other", version, tag="cp311-cp311-win_amd64"))
    with pytest.raises(UnsolvableError, match=r"^other.* has no wheel for linux-64 with Python 3\.11"):
        pip_locker.lock(["other!=1.1"], CONDA)


def test_what_uv_says_is_cut_between_its_sentences() -> None:
    said = "cause: " + "Because one needs two, and two needs three. " * 20
    cut = first_cause(said)
    assert len(cut) < 410
    assert cut.endswith(("three …", "two …"))
    assert first_cause("cause: Because one needs two.") == "Because one needs two."
