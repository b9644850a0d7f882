"""A notebook made on one store runs on another, empty one with one command, and says what came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from fixtures.small import must_end_well
from fixtures.store import StoreHome
from kernel_client import printed, read_notebook

from jupyter_envstore.errors import NotebookError
from jupyter_envstore.notebooks.files import read_notebook as read
from jupyter_envstore.notebooks.files import replace_file
from jupyter_envstore.notebooks.record import ran_in_order
from jupyter_envstore.store import EnvStore

SPECIFICATION = "name: analysis\ndependencies: [python=3.12, ipykernel]\nvariables: {WHERE: here}\n"
CELLS = [
    "import os, sys\nprint(sys.version_info[:2], os.environ['WHERE'])",
    "year = 2000",
    "print(year + 1)",
]


def home_in(folder: Path, channel_url: str) -> StoreHome:
    place = StoreHome(folder, {"default_channels": [channel_url], "conda_environments_file": ""})
    place.root.mkdir()
    return place


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> StoreHome:
    """The home of whoever made the notebook."""
    return home_in(tmp_path_factory.mktemp("maker") / "home", channel_url)


@pytest.fixture(scope="module")
def maker(own_home: StoreHome) -> Any:
    """The store of whoever made the notebook."""
    store = own_home.open()
    must_end_well(store, store.builds.create("analysis", SPECIFICATION))
    yield store
    store.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> StoreHome:
    """The home of whoever gets the notebook: its store is empty at first."""
    return home_in(tmp_path_factory.mktemp("reader") / "home", channel_url)


def write(path: Path, store: EnvStore | None, *cells: str, **metadata: Any) -> Path:
    """Write a notebook whose second cell has the parameters; with a store it carries ``analysis``."""
    notebook = nbformat.v4.new_notebook(metadata=metadata)  # type: ignore[no-untyped-call]
    for number, text in enumerate(cells or CELLS):
        tags = {"tags": ["parameters"]} if number == 1 else {}
        notebook.cells.append(nbformat.v4.new_code_cell(text, metadata=tags, id=f"c{number}"))  # type: ignore[no-untyped-call]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    if store is not None:
        replace_file(path, store.notebooks.embed(read(path), "analysis")[0].data)
    return path


def test_one_command_on_an_empty_store_gives_the_same_outputs(
    maker: EnvStore, reader: StoreHome, tmp_path: Path
) -> None:
    path = write(tmp_path / "report.ipynb", maker)
    before = path.read_bytes()
    out = tmp_path / "out.ipynb"
    first = reader.run("notebook", "run", str(path), "-o", str(out), "-p", "year=2026")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"{path} ran on local/analysis@1; with its outputs it is {out}.\n"
    assert [line for line in first.stderr.splitlines() if line.startswith("Cell")] == [
        f"Cell {number} of 4" for number in range(1, 5)
    ]
    assert path.read_bytes() == before
    done = read_notebook(out)
    assert printed(done) == "(3, 12) here"
    assert done.cells[2].metadata.tags == ["injected-parameters"]
    assert done.cells[2].source == "# Parameters\nyear = 2026"
    assert done.cells[3].outputs[0].text == "2027\n"
    assert done.metadata.kernelspec.name == "envstore-local--analysis--v1"

    held = done.metadata.envstore
    mine = json.loads(before)["metadata"]["envstore"]
    record = held.pop("run")
    assert held == mine
    assert record["lock"] == mine["sha256"] == reader.json("show", "analysis")["lock"]
    assert record["in_order"] is True
    assert record["machine"]["platform"] == "linux-64"
    assert not set(record["machine"]) & {"kernel", "features", "hostname", "user"}

    # An earlier run's values are replaced; nothing is built again.
    again = reader.run("notebook", "run", str(out), "-o", "-")
    assert again.returncode == 0, again.stderr
    assert nbformat.reads(again.stdout, as_version=4).cells[3].outputs[0].text == "2027\n"  # type: ignore[no-untyped-call]
    assert reader.json("builds")["total"] == 1
    stripped = reader.run("notebook", "strip", str(out))
    assert stripped.returncode == 0, stripped.stderr
    assert "envstore" not in read_notebook(out).metadata


def test_a_cell_that_fails_is_told_and_written(maker: EnvStore, own_home: StoreHome, tmp_path: Path) -> None:
    path = write(tmp_path / "report.ipynb", maker, "1", "year = 1", "1 / 0", "print('not reached')")
    values = json.loads(path.read_text())
    values["metadata"]["envstore"]["run"] = {"lock": values["metadata"]["envstore"]["sha256"], "in_order": True}
    values["cells"].insert(1, {"cell_type": "markdown", "id": "text", "metadata": {}, "source": "Then:"})
    path.write_text(json.dumps(values))
    failed = own_home.run("notebook", "run", str(path), "-o", str(path))
    assert failed.returncode == 1
    assert [line for line in failed.stderr.splitlines() if line.startswith("Cell")] == [
        f"Cell {number} of 5" for number in (1, 3, 4)
    ]
    assert "Error: Cell 4 of 5 failed. ZeroDivisionError: division by zero" in failed.stderr
    done = read_notebook(path)  # as the report says how to repair: in its own place
    assert done.cells[3].outputs[0].ename == "ZeroDivisionError"
    assert done.cells[4].outputs == []
    report = own_home.run("notebook", "report", str(path))
    assert "A cell ended in an error. Cell 4." in report.stdout  # both count all cells
    assert "run" not in done.metadata.envstore  # that of an earlier run says nothing of these outputs


def test_values_that_the_notebook_may_not_use_are_warned_of_before_it_runs(
    maker: EnvStore, own_home: StoreHome, tmp_path: Path
) -> None:
    path = write(tmp_path / "report.ipynb", maker, "year = 2000")  # which is the first cell, not the tagged second
    told = own_home.run("notebook", "run", str(path), "-p", "year=2026", "--json")
    assert told.returncode == 0, told.stderr
    [warning] = json.loads(told.stdout)["warnings"]
    assert (warning["code"], warning["details"]) == ("no_parameters_cell", {"cell": 1})
    lines = [line for line in told.stderr.splitlines() if line.startswith(("Warning", "Cell"))]
    assert lines == [f"Warning: {warning['message']}", "Cell 1 of 2", "Cell 2 of 2"]

    path = write(tmp_path / "report.ipynb", maker, "1", "year = 2000", "1 / 0")
    failed = own_home.run("notebook", "run", str(path), "-p", "yaer=2026", "--json")
    error = json.loads(failed.stdout)
    assert (failed.returncode, error["code"]) == (1, "cell_failed")
    assert [one["details"]["meant"] for one in error["details"]["warnings"]] == ["year"]


def test_the_kernel_ends_with_the_run(maker: EnvStore, tmp_path: Path) -> None:
    """Not with the process, which may go on; and in time to do what it does at its end."""
    before = set(psutil.Process().children(recursive=True))
    path = write(
        tmp_path / "report.ipynb",
        None,
        "import atexit\nfrom pathlib import Path",
        "atexit.register(Path('ended').touch)",
    )
    ran = maker.notebooks.run(read(path), "analysis@1", tmp_path)
    assert ran.failure is None
    assert (tmp_path / "ended").exists()
    assert set(psutil.Process().children(recursive=True)) == before


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import time; time.sleep(60)", "Timeout: it took longer than 4 seconds"),
        ("import os; os._exit(1)", "DeadKernelError: the kernel ended"),
    ],
)
def test_a_cell_that_does_not_end_well_is_told(maker: EnvStore, tmp_path: Path, code: str, why: str) -> None:
    path = write(tmp_path / "report.ipynb", None, "1", code)
    # Each cell has that long: also the first, on a kernel that has only just started and a machine that is busy.
    ran = maker.notebooks.run(read(path), "analysis@1", tmp_path, timeout=4)
    assert ran.failure is not None
    assert ran.failure.message.startswith(f"Cell 2 of 2 failed. {why}")
    assert (ran.failure.code, ran.failure.details["cell"]) == ("cell_failed", 2)


def test_half_a_character_is_kept_where_it_is_not_run(maker: EnvStore, tmp_path: Path) -> None:
    """Only an escape in the file can say it: no kernel takes it, and it cannot be written as it is."""
    path = write(tmp_path / "report.ipynb", None, "print('whole')", "2")
    values = json.loads(path.read_text())
    values["cells"].insert(0, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "\ud83d"})
    path.write_text(json.dumps(values))
    ran = maker.notebooks.run(read(path), "analysis@1", tmp_path)
    assert ran.failure is None
    done = nbformat.reads(ran.data.decode(), as_version=4)  # type: ignore[no-untyped-call]
    assert done.cells[0].source == "\ud83d"
    assert done.cells[1].outputs[0].text == "whole\n"

    values["cells"][1]["source"] = "print('\ud83d')"
    path.write_text(json.dumps(values))
    with pytest.raises(NotebookError, match="half a character"):
        maker.notebooks.run(read(path), "analysis@1", tmp_path)


def test_where_the_output_cannot_be_written_nothing_is_run(
    maker: EnvStore, own_home: StoreHome, tmp_path: Path
) -> None:
    path = write(tmp_path / "report.ipynb", maker, "from pathlib import Path\nPath('ran').touch()")
    for output, words in (
        (tmp_path, f"{tmp_path} is a folder. Name a file in it."),
        (tmp_path / "gone" / "out.ipynb", "there is no folder"),
        (path / "out.ipynb", "there is no folder"),
    ):
        refused = own_home.run("notebook", "run", str(path), "-o", str(output))
        assert (refused.returncode, "Traceback" in refused.stderr) == (1, False), refused.stderr
        assert words in refused.stderr
    assert not (tmp_path / "ran").exists()


def test_a_notebook_that_carries_nothing_runs_on_the_kernel_that_it_names(
    maker: EnvStore, own_home: StoreHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel: dict[str, str] = {"name": "envstore-local--analysis", "display_name": "x", "language": "python"}
    path = write(tmp_path / "report.ipynb", None, "print('ü')", kernelspec=kernel, language_info={"name": "python"})
    monkeypatch.setitem(own_home.settings, "record_runs", False)
    done = own_home.run("notebook", "run", str(path), "-o", "-")
    assert done.returncode == 0, done.stderr
    notebook = nbformat.reads(done.stdout, as_version=4)  # type: ignore[no-untyped-call]
    assert printed(notebook) == "ü"
    assert "envstore" not in notebook.metadata
    nothing = write(tmp_path / "nothing.ipynb", None, kernelspec=kernel | {"name": "python3"})
    refused = own_home.run("notebook", "run", str(nothing), "--json")
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (1, "nothing_carried")


def test_order_is_told_from_the_numbers_of_the_cells() -> None:
    def cells(*numbers: Any) -> list[dict[str, Any]]:
        return [{"cell_type": "code", "execution_count": number, "source": "1"} for number in numbers]

    assert ran_in_order([*cells(1, 2), {"cell_type": "markdown"}, {"cell_type": "code", "source": " "}])
    for wrong in (cells(2, 3), cells(1, None), cells(2, 1)):
        assert not ran_in_order(wrong)
