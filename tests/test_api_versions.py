"""Versions over HTTP: edit, update, activate, pin, describe, compare, verify, repair, delete."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome
from small_packages_channel import SMALL

from jupyter_envstore.handlers.endpoint import schema_named
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.store import EnvStore

ENVIRONMENT = ("environments", "local", "small")
VERSIONS = (*ENVIRONMENT, "versions")


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def two(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Api:
    """A server with `small`, whose active version 2 has `extra` too."""

    async def build() -> None:
        await api.built("environments", body={"name": "small", "specification": SMALL})
        build = await api.built(*VERSIONS, body={"add": ["extra"]})
        assert (build["kind"], build["version"], build["message"]) == ("edit", 2, "Add extra")

    jp_asyncio_loop.run_until_complete(build())
    return api


def free(api: Api, number: int) -> None:
    """Take a version's files away as a collection does."""
    store: EnvStore = api.app.web_app.settings["envstore"]
    version = store.versions.get(f"small@{number}")
    remove_tree(Path(version.prefix or ""))
    store.catalog.prefixes.set_state(version.prefix_hash or "", "freed")


async def packages(api: Api, number: int) -> dict[str, str]:
    page = await api.get(*VERSIONS, str(number), "packages")
    return {package["name"]: package["version"] for package in page["items"]}


# ---------------------------------------------------------------- edit, update


async def test_an_edit_starts_from_the_named_version_and_keeps_comments(two: Api) -> None:
    build = await two.built(*VERSIONS, body={"parent": 1, "add": ["other"], "message": "For the exam"})
    assert build["version"] == 3
    version = await two.get(*VERSIONS, "3")
    assert (version["parent"], version["message"], version["active"]) == (1, "For the exam", True)
    assert version["specification"] == SMALL + "  - other\n"
    assert set(await packages(two, 3)) == {"tool", "base", "other"}


async def test_an_edit_of_text_channels_and_variables(two: Api, home: StoreHome) -> None:
    channels = [*home.settings["default_channels"], "https://channel.example/more"]
    answer = await two.ask(
        "POST",
        *VERSIONS,
        body={
            "specification": SMALL,
            "remove": ["tool"],
            "add": ["lib"],
            "channels": channels,
            "variables": {"A": "b"},
        },
    )
    assert answer.status == 202, answer
    request = await two.get("builds", str(answer.body["id"]), "request")
    await two.ask("DELETE", "builds", str(answer.body["id"]))
    assert "tool" not in request["specification"]
    assert "- lib" in request["specification"]
    assert "https://channel.example/more" in request["specification"]
    assert "A: b" in request["specification"]
    await two.ended(answer.body["id"])


async def test_an_update_moves_what_an_edit_keeps(two: Api) -> None:
    await two.built(*VERSIONS, body={"specification": "dependencies: [lib <2, app <2]\n"})
    await two.built(*VERSIONS, body={"specification": "dependencies: [lib, app]\n"})
    assert await packages(two, 4) == {"lib": "1.0", "app": "1.0"}
    build = await two.built(*VERSIONS, body={"update": ["lib"]})
    assert (build["kind"], build["message"]) == ("update", "Update lib")
    assert await packages(two, 5) == {"lib": "2.0", "app": "1.0"}
    build = await two.built(*VERSIONS, body={"update": []})
    assert build["message"] == "Update all packages"
    assert await packages(two, 6) == {"lib": "2.0", "app": "2.0"}


EDITS: list[tuple[dict[str, Any], int, str]] = [
    ({"update": [], "add": ["lib"]}, 400, "invalid_input"),
    ({"update": ["tool"], "variables": {}}, 400, "invalid_input"),
    ({"add": ["lib"], "as_of": "2026-01-01"}, 400, "invalid_input"),
    ({"parent": "1", "add": ["lib"]}, 400, "invalid_input"),
    ({"parent": 0, "add": ["lib"]}, 400, "invalid_input"),
    ({"parent": 9, "add": ["lib"]}, 404, "version_not_found"),
    ({"update": ["tol"]}, 400, "package_not_locked"),
    ({"add": ["a b c d"]}, 400, "invalid_specification"),
    ({"remove": ["nothing"]}, 400, "invalid_specification"),
    ({"specification": "dependencies: {"}, 400, "invalid_specification"),
    ({"add": ["lib"], "platforms": ["amiga"]}, 422, "platform_not_supported"),
    ({"specification": "dependencies: [tool, {pip: ['-e .']}]"}, 400, "invalid_specification"),
    ({}, 409, "nothing_to_build"),
    ({"add": ["extra"]}, 409, "nothing_to_build"),
]


async def test_an_edit_that_makes_no_sense_is_refused_and_so_is_its_preview(two: Api) -> None:
    for body, status, code in EDITS:
        answer = await two.ask("POST", *VERSIONS, body=body)
        assert (answer.status, answer.body["code"]) == (status, code), (body, answer)
        assert len(answer.body["message"].split()) > 3
        if code != "nothing_to_build":
            preview = await two.ask("POST", "preview", body={"environment": "small", **body})
            assert (preview.status, preview.body["code"]) == (status, code), (body, preview)
    assert (await two.get("builds"))["total"] == 2


# ---------------------------------------------------------------- activate


async def test_an_older_version_is_active_at_once(two: Api, jp_fetch: Any) -> None:
    answer = await two.ask("PATCH", *ENVIRONMENT, body={"active_version": 1, "description": "Back again"})
    assert answer.status == 200, answer
    assert (answer.body["active_version"], answer.body["description"]) == (1, "Back again")
    assert "Location" not in answer.headers
    assert [item["active"] for item in (await two.get(*VERSIONS))["items"]] == [False, True]
    answer = await two.ask("PATCH", *ENVIRONMENT, body={"active_version": 7})
    assert (answer.status, answer.body["code"]) == (404, "version_not_found")


async def test_a_freed_version_is_made_again_first(two: Api) -> None:
    free(two, 1)
    build = await two.built(*ENVIRONMENT, body={"active_version": 1}, method="PATCH")
    schema_named("Build").model_validate(build)
    assert (build["kind"], build["message"]) == ("rebuild", "Activate version 1")
    assert (await two.get(*ENVIRONMENT))["active_version"] == 1


# ---------------------------------------------------------------- pin, describe


async def test_a_version_is_pinned_and_its_message_corrected(two: Api) -> None:
    answer = await two.ask("PATCH", *VERSIONS, "1", body={"pinned": True, "message": "What the paper used"})
    assert answer.status == 200, answer
    assert (answer.body["pinned"], answer.body["message"]) == (True, "What the paper used")
    assert await two.get(*VERSIONS, "1") == answer.body
    answer = await two.ask("PATCH", *VERSIONS, "1", body={"pinned": False})
    assert (answer.body["pinned"], answer.body["message"]) == (False, "What the paper used")

    store: EnvStore = two.app.web_app.settings["envstore"]
    events = {event.what: event for event in store.catalog.events.list(subject="local/small@1").items}
    assert events["version.describe"].details == {"before": "Create"}
    assert events["version.describe"].who


async def test_a_change_of_a_version_that_makes_no_sense_is_refused(two: Api) -> None:
    bodies: list[Any] = [{}, {"pinned": None}, {"pinned": "yes"}, {"message": "\u0000"}, {"number": 3}]
    for body in bodies:
        answer = await two.ask("PATCH", *VERSIONS, "1", body=body)
        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), body


# ---------------------------------------------------------------- compare


async def test_versions_are_compared_within_an_environment_and_across(two: Api) -> None:
    forward = await two.get(*VERSIONS, "2", "diff", against="1")
    assert forward["before"]["reference"] == "local/small@1"
    assert forward["after"]["reference"] == "local/small@2"
    (change,) = forward["platforms"][0]["changes"]
    assert (change["name"], change["kind"], change["before"], change["after"]) == ("extra", "added", None, "1.0")
    assert "+  - extra" in forward["specification_diff"]
    back = await two.get(*VERSIONS, "1", "diff", against="local/small@2")
    assert back["platforms"][0]["changes"][0]["kind"] == "removed"

    build = await two.built(*ENVIRONMENT, "clone", body={"name": "team/other", "version": 1})
    log = (await two.get("builds", str(build["id"]), "log"))["text"]
    assert "Reading the lock" in log
    assert "Finding versions" not in log, "they are known"
    assert (build["namespace"], build["name"], build["version"]) == ("team", "other", 1)
    same = await two.get("environments", "team", "other", "versions", "1", "diff", against="small@1")
    assert same["platforms"][0]["changes"] == []


AGAINST = [
    ("", 400, "invalid_input"),
    ("0", 400, "invalid_input"),
    ("9", 404, "version_not_found"),
    ("local/gone@1", 404, "environment_not_found"),
    ("a/b/c@1", 400, "invalid_reference"),
    ("²", 400, "invalid_name"),
]


async def test_a_comparison_with_nothing_is_refused(two: Api) -> None:
    for against, status, code in AGAINST:
        answer = await two.ask("GET", *VERSIONS, "2", "diff", against=against)
        assert (answer.status, answer.body["code"]) == (status, code), (against, answer)


# ---------------------------------------------------------------- verify, repair, kernel, delete


async def test_damage_is_found_and_mended(two: Api) -> None:
    version = await two.get(*VERSIONS, "2")
    file = Path(version["prefix"]) / "share" / "extra.txt"
    file.chmod(0o644)
    file.unlink()
    report = (await two.ask("POST", *VERSIONS, "2", "verify")).body
    assert len(report["problems"]) == 1
    assert "extra.txt" in report["problems"][0]
    build = await two.built(*VERSIONS, "2", "repair")
    assert build["kind"] == "repair"
    answer = await two.ask("POST", *VERSIONS, "2", "verify")
    assert (answer.status, answer.body["problems"]) == (200, [])
    assert answer.body["files"] > 0


async def test_a_version_that_is_not_on_disk_cannot_be_verified(two: Api) -> None:
    free(two, 1)
    answer = await two.ask("POST", *VERSIONS, "1", "verify")
    assert (answer.status, answer.body["code"]) == (409, "broken_prefix")
    assert "repair" in answer.body["message"]


async def test_a_version_is_deleted_and_leaves_its_number(two: Api) -> None:
    answer = await two.ask("DELETE", *VERSIONS, "2")
    assert (answer.status, answer.body["code"]) == (409, "version_active")
    assert "Activate another" in answer.body["message"]
    await two.ask("PATCH", *VERSIONS, "1", body={"pinned": True})
    answer = await two.ask("DELETE", *VERSIONS, "1")
    assert (answer.status, answer.body["code"]) == (409, "version_pinned")
    await two.ask("PATCH", *VERSIONS, "1", body={"pinned": False})
    answer = await two.ask("DELETE", *VERSIONS, "1")
    assert (answer.status, answer.body["number"], answer.body["deleted"]) == (200, 1, True)
    assert [item["number"] for item in (await two.get(*VERSIONS))["items"]] == [2]
    for method, path in (
        ("GET", ()),
        ("DELETE", ()),
        ("POST", ("kernel",)),
        ("POST", ("repair",)),
        ("POST", ("verify",)),
    ):
        answer = await two.ask(method, *VERSIONS, "1", *path)
        assert (answer.status, answer.body["code"]) == (404, "version_not_found"), (method, path)
    build = await two.built(*VERSIONS, body={"add": ["other"]})
    assert build["version"] == 3


async def test_a_version_without_a_kernel_says_so(two: Api) -> None:
    answer = await two.ask("POST", *VERSIONS, "1", "kernel")
    assert (answer.status, answer.body["code"]) == (409, "kernel_not_registered")
    assert len(answer.body["message"].split()) > 3
