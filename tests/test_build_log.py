"""The log of a build: lines with their time, and what is told of lines that could not be written."""

from __future__ import annotations

import contextlib
import re
import resource
from collections.abc import Iterator
from pathlib import Path

from jupyter_envstore.builds.log import BuildLog, read_log

LINE = re.compile(r"\d\d:\d\d:\d\d\.\d\d\d (.*)")


def words(path: Path) -> list[str]:
    """Return the lines of a log without their times; one without a time is a fault."""
    found = [LINE.fullmatch(line) for line in read_log(path)[0].splitlines()]
    assert all(found), read_log(path)[0]
    return [match[1] for match in found if match]


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``size`` bytes, as if the disk were full then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_second_attempt_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "1.log"
    for attempt in ("first", "second"):
        with BuildLog(path) as log:
            log.write(f"{attempt}: ü \udcff")
    assert words(path) == ["first: ü \\udcff", "second: ü \\udcff"]


def test_lines_that_could_not_be_written_are_counted_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "1.log"
    with BuildLog(path) as log:
        log.write("before")
        with files_of_at_most(path.stat().st_size):
            log.write("lost")
            log.write("lost too")
        log.write("after")
        log.write("after that")
    assert words(path) == ["before", "2 lines could not be written: File too large", "after", "after that"]


def test_a_line_that_was_cut_off_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "1.log"
    with BuildLog(path) as log:
        log.write("before")
        with files_of_at_most(path.stat().st_size + len("12:00:00.000 cut")):
            log.write("cut off here")
        log.write("after")
    assert words(path) == ["before", "cut", "1 line could not be written: File too large", "after"]


def test_what_was_lost_last_is_told_when_the_log_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "1.log"
    with BuildLog(path) as log:
        with files_of_at_most(0):
            log.write("lost")
        assert read_log(path) == ("", 0)
    assert words(path) == ["1 line could not be written: File too large"]


def test_a_disk_that_stays_full_is_borne(tmp_path: Path) -> None:
    path = tmp_path / "1.log"
    with files_of_at_most(0), BuildLog(path) as log:
        log.write("lost")
    log.write("and nothing is written to a closed log")
    assert words(path) == []
