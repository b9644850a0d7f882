"""What is recorded of machines with locks and builds, and what is named where a lock comes to another machine."""

from __future__ import annotations

import getpass
import json
import platform as host
import socket
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import small_home
from fixtures.resolver import ResolverProcess
from fixtures.store import StoreHome, finish
from small_channels import record, write_channel
from small_packages_channel import SMALL

from jupyter_envstore.lock.facts import machine_of, unsolved_of, virtual_packages_of
from jupyter_envstore.machine import differences, this_machine
from jupyter_envstore.machine.cuda import newest_cuda
from jupyter_envstore.machine.facts import read_machine
from jupyter_envstore.machine.processor import level_of
from jupyter_envstore.schemas import Machine, Package
from jupyter_envstore.store import EnvStore

CPUINFO = """\
processor\t: 0
model name\t: An Old Processor
flags\t\t: fpu cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 avx
bogomips\t: 1

processor\t: 1
model name\t: Another
flags\t\t: avx512f
"""
NVIDIA = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version: 12\n"


def machine(**facts: object) -> Machine:
    facts = {"platform": "linux-64", "libc": "2.28", "level": "x86-64-v2", "kernel": "5.10.0", **facts}
    virtual = {"__glibc": facts["libc"], "__linux": facts["kernel"], "__unix": "0", "__cuda": facts.get("cuda")}
    return Machine.model_validate({**facts, "virtual_packages": {name: text for name, text in virtual.items() if text}})


def package(name: str, *depends: str, version: str = "1.0") -> Package:
    return Package(
        name=name,
        version=version,
        build="0",
        platform="linux-64",
        subdir="linux-64",
        channel="https://conda.example/c",
        url=f"https://conda.example/c/linux-64/{name}-{version}-0.conda",
        depends=list(depends),
    )


# ---------------------------------------------------------------- what this machine is


def test_facts_agree_with_what_the_solver_detects(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("tool", "1.0")])
    detected = virtual_packages_of(resolver.lock(["tool"], [channel])["lockfile"])["linux-64"]
    facts = this_machine()
    assert facts.platform == "linux-64"
    assert {name: facts.virtual_packages.get(name) for name in detected} == detected
    assert host.release().startswith(facts.kernel)


def test_facts_are_read_from_the_kernels_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text(CPUINFO)
    (tmp_path / "driver" / "nvidia").mkdir(parents=True)
    (tmp_path / "driver" / "nvidia" / "version").write_text(NVIDIA)
    facts = read_machine(tmp_path)
    assert (facts.processor, facts.level) == ("An Old Processor", "x86-64-v2")
    assert "avx512f" not in facts.features
    assert (facts.driver, facts.cuda, facts.virtual_packages["__cuda"]) == ("535.183.01", "12.2", "12.2")
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "11.8")
    monkeypatch.setenv("CONDA_OVERRIDE_GLIBC", "2.17")
    overridden = read_machine(tmp_path)
    assert (overridden.virtual_packages["__cuda"], overridden.virtual_packages["__glibc"]) == ("11.8", "2.17")


def test_facts_never_fail(tmp_path: Path) -> None:
    assert read_machine(tmp_path / "nothing").level == "x86-64"
    (tmp_path / "cpuinfo").write_bytes(b"\xff\xfe\x00" * 10_000)
    assert read_machine(tmp_path).processor == ""


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        ("", "x86-64"),
        ("fpu", "x86-64-v1"),
        ("cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3", "x86-64-v2"),
        ("cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma movbe xsave", "x86-64-v3"),
        ("avx512f avx512bw avx512cd avx512dq avx512vl", "x86-64-v1"),
    ],
)
def test_levels_of_processors(flags: str, level: str) -> None:
    assert level_of("x86_64", flags.split()) == level
    assert level_of("aarch64", flags.split()) == "aarch64"


def test_drivers_and_the_cuda_that_they_run() -> None:
    assert [newest_cuda(version) for version in ("550.54.14", "999.1", "525.60", "390.1", "", "x")] == [
        "12.4", "13.0", "12.0", "", "", "",
    ]  # fmt: skip


# ---------------------------------------------------------------- what matters between two machines


def test_what_packages_need_and_the_machine_lacks_is_named() -> None:
    packages = [
        package("new", "__glibc >=2.34,<3.0.a0"),
        package("newer", "__glibc >=2.38"),
        package("fine", "__glibc >=2.17", "__unix", "__linux"),
        package("gpu", "__cuda >=12"),
    ]
    needs_cuda, needs_glibc = differences(None, machine(), packages)
    assert "gpu 1.0 needs the CUDA version of the graphics driver >=12, and this machine has none" in needs_cuda
    assert "new 1.0 and one more package need the C library (glibc) >=2.34,<3.0.a0" in needs_glibc
    assert "has 2.28" in needs_glibc
    assert differences(None, machine(libc="2.39", cuda="12.4"), packages) == []


def test_older_c_library_than_where_it_was_locked_is_named_once() -> None:
    locked = machine(libc="2.36", kernel="6.1.99")
    (told,) = differences(locked, machine(), [package("tool")])
    assert "glibc 2.36" in told
    assert "2.28" in told
    (told,) = differences(locked, machine(), [package("tool", "__glibc >=2.36")])
    assert "tool 1.0 needs" in told


def test_level_of_the_processor_matters_only_where_packages_need_it() -> None:
    locked = machine(level="x86-64-v4")
    assert differences(locked, machine(), [package("tool")]) == []
    (told,) = differences(locked, machine(), [package("_x86_64-microarch-level", version="3")])
    assert "x86-64-v3" in told
    assert "x86-64-v2" in told


def test_driver_matters_only_where_packages_use_it() -> None:
    locked = machine(cuda="12.4")
    assert differences(locked, machine(cuda="11.8"), [package("tool")]) == []
    (told,) = differences(locked, machine(cuda="11.8"), [package("cuda-version")])
    assert "CUDA 12.4" in told
    assert "CUDA 11.8" in told


@pytest.mark.parametrize(
    "facts",
    [
        {"kernel": "5.10.1"}, {"kernel": "6.18.0"}, {"processor": "Another"}, {"libc": "2.28.9"},
        {"platform": "osx-arm64", "libc": "9.9"}, {"libc": "2.17"},
    ],
)  # fmt: skip
def test_what_does_not_matter_is_not_named(facts: dict[str, str]) -> None:
    assert differences(machine(**facts), machine(), [package("tool"), package("cuda-version")]) == []


# ---------------------------------------------------------------- with locks and builds


def test_lock_tells_its_machine_and_nothing_of_whose_it_is(resolver: ResolverProcess, tmp_path: Path) -> None:
    channel = write_channel(tmp_path / "c", [record("tool", "1.0")])
    first = resolver.lock(["tool"], [channel], platforms=["linux-64", "win-64"])
    assert resolver.lock(["tool"], [channel], platforms=["linux-64", "win-64"])["lockfile"] == first["lockfile"]
    assert machine_of(first["lockfile"]) == this_machine()
    assert unsolved_of(first["lockfile"]) == ["win-64"]
    told = first["lockfile"]["metadata"]["custom_metadata"]["envstore_machine"]
    for secret in (socket.gethostname(), str(Path.home()), str(tmp_path)):
        assert secret not in told
    assert getpass.getuser() not in json.loads(told).values()


@pytest.mark.parametrize(
    "custom",
    [None, 7, {}, {"envstore_machine": "{"}, {"envstore_machine": '{"platform": 3}'}, {"envstore_machine": ["x"]},
     {"envstore_machine": '{"platform": "linux-64", "evil": 1}'}, {"envstore_unsolved": "../../etc"},
     {"envstore_virtual_packages": "[]"}, {"envstore_virtual_packages": '{"linux-64": 3}'},
     {"envstore_machine": "x" * 100_000}],
)  # fmt: skip
def test_what_a_stranger_wrote_into_a_lock_counts_as_not_told(custom: object) -> None:
    document = {"metadata": {"custom_metadata": custom}}
    assert machine_of(document) is None
    assert unsolved_of(document) == []
    assert virtual_packages_of(document) == {}


def test_build_records_its_machine_and_warns_of_what_is_lacking(tmp_path: Path) -> None:
    home: StoreHome = small_home(tmp_path)
    store = home.open()
    try:
        document = finish_created(store)
        report = store.versions.machines("small")
        assert report.locked == report.built == report.here == this_machine()
        assert report.differences == []
        # The same lock, as if it came from a newer machine.
        told = json.loads(document["metadata"]["custom_metadata"]["envstore_machine"])
        told["libc"] = "99.0"
        document["metadata"]["custom_metadata"]["envstore_machine"] = json.dumps(told)
        build = finish(store, store.builds.create_from_lockfile("other", document))
        assert build.state == "ready", build.error
        (warning,) = [one for one in build.warnings if one.code == "machine_differs"]
        assert "glibc 99.0" in warning.message
        (shown,) = store.versions.machines("other").differences
        assert shown == warning.message
        assert warning in store.versions.get("other").warnings
    finally:
        store.close()


def finish_created(store: EnvStore) -> dict[str, Any]:
    build = finish(store, store.builds.create("small", SMALL))
    assert build.state == "ready", build.error
    return store.versions.lockfile("small")


def test_show_tells_the_machine(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    file = tmp_path / "environment.yml"
    file.write_text(SMALL)
    assert home.run("create", "-f", str(file)).returncode == 0
    shown = home.run("show", "small").stdout
    assert f"glibc {this_machine().libc}" in shown
    assert "locked on" in shown
