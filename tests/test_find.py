"""Which environments and versions have a package: by name, version, build and channel, active versions first."""

from __future__ import annotations

import pytest
from fixtures.catalog import admitted, claim, hash_of, package
from fixtures.store import StoreHome

from jupyter_envstore.catalog import Catalog, finding
from jupyter_envstore.errors import InvalidInputError, SpecificationError
from jupyter_envstore.schemas import BuildRequest, Finding, Package, Version


def make(catalog: Catalog, name: str, *packages: Package, asked: str = "python") -> Version:
    """Make the next version of ``local/name`` with those packages; ``asked`` is what its specification asks for."""
    specification = f"name: {name}\ndependencies: [{asked}]\n"
    first = not [item for item in catalog.environments.list(search=name, limit=500).items if item.name == name]
    with catalog.transaction():
        if first:
            catalog.environments.create("local", name)
        build = catalog.builds.enqueue(
            "local", name, "create" if first else "edit", BuildRequest(specification=specification)
        )
    claim(catalog, build)
    key = " ".join(sorted(item.url for item in packages))
    catalog.builds.set_lock(build.id, "worker", catalog.locks.put(hash_of(key), {"of": key}, admitted(packages)))
    version = catalog.builds.publish_version(
        build.id, "worker", prefix_hash=hash_of("prefix" + key), platform="linux-64", size=1, files=1
    )
    catalog.builds.finish(build.id, "worker")
    return version


def numpy(version: str, **fields: object) -> Package:
    build = str(fields.get("build", "0"))
    url = f"https://channel.example/main/linux-64/numpy-{version}-{build}.conda"
    return package("numpy", version).model_copy(update={"url": url, **fields})


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """A catalog in which five environments have numpy, one of them in an older version only."""
    python = package("python", "3.12.1")
    make(catalog, "one", python, numpy("1.26.4"), asked="python, numpy <2")
    make(catalog, "one", python, numpy("2.1.3"), asked="python, numpy")
    make(catalog, "two", python, numpy("1.26.4"), asked="python, pandas")
    make(catalog, "three", python, numpy("2.3.5", build="mkl_1"), asked="python, 'numpy >=2'")
    make(catalog, "four", python, numpy("2.3.5", channel="https://other.example/lab"), asked="python, numpy")
    make(catalog, "five", python, numpy("2.10.0"))
    make(catalog, "five", python)
    return catalog


def shown(findings: list[Finding]) -> list[str]:
    return [f"{item.name}@{item.version} {item.package_version}{' *' if item.active else ''}" for item in findings]


RANGES: list[tuple[str, list[str]]] = [
    (
        "numpy",
        ["four@1 2.3.5 *", "three@1 2.3.5 *", "two@1 1.26.4 *", "one@2 2.1.3 *", "five@1 2.10.0", "one@1 1.26.4"],
    ),
    ("NumPy >=2", ["four@1 2.3.5 *", "three@1 2.3.5 *", "one@2 2.1.3 *", "five@1 2.10.0"]),
    ("numpy>2.3.5", ["five@1 2.10.0"]),
    ("numpy >=2,<2.3|=1.26", ["two@1 1.26.4 *", "one@2 2.1.3 *", "one@1 1.26.4"]),
    ("numpy=2.1", ["one@2 2.1.3 *"]),
    ("numpy !=2.3.5,>=2", ["one@2 2.1.3 *", "five@1 2.10.0"]),
    ("numpy * mkl*", ["three@1 2.3.5 *"]),
    ("lab::numpy", ["four@1 2.3.5 *"]),
    ("https://other.example/lab::numpy >=2", ["four@1 2.3.5 *"]),
    ("numpy >=3", []),
    ("nump", []),
]
"""What is looked for, and what is found."""
SPREADS = {"few": (2_000, 10_000), "many": (1, 10_000), "nearly all": (1, 1)}
"""How many locks are held to have a package: many, and nearly all. Each has its own way to look."""


@pytest.fixture(params=SPREADS)
def _spread(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    widespread, common = SPREADS[request.param]
    monkeypatch.setattr(finding, "WIDESPREAD", widespread)
    monkeypatch.setattr(finding, "COMMON_PACKAGE", common)


@pytest.mark.usefixtures("_spread")
@pytest.mark.parametrize("many_files", [False, True])
def test_versions_are_found_in_ranges(filled: Catalog, monkeypatch: pytest.MonkeyPatch, many_files: bool) -> None:
    # Whichever way it is looked for, the answer is one.
    monkeypatch.setattr(finding, "FEW_FILES", 1 if many_files else 50)
    for wanted, found in RANGES:
        page = filled.findings.list(wanted)
        assert shown(page.items) == found, wanted
        assert (page.total, page.next) == (len(found), None)
        active = [item for item in found if item.endswith("*")]
        assert shown(filled.findings.list(wanted, active_only=True).items) == active
        # The list of environments agrees with the active ones.
        listed = filled.environments.list(package=wanted)
        assert {item.name for item in listed.items} == {item.split("@")[0] for item in active}
        assert listed.total == len(active)


@pytest.mark.usefixtures("_spread")
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_are_parts_of_one_list(filled: Catalog, limit: int) -> None:
    for wanted, found in RANGES:
        seen: list[Finding] = []
        cursor = None
        while True:
            part = filled.findings.list(wanted, limit=limit, cursor=cursor)
            assert (len(part.items) <= limit, part.total) == (True, len(found))
            seen += part.items
            cursor = part.next
            if cursor is None:
                break
        assert shown(seen) == found


def test_a_finding_says_whether_it_was_asked_for(filled: Catalog) -> None:
    by_name = {item.name: item for item in filled.findings.list("numpy", active_only=True).items}
    assert {name: item.direct for name, item in by_name.items()} == {
        "one": True,
        "two": False,
        "three": True,
        "four": True,
    }
    three = by_name["three"]
    assert (three.namespace, three.package, three.build, three.platform) == ("local", "numpy", "mkl_1", "linux-64")


def test_a_version_for_several_platforms_is_one_finding_of_its_own_platform(catalog: Catalog) -> None:
    mac = [package("python", "3.11", "osx-arm64"), package("appnope", "0.1", "osx-arm64")]
    make(catalog, "both", package("python", "3.12"), *mac)
    (found,) = catalog.findings.list("python").items
    assert (found.platform, found.package_version) == ("linux-64", "3.12")
    # What only another platform has, is told with that platform.
    (found,) = catalog.findings.list("appnope").items
    assert (found.platform, found.package_version) == ("osx-arm64", "0.1")
    (found,) = catalog.findings.list("python =3.11").items
    assert (found.platform, found.package_version) == ("osx-arm64", "3.11")


def test_what_was_removed_is_not_found(filled: Catalog) -> None:
    filled.environments.soft_delete("local", "four")
    filled.versions.delete("local", "one", 1)
    assert shown(filled.findings.list("numpy").items) == [
        "three@1 2.3.5 *",
        "two@1 1.26.4 *",
        "one@2 2.1.3 *",
        "five@1 2.10.0",
    ]


def test_what_makes_no_sense_is_refused(filled: Catalog) -> None:
    for wrong in ("numpy >=", "", "a b c d", "numpy*", "x" * 2000):
        with pytest.raises(SpecificationError):
            filled.findings.list(wrong)
        with pytest.raises(SpecificationError):
            filled.environments.list(package=wrong)
    with pytest.raises(InvalidInputError, match="by name, version, build and channel"):
        filled.findings.list("numpy[md5=abc]")
    first = filled.findings.list("numpy", limit=1)
    other = filled.environments.list(limit=1)
    for cursor in ("nonsense", other.next):
        with pytest.raises(InvalidInputError, match="cursor"):
            filled.findings.list("numpy", cursor=cursor)
    with pytest.raises(InvalidInputError):
        filled.findings.list("numpy", limit=0, cursor=first.next)


def test_the_terminal_finds(home: StoreHome) -> None:
    store = home.open()
    make(store.catalog, "one", numpy("1.26.4"), asked="numpy")
    make(store.catalog, "one", numpy("2.1.3"), asked="pandas")
    store.close()
    done = home.run("find", "numpy >=1")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("local/one")]
    assert [row[:3] for row in rows] == [["local/one", "v2", "active"], ["local/one", "v1", "numpy"]]
    assert ("came along" in done.stdout, "asked for" in done.stdout) == (True, True)
    answer = home.json("find", "numpy<2")
    assert (answer["total"], answer["items"][0]["version"]) == (1, 1)
    assert home.json("find", "numpy<2", "--active")["items"] == []
    assert "No version of any environment has it" in home.run("find", "scipy").stdout
    assert [item["name"] for item in home.json("list", "--package", "numpy>=2")["items"]] == ["one"]
    assert home.json("list", "--package", "numpy>=3")["items"] == []
    wrong = home.run("find", "numpy>=")
    assert (wrong.returncode, "is no package requirement" in wrong.stderr) == (2, True)
