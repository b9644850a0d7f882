"""The examples are what they claim to be, before anything is built from them."""

from __future__ import annotations

import ast
import csv
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_envstore.specification import Specification

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def notebook() -> Any:
    read: Any = nbformat.read
    return read(EXAMPLES / "analysis.ipynb", as_version=nbformat.NO_CONVERT)


def test_the_specification_is_read_without_a_remark() -> None:
    spec = Specification.read(EXAMPLES / "environment.yml")
    assert spec.name == "analysis"
    assert spec.channels == ("conda-forge",)
    assert [part.name for part in spec.match_specs()] == ["python", "numpy", "pandas", "matplotlib", "ipykernel"]
    assert "#" in spec.text
    assert spec.warnings == ()


def test_the_notebook_is_valid_names_the_kernel_and_holds_no_results(notebook: Any) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec == {
        "name": "envstore-local--analysis",
        "display_name": "analysis",
        "language": "python",
    }
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    raw = (EXAMPLES / "analysis.ipynb").read_text(encoding="utf-8")
    assert not raw.startswith("\ufeff")
    assert raw.endswith("}\n")


def test_the_notebook_imports_only_what_the_specification_asks_for(notebook: Any) -> None:
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code").replace("%matplotlib", "#")
    imported = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    asked = {part.name for part in Specification.read(EXAMPLES / "environment.yml").match_specs()}
    assert imported == {"sys", "numpy", "pandas", "matplotlib"}
    assert imported - {"sys"} <= asked
    assert "sys.prefix" in code
    assert "__version__" in code


def test_the_data_says_that_it_is_synthetic_and_has_a_row_a_station_and_day(notebook: Any) -> None:
    path = EXAMPLES / "data" / "weather_stations.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "Synthetic" in lines[0]
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len({(row["station"], row["date"]) for row in rows}) == len(rows) == 366
    assert len({row["station"] for row in rows}) == 3
    assert any(cell.cell_type == "code" and "data/weather_stations.csv" in cell.source for cell in notebook.cells)
