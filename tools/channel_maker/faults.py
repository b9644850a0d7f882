"""Broken packages, for tests: a channel of their own, so that nothing good ever depends on one.

Every fault is one that a channel or a package really can have. What each does stands beside its name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .archive import PackageFile, file_facts
from .cache import BuiltPackage, PackageCache
from .demonstrations import build_small, generic_draft

MANY_FILES = 5000
"""How many files ``fault-many-files`` has."""

ESCAPED = "../fault-escaping-path-1.0-0/envstore-fault-escaped.txt"
"""Where ``fault-escaping-path`` would put a file, relative to the prefix."""

_WRONG_HASH = "0" * 64


def _script(text: str) -> bytes:
    return f"#!/bin/bash\n{text}\n".encode()


def build_faults(cache: PackageCache) -> list[BuiltPackage]:
    """The packages of the channel, before ``spoil`` has been at it."""

    def note(name: str) -> PackageFile:
        return PackageFile(f"share/envstore-faults/{name}.txt", f"{name}\n".encode())

    def after_link(name: str, text: str) -> list[PackageFile]:
        return [note(name), PackageFile(f"bin/.{name}-post-link.sh", _script(text), executable=True)]

    def activation(name: str, text: str) -> list[PackageFile]:
        return [note(name), PackageFile(f"etc/conda/activate.d/{name}.sh", f"{text}\n".encode())]

    drafts = [
        # Two packages that no environment can hold together, and what they disagree on.
        generic_draft("fault-shared", [note("fault-shared")]),
        generic_draft("fault-shared", [note("fault-shared")], version="2.0"),
        generic_draft("fault-conflict-left", [], depends=["fault-shared <2"]),
        generic_draft("fault-conflict-right", [], depends=["fault-shared >=2"]),
        # Needs what no channel has.
        generic_draft("fault-missing-dependency", [], depends=["no-such-package-anywhere >=1"]),
        # The index states another sha256 than the file has.
        generic_draft("fault-wrong-hash", [note("fault-wrong-hash")]),
        # The index lists a file that is not there.
        generic_draft("fault-missing-file", [note("fault-missing-file")]),
        # The file stops in the middle; the index describes the whole one.
        generic_draft("fault-truncated", [note("fault-truncated")]),
        # The file is no archive, and the index's hashes agree with it.
        generic_draft("fault-corrupt", [note("fault-corrupt")]),
        # paths.json inside the package states another content for a file than the package has.
        generic_draft(
            "fault-wrong-paths",
            [PackageFile("share/envstore-faults/lie.txt", b"really this\n", stated=b"stated that\n")],
        ),
        # A file that would land beside the prefix: paths.json leads out of it and back into the unpacked package, so
        # that an installer finds something to copy.
        generic_draft("fault-escaping-path", [PackageFile(ESCAPED.split("/")[-1], b"outside\n", stated_path=ESCAPED)]),
        # A member that would be unpacked beside the package.
        generic_draft("fault-escaping-member", [PackageFile("../envstore-fault-escaped-member.txt", b"outside\n")]),
        # Two packages with one file, of different content.
        generic_draft("fault-clobber-left", [PackageFile("share/envstore-faults/both.txt", b"left\n")]),
        generic_draft("fault-clobber-right", [PackageFile("share/envstore-faults/both.txt", b"right\n")]),
        # Link scripts: one that fails, one that never ends, and a good one that leaves a trace.
        generic_draft("fault-link-script", after_link("fault-link-script", "echo 'this script fails' >&2\nexit 3")),
        generic_draft("fault-link-script-hangs", after_link("fault-link-script-hangs", "sleep 600")),
        generic_draft(
            "good-link-script",
            after_link("good-link-script", 'echo "linked" > "$PREFIX/share/good-link-script.linked"'),
        ),
        # Activation scripts: one that leaves the shell, one that never ends.
        generic_draft(
            "fault-activation-fails", activation("fault-activation-fails", "echo 'cannot activate' >&2\nexit 7")
        ),
        generic_draft("fault-activation-hangs", activation("fault-activation-hangs", "sleep 600")),
        # Slow to install only because of its number of files: something to cancel or to kill.
        generic_draft(
            "fault-many-files",
            [
                PackageFile(
                    f"share/envstore-faults/many/{number // 100:02d}/{number:05d}.txt", f"file {number}\n".encode()
                )
                for number in range(MANY_FILES)
            ],
        ),
    ]
    return [build_small(cache, draft) for draft in drafts]


def spoil(channel: Path, records: dict[str, dict[str, dict[str, Any]]]) -> None:
    """Do to files and records what makes them faulty. Files are replaced, never written into: the cache shares them."""
    noarch, folder = records["noarch"], channel / "noarch"
    noarch["fault-wrong-hash-1.0-0.conda"]["sha256"] = _WRONG_HASH
    (folder / "fault-missing-file-1.0-0.conda").unlink()
    _replace(folder / "fault-truncated-1.0-0.conda", lambda content: content[: len(content) // 2])
    corrupt = folder / "fault-corrupt-1.0-0.conda"
    _replace(corrupt, lambda _content: b"this is not an archive\n" * 40)
    noarch[corrupt.name] |= file_facts(corrupt)


def _replace(path: Path, change: Any) -> None:
    content = change(path.read_bytes())
    path.unlink()
    path.write_bytes(content)
