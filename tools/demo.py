"""The main job, shown: an environment.yml is locked, built and registered, and a notebook runs in its kernel.

Everything it makes is under `.demo` of the checkout. A second run uses what is there.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
DEMO = CHECKOUT / ".demo"
STORE = DEMO / "store"
ENVIRONMENT = "local/analysis"
KERNEL = "envstore-local--analysis"
CONDA_FORGE = "https://conda.anaconda.org/conda-forge"
ANSWER_SECONDS = 5


def main() -> int:
    """Run the demo; 0 when all of it worked."""
    os.environ.update(demo_environment())
    channel = choose_channel()
    write_configuration(channel)
    version = existing_version() or create(channel)
    notebook_seconds, notebook = run_notebook()
    report(version, notebook, notebook_seconds, channel)
    return 0


def demo_environment() -> dict[str, str]:
    """Return the variables that keep all that is written inside the checkout."""
    jupyter = DEMO / "jupyter"
    return {
        "JUPYTER_DATA_DIR": str(jupyter / "data"),
        "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
        "JUPYTER_RUNTIME_DIR": str(jupyter / "runtime"),
        "JUPYTER_ENVSTORE_DIR": str(STORE),
        "IPYTHONDIR": str(DEMO / "ipython"),
        "MPLCONFIGDIR": str(DEMO / "matplotlib"),
    }


def write_configuration(channel: str | None) -> None:
    """Keep conda's list of environments in the demo, too, and let `make lab` take packages from where the demo does."""
    folder = DEMO / "jupyter" / "config"
    folder.mkdir(parents=True, exist_ok=True)
    settings: dict[str, Any] = {"conda_environments_file": str(DEMO / "conda" / "environments.txt")}
    if channel is not None:
        settings["default_channels"] = [channel]
    (folder / "jupyter_envstore_config.json").write_text(
        json.dumps({"EnvStore": settings}, indent=2) + "\n", encoding="utf-8"
    )


def choose_channel() -> str | None:
    """Return None when conda-forge answers, else the URL of the local channel, made if need be."""
    print("1. Where packages come from")
    began = time.monotonic()
    try:
        with urllib.request.urlopen(f"{CONDA_FORGE}/noarch/repodata_shards.msgpack.zst", timeout=ANSWER_SECONDS):
            print("   conda-forge answers: packages come from there.\n")
            return None
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        print(f"   conda-forge does not answer ({reason}, after {time.monotonic() - began:.1f} s).")
    print("   Packages come from a local channel, made of Python wheels and this machine's CPython.")
    folder = CHECKOUT / ".cache" / "channel"
    subprocess.run([sys.executable, str(CHECKOUT / "tools" / "local_channel.py"), "--output", str(folder)], check=True)
    url = (folder / "conda-forge").as_uri()
    print(f"   {url}\n")
    return url


def existing_version() -> dict[str, Any] | None:
    """Return the version that an earlier run built, or None."""
    done = subprocess.run([*command(), "show", ENVIRONMENT, "--json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    version: dict[str, Any] = json.loads(done.stdout)
    if version["prefix_state"] != "ready":
        return None
    print("2. The environment")
    print("   local/analysis is there from an earlier run (remove the folder .demo to see it built).\n")
    return version


def create(channel: str | None) -> dict[str, Any]:
    """Create the environment with the command that a person would use."""
    arguments = ["create", "-f", "examples/environment.yml", "-n", ENVIRONMENT, "-m", "The demo's first version"]
    if channel is not None:
        arguments += ["-c", channel]
    print(f"2. The environment\n   jupyter envstore {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [*command(), *arguments, "--json"], stdout=subprocess.PIPE, text=True, check=False, cwd=CHECKOUT
    )
    if done.returncode != 0:
        raise SystemExit(f"The environment could not be created:\n{done.stdout}")
    print()
    version: dict[str, Any] = json.loads(done.stdout)
    return version


def run_notebook() -> tuple[float, Path]:
    """Execute the example in the environment's kernel; return how long it took and where the result is."""
    import nbformat
    from nbclient import NotebookClient

    print("3. A notebook in its kernel\n   examples/analysis.ipynb", flush=True)
    notebook = nbformat.read(  # type: ignore[no-untyped-call]
        CHECKOUT / "examples" / "analysis.ipynb", as_version=4
    )
    began = time.monotonic()
    NotebookClient(
        notebook, kernel_name=KERNEL, timeout=300, resources={"metadata": {"path": str(CHECKOUT / "examples")}}
    ).execute()
    seconds = time.monotonic() - began
    result = DEMO / "analysis.ipynb"
    nbformat.write(notebook, result)  # type: ignore[no-untyped-call]
    pictures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("output_type") == "stream":
                print("".join(f"   | {line}\n" for line in output["text"].splitlines()), end="")
            pictures += "image/png" in output.get("data", {})
    print(f"   {pictures} plot{'s' if pictures != 1 else ''}; executed copy: {result.relative_to(CHECKOUT)}\n")
    return seconds, result


def report(version: dict[str, Any], notebook: Path, notebook_seconds: float, channel: str | None) -> None:
    """Print what was built and what to do next."""
    from rich.console import Console
    from rich.table import Table

    build = version.get("build") or {}
    table = Table("what", "value", title="What was built", title_justify="left", box=None, padding=(0, 2))
    table.add_row("environment", f"{version['namespace']}/{version['name']}, version {version['number']}")
    table.add_row("packages", f"{version['package_count']} from {channel or 'conda-forge'}")
    table.add_row("size", f"{version['size'] / 1e6:.0f} MB as downloaded")
    for state, seconds in (build.get("seconds") or {}).items():
        table.add_row(f"time {state}", f"{seconds:.2f} s")
    table.add_row("time notebook", f"{notebook_seconds:.2f} s, with the start of its kernel")
    table.add_row("files", version["prefix"])
    table.add_row("kernel", str(Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels" / KERNEL))
    console = Console(width=160 if not sys.stdout.isatty() else None)
    console.print(table)
    where = f" -c {channel}" if channel else ""
    print(
        "\nWhat next\n"
        "   make lab                                  JupyterLab with this environment as a kernel\n"
        "   .venv/bin/jupyter envstore --help         all commands\n"
        f"   export JUPYTER_ENVSTORE_DIR={shlex.quote(str(STORE))}\n"
        "                                             lets them work on the demo's store, such as\n"
        f"   .venv/bin/jupyter envstore create -n mine{where} python=3.12 numpy ipykernel"
    )


def command() -> list[str]:
    """Return how to call the command line of this checkout."""
    return [str(Path(sys.executable).with_name("jupyter-envstore"))]


if __name__ == "__main__":
    sys.exit(main())
