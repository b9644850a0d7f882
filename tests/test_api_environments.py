"""Environments over HTTP, from the request to the kernel, and back."""

from __future__ import annotations

import asyncio
import getpass
import json
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.api import SMALL, Api, Fetch, server_config
from fixtures.store import StoreHome
from jupyter_server.auth.identity import IdentityProvider, User


class EverybodyIsMira(IdentityProvider):
    """Knows who has the token."""

    def generate_anonymous_user(self, handler: Any) -> User:
        """Return the person."""
        return User("mira")


@pytest.fixture
def server_settings() -> dict[str, Any]:
    return {}


@pytest.fixture
def jp_server_config(home: StoreHome, server_settings: dict[str, Any]) -> dict[str, Any]:
    return server_config(home, **server_settings)


async def test_an_environment_is_created_looked_at_removed_and_brought_back(api: Api, jp_fetch: Fetch) -> None:
    text = "# for the course\nname: small\ndependencies:\n  - python=3.12\n  - ipykernel\n"
    answer = await api.ask(
        "POST", "environments", body={"specification": text, "message": "First", "description": "The course"}
    )
    assert answer.status == 202
    build = answer.body
    assert (build["state"], build["name"], build["message"]) == ("queued", "small", "First")
    assert build["author"] == getpass.getuser(), "Jupyter's invented anonymous user is nobody"
    assert answer.headers["Location"].endswith(f"/envstore/builds/{build['id']}")
    assert (await api.ended(build["id"]))["state"] == "ready"

    # The kernel is there the moment the build says so.
    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert specs["envstore-local--small"]["spec"]["display_name"] == "small (v1)"

    environment = await api.get("environments", "local", "small")
    assert (environment["state"], environment["active_version"]) == ("ready", 1)
    assert environment["description"] == "The course"
    listed = await api.get("environments", search="SMA", package="python")
    assert [item["name"] for item in listed["items"]] == ["small"]
    assert (listed["total"], listed["next"]) == (1, None)

    versions = await api.get("environments", "local", "small", "versions")
    assert versions["items"] == [await api.get("environments", "local", "small", "versions", "1")]
    assert versions["items"][0]["specification"] == text
    packages = await api.get("environments", "local", "small", "versions", "1", "packages")
    assert {"python", "ipykernel"} <= {package["name"] for package in packages["items"]}
    assert packages["total"] == versions["items"][0]["package_count"]

    exported = await api.ask("GET", "environments", "local", "small", "versions", "1", "export", "yaml")
    assert exported.body.endswith(f"\n\n{text}")
    lockfile = await api.get("environments", "local", "small", "versions", "1", "lockfile")
    exported = await api.ask("GET", "environments", "local", "small", "versions", "1", "export", "conda-lock")
    assert yaml.safe_load(exported.body) == lockfile
    assert exported.headers["Content-Disposition"] == 'attachment; filename="small-v1.conda-lock.yml"'

    removed = await api.ask("DELETE", "environments", "local", "small")
    assert removed.status == 200
    assert removed.body["deleted"]
    assert (await api.get("environments"))["total"] == 0
    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert "envstore-local--small" not in specs
    assert (await api.ask("POST", "environments", "local", "small", "undelete")).body["deleted"] is None
    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert "envstore-local--small" in specs


async def test_an_environment_is_created_from_packages(api: Api, channel_url: str) -> None:
    answer = await api.ask(
        "POST",
        "environments",
        body={"name": "team/tools", "packages": ["python=3.12", "idna"], "channels": [channel_url]},
    )
    assert answer.status == 202, answer
    build = await api.ended(answer.body["id"])
    assert (build["namespace"], build["name"], build["state"]) == ("team", "tools", "ready")
    version = await api.get("environments", "team", "tools", "versions", "1")
    assert "- idna" in version["specification"]
    assert channel_url in version["specification"]


async def test_an_environment_is_created_from_a_file_of_the_file_browser(api: Api, jp_root_dir: Path) -> None:
    folder = jp_root_dir / "my course"
    folder.mkdir()
    (folder / "environment.yml").write_bytes(b"\xff\xfe" + SMALL.encode("utf-16-le"))
    answer = await api.ask("POST", "environments", body={"path": "my course/environment.yml"})
    assert (answer.status, answer.body["name"]) == (202, "small")
    await api.ask("DELETE", "builds", str(answer.body["id"]))
    await api.ended(answer.body["id"])


@pytest.mark.parametrize("path", ["../secret.yml", "/../secret.yml", "a/../../secret.yml", "gone.yml", "folder", ""])
async def test_a_file_outside_the_contents_or_none_is_refused(api: Api, jp_root_dir: Path, path: str) -> None:
    (jp_root_dir.parent / "secret.yml").write_text("name: secret\ndependencies: [python]\n")
    (jp_root_dir / "folder").mkdir()
    answer = await api.ask("POST", "environments", body={"path": path, "name": "x"})
    assert answer.status == 400, answer
    assert "secret.yml" not in answer.body["message"] or path in answer.body["message"]
    assert (await api.get("environments"))["total"] == 0


async def test_a_name_that_is_taken_is_refused_and_the_message_says_what_to_do(api: Api) -> None:
    await api.create("small")
    answer = await api.ask("POST", "environments", body={"name": "Small", "specification": SMALL})
    assert (answer.status, answer.body["code"]) == (409, "name_taken")


async def test_the_description_is_changed(api: Api) -> None:
    build = await api.create("small")
    answer = await api.ask("PATCH", "environments", "local", "small", body={"description": "For Mira’s course"})
    assert (answer.status, answer.body["description"]) == (200, "For Mira’s course")
    await api.ask("DELETE", "builds", str(build["id"]))


async def test_packages_are_found_while_one_types(api: Api, channel_url: str) -> None:
    found = await api.get("packages", q="numpy")
    assert found["items"][0]["name"] == "numpy"
    assert len(found["items"][0]["versions"]) > 1
    assert found["items"][0]["summary"]
    one = await api.get("packages", "numpy", channel=channel_url)
    assert one == found["items"][0]
    missing = await api.ask("GET", "packages", "nump")
    assert (missing.status, missing.body["code"]) == (404, "not_found")
    assert (await api.ask("GET", "packages", "num*")).status == 404


async def test_a_specification_is_checked_while_one_types(api: Api) -> None:
    async def check(text: str) -> Any:
        answer = await api.ask("POST", "specification", "check", body={"specification": text})
        assert answer.status == 200
        return answer.body

    good = await check(SMALL)
    assert (good["valid"], good["name"], good["dependencies"]) == (True, "small", ["python=3.12"])
    assert {remark["severity"] for remark in good["remarks"]} <= {"warning"}
    broken = await check("name: x\ndependencies: [python]\ndependancies: []\n")
    assert broken["valid"] is False
    assert broken["remarks"][0]["line"] == 3
    empty = await check("name: x\ndependencies: []\n")
    assert empty["valid"] is False
    assert "Add a package" in empty["remarks"][0]["message"]
    refused = await api.ask("POST", "environments", body={"specification": "name: x\ndependencies: []\n"})
    assert (refused.status, refused.body["code"]) == (400, "invalid_specification")
    assert (await api.ask("GET", "builds")).body["total"] == 0
    named = await check("name: a--b\ndependencies: [python]\n")
    assert (named["valid"], named["remarks"][0]["code"]) == (False, "invalid_name")


async def test_pages_follow_each_other(api: Api) -> None:
    for number in range(5):
        await api.create(f"env{number}", "dependencies: [no-such-package]\n")
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await api.get("environments", limit="2", **cursor)
        names += [item["name"] for item in page["items"]]
        assert page["total"] == 5
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(set(names)) == [f"env{number}" for number in range(5)]


async def test_requests_at_the_same_time_share_one_store(api: Api) -> None:
    answers = await asyncio.gather(*(api.ask("GET", "environments") for _ in range(20)))
    assert {answer.status for answer in answers} == {200}


@pytest.mark.parametrize("server_settings", [{"identity_provider_class": EverybodyIsMira}])
async def test_the_author_is_who_jupyter_says(api: Api) -> None:
    assert (await api.create("small"))["author"] == "mira"


def test_the_base_url_of_these_tests_is_not_the_root(jp_base_url: str) -> None:
    assert urllib.parse.unquote(jp_base_url) == "/a@b/"
