"""Edit, compare, activate, pin and clone from a terminal: what is printed, as JSON and in words, and exit statuses."""

from __future__ import annotations

import pytest
from fixtures.store import StoreHome
from small_channels import write_channel
from small_packages import SmallPackage, write_package

PACKAGES = [
    SmallPackage("base"),
    SmallPackage("tool", depends=["base"]),
    SmallPackage("extra", depends=["base"]),
    SmallPackage("lib"),
    SmallPackage("lib", version="2.0"),
    SmallPackage("app", version="2.0", depends=["lib >=2"]),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> StoreHome:
    """A home with `small`: version 1 of `tool` and an old `lib`, made by the command line."""
    root = tmp_path_factory.mktemp("cli-versions")
    channel = root / "channel"
    records = []
    for package in PACKAGES:
        package.files["share/name.txt" if package.name == "base" else f"share/{package.name}"] = package.stem.encode()
        written = write_package(package, channel)
        fields = ("name", "version", "build", "depends", "md5", "sha256", "size")
        records.append({**{key: written[key] for key in fields}, "build_number": 0, "timestamp": 1_700_000_000_000})
    url = write_channel(channel, records)
    place = StoreHome(root / "home")
    place.root.mkdir()
    place.settings = {"default_channels": [url], "conda_environments_file": str(place.conda_list)}
    done = place.run("create", "-n", "small", "tool", "lib <2")
    assert done.returncode == 0, done.stderr
    return place


def test_the_way_of_an_environment(home: StoreHome) -> None:
    dry = home.run("edit", "small", "--add", "extra", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "+1, 3 stay as they are" in dry.stdout
    assert "you added it" in dry.stdout
    assert "“Add extra”" in dry.stdout
    assert "Nothing was built" in dry.stdout
    assert home.json("versions", "small")["total"] == 1

    preview = home.json("edit", "small", "--add", "extra", "--remove", "tool", "--dry-run")
    found = {item["name"]: item["kind"] for item in preview["comparison"]["platforms"][0]["changes"]}
    assert found == {"extra": "added", "tool": "removed"}
    assert preview["message"] == "Add extra, remove tool"

    edited = home.run("edit", "small", "--add", "extra")
    assert edited.returncode == 0, edited.stderr
    assert "local/small v2 is ready" in edited.stdout
    assert home.json("show", "small")["message"] == "Add extra"

    again = home.run("edit", "small", "--add", "extra")
    assert (again.returncode, "Nothing to build" in again.stdout) == (0, True)
    assert home.json("edit", "small", "--add", "extra")["code"] == "nothing_to_build"
    idle = home.run("update", "small")
    assert (idle.returncode, "Nothing to build" in idle.stdout) == (0, True), idle.stderr

    table = home.run("diff", "small@1", "small@2").stdout
    assert "local/small@1 → local/small@2" in table
    assert "+  - extra" in table
    backwards = home.json("diff", "small@2", "small@1")
    assert [item["kind"] for item in backwards["platforms"][0]["changes"]] == ["removed"]

    back = home.run("activate", "small@1")
    assert "local/small@1 is active" in back.stdout
    assert "jupyter envstore activate local/small@2" in back.stdout
    assert home.json("show", "small")["number"] == 1
    assert "active already" in home.run("activate", "small@1").stdout
    assert home.json("activate", "small@2")["previous"] == 1

    assert "is pinned" in home.run("pin", "small@1").stdout
    assert home.json("versions", "small")["items"][1]["pinned"] is True
    assert "not pinned any more" in home.run("unpin", "small@1").stdout

    cloned = home.json("clone", "small@1", "twin")
    assert (cloned["name"], cloned["version"], cloned["lock"]) == ("twin", 1, home.json("show", "small@1")["lock"])


def test_a_file_becomes_the_specification(home: StoreHome) -> None:
    assert home.run("clone", "small@1", "filed").returncode == 0
    text = "# mine\nname: filed\ndependencies: [extra, base]\n"
    (home.root / "new.yml").write_text(text)
    answer = home.json("edit", "filed", "-f", "new.yml", "-m", "By hand")
    assert (answer["specification"], answer["message"], answer["version"]) == (text, "By hand", 2)


def test_a_conflict_is_explained_before_and_while_it_is_built(home: StoreHome) -> None:
    for dry_run in (["--dry-run"], []):
        done = home.run("edit", "small@1", "--add", "app", *dry_run)
        assert done.returncode == 1
        assert "What you asked for and cannot have together" in done.stderr
        assert "Each of these would fit" in done.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["edit", "small"], "--add"),
        (["activate", "small"], "small@1"),
        (["activate", "small@99"], "has no version 99"),
        (["diff", "small@1", "nothing"], "nothing"),
        (["update", "small", "nonsense"], "has no package"),
        (["pin", "small"], "one version"),
        (["edit", "small", "--remove", "nonsense"], "not among the dependencies"),
        (["edit", "small", "-f", "no-such-file.yml"], "no such file"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(home: StoreHome, command: list[str], words: str) -> None:
    done = home.run(*command)
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_each_command(home: StoreHome) -> None:
    listed = home.run("--help").stdout
    for command in ("edit", "update", "diff", "activate", "pin", "unpin", "clone"):
        assert command in listed
        assert home.run(command, "--help").returncode == 0
