"""Whatever people do to an environment, in whatever order and killed at whatever moment: what must always hold.

The steps are put into a random order and run on a real store with real builds; each history has every kind of step.
The seed and the steps are printed, and the seed can be given as ENVSTORE_TEST_SEED.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from fixtures.store import StoreHome, finish
from small_packages_channel import SMALL, write_small_channel

from jupyter_envstore.errors import ConflictError, NothingToBuildError, SpecificationError
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.revisions import Draft
from jupyter_envstore.schemas import Build, Version
from jupyter_envstore.store import EnvStore

KILLER = Path(__file__).parent / "programs" / "build_and_kill.py"
SEED = int(os.environ.get("ENVSTORE_TEST_SEED") or random.SystemRandom().randrange(2**32))
PACKAGES = ["extra", "other", "lib", "app", "lib <2"]
STEPS = ["solve", "link", "verify", "publish", "published", "activate"]


class History:
    """One environment, all that is done to it, and what must hold after each step."""

    def __init__(self, home: StoreHome, seed: str) -> None:
        self.home = home
        self.random = random.Random(seed)
        self.store: EnvStore = home.open()
        self.numbers: set[int] = set()
        """All that were ever given."""
        self.deleted: set[int] = set()
        self._end(self.store.builds.create("small", SMALL))

    def run(self, repeats: int) -> None:
        """Do every kind of step so many times, in random order."""
        kinds: list[Callable[[], str]] = [
            self.edit,
            self.edit,
            self.take_out,
            self.update,
            self.activate,
            self.activate,
            self.pin,
            self.delete,
            self.collect,
            self.collect,
            self.be_killed,
            self.lose_files,
        ]
        steps = kinds * repeats
        self.random.shuffle(steps)
        for step in steps:
            sys.stdout.write(f"  {step()}\n")
            self.check()

    # ------------------------------------------------------------ what people do

    def edit(self) -> str:
        parent, added = self._any().number, self._packages()
        self._submit(lambda: self.store.drafts.edit(f"small@{parent}", add=added))
        return f"edit {parent}: add {added}"

    def take_out(self) -> str:
        name = self.random.choice(PACKAGES).split()[0]
        self._submit(lambda: self.store.drafts.edit("small", remove=[name]))
        return f"take out {name}"

    def update(self) -> str:
        self._submit(lambda: self.store.drafts.update("small"))
        return "update"

    def activate(self) -> str:
        version = self._any()
        switch = self.store.versions.activate(f"small@{version.number}")
        if switch.build is not None:
            self._end(switch.build)
        assert self.store.environments.get("small").active_version == version.number
        return f"activate {version.number} ({version.prefix_state})"

    def pin(self) -> str:
        version, pinned = self._any(), self.random.random() < 0.6
        assert self.store.versions.pin(f"small@{version.number}", pinned).pinned == pinned
        return f"pin {version.number}: {pinned}"

    def delete(self) -> str:
        version = self._any()
        if version.active or version.pinned:
            with pytest.raises(ConflictError):
                self.store.versions.delete(f"small@{version.number}")
        else:
            self.store.versions.delete(f"small@{version.number}")
            self.deleted.add(version.number)
        return f"delete {version.number}"

    def collect(self) -> str:
        before = {version.number: version for version in self._versions()}
        self.store.disk.collect()
        freed = []
        for version in self._versions():
            if version.prefix_state != before[version.number].prefix_state:
                freed.append(version.number)
                assert not version.active
                assert not version.pinned
        return f"collect: freed {freed}"

    def be_killed(self) -> str:
        """Somebody edits, and the worker or the whole process is killed at a step."""
        step, victim = self.random.choice(STEPS), self.random.choice(["worker", "process"])
        added = self._packages()
        self.store.close()
        settings = {"root_dir": str(self.home.store_dir), "kernels_dir": str(self.home.kernels_dir)}
        task = {
            "store": {**settings, **self.home.settings},
            "edit": {"ref": "small", "add": added},
            "step": step,
            "victim": victim,
            "delay": 0,
        }
        done = subprocess.run(
            [sys.executable, KILLER, json.dumps(task)], capture_output=True, text=True, timeout=120, check=False
        )
        self.store = self.home.open()
        for build in self.store.builds.list(ref="small").items:
            if build.finished is None:
                self._end(build)
        self._learn()
        return f"add {added}; {done.stderr.strip().splitlines()[-1:] or 'nothing to kill'}"

    def lose_files(self) -> str:
        """A careless hand removes a version's folder; repairing mends it."""
        version = self._any()
        if version.prefix is not None:
            remove_tree(Path(version.prefix))
        self._end(self.store.builds.repair(f"small@{version.number}"))
        assert self.store.versions.verify(f"small@{version.number}").problems == []
        return f"lose and repair {version.number}"

    # ------------------------------------------------------------ what must always hold

    def check(self) -> None:
        """Look at everything."""
        versions = self._versions()
        there = {version.number for version in versions}
        assert there == self.numbers - self.deleted, "no version is lost, no number is used again"
        active = [version.number for version in versions if version.active]
        assert active == [self.store.environments.get("small").active_version]
        for version in versions:
            reference = f"small@{version.number}"
            if version.prefix_state == "ready":
                assert self.store.versions.verify(reference).problems == [], "what is said to be there is there"
            packages = self.store.versions.packages(reference)
            assert packages, "it can be made again"
            assert all(package.sha256 and package.url for package in packages)
        link = self.home.store_dir / "envs" / "small"
        assert str(link.resolve()) == self.store.versions.get("small").prefix
        kernel = f"envstore-local--small--v{active[0]}"
        assert not (self.home.kernels_dir / kernel).exists(), "nobody pinned a kernel"
        names = [path.name for path in (self.home.store_dir / "p").iterdir()]
        assert not [name for name in names if name.endswith((".partial", ".discarded"))]
        assert all(build.finished is not None for build in self.store.builds.list(limit=500).items)
        assert not self._builders(), "no process is left"

    # ------------------------------------------------------------ inner

    def _versions(self) -> list[Version]:
        return self.store.versions.list("small", limit=500).items

    def _any(self) -> Version:
        return self.random.choice(self._versions())

    def _packages(self) -> list[str]:
        return self.random.sample(PACKAGES, self.random.randint(1, 2))

    def _submit(self, draft: Callable[[], Draft]) -> None:
        try:
            build = self.store.builds.submit(draft())
        except (NothingToBuildError, SpecificationError):
            return  # it asks for what is there, or takes out what is not
        self._end(build)

    def _end(self, build: Build) -> None:
        ended = finish(self.store, build)
        assert ended.state == "ready" or (ended.error and ended.error.code == "unsolvable"), ended
        self._learn()

    def _learn(self) -> None:
        self.numbers |= {version.number for version in self._versions()}

    def _builders(self) -> list[str]:
        """Return the builders that work for this store; the resolver of this process may stay."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                line = " ".join(process.cmdline())
                if "workers/builder.py" in line and process.cwd().startswith(str(self.home.store_dir)):
                    found.append(line)
        return found


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    """A home on a channel of small packages, where everything that is not needed can be freed at once."""
    place = StoreHome(tmp_path / "home")
    place.root.mkdir()
    place.settings = {
        "default_channels": [write_small_channel(tmp_path / "channel").as_uri()],
        "conda_environments_file": str(place.conda_list),
        "keep_used_days": 0.0,
    }
    return place


def run_history(home: StoreHome, number: int, repeats: int) -> None:
    sys.stdout.write(f"seed {SEED}\n")  # shown when the test fails
    history = History(home, f"{SEED}/{number}")
    try:
        history.run(repeats)
    finally:
        history.store.close()


@pytest.mark.parametrize("number", range(2))
def test_a_random_history_keeps_the_store_whole(home: StoreHome, number: int) -> None:
    run_history(home, number, repeats=2)


@pytest.mark.long
@pytest.mark.parametrize("number", range(2, 22))
def test_a_long_random_history_keeps_the_store_whole(home: StoreHome, number: int) -> None:
    run_history(home, number, repeats=5)
