"""Conda's list of known environments, a text file with one path a line, in which the store's links are entered.

Only links of the store are ever added or removed. Every other line stays as it is, byte for byte.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_envstore.errors import CondaListError

LOCK_SECONDS = 10.0


def default_list() -> Path:
    """Where conda keeps the list of this user."""
    return Path("~/.conda/environments.txt").expanduser()


class CondaList:
    """The list at ``path``; by default that of this user's conda."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_list()

    def add(self, link: Path) -> bool:
        """Enter a link; return whether it was not there. The file is made when it is missing.

        Raises
        ------
        CondaListError
            When the file cannot be read or written. Nothing is changed then.
        """
        entry = os.fsencode(link)

        def with_entry(content: bytes) -> bytes:
            if entry in _entries(content) or b"\n" in entry or b"\r" in entry:
                return content
            end = b"" if not content or content.endswith(b"\n") else b"\n"
            return content + end + entry + b"\n"

        return self._rewrite(with_entry)

    def remove(self, link: Path) -> bool:
        """Take a link out; return whether it was there."""
        entry = os.fsencode(link)
        return self._remove_lines(lambda line: line == entry)

    def bring_in_line(self, folder: Path, links: Iterable[Path]) -> bool:
        """Make the list hold exactly ``links`` of what lies directly in ``folder``; return whether it did not.

        Raises
        ------
        CondaListError
        """
        wanted = {os.fsencode(link): None for link in links}
        if not wanted and not self.path.exists():
            return False

        def with_links(content: bytes) -> bytes:
            lines = content.splitlines(keepends=True)
            kept = [line for line in lines if not _is_in(line, folder) or line.rstrip(b"\r\n") in wanted]
            missing = [entry for entry in wanted if entry not in _entries(content) and b"\n" not in entry]
            if kept and missing and not kept[-1].endswith(b"\n"):
                kept[-1] += b"\n"
            return b"".join([*kept, *(entry + b"\n" for entry in missing)])

        return self._rewrite(with_links)

    def remove_under(self, folder: Path) -> bool:
        """Take out everything that lies directly in ``folder``; return whether there was something."""
        return self._remove_lines(lambda line: _is_in(line, folder))

    def _remove_lines(self, unwanted: Callable[[bytes], bool]) -> bool:
        if not self.path.exists():
            return False
        return self._rewrite(
            lambda content: b"".join(
                line for line in content.splitlines(keepends=True) if not unwanted(line.rstrip(b"\r\n"))
            )
        )

    def _rewrite(self, change: Callable[[bytes], bytes]) -> bool:
        """Replace the file by what ``change`` makes of it, under a lock, in one step; return whether it differs."""
        path = Path(os.path.realpath(self.path))  # people keep such files elsewhere and link to them
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(path.parent):
                try:
                    before = path.read_bytes()
                    mode = path.stat().st_mode & 0o777
                except FileNotFoundError:
                    before, mode = b"", 0o644
                after = change(before)
                if after == before:
                    return False
                _replace(path, after, mode)
        except OSError as error:
            raise CondaListError(
                f"Conda's list of environments {self.path} could not be changed ({error.strerror or error}). The "
                "kernels work all the same; conda and VS Code will not list the environment. Make the file writable, "
                "or set EnvStore.conda_environments_file.",
                path=str(self.path),
            ) from error
        return True


def _is_in(line: bytes, folder: Path) -> bool:
    return os.path.dirname(line.rstrip(b"\r\n")) == os.fsencode(folder)  # noqa: PTH120  bytes


def _entries(content: bytes) -> set[bytes]:
    return {line.rstrip(b"\r\n") for line in content.splitlines(keepends=True)}


def _replace(path: Path, content: bytes, mode: int) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        temporary.write_bytes(content)
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's own lock, so that no lock file is left in a person's home.

    Conda does not lock its list, so this only keeps our own processes apart. On a file system without such locks
    the work goes on: a lost line comes back with the next activation.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES) or time.monotonic() > deadline:
                    break
                time.sleep(0.005)
        yield
    finally:
        os.close(descriptor)
