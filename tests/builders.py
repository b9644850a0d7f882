"""Starting the real builder program as the store does, and locking packages of the local channel for it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupyter_envstore.workers
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.hashing import prefix_hash

BUILDER = Path(jupyter_envstore.workers.__file__).with_name("builder.py")
PLATFORM = "linux-64"
MESSAGE = "This environment belongs to the environment store.\nAdd a package there: jupyter envstore edit"


@dataclass
class Outcome:
    """How one run of the builder ended; ``status`` is negative for a signal."""

    status: int
    events: list[dict[str, Any]] = field(default_factory=list)
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    log: str = ""

    @property
    def published(self) -> dict[str, Any]:
        """The event that says where the prefix is."""
        return next(event["published"] for event in self.events if "published" in event)

    @property
    def steps(self) -> list[str]:
        """Steps in the order in which they began."""
        found: list[str] = []
        for event in self.events:
            if "step" in event and event["step"] not in found[-1:]:
                found.append(event["step"])
        return found


def task(root: Path, packages: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Return the arguments of a build."""
    return {
        "root": str(root),
        "platform": PLATFORM,
        "prefix_hash": prefix_hash(packages, PLATFORM),
        "packages": list(packages),
        "root_names": sorted(package["name"] for package in packages)[:2],
        "mirrors": {},
        "run_link_scripts": False,
        "link_script_seconds": 5,
        "frozen_message": MESSAGE,
        **changes,
    }


class RunningBuilder:
    """A builder process that was given its call."""

    def __init__(
        self,
        call: str,
        arguments: dict[str, Any],
        *,
        cwd: Path | None = None,
        command: Sequence[str | Path] = (sys.executable, BUILDER),
    ) -> None:
        # The log goes to a file: a pipe that nobody reads would fill and stop the builder.
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed when it was read
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=cwd or arguments["root"],
            start_new_session=True,
            text=True,
        )
        assert self._process.stdin is not None
        # It stays open: its end tells the builder that its supervisor is gone.
        self._process.stdin.write(json.dumps({"id": 1, "call": call, "arguments": arguments}) + "\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End the builder and all it started, as a supervisor or the machine does."""
        os.killpg(self._process.pid, signal.SIGKILL)

    def let_go(self) -> None:
        """Close the builder's standard input, as the end of its supervisor does."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def finish(self, on_event: Callable[[dict[str, Any]], None] = lambda event: None) -> Outcome:
        """Read to the end; ``on_event`` sees each event as it comes."""
        outcome = Outcome(0)
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "event" in message:
                outcome.events.append(message["event"])
                on_event(message["event"])
            outcome.result = message.get("result", outcome.result)
            outcome.error = message.get("error", outcome.error)
        outcome.status = self._process.wait(60)
        self._log.seek(0)
        outcome.log = self._log.read()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            stream.close()
        return outcome


def run_builder(call: str, arguments: dict[str, Any], **options: Any) -> Outcome:
    """Run the builder to its end."""
    return RunningBuilder(call, arguments, **options).finish()


def build(root: Path, packages: Sequence[dict[str, Any]], **changes: Any) -> Outcome:
    """Build a prefix from packages."""
    root.mkdir(parents=True, exist_ok=True)
    return run_builder("build", task(root, packages, **changes))


def prefix_of(root: Path, packages: Sequence[dict[str, Any]]) -> Path:
    """Where the prefix of these packages is."""
    return StoreLayout(root).prefix(prefix_hash(packages, PLATFORM))


def leftovers(root: Path) -> list[str]:
    """Names in the prefixes folder that are neither prefixes nor locks; the folder itself need not be there."""
    folder = StoreLayout(root).prefixes
    return sorted(path.name for path in folder.glob("*") if "." in path.name and path.suffix != ".lock")


def lock_packages(channel_url: str, specs: Sequence[str]) -> list[dict[str, Any]]:
    """Solve for this machine's platform and return the lock's entries."""
    from rattler import Gateway, VirtualPackage, VirtualPackageOverrides, solve
    from rattler.match_spec import MatchSpec
    from rattler.platform import Subdir
    from rattler.repo_data import SourceConfig

    async def run() -> list[dict[str, Any]]:
        records = await solve(
            [channel_url],
            [MatchSpec(spec, strict=False) for spec in specs],
            gateway=Gateway(default_config=SourceConfig(sharded_enabled=False)),
            platforms=[Subdir(PLATFORM), Subdir("noarch")],
            virtual_packages=[one.into_generic() for one in VirtualPackage.detect(VirtualPackageOverrides())],
        )
        return [
            {
                "manager": "conda",
                "name": record.name.normalized,
                "version": str(record.version),
                "build": str(record.build),
                "platform": PLATFORM,
                "subdir": str(record.subdir),
                "channel": channel_url,
                "url": str(record.url),
                "md5": record.md5.hex() if record.md5 else None,
                "sha256": record.sha256.hex() if record.sha256 else None,
                "size": record.size,
                "license": record.license,
                "depends": list(record.depends),
            }
            for record in records
        ]

    return asyncio.run(run())
