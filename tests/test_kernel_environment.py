"""What programs of an environment get as environment variables: the same from a launch script and from `run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.kernels.environment import apply, difference, environ_for, variables_left_out
from jupyter_envstore.kernels.launch import Fallback, Stamps, launch_script

NASTY = {
    "QUOTES": 'it\'s "quoted" `here`',
    "NEWLINES": "one\ntwo\n\n'three'\n",
    "DOLLARS": "$HOME ${PATH} $(touch /nowhere) \\$x \\",
    "UNICODE": "naïve – 環境 🚀",
    "SPACES": "  a  b\t",
    "EMPTY": "",
    "GLOBS": "* ? [a-z] ~ !",
    "SEMICOLONS": "a; exit 7; b && c | d > e # f",
}
FALLBACK = Fallback("/nowhere/python", "/nowhere/fallback.py", "local/analysis@7", "python", "rebuild it")
USED = Stamps(Path("/nowhere/used/kernel"), Path("/nowhere/used/prefix"))
PRINT_ENVIRONMENT = "import json, os, sys; json.dump(dict(os.environ), sys.stdout)"
# Set by the shell or the interpreter itself.
OF_THE_SHELL = {"PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"}
SHELLS = [shell for shell in ("/bin/dash", "/bin/bash", "/bin/sh") if Path(shell).exists()]


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A folder that looks like a prefix with Python and without pip."""
    prefix = tmp_path / "it's a store" / "p" / "0123456789abcdef"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").symlink_to(sys.executable)
    return prefix


def launched(shell: str, script: str, tmp_path: Path, environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a program that a launch script starts."""
    file = tmp_path / "launch.sh"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [shell, file, sys.executable, "-I", "-c", PRINT_ENVIRONMENT], env=environ, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, str] = json.loads(done.stdout)
    return {name: value for name, value in result.items() if name not in OF_THE_SHELL}


def hostile_environ(tmp_path: Path) -> dict[str, str]:
    """What a server may have: an active venv, an active conda environment, and paths to other people's packages."""
    return {
        "HOME": str(tmp_path),
        "PATH": f"/venv/bin:/other/conda/bin:/usr/local/bin::/usr/bin:/bin:{tmp_path}/with * and 'quote'",
        "VIRTUAL_ENV": "/venv",
        "PYTHONPATH": "/trap",
        "PYTHONHOME": "",
        "R_HOME": "/other/conda/lib/R",
        "CONDA_PREFIX": "/other/conda",
        "CONDA_DEFAULT_ENV": "base",
        "GDAL_DATA": "/other/conda/share/gdal",
        "SSL_CERT_FILE": "/etc/ssl/mine.pem",
        "TOKEN": "kept as it is",
        "_envstore_path": "not ours",
    }


@pytest.mark.parametrize("shell", SHELLS)
def test_launch_script_and_run_give_the_same_variables(shell: str, prefix: Path, tmp_path: Path) -> None:
    activation = Activation(
        set={"FROM_PACKAGE": "yes", "QUOTES": "loses against the specification"},
        unset=["REMOVED"],
        path=["/activated/first", "/activated/a b"],
        path_last=["/activated/last"],
    )
    change = difference(prefix, activation, NASTY, "analysis")
    script = launch_script(change, FALLBACK, USED)
    base = hostile_environ(tmp_path) | {"REMOVED": "x"}

    by_script = launched(shell, script, tmp_path, base)
    by_run = environ_for(prefix, activation, NASTY, "analysis", base)

    # What only a kernel is told: who looks at its process sees which version it was started with.
    assert by_script.pop("JUPYTER_ENVSTORE_VERSION") == "local/analysis@7"
    # The script's own variables: an exported one of the same name must not come through changed.
    assert {k: v for k, v in by_run.items() if k != "_envstore_path"} == by_script


def test_values_with_quotes_newlines_and_dollars_survive(prefix: Path, tmp_path: Path) -> None:
    change = difference(prefix, Activation(), NASTY, "analysis")
    script = launch_script(change, FALLBACK, USED)
    result = launched("/bin/sh", script, tmp_path, {"PATH": "/usr/bin:/bin"})
    assert {name: result[name] for name in NASTY} == NASTY


def test_nothing_of_the_environment_that_the_server_runs_in_stays(prefix: Path, tmp_path: Path) -> None:
    result = environ_for(prefix, Activation(), {}, "analysis", hostile_environ(tmp_path))
    assert not {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "R_HOME", "GDAL_DATA"} & result.keys()
    assert result["SSL_CERT_FILE"] == "/etc/ssl/mine.pem"
    assert result["TOKEN"] == "kept as it is"
    assert result["PATH"].split(":")[0] == str(prefix / "bin")
    assert not {"/venv/bin", "/other/conda/bin", ""} & set(result["PATH"].split(":"))
    assert result["PYTHONNOUSERSITE"] == "1"


def test_the_servers_own_environment_is_off_the_path(prefix: Path) -> None:
    own = str(Path(sys.prefix) / "bin")
    assert sys.prefix != sys.base_prefix, "these tests run in a virtual environment"
    result = environ_for(prefix, Activation(), {}, "analysis", {"PATH": f"{own}:/usr/bin"})
    assert result["PATH"] == f"{prefix}/bin:/usr/bin"


def test_package_managers_are_pointed_at_the_prefix(prefix: Path) -> None:
    result = environ_for(prefix, Activation(), {}, "analysis", {})
    assert result["UV_PYTHON"] == str(prefix / "bin" / "python")
    assert result["PIP_PYTHON"] == str(prefix / "bin" / "python")
    (prefix / "bin" / "pip").touch()
    assert "PIP_PYTHON" not in environ_for(prefix, Activation(), {}, "analysis", {})


def test_conda_variables_name_the_real_prefix_and_cannot_be_overridden(prefix: Path) -> None:
    variables = {"PATH": "/mine", "CONDA_PREFIX": "/mine", "GOOD": "1"}
    result = environ_for(prefix, Activation(set={"CONDA_DEFAULT_ENV": "x"}), variables, "analysis", {"PATH": "/bin"})
    assert (result["CONDA_PREFIX"], result["CONDA_DEFAULT_ENV"]) == (str(prefix), "analysis")
    assert result["PATH"] == f"{prefix}/bin:/bin"
    assert result["GOOD"] == "1"
    assert variables_left_out(variables) == ["CONDA_PREFIX", "PATH"]


def test_variables_that_no_shell_can_set_are_left_out_and_named(prefix: Path, tmp_path: Path) -> None:
    variables = {"UID": "0", "a b": "x", "X=Y": "x", "$(id)": "x", "NUL": "a\0b", "FINE": "1"}
    change = difference(prefix, Activation(), variables, "analysis")
    script = launch_script(change, FALLBACK, USED)
    assert launched("/bin/sh", script, tmp_path, {"PATH": "/bin"})["FINE"] == "1"
    assert variables_left_out(variables) == ["$(id)", "NUL", "UID", "X=Y", "a b"]


def test_variables_of_the_kernels_own_spec_stay_unless_the_specification_names_them(prefix: Path) -> None:
    own = frozenset({"PYTHONPATH", "A", "B"})
    change = difference(prefix, Activation(set={"A": "package"}), {"B": "specification"}, "analysis", own=own)
    result = apply(change, {"PYTHONPATH": "kernel", "A": "kernel", "B": "kernel"})
    assert (result["PYTHONPATH"], result["A"], result["B"]) == ("kernel", "kernel", "specification")


def test_no_variable_of_the_machine_is_written_into_the_script(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "a-secret-of-the-server")
    change = difference(prefix, Activation(), {}, "analysis")
    script = launch_script(change, FALLBACK, USED)
    assert "a-secret-of-the-server" not in script
    assert os.environ["SERVICE_TOKEN"] == "a-secret-of-the-server"
