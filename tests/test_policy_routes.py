"""Every way by which packages come into the store, held against every rule: none goes around the gate.

A route is run to its end. It is refused where it is asked for, or by its build, with the code of the rule; or it is
allowed, and the table says why.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from fixtures.api import Api, server_config
from fixtures.catalog import Clock
from fixtures.package_index import PackageIndex
from fixtures.store import StoreHome, finish
from small_packages_channel import write_small_channel

import jupyter_envstore
from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.lock.document import lock_hash
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.schemas import Build, BuildKind
from jupyter_envstore.store import EnvStore

PACKAGE = Path(jupyter_envstore.__file__).parent
APPROVED = "https://approved.example/main"
STRANGE = "https://packages.example/lab"
WEEK = 7 * 24 * 3600.0

Document = dict[str, Any]


# ---------------------------------------------------------------- what is brought, by situation


@dataclass
class Situation:
    """A store, and what the routes bring to it.

    Attributes
    ----------
    channel
        What specifications name: the person's own choice.
    lockfile
        What somebody else wrote.
    other
        A channel against which nothing can be said.
    arise, calm
        Settings that make the situation, after what is there was made in peace, and what they were then.
    """

    home: StoreHome
    store: EnvStore
    clock: Clock
    channel: str
    lockfile: Document
    other: str
    arise: dict[str, Any] = field(default_factory=dict)
    calm: dict[str, Any] = field(default_factory=dict)

    def name(self) -> str:
        """Return a name that is free."""
        return f"new{next(_NUMBERS)}"

    def text(self, *packages: str) -> str:
        """Return a specification of the person's own."""
        return yaml.safe_dump({"name": "new", "channels": [self.channel], "dependencies": list(packages)})

    def set(self, **settings: Any) -> None:
        """Configure the store, and the commands on it."""
        for name, value in settings.items():
            setattr(self.store, name, value)
            self.home.settings[name] = value


_NUMBERS = itertools.count(1)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """URLs of one channel of small packages: as a folder, over HTTP, and one whose files lie elsewhere."""
    folder = tmp_path_factory.mktemp("channels")
    write_small_channel(folder / "plain")
    write_small_channel(folder / "leading-away")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    for metadata in (folder / "leading-away").glob("*/repodata.json"):
        data = json.loads(metadata.read_text())
        data["info"]["base_url"] = f"{url}/plain/{metadata.parent.name}/"
        metadata.write_text(json.dumps({**data, "repodata_version": 2}))
    yield {"folder": (folder / "plain").as_uri(), "web": f"{url}/plain", "leading away": f"{url}/leading-away"}
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def peace(tmp_path_factory: pytest.TempPathFactory, channels: dict[str, str]) -> Iterator[Situation]:
    """A store without a situation, all of a person's choice: `there` with versions 1, freed, and 2; `gone`; `planned`.

    The lockfile is of the very channel that the person uses.
    """
    home = StoreHome(tmp_path_factory.mktemp("home"))
    home.settings = {
        "default_channels": [APPROVED],
        "conda_environments_file": str(home.conda_list),
        "keep_used_days": 0.0,
    }
    clock = Clock()
    clock.moment = datetime.now(timezone.utc) - timedelta(weeks=5)  # what is done now was not done lately
    store = EnvStore(root_dir=str(home.store_dir), kernels_dir=str(home.kernels_dir), clock=clock, **home.settings)
    situation = Situation(home, store, clock, channels["web"], {}, channels["folder"])
    # No other environment ever has the files of there@1.
    for name, packages in (("there", ["other", "lib"]), ("gone", ["tool", "lib"]), ("planned", ["tool", "lib <2"])):
        _must_end_well(store, store.builds.create(name, situation.text(*packages)))
    _must_end_well(store, store.builds.submit(store.drafts.edit("there", add=["extra"])))
    store.disk.collect(dry_run=False)
    store.environments.remove("gone")
    situation.lockfile = store.channels.lock(situation.text("tool")).lockfile
    clock.advance(4 * WEEK)
    yield situation
    store.close()


@pytest.fixture
def at(request: pytest.FixtureRequest, peace: Situation, channels: dict[str, str]) -> Iterator[Situation]:
    """The situation that the test names."""
    locked, other = peace.lockfile, peace.other
    changes: dict[str, dict[str, Any]] = {
        "not approved": {"arise": {"allowed_channels": [APPROVED, other]}},
        "nobody's choice": {"lockfile": _moved(locked, STRANGE)},
        "outside its channel": {"channel": channels["leading away"], "lockfile": _moved(locked, f"{APPROVED}-2")},
        "a folder": {"channel": other, "other": peace.channel, "lockfile": _moved(locked, other)},
        "credentials": {
            "channel": peace.channel.replace("//", "//me:hunter2@"),
            "lockfile": _moved(locked, APPROVED.replace("//", "//me:hunter2@")),
        },
        "a pip file in a folder": {
            "lockfile": _with_pip(_moved(locked, APPROVED), "file:///srv/idna-3.10-py3-none-any.whl")
        },
        "on no index": {
            "lockfile": _with_pip(_moved(locked, APPROVED), "https://wheels.example/idna-3.10-py3-none-any.whl")
        },
        "source for pip": {"lockfile": _with_pip(_moved(locked, APPROVED), "https://wheels.example/idna-3.10.tar.gz")},
    }
    if request.param == "on no index":
        index: PackageIndex = request.getfixturevalue("package_index")
        changes["on no index"]["arise"] = {"pip_index_url": index.url}
    situation = dataclasses.replace(peace, **changes[request.param])
    situation.calm = {name: getattr(situation.store, name) for name in situation.arise}
    situation.set(**situation.arise)
    yield situation
    situation.set(**situation.calm)


def _moved(document: Document, channel: str) -> Document:
    text = json.dumps(document)
    old = document["package"][0]["url"].rsplit("/", 2)[0]
    moved: Document = json.loads(text.replace(old, channel))
    return moved


def _with_pip(document: Document, url: str) -> Document:
    entry = {**document["package"][0], "name": "idna", "version": "3.10", "manager": "pip", "dependencies": {}}
    return {**document, "package": [*document["package"], {**entry, "url": url}]}


def _must_end_well(store: EnvStore, build: Build) -> None:
    ended = finish(store, build)
    assert ended.state == "ready", ended.error


# ---------------------------------------------------------------- the routes

Ended = Build | None
Code = str | None
Route = Callable[[Situation], Ended]


def create(at: Situation) -> Ended:
    name = at.name()
    return at.store.builds.create(name, at.text("tool"))


def create_by_insisting(at: Situation) -> Ended:
    text = f"channels: ['{at.other}']\ndependencies: ['{at.channel}::base']\n"
    return at.store.builds.create(at.name(), text)


def lock(at: Situation) -> Ended:
    at.store.channels.lock(at.text("tool"))
    return None


def check_specification(at: Situation) -> Ended:
    _raise_first(at.store.drafts.check(at.text("tool")))
    return None


def import_lockfile(at: Situation) -> Ended:
    return at.store.builds.create_from_lockfile(at.name(), at.lockfile)


def import_explicit_list(at: Situation) -> Ended:
    lines = [
        f"{entry['url']}#{entry['hash']['md5']}"
        if entry["manager"] == "conda"
        else f"# pip {entry['name']} @ {entry['url']}#sha256={entry['hash']['sha256']}"
        for entry in at.lockfile["package"]
        if entry["platform"] == "linux-64"
    ]
    return at.store.sharing.import_file(at.name(), "\n".join(["@EXPLICIT", *lines]).encode())


def import_pixi_lock(at: Situation) -> Ended:
    places: dict[str, list[dict[str, str]]] = {}
    packages = []
    for entry in at.lockfile["package"]:
        place = {"conda" if entry["manager"] == "conda" else "pypi": entry["url"]}
        places.setdefault(entry["platform"], []).append(place)
        packages.append({**place, "name": entry["name"], "version": entry["version"], **entry["hash"]})
    environment = {"channels": [], "packages": places}
    document = {"version": 6, "environments": {"default": environment}, "packages": packages}
    return at.store.sharing.import_file(at.name(), json.dumps(document).encode())


def restore_notebook(at: Situation) -> Ended:
    return at.store.notebooks.restore(NotebookText.read(_notebook(at), "notebook.ipynb")).build


def import_notebook(at: Situation) -> Ended:
    return at.store.sharing.import_file(at.name(), _notebook(at), file="notebook.ipynb")


def check_notebook(at: Situation) -> Ended:
    _raise_first(at.store.channels.look_into(_notebook(at)))
    return None


def _notebook(at: Situation) -> bytes:
    place = {"namespace": "local", "name": at.name(), "version": 1}
    carried = {
        "schema": 1,
        "environment": place,
        "specification": at.text("tool"),
        "lockfile": at.lockfile,
        "sha256": lock_hash(at.lockfile),
        "recorded": "2026-11-01T10:00:00Z",
    }
    notebook = {"cells": [], "metadata": {"envstore": carried}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook).encode()


def check_lockfile(at: Situation) -> Ended:
    _raise_first(at.store.channels.look_into(at.lockfile))
    return None


def _raise_first(report: Any) -> None:
    for remark in report.remarks:
        if remark.severity == "error":
            assert not report.valid
            raise EnvStoreError.from_dict({"message": remark.message, "code": remark.code})
    assert report.valid


def edit(at: Situation) -> Ended:
    draft = at.store.drafts.edit("there@2", specification=at.text("tool", "other"), message=at.name())
    return at.store.builds.submit(draft)


def edit_preview(at: Situation) -> Ended:
    at.store.drafts.preview(at.store.drafts.edit("there@2", specification=at.text("tool", "app")))
    return None


def update(at: Situation) -> Ended:
    return at.store.builds.submit(at.store.drafts.update("there@2"))


def update_preview(at: Situation) -> Ended:
    at.store.drafts.preview(at.store.drafts.update("there@2"))
    return None


def planned_update(at: Situation) -> Ended:
    at.clock.advance(-2 * WEEK)
    at.store.environments.schedule("planned", "weekly")
    at.clock.advance(2 * WEEK)
    (build,) = at.store.builds.queue_due()
    at.store.environments.schedule("planned", "off")
    return build


def clone(at: Situation) -> Ended:
    return at.store.builds.clone("there@2", at.name())


def repair(at: Situation) -> Ended:
    return at.store.builds.repair("there@2")


def free(at: Situation) -> None:
    """Let version 1 be one whose files were freed."""
    at.store.versions.activate("there@2")
    at.store.disk.collect()
    assert at.store.versions.get("there@1").prefix_state == "freed"


def activate_freed(at: Situation) -> Ended:
    free(at)
    return at.store.versions.activate("there@1").build


def repair_undeleted(at: Situation) -> Ended:
    if "gone" in {item.name for item in at.store.environments.list().items}:
        at.store.environments.remove("gone")
    at.store.environments.undelete("gone")
    return at.store.builds.repair("gone")


def _cancelled(at: Situation, queue: Callable[[], Ended]) -> int:
    """Have a build queued in peace and cancelled, before the situation arises."""
    at.set(**at.calm)
    try:
        build = queue()
        assert build is not None
        at.store.builds.cancel(build.id)
        return build.id
    finally:
        at.set(**at.arise)


def retry_create(at: Situation) -> Ended:
    return at.store.builds.retry(_cancelled(at, lambda: create(at)))


def retry_import(at: Situation) -> Ended:
    allowed = [at.lockfile["package"][0]["url"].rsplit("/", 2)[0]]
    queued = functools.partial(at.store.builds.create_from_lockfile, at.name(), at.lockfile, allow_channels=allowed)
    return at.store.builds.retry(_cancelled(at, queued))


def retry_clone(at: Situation) -> Ended:
    return at.store.builds.retry(_cancelled(at, lambda: clone(at)))


def retry_repair(at: Situation) -> Ended:
    return at.store.builds.retry(_cancelled(at, lambda: repair(at)))


def create_by_command(at: Situation) -> Ended:
    file = at.home.root / "environment.yml"
    file.write_text(at.text("tool"))
    return _command(at, "create", "-f", str(file), "-n", at.name())


def import_by_command(at: Situation) -> Ended:
    file = at.home.root / "conda-lock.yml"
    file.write_text(json.dumps(at.lockfile))
    return _command(at, "import", str(file), "-n", at.name())


def edit_by_command(at: Situation) -> Ended:
    file = at.home.root / "environment.yml"
    file.write_text(at.text("tool", "app <2"))
    return _command(at, "edit", "there@2", "-f", str(file))


def clone_by_command(at: Situation) -> Ended:
    return _command(at, "clone", "there@2", at.name())


def _command(at: Situation, *words: str) -> Ended:
    done = at.home.run(*words, "--json")
    answer = json.loads(done.stdout)
    if done.returncode != 0:
        error = answer.get("error") or answer
        raise EnvStoreError.from_dict(error)
    return None


PERSON = [
    create,
    create_by_insisting,
    create_by_command,
    lock,
    check_specification,
    edit,
    edit_preview,
    edit_by_command,
    retry_create,
]
"""Routes of a specification of the person's own."""
STRANGER = [
    import_lockfile,
    import_explicit_list,
    import_pixi_lock,
    check_lockfile,
    restore_notebook,
    import_notebook,
    check_notebook,
    import_by_command,
]
"""Routes of a file that somebody else may have written."""
VERSION = [
    update,
    update_preview,
    planned_update,
    clone,
    clone_by_command,
    repair,
    repair_undeleted,
    activate_freed,
    retry_clone,
    retry_repair,
]
"""Routes that begin at a version of this store."""
NEVER, SAME = "it cannot come to be", "as in another situation"
WITH_COMMANDS = ("not approved", "nobody's choice")
"""Situations in which commands are run, too: each is a process, and makes the same call on the store."""
WITH_SERVER = ("not approved", "nobody's choice", "a folder")

EXPECTED: dict[str, tuple[Code, Code, Code]] = {
    # situation: for a person's own specification, for a stranger's file, for a version; None: allowed
    "not approved": ("not_allowed", "not_allowed", "not_allowed"),
    "nobody's choice": (None, "channel_not_allowed", None),  # but a person's, who names it, or once has
    "outside its channel": ("channel_not_allowed", "channel_not_allowed", NEVER),
    "a folder": (None, "channel_not_allowed", SAME),  # a person may name folders
    "credentials": ("invalid_specification", "invalid_lockfile", NEVER),
    "a pip file in a folder": (SAME, "channel_not_allowed", SAME),
    "source for pip": (SAME, "not_allowed", NEVER),
    "on no index": (SAME, "not_allowed", NEVER),
}
UNSEEN = {
    ("outside its channel", check_specification): "where its files lie is known when a channel was asked",
    ("on no index", check_lockfile): "what an index has is known when it was asked; until then it says so",
    ("on no index", check_notebook): "as for a lockfile",
}
USED = {("a folder", restore_notebook)}
"""The person made an environment of the very files before: it is found and used, and nothing comes in."""
LATE = {planned_update: "nobody is there to be told when it is queued: it fails where people look for it"}

TABLE = [
    (situation, route, None if (situation, route) in UNSEEN else code)
    for situation, codes in EXPECTED.items()
    for routes, code in zip((PERSON, STRANGER, VERSION), codes, strict=True)
    for route in routes
    if (situation, route) not in USED
    and code not in (NEVER, SAME)
    and (situation in WITH_COMMANDS or not route.__name__.endswith("_by_command"))
]
TABLE += [
    ("not approved", retry_import, "not_allowed"),
    ("a folder", retry_import, None),  # what the person allowed is kept with the build
]


@pytest.mark.parametrize(
    ("at", "route", "code"),
    TABLE,
    ids=[f"{situation}-{route.__name__}" for situation, route, _ in TABLE],
    indirect=["at"],
)
def test_every_route_obeys_every_rule(at: Situation, route: Route, code: Code) -> None:
    try:
        build = route(at)
    except EnvStoreError as error:
        assert error.code == code, error.message
        assert "hunter2" not in json.dumps(error.to_dict())
        return
    if build is None:
        assert code is None
        return
    ended = finish(at.store, build)
    if code is None:
        assert ended.state == "ready", ended.error
        return
    assert ended.error is not None, ended
    assert (ended.state, ended.error.code) == ("failed", code)
    asked = at.channel.endswith("leading-away") or "pip_index_url" in at.arise
    assert asked or route in LATE, "this could have been told before it was queued"


@pytest.mark.parametrize(
    ("at", "code"), [(name, codes[1]) for name, codes in EXPECTED.items() if name != "on no index"], indirect=["at"]
)
def test_what_is_refused_leaves_nothing_behind(at: Situation, code: str) -> None:
    before = at.store.builds.list().total, at.store.environments.list().total
    with pytest.raises(EnvStoreError) as caught:
        import_lockfile(at)
    assert caught.value.code == code
    assert (at.store.builds.list().total, at.store.environments.list().total) == before


# ---------------------------------------------------------------- over HTTP


@pytest.fixture
def jp_server_config(at: Situation) -> dict[str, Any]:
    return server_config(at.home)


@pytest.mark.parametrize(
    ("at", "codes"), [(name, codes) for name, codes in EXPECTED.items() if name in WITH_SERVER], indirect=["at"]
)
async def test_the_api_obeys_every_rule(at: Situation, api: Api, codes: tuple[Code, Code, Code]) -> None:
    by_person, by_stranger, by_version = codes
    free(at)
    text, lockfile = at.text("tool"), at.lockfile
    there = ("environments", "local", "there")
    asked: list[tuple[Code, str, tuple[str, ...], Any]] = [
        (by_person, "POST", ("environments",), {"name": at.name(), "specification": text}),
        (by_person, "POST", ("environments",), {"name": at.name(), "packages": ["tool"], "channels": [at.channel]}),
        (by_person, "POST", (*there, "versions"), {"parent": 2, "specification": at.text("tool", "lib")}),
        (by_person, "POST", ("preview",), {"environment": "there", "parent": 2, "specification": text}),
        (by_stranger, "POST", ("environments",), {"name": at.name(), "lockfile": lockfile}),
        (by_stranger, "POST", ("import",), {"name": at.name(), "content": lockfile}),
        (by_version, "POST", (*there, "versions"), {"parent": 2, "update": []}),
        (by_version, "POST", (*there, "versions", "2", "repair"), None),
        (by_version, "POST", (*there, "clone"), {"name": at.name(), "version": 2}),
        (by_version, "PATCH", there, {"active_version": 1}),
    ]
    for code, method, path, body in asked:
        if code in (NEVER, SAME):
            continue
        answer = await api.ask(method, *path, body=body)
        told = answer.body.get("code") if answer.status >= 400 else None
        assert told == code, (method, path, answer)
        if answer.status == 202 and "kind" in answer.body:
            await api.ask("DELETE", "builds", str(answer.body["id"]))
            await api.ended(answer.body["id"])
    for code, kind, sent in (
        (by_person, "specification", {"specification": text}),
        (by_stranger, "lockfile", {"lockfile": lockfile}),
    ):
        answer = await api.ask("POST", kind, "check", body=sent)
        if answer.status == 200:
            assert answer.body["valid"] is (code is None)
            errors = [one["code"] for one in answer.body["remarks"] if one["severity"] == "error"]
            assert errors[:1] == ([code] if code else [])
            assert bool(answer.body["findings"]) is (code in ("not_allowed", "channel_not_allowed"))
        else:
            assert answer.body["code"] == code, answer


# ---------------------------------------------------------------- no way around


def test_the_catalog_and_a_builder_take_only_what_was_admitted() -> None:
    """Whoever keeps a lock or starts a builder has it as a parameter of the one type that only the gate makes."""
    assert _functions_with("insert(LockRow)") == {"catalog/locks.py:_insert_lock"}
    assert _functions_with("_insert_lock(") == {"catalog/locks.py:put"}
    assert _functions_with("worker.call('build',") == {"builds/making.py:_build"}
    assert _functions_with("Admitted(") == {"policy/evaluation.py:admit"}
    verdicts = {place for place in _functions_with("Verdict(") if not place.startswith("disk/")}  # has others
    assert verdicts == {"policy/evaluation.py:evaluate"}
    assert _functions_with("_SEAL") == {"policy/evaluation.py:admit", "policy/evaluation.py:__post_init__"}
    assert _functions_with(".admit()") == {"builds/locking.py:lock", "builds/making.py:make"}
    for place in ("catalog/locks.py:put", "builds/making.py:_build"):
        node = _FUNCTIONS[place]
        assert "Admitted" in [ast.unparse(one.annotation) for one in node.args.args if one.annotation]


def test_whoever_queues_a_build_is_in_the_table() -> None:
    """A new way to queue a build, or a new kind of build, gets its routes here."""
    assert _functions_with("builds.enqueue(") == {
        "store/queueing.py:add",  # edits, updates, repairs
        "store/queueing.py:add_first",  # creates, imports, clones
        "switching.py:queue_switch",  # activations of what was freed
        "schedule.py:_queue",  # planned updates
    }
    assert _functions_with("catalog.builds.retry(") == {"store/builds.py:retry"}
    assert set(get_args(BuildKind)) == {
        *("create", "edit", "update", "import", "restore", "rebuild", "repair"),
        "export",  # nothing queues one yet
    }


def _read() -> dict[str, ast.FunctionDef]:
    return {
        f"{path.relative_to(PACKAGE)}:{node.name}": node
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


_FUNCTIONS = _read()
_BODIES = {place: "\n".join(map(ast.unparse, node.body)) for place, node in _FUNCTIONS.items()}


def _functions_with(text: str) -> set[str]:
    """Return the functions, by file and name, whose body has ``text`` once it is written in Python's own way."""
    return {place for place, body in _BODIES.items() if text in body}
