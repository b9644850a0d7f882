"""Kernels of a real prefix, started the way every Jupyter program starts them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import psutil
import pytest
from fixtures.kernels import StartKernel
from fixtures.processes import still_running
from jupyter_client.kernelspec import KernelSpecManager
from kernel_client import SECONDS, execute, new_notebook, printed, read_notebook, write_notebook
from nbclient import NotebookClient

from jupyter_envstore.kernels.activation import capture
from jupyter_envstore.kernels.environment import environ_for
from jupyter_envstore.kernels.registry import KernelRegistry
from jupyter_envstore.kernels.stamps import last_used
from jupyter_envstore.kernels.target import KernelTarget
from jupyter_envstore.layout import StoreLayout

VARIABLES = {
    "FROM_SPECIFICATION": 'it\'s "two"\nlines of $HOME `x` \\ 環境',
    "ENVSTORE_VARIABLES_DEMO": "the specification wins",
}
NAME = "envstore-local--analysis"

pytestmark = pytest.mark.usefixtures("registered")


@pytest.fixture
def target(kernel_prefix: Path) -> KernelTarget:
    return KernelTarget("local", "analysis", 7, kernel_prefix, "f" * 64, VARIABLES, capture(kernel_prefix))


@pytest.fixture
def traps(_home: Path, kernel_prefix: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A module in each place from which other people's packages have come into kernels."""
    for minor in range(8, 16):
        site = _home / ".local" / "lib" / f"python3.{minor}" / "site-packages"
        site.mkdir(parents=True)
        (site / "trap_in_home.py").touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "trap_on_path.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(elsewhere))
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin:{os.environ['PATH']}")
    monkeypatch.delenv("PYTHONNOUSERSITE", raising=False)


@pytest.fixture
def registered(data_dir: Path, target: KernelTarget, tmp_path: Path) -> KernelRegistry:
    """The target's kernels, registered."""
    registry = KernelRegistry(data_dir / "kernels", tmp_path / "store")
    registry.register(target)
    return registry


def test_kernel_runs_in_its_prefix_and_is_the_process_that_was_started(
    start: StartKernel, target: KernelTarget
) -> None:
    manager, client = start(NAME)
    said = execute(client, "import os, sys; print(os.getpid(), sys.prefix)")
    assert said.stdout.split() == [str(manager.provisioner.pid), str(target.prefix)]


def test_interrupt_stops_a_cell_and_keeps_the_kernel(start: StartKernel) -> None:
    manager, client = start(NAME)
    execute(client, "x = 41")
    # Else the kernel would, for a moment after the error, refuse what is asked of it next.
    client.execute("import time; print('begun', flush=True); time.sleep(600)", stop_on_error=False)
    while client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    assert client.get_shell_msg(timeout=SECONDS)["content"]["ename"] == "KeyboardInterrupt"
    assert execute(client, "print(x + 1)").stdout == "42\n"


def test_restart_gives_a_new_process_with_the_same_environment(start: StartKernel, target: KernelTarget) -> None:
    manager, client = start(NAME)
    first = manager.provisioner.pid
    manager.restart_kernel()
    client.wait_for_ready(timeout=SECONDS)
    said = execute(client, "import os, sys; print(os.getpid(), sys.prefix)")
    assert said.stdout.split() == [str(manager.provisioner.pid), str(target.prefix)]
    assert manager.provisioner.pid != first
    assert not psutil.pid_exists(first)


def test_restart_runs_the_version_that_became_active_meanwhile(
    start: StartKernel, registered: KernelRegistry, kernel_prefix: Path, tmp_path: Path
) -> None:
    # Who restarts a kernel starts the command that its spec had when it was started first.
    versions = []
    for number in (7, 8):
        prefix = tmp_path / "p" / (f"{number}" * 16)
        shutil.copytree(kernel_prefix, prefix, symlinks=True, copy_function=os.link)
        versions.append(KernelTarget("local", "analysis", number, prefix, "f" * 64, VARIABLES, capture(prefix)))
    registered.register(versions[0])
    manager, client = start(NAME)
    assert execute(client, "import sys; print(sys.prefix)").stdout.strip() == str(versions[0].prefix)
    registered.register(versions[1])
    manager.restart_kernel()
    client.wait_for_ready(timeout=SECONDS)
    said = execute(client, "import os, sys; print(sys.prefix, os.environ['JUPYTER_ENVSTORE_VERSION'])")
    assert said.stdout.split() == [str(versions[1].prefix), "local/analysis@8"]


def test_shutdown_leaves_no_process(start: StartKernel) -> None:
    manager, _ = start(NAME)
    process = psutil.Process(manager.provisioner.pid)
    family = [process, *process.children(recursive=True)]
    manager.shutdown_kernel()
    assert still_running(family) == []


def test_activation_and_variables_reach_the_kernel(start: StartKernel, target: KernelTarget) -> None:
    _, client = start(NAME)
    said = execute(client, "import json, os; print(json.dumps(dict(os.environ)))")
    environ = json.loads(said.stdout)
    assert environ["ENVSTORE_ACTIVATION_DEMO"] == "activated by bash array"
    assert environ["ENVSTORE_ACTIVATION_DEMO_QUOTED"] == 'it\'s "quoted" and $plain'
    assert environ["FROM_SPECIFICATION"] == VARIABLES["FROM_SPECIFICATION"]
    assert environ["ENVSTORE_VARIABLES_DEMO"] == "the specification wins"
    assert environ["CONDA_PREFIX"] == str(target.prefix)
    assert environ["CONDA_DEFAULT_ENV"] == "analysis"
    assert environ["PATH"].startswith(f"{target.prefix}/bin:")


def test_kernel_and_run_have_the_same_variables(traps: None, start: StartKernel, target: KernelTarget) -> None:
    _, client = start(NAME)
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    of_kernel = json.loads(execute(client, code).stdout)
    environ = environ_for(target.prefix, target.activation, target.variables, "analysis", os.environ)
    done = subprocess.run(["python", "-c", code], env=environ, capture_output=True, text=True, check=True)
    of_run = json.loads(done.stdout)
    by_others = {"_", "PWD", "OLDPWD", "SHLVL", "TERM"}  # the shell's and ipykernel's own
    compared = of_run.keys() - by_others
    assert {name: of_kernel.get(name) for name in compared} == {name: of_run[name] for name in compared}


def test_nothing_leaks_in_from_home_nor_from_the_servers_environment(traps: None, start: StartKernel) -> None:
    _, client = start(NAME)
    said = execute(
        client,
        "import importlib.util, os, sys\n"
        "names = ['trap_in_home', 'trap_on_path', 'papermill', 'jupyter_envstore', 'pytest']\n"
        "print([name for name in names if importlib.util.find_spec(name)])\n"
        "print([entry for entry in sys.path if entry and not entry.startswith(sys.prefix)])\n"
        "print('VIRTUAL_ENV' in os.environ)\n",
    )
    assert said.stdout.splitlines() == ["[]", "[]", "False"], said.errors


def test_the_traps_would_catch_a_leak(traps: None) -> None:
    code = "import trap_on_path, site; print(site.ENABLE_USER_SITE)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_kernel_of_another_language_runs(start: StartKernel) -> None:
    _, client = start(f"{NAME}--calc")
    client.kernel_info()
    info = client.get_shell_msg(timeout=SECONDS)["content"]
    assert info["language_info"]["name"] == "calc"


def test_kernels_start_where_sh_is_dash(registered: KernelRegistry, target: KernelTarget) -> None:
    script = registered.kernels_dir / NAME / "launch.sh"
    for shell in ("/bin/dash", "/bin/bash"):
        if not Path(shell).exists():
            continue
        done = subprocess.run(
            [
                shell,
                script,
                target.prefix / "bin" / "python",
                "-c",
                "import os; print(os.environ['FROM_SPECIFICATION'])",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == VARIABLES["FROM_SPECIFICATION"] + "\n"
        assert done.stderr == ""


def test_the_command_of_another_version_runs_in_this_one(registered: KernelRegistry, target: KernelTarget) -> None:
    other, prefix = target.prefix.parent / "freed", target.prefix
    code = "import sys; print(*sys.argv[1:], sys.prefix, sep='|', end='')"
    asked = [f"--home={other}/share/x y", f"{other}/a*", "*", "", str(other), "/else/where/z"]
    for shell in ("/bin/dash", "/bin/bash"):
        if not Path(shell).exists():
            continue
        command: list[str | Path] = [shell, registered.kernels_dir / NAME / "launch.sh", other / "bin" / "python"]
        done = subprocess.run([*command, "-c", code, *asked], capture_output=True, text=True, check=True)
        assert done.stdout.split("|") == [
            f"--home={prefix}/share/x y",
            f"{prefix}/a*",
            "*",
            "",
            str(other),
            "/else/where/z",
            str(prefix),
        ]


def test_each_start_says_that_kernel_and_prefix_are_used(registered: KernelRegistry, target: KernelTarget) -> None:
    layout = StoreLayout(registered.store_root)
    stamps = [layout.used_kernel(NAME), layout.used_prefix(target.prefix.name)]
    command: list[str | Path] = [registered.kernels_dir / NAME / "launch.sh", target.prefix / "bin" / "python"]
    command += ["-c", "print('ran')"]
    for shell in ("/bin/dash", "/bin/bash"):
        if not Path(shell).exists():
            continue
        for stamp in stamps:
            stamp.touch()
            os.utime(stamp, (0, 0))
        assert last_used(stamps[0]) == datetime(1970, 1, 1, tzinfo=timezone.utc)
        subprocess.run([shell, *command], check=True, stdout=subprocess.DEVNULL)
        assert all(stamp.stat().st_mtime > 0 for stamp in stamps)
        # A store that cannot be written keeps nobody from working.
        shutil.move(layout.used, f"{layout.used}-away")
        done = subprocess.run([shell, *command], check=True, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("ran\n", "")
        shutil.move(f"{layout.used}-away", layout.used)
    assert last_used(layout.used_kernel("never")) is None


def test_every_program_finds_the_kernels_without_configuration(registered: KernelRegistry) -> None:
    manager = KernelSpecManager()
    assert {NAME, f"{NAME}--calc"} <= manager.find_kernel_specs().keys()
    spec = manager.get_kernel_spec(NAME)
    assert spec.display_name == "analysis (v7)"
    assert spec.metadata["debugger"] is True
    calc = manager.get_kernel_spec(f"{NAME}--calc")
    assert (calc.display_name, calc.language, calc.env) == ("analysis (v7) – Calc", "calc", {"CALC_DIGITS": "12"})
    assert (Path(calc.resource_dir) / "logo-svg.svg").exists()


@pytest.fixture
def notebook(tmp_path: Path, registered: KernelRegistry) -> Path:
    """A notebook of this kernel that says which Python runs it."""
    path = tmp_path / "notebook.ipynb"
    write_notebook(new_notebook(NAME, "import sys; print(sys.prefix)"), path)
    return path


def test_papermill_runs_a_notebook(notebook: Path, target: KernelTarget, tmp_path: Path) -> None:
    _run("papermill", str(notebook), str(tmp_path / "out.ipynb"), "--no-progress-bar")
    assert printed(read_notebook(tmp_path / "out.ipynb")) == str(target.prefix)


def test_nbconvert_runs_a_notebook(notebook: Path, target: KernelTarget, tmp_path: Path) -> None:
    _run("nbconvert", "--to", "notebook", "--execute", "--output", str(tmp_path / "out.ipynb"), str(notebook))
    assert printed(read_notebook(tmp_path / "out.ipynb")) == str(target.prefix)


def test_nbclient_runs_a_notebook(notebook: Path, target: KernelTarget) -> None:
    done = NotebookClient(read_notebook(notebook), timeout=SECONDS).execute()
    assert printed(done) == str(target.prefix)


def _run(module: str, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
