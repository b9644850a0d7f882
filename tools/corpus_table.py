"""What becomes of other people's files: one table of every lockfile and every environment.yml of the corpus.

    python tools/corpus_table.py [--corpus FOLDER] [--locks | --specifications] [--only PART] [--json]

A lockfile is read and checked, written as we export it, and what conda-lock reads of both is compared: packages,
addresses, digests. An environment.yml is locked on the large channel of real records (`cf-union`), to which every
channel that it names is mapped by the store's channel alias and mirrors, or its failure is explained. Its pip section
is locked with --index only: other people's files would have a public index asked for hundreds of packages. Nothing is
built. The corpus is where ENVSTORE_TEST_CORPUS says; exit status 1 when anything is neither equal, locked nor told.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import http.server
import json
import os
import re
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from jupyter_envstore.errors import EnvStoreError, SpecificationError  # noqa: E402
from jupyter_envstore.lock.channels import ChannelSettings, resolve_channels  # noqa: E402
from jupyter_envstore.lock.document import lock_hash, packages_of, platforms_of  # noqa: E402
from jupyter_envstore.lock.platforms import current_platform  # noqa: E402
from jupyter_envstore.share import conda_lock  # noqa: E402
from jupyter_envstore.share.reading import read_lock  # noqa: E402
from jupyter_envstore.share.shared import Shared  # noqa: E402
from jupyter_envstore.specification import Specification  # noqa: E402
from jupyter_envstore.store import EnvStore  # noqa: E402

UNFORESEEN = {"error", "worker_died", "store_unusable"}
"""Codes of errors that explain nothing."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes
    ----------
    outcome
        ``equal``, ``locked``, ``explained`` and ``refused`` are good ends; ``differs`` and ``failed`` are none.
    note
        In words: how many packages, or the reason.
    """

    file: str
    outcome: str
    note: str
    seconds: float


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("ENVSTORE_TEST_CORPUS"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--locks", action="store_true", help="only the lockfiles")
    which.add_argument("--specifications", action="store_true", help="only the environment.yml files")
    parser.add_argument("--only", default="", metavar="PART", help="only files with this in their name")
    parser.add_argument("--explain-seconds", type=float, default=20.0, help="for the explanation of one failure")
    parser.add_argument("--index", default=None, metavar="URL", help="lock pip sections, too, with this index")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.corpus is None or not options.corpus.is_dir():
        parser.error("name the folder of the corpus with --corpus or ENVSTORE_TEST_CORPUS")

    def files(folder: str) -> list[Path]:
        return [path for path in sorted((options.corpus / folder).glob("*.y*ml")) if options.only in path.name]

    outcomes: list[Outcome] = []
    if not options.specifications:
        outcomes += lockfile_outcomes(files("locks"))
    if not options.locks:
        channel = unpack(options.corpus.parent / "data" / "cf-union.tar.zst")
        outcomes += specification_outcomes(files("envyml"), channel.as_uri(), options.explain_seconds, options.index)
    show(outcomes, options.json)
    return any(one.outcome in ("differs", "failed") for one in outcomes)


def lockfile_outcomes(files: Sequence[Path]) -> list[Outcome]:
    """Read lockfiles, write them, and compare what conda-lock reads of both."""
    return [_timed(path, _round_trip) for path in files]


def specification_outcomes(
    files: Sequence[Path], channel: str, explain_seconds: float = 20.0, index: str | None = None
) -> list[Outcome]:
    """Lock specifications for this machine on one channel, whichever channels they name.

    Their pip sections are locked with ``index``; with none, they are left out.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, _served(channel) as address:
        folder = Path(name)
        alias, mirrors = _map_channels(folder / "channels", channel, address, files)
        store = EnvStore(
            root_dir=str(folder / "store"),
            default_channels=["conda-forge"],
            channel_alias=alias,
            channel_mirrors=mirrors,
            read_condarc=False,
            explain_seconds=explain_seconds,
            conda_environments_file="",
        )
        if index is not None:
            store.pip_index_url = index
        try:
            return [_timed(path, functools.partial(_lock, store, with_pip=index is not None)) for path in files]
        finally:
            store.close()


def unpack(archive: Path) -> Path:
    """Unpack the large channel once a checkout, as the tests do, and return its folder."""
    import filelock
    import zstandard

    folder = CHECKOUT / ".cache" / "cf-union"
    folder.parent.mkdir(exist_ok=True)
    with filelock.FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            with (
                archive.open("rb") as packed,
                zstandard.ZstdDecompressor().stream_reader(packed) as stream,
                tarfile.open(fileobj=stream, mode="r|") as members,
            ):
                members.extractall(folder.with_suffix(".partial"), filter="data")
            (folder.with_suffix(".partial") / "cf-union").rename(folder)
            folder.with_suffix(".partial").rmdir()
    return folder


def show(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """Print the outcomes, and how many of each there are."""
    if as_json:
        print(json.dumps([dataclasses.asdict(one) for one in outcomes], indent=1))
        return
    for one in outcomes:
        print(f"{one.outcome:9} {one.seconds:6.2f} s  {one.file[:60]:60}  {one.note[:200]}")
    counts = {kind: sum(one.outcome == kind for one in outcomes) for kind in sorted({one.outcome for one in outcomes})}
    print(", ".join(f"{number} {kind}" for kind, number in counts.items()) or "no files")


def _timed(path: Path, work: Callable[[Path], tuple[str, str]]) -> Outcome:
    started = time.perf_counter()
    try:
        outcome, note = work(path)
    except EnvStoreError as error:
        kinds = {True: "failed", False: "explained" if error.http_status in (422, 502) else "refused"}
        outcome, note = kinds[error.code in UNFORESEEN], f"{error.code}: {_first_line(error)}"
    return Outcome(path.name, outcome, note, round(time.perf_counter() - started, 2))


def _first_line(error: EnvStoreError) -> str:
    explanation = error.details.get("explanation")
    text = explanation.get("summary") if isinstance(explanation, dict) else error.details.get("reason")
    line = f"line {error.details['line']}: " if error.details.get("line") else ""
    return line + " ".join(str(text or error.message).split())


def _round_trip(path: Path) -> tuple[str, str]:
    document = read_lock(path.read_bytes())
    packages = [package for platform in platforms_of(document) for package in packages_of(document, platform)]
    shared = Shared("corpus/file", 1, lock_hash(document), "", document, packages, current_platform())
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "conda-lock.yml")
        written.write_text(conda_lock.write(shared), encoding="utf-8")
        if read_lock(written.read_bytes()) != document:
            return "differs", "what we wrote is not what we read again"
        before, after = set(_read_by_conda_lock(path)), set(_read_by_conda_lock(written))
    if before != after:
        return "differs", f"{len(before - after)} packages lost or changed: {sorted(before - after)[:2]}"
    return "equal", f"{len(before)} packages for {', '.join(platforms_of(document))}"


def _read_by_conda_lock(path: Path) -> Iterator[tuple[str, ...]]:
    from conda_lock.lockfile import parse_conda_lock_file

    for package in parse_conda_lock_file(path).package:
        needs = json.dumps(sorted(package.dependencies.items()))
        digests = (package.hash.md5 or "", package.hash.sha256 or "")
        where = (package.manager, package.name, package.version, package.platform, package.url)
        yield (*where, *digests, needs, ",".join(sorted(package.categories)), str(package.source or ""))


def _lock(store: EnvStore, path: Path, *, with_pip: bool) -> tuple[str, str]:
    specification, platform = Specification.read(path), current_platform()
    text = specification.text
    if specification.pip and not with_pip:
        text = Specification.from_packages("x", specification.dependencies_for(platform), specification.channels).text
    result = store.channels.lock(text, platforms=[platform])
    left_out = f"; {len(specification.pip)} entries for pip left out" if specification.pip and not with_pip else ""
    return "locked", f"{len(result.packages)} packages{left_out}"


@contextlib.contextmanager
def _served(channel: str) -> Iterator[str]:
    """Serve a folder over HTTP: where a channel has an address of the web, a folder cannot stand in for it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=channel.removeprefix("file://"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _map_channels(folder: Path, channel: str, address: str, files: Sequence[Path]) -> tuple[str, dict[str, list[str]]]:
    """Return a channel alias under which every name leads to ``channel``, and mirrors for what has its own address.

    ``address`` is the same channel over HTTP.
    """
    folder.mkdir(parents=True)
    names = {"conda-forge"}
    for path in files:
        try:
            specification = Specification.read(path)
        except SpecificationError:
            continue  # it is told in its turn
        names |= set(specification.channels)
        names |= set(re.findall(r"([\w./-]+)::", "\n".join(specification.dependencies)))
    settings = ChannelSettings(alias=folder.as_uri())
    mirrors: dict[str, list[str]] = {}
    for name in sorted(names - {"nodefaults"}):
        try:
            groups = resolve_channels([name], settings)
        except EnvStoreError:
            continue
        for found in (member for group in groups for member in group.channels):
            if found.url.startswith(f"{settings.alias}/"):
                place = Path(folder, *found.url.removeprefix(f"{settings.alias}/").split("/"))
                place.parent.mkdir(parents=True, exist_ok=True)
                if not place.exists():
                    place.symlink_to(channel.removeprefix("file://"), target_is_directory=True)
            else:
                mirrors[found.url] = [address]
    return settings.alias, mirrors


if __name__ == "__main__":
    sys.exit(main())
