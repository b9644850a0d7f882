"""Interpreters of the machine: which are taken, and what is made of one that its distribution has changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from channel_maker.assembly import put_channel
from channel_maker.cache import PackageCache
from channel_maker.debian import undo_debian
from channel_maker.interpreters import describe, find_interpreters
from channel_maker.making import this_platform
from channel_maker.metapackages import build_python_abi
from channel_maker.python_package import build_python
from channel_maker.relocation import with_placeholder
from fixtures.channel import ChannelClient


def test_the_python_that_runs_the_tests_is_found_by_its_minor() -> None:
    minor = f"3.{sys.version_info[1]}"
    (found,) = find_interpreters((minor,))
    assert found.minor == minor


def test_what_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(RuntimeError, match=r"no CPython 3\.99 .*found: 3\."):
        find_interpreters(("3.99",))


def test_a_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    program = tmp_path / "python3"
    program.write_text("#!/bin/sh\necho '{}'\n")
    program.chmod(0o755)
    assert describe(program) is None
    with pytest.raises(RuntimeError, match="Not a CPython"):
        find_interpreters((str(program),))


def test_an_interpreter_is_described_as_itself_also_when_it_is_found_through_a_virtual_environment(
    tmp_path: Path,
) -> None:
    for executable in sorted(Path("/usr/bin").glob("python3.1[0-9]")) or [Path(sys.executable)]:
        folder = tmp_path / executable.name
        subprocess.run([str(executable), "-m", "venv", "--without-pip", str(folder)], check=True)
        assert describe(folder / "bin" / "python") == describe(executable)


def test_only_paths_below_the_old_prefix_are_replaced() -> None:
    text = "'/usr/lib' '/usr' '-I/usr/include' '/usr/local/usr/x' '/usrlocal' 'x/usr/lib'"
    changed = with_placeholder(text, "/usr")
    assert changed.count("prefix_placeholder") == 3
    assert "'/usrlocal' 'x/usr/lib'" in changed


def test_a_distribution_that_changed_its_files_stops_the_build() -> None:
    with pytest.raises(RuntimeError, match=r"sysconfig\.py has changed"):
        undo_debian("sysconfig.py", "nothing that is known\n")
    assert undo_debian("json/__init__.py", "text\n") == "text\n"


def test_a_distributions_python_finds_and_installs_packages_in_its_prefix(
    tmp_path: Path, channel_client: ChannelClient
) -> None:
    described = [found for found in map(describe, sorted(Path("/usr/bin").glob("python3.1[0-9]"))) if found]
    changed = [found for found in described if found.debian]
    if not changed:
        pytest.skip("no distribution's CPython on this machine")
    cache = PackageCache(tmp_path / "cache")
    packages = [build_python(cache, changed[0], this_platform()), build_python_abi(cache, changed[0].minor)]
    channel = put_channel(tmp_path / "channel", "small", packages)
    prefix = tmp_path / "prefix"
    channel_client.records(channel.as_uri(), "python", prefix=prefix)
    site_packages = prefix / f"lib/python{changed[0].minor}/site-packages"
    (site_packages / "probe.py").write_text("")
    (site_packages / "probe.pth").write_text("import sys; sys.probed = True\n")
    code = (
        "import json, probe, sys, sysconfig, ssl, sqlite3, ctypes, lzma\n"
        "print(json.dumps([probe.__file__, sys.probed, sys.prefix, sysconfig.get_path('purelib')]))"
    )
    done = subprocess.run([prefix / "bin/python", "-c", code], env={}, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [str(site_packages / "probe.py"), True, str(prefix), str(site_packages)]
