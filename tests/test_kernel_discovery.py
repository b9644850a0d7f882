"""Every kernel that a prefix offers is found and made fit to be started; hostile ones are left out with words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_envstore.kernels.discovery import MAX_SPEC_BYTES, Discovery, discover

GOOD: dict[str, Any] = {"argv": ["python", "-m", "k", "-f", "{connection_file}"], "display_name": "K", "language": "k"}


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A prefix with a Python and one more program."""
    prefix = tmp_path / "p" / "0123456789abcdef"
    (prefix / "bin").mkdir(parents=True)
    for name in ("python", "julia"):
        (prefix / "bin" / name).touch(mode=0o755)
    return prefix


def add_kernel(prefix: Path, name: str, spec: Any) -> Path:
    folder = prefix / "share" / "jupyter" / "kernels" / name
    folder.mkdir(parents=True)
    content = spec if isinstance(spec, bytes) else json.dumps(spec).encode()
    (folder / "kernel.json").write_bytes(content)
    return folder


def argv_of(prefix: Path, *argv: str) -> tuple[str, ...]:
    add_kernel(prefix, "k", {**GOOD, "argv": [*argv, "{connection_file}"]})
    found = discover(prefix)
    assert found.warnings == []
    return found.kernels[0].argv[:-1]


@pytest.mark.parametrize(
    "program", ["python", "python3", "python3.9", "/opt/builder/bin/python3.12", "/usr/bin/python3"]
)
def test_any_python_becomes_the_prefixs(prefix: Path, program: str) -> None:
    assert argv_of(prefix, program) == (f"{prefix}/bin/python",)


def test_bare_program_of_the_prefix_gets_its_path(prefix: Path) -> None:
    assert argv_of(prefix, "julia") == (f"{prefix}/bin/julia",)


def test_path_of_the_machine_where_the_package_was_made_is_mapped(prefix: Path) -> None:
    assert argv_of(prefix, "/home/builder/work/bin/julia") == (f"{prefix}/bin/julia",)


def test_program_of_the_system_stays(prefix: Path) -> None:
    assert argv_of(prefix, "env", "A=1") == ("env", "A=1")


def test_placeholders_of_jupyter_are_filled_with_the_prefixs_paths(prefix: Path) -> None:
    folder = prefix / "share/jupyter/kernels/k"
    assert argv_of(prefix, "{prefix}/bin/julia", "-i{resource_dir}/start.jl") == (
        f"{prefix}/bin/julia",
        f"-i{folder}/start.jl",
    )


def test_everything_a_spec_says_is_kept(prefix: Path) -> None:
    spec = {
        **GOOD,
        "env": {"A": "it's"},
        "interrupt_mode": "message",
        "metadata": {"debugger": True, "supported_encryption": ["curve"], "kernel_provisioner": {"x": 1}},
        "kernel_protocol_version": "5.5",
    }
    folder = add_kernel(prefix, "K", spec)
    (folder / "logo-64x64.png").write_bytes(b"png")
    (folder / "logo-svg.svg").write_bytes(b"svg")
    (folder / "kernel.js").write_bytes(b"js")
    (folder / "start.jl").write_bytes(b"not a resource of the front end")
    (kernel,) = discover(prefix).kernels
    assert (kernel.name, kernel.title, kernel.language) == ("k", "K", "k")
    assert (kernel.env, kernel.interrupt_mode, kernel.protocol_version) == ({"A": "it's"}, "message", "5.5")
    assert kernel.metadata == {"debugger": True, "supported_encryption": ["curve"]}
    assert kernel.resources == {"logo-64x64.png": b"png", "logo-svg.svg": b"svg", "kernel.js": b"js"}


def test_pythons_kernel_comes_first(prefix: Path) -> None:
    for name in ("ir", "python3", "calc"):
        add_kernel(prefix, name, GOOD)
    assert [kernel.name for kernel in discover(prefix).kernels] == ["python3", "calc", "ir"]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 100_000, "too deeply"),
        (b'{"argv": "' + b"x" * MAX_SPEC_BYTES + b'"}', "too large"),
        ([], "no object"),
        ({}, "argv"),
        ({**GOOD, "argv": "python -m k {connection_file}"}, "argv"),
        ({**GOOD, "argv": ["python", 3, "{connection_file}"]}, "argv"),
        ({**GOOD, "argv": ["python", "-m", "k"]}, "connection_file"),
        ({**GOOD, "argv": ["python", "a\0b", "{connection_file}"]}, "NUL"),
        (b'{"argv": ["python", "\\ud800", "{connection_file}"]}', "half a character"),
        ({**GOOD, "argv": ["-c", "{connection_file}"]}, "names no program"),
        ({**GOOD, "argv": ["../../evil", "{connection_file}"]}, "relative path"),
        ({**GOOD, "argv": ["/nowhere/evil", "{connection_file}"]}, "not there"),
        ({**GOOD, "argv": ["{prefix}/bin/none", "{connection_file}"]}, "not there"),
        ({**GOOD, "env": {"A": 1}}, "env"),
        ({**GOOD, "env": {"A B": "1"}}, "env"),
        ({**GOOD, "env": ["A"]}, "env"),
        ({**GOOD, "metadata": "x"}, "metadata"),
        ({**GOOD, "interrupt_mode": "maybe"}, "interrupt_mode"),
        ({**GOOD, "display_name": {"x": 1}}, "display_name"),
    ],
)
def test_malformed_spec_is_left_out_with_words_and_the_others_stay(prefix: Path, spec: Any, words: str) -> None:
    add_kernel(prefix, "bad", spec)
    add_kernel(prefix, "good", GOOD)
    found: Discovery = discover(prefix)
    assert [kernel.name for kernel in found.kernels] == ["good"]
    assert words in found.warnings[0]
    assert "bad" in found.warnings[0]


@pytest.mark.parametrize("name", ["v7", "v7--ir", "V1", "a b", "ünï", "x" * 65])
def test_name_that_would_not_fit_a_kernel_specs_name_is_refused(prefix: Path, name: str) -> None:
    add_kernel(prefix, name, GOOD)
    found = discover(prefix)
    assert found.kernels == []
    assert "name" in found.warnings[0]


def test_names_that_differ_only_in_case_give_one_kernel(prefix: Path) -> None:
    add_kernel(prefix, "IR", GOOD)
    add_kernel(prefix, "ir", GOOD)
    found = discover(prefix)
    assert len(found.kernels) == len(found.warnings) == 1


def test_logo_that_links_out_of_the_prefix_is_not_read(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "id_rsa").write_text("private")
    folder = add_kernel(prefix, "k", GOOD)
    (folder / "logo-64x64.png").symlink_to(tmp_path / "id_rsa")
    (folder / "logo-32x32.png").symlink_to("kernel.json")
    (kernel,) = discover(prefix).kernels
    assert list(kernel.resources) == ["logo-32x32.png"]


def test_spec_that_links_out_of_the_prefix_is_refused(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "kernel.json").write_text(json.dumps(GOOD))
    folder = prefix / "share/jupyter/kernels/k"
    folder.mkdir(parents=True)
    (folder / "kernel.json").symlink_to(tmp_path / "kernel.json")
    found = discover(prefix)
    assert found.kernels == []
    assert "outside" in found.warnings[0]


def test_python_kernel_of_a_prefix_without_python_is_refused(prefix: Path) -> None:
    (prefix / "bin" / "python").unlink()
    add_kernel(prefix, "k", GOOD)
    assert "has none" in discover(prefix).warnings[0]


def test_prefix_without_kernels_offers_none(prefix: Path) -> None:
    assert discover(prefix) == Discovery([], [])


def test_kernels_of_a_real_prefix_are_found(kernel_prefix: Path) -> None:
    found = discover(kernel_prefix)
    assert found.warnings == []
    python, calc = found.kernels
    assert (python.name, python.language, python.argv[0]) == ("python3", "python", f"{kernel_prefix}/bin/python")
    assert (calc.name, calc.language, calc.argv[0]) == ("calc", "calc", f"{kernel_prefix}/bin/calc-kernel")
    assert calc.env == {"CALC_DIGITS": "12"}
    assert {"logo-svg.svg", "logo-32x32.png", "logo-64x64.png", "kernel.js"} == set(calc.resources)
