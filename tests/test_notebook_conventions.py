"""What other programs write into notebooks is read as a specification, and nothing dangerous of it is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from other_conventions import JUV, PIXI, UV_LOCK

from jupyter_envstore.errors import EnvStoreError, SpecificationError
from jupyter_envstore.notebooks.carried import Carried, read_carried
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.specification import Specification

DIGEST = "a" * 64


def notebook(*cells: str, **metadata: Any) -> NotebookText:
    written = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text.splitlines(True)} for text in cells]
    return NotebookText.read(json.dumps({"cells": written, "metadata": metadata, "nbformat": 4}).encode(), "n.ipynb")


def carried(*cells: str, **metadata: Any) -> tuple[Carried, Specification]:
    found = read_carried(notebook(*cells, **metadata), "work/my report.ipynb")
    assert found is not None
    return found, Specification.parse(found.specification)


def test_juvs_cell() -> None:
    found, asked = carried("import sys\n", JUV + "\nimport numpy\n")
    assert (found.convention, found.name, found.document) == ("juv", "my-report", None)
    assert list(asked.dependencies) == ["python >=3.11", "ipykernel"]
    assert list(asked.pip) == ["numpy>=1.26", "pandas[excel]"]
    assert list(asked.channels) == []


def test_juvs_lock_gives_exact_versions_of_all_that_is_needed_here() -> None:
    found, asked = carried(JUV, **{"uv.lock": UV_LOCK})
    assert found.convention == "juv"
    assert list(asked.pip) == ["numpy==2.1.0", "pandas==2.2.3", "tzdata==2024.2"]


def test_pixis_tables() -> None:
    found, asked = carried(PIXI)
    assert found.convention == "pixi"
    assert list(asked.channels) == ["conda-forge", "bioconda"]
    assert list(asked.dependencies) == [
        "python =3.12", "numpy >=1.26,<2", "samtools", "conda-forge::gdal ==3.8.*", "zlib ==1.3", "ipykernel",
    ]  # fmt: skip
    assert list(asked.pip) == ["rich", "httpx[http2]>=0.27"]


@pytest.mark.parametrize("as_text", [True, False])
def test_jupyterlab_requirements(as_text: bool) -> None:
    requirements: Any = {
        "packages": {"numpy": "*", "scipy": ">=1.10"},
        "requires": {"python_version": "3.11"},
        "sources": [{"name": "x", "url": "https://evil.example/simple", "verify_ssl": False}],
    }
    lock: Any = {
        "_meta": {"requires": {"python_version": "3.11"}},
        "default": {"numpy": {"hashes": [f"sha256:{DIGEST}"], "version": "==2.1.0"}, "scipy": {"version": "==1.14.1"}},
    }
    if as_text:
        requirements, lock = json.dumps(requirements), json.dumps(lock)
    found, asked = carried(requirements=requirements)
    assert found.convention == "jupyterlab-requirements"
    assert list(asked.dependencies) == ["python =3.11", "ipykernel"]
    assert list(asked.pip) == ["numpy", "scipy>=1.10"]
    _, locked = carried(requirements=requirements, requirements_lock=lock)
    assert list(locked.pip) == [f"numpy==2.1.0 --hash=sha256:{DIGEST}", "scipy==1.14.1"]
    assert "evil.example" not in locked.text


def test_nteract() -> None:
    conda = {"dependencies": ["numpy", "scipy>=1.10"], "channels": ["conda-forge"], "python": "3.12"}
    for metadata in ({"conda": conda}, {"runt": {"schema_version": "1", "conda": conda}}):
        found, asked = carried(**metadata)
        assert found.convention == "nteract"
        assert list(asked.dependencies) == ["python =3.12", "numpy", "scipy>=1.10", "ipykernel"]
        assert list(asked.channels) == ["conda-forge"]
    _, asked = carried(runt={"uv": {"dependencies": ["requests"], "requires-python": ">=3.10"}})
    assert (list(asked.dependencies), list(asked.pip)) == (["python >=3.10", "ipykernel"], ["requests"])


def test_what_conda_once_wrote() -> None:
    found, asked = carried(
        environment={
            "name": "analysis",
            "channels": ["defaults"],
            "dependencies": ["python=3.10.4=h1234_0", "ipykernel=6", {"pip": ["tqdm==4.66"]}],
            "prefix": "/home/mira/anaconda3",
        }
    )
    assert (found.convention, found.name) == ("conda", "analysis")
    assert list(asked.dependencies) == ["python=3.10.4=h1234_0", "ipykernel=6"]
    assert list(asked.pip) == ["tqdm==4.66"]
    assert "mira" not in asked.text


def test_notebooks_that_carry_nothing_carry_nothing() -> None:
    for empty in (
        notebook("print(1)"),
        notebook(conda={}, uv={}, runt={"env_id": "x"}, environment="analysis"),
        notebook("# /// other\n# a = 1\n# ///\n"),
        notebook(requirements=["numpy"]),
    ):
        assert read_carried(empty) is None


def test_a_block_ends_where_it_ends() -> None:
    for empty in ("# /// script\n# ///\n", "# /// script\n# a = 1\nb\n# ///\n", "# /// script\n# a = 1\n"):
        assert read_carried(notebook(empty)) is None, empty
    for whole in ("# /// other\n# x\n\n# /// script\n#\n# ///", "\n# /// script \r\n# #\r\n# ///\t\r\nx = 1"):
        assert carried(whole)[0].convention == "juv", whole
    _, asked = carried('# /// script\n# dependencies = ["a"]\n# ///\n# dependencies = ["b"]\n# ///\n')
    assert list(asked.pip) == ["a"]


def test_blocks_that_never_end_are_read_at_once() -> None:
    """Each of them was read up to the end of the cell, which took minutes."""
    assert read_carried(notebook("# /// script\n" * 70_000)) is None


def script(line: str) -> str:
    return f"# /// script\n# {line}\n# ///\n"


def uv_lock_if(marker: str) -> str:
    """Return a lock in which a package is needed under a condition."""
    return UV_LOCK.replace('{ name = "tzdata" }', f'{{ name = "tzdata", marker = "{marker}" }}')


@pytest.mark.parametrize(
    "hostile",
    [
        notebook(script('dependencies = ["x @ https://evil.example/x-1-py3-none-any.whl"]')),
        notebook(script('dependencies = ["--index-url https://evil.example"]')),
        notebook(script('dependencies = ["-r /etc/passwd"]')),
        notebook(script('dependencies = ["./folder"]')),
        notebook(script('dependencies = ["a\\n  - b"]')),
        notebook(script("dependencies = [1]")),
        notebook(script('requires-python = "3.11\\nvariables: x"\n# dependencies = 7')),
        notebook(script("dependencies = [")),
        notebook(script('[tool.pixi.dependencies]\n# x = { git = "https://evil.example/x" }')),
        notebook(script('[tool.pixi.pypi-dependencies]\n# x = { path = "/" }')),
        notebook(environment={"dependencies": [{"pip": ["git+https://evil.example/x"]}]}),
        notebook(environment={"dependencies": ["python", 7]}),
        notebook(requirements="{"),
        notebook(requirements_lock={"_meta": ["requires"], "default": {"x": {"git": "https://evil.example/x"}}}),
        notebook(requirements={"packages": {"x": {"git": "https://evil.example/x"}}}),
        notebook(conda={"dependencies": ["x" * 2_000]}),
        notebook(uv={"dependencies": ["a"] * 3_000}),
        notebook(JUV, **{"uv.lock": UV_LOCK.replace('registry = "https', 'url = "https')}),
        notebook(JUV, **{"uv.lock": UV_LOCK.replace('"tzdata"\nversion', '"other"\nversion')}),
        notebook(JUV, **{"uv.lock": UV_LOCK + "#" * 4_000_000}),
        *(
            notebook(JUV, **{"uv.lock": uv_lock_if(marker)})
            for marker in ("os_name ~= '1'", "'x' in extras", "os_name")
        ),
    ],
)
def test_what_only_a_person_could_allow_is_refused(hostile: NotebookText) -> None:
    with pytest.raises(SpecificationError) as refused:
        read_carried(hostile)
    assert len(refused.value.message) < 400


@pytest.mark.parametrize(
    "strange",
    [
        notebook(script('[tool.pixi.dependencies]\n# "a\\u001b[31m" = { git = "x" }')),
        notebook(script('[tool.pixi.dependencies]\n# "a\\u001b[31m" = 5')),
        notebook(requirements={"packages": {"a\x1b[31m": {"git": "x"}}}),
        notebook(requirements={"packages": {"a\x1b[31m": "*"}}),
        notebook(JUV, **{"uv.lock": uv_lock_if("\\u001b[31m")}),
        notebook(JUV, **{"uv.lock": UV_LOCK.replace('{ name = "tzdata" }', '{ name = "a\\u001b[31m" }')}),
        notebook(JUV, **{"uv.lock": UV_LOCK.replace('"numpy"\n', '"other"\n')}),
        notebook(script('dependencies = ["x @ https://mira:hunter2@h.example/x-1-py3-none-any.whl"]')),
    ],
)
def test_words_of_a_stranger_are_shown_so_that_they_harm_nobody(strange: NotebookText) -> None:
    with pytest.raises(SpecificationError) as refused:
        read_carried(strange)
    assert refused.value.message.isprintable()
    assert "hunter2" not in json.dumps(refused.value.to_dict())


def test_credentials_of_a_channel_are_refused() -> None:
    with pytest.raises(EnvStoreError) as refused:
        carried(conda={"dependencies": ["a"], "channels": ["https://user:secret@conda.example/x"]})
    assert "secret" not in refused.value.message
