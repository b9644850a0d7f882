"""The story of an environment, on real packages and kernels: numpy 1, an edit to numpy 2, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.kernels import StartKernel
from fixtures.store import finish
from kernel_client import SECONDS, execute, new_notebook, printed
from nbclient import NotebookClient

from jupyter_envstore.store import EnvStore

FIRST = """\
# what the course needs
name: analysis
dependencies:
  - python=3.12   # the newest that all of it has
  - numpy <2      # until the exercises are rewritten
  - ipykernel
"""
CODE = "import numpy; print(repr(numpy.float64(3)))"
"""Numpy 2 prints this otherwise than numpy 1: the result depends on the version."""
KERNEL = "envstore-local--analysis"


def run_notebook(folder: Path) -> str:
    """Run the notebook in a new kernel of the environment and return what it prints."""
    notebook = new_notebook(KERNEL, CODE)
    NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}).execute()
    return printed(notebook)


@pytest.mark.usefixtures("jupyter")
def test_edit_compare_and_roll_back(store: EnvStore, start: StartKernel, tmp_path: Path) -> None:
    assert finish(store, store.builds.create("analysis", FIRST, message="First")).state == "ready"
    assert run_notebook(tmp_path) == "3.0"

    # The preview says what would change and why, and builds nothing.
    draft = store.drafts.edit("analysis", add=["numpy >=2"])
    preview = store.drafts.preview(draft)
    (part,) = preview.comparison.platforms
    numpy = part.changes[0]
    assert (numpy.name, numpy.kind, numpy.direct) == ("numpy", "upgraded", True)
    assert (numpy.why.code, numpy.why.requirement) == ("asked", "numpy >=2")
    assert part.download == sum(change.size or 0 for change in part.changes)
    assert numpy.size == part.download, "nothing but numpy moves"
    assert preview.message == "Change numpy >=2"
    assert not preview.nothing_to_build
    assert store.environments.get("analysis").active_version == 1
    assert store.builds.list().total == 1

    # The build makes what the preview said. Comments that the edit is not about stay.
    assert finish(store, store.builds.submit(draft)).state == "ready"
    second = store.versions.get("analysis")
    assert (second.number, second.parent, second.message, second.active) == (2, 1, "Change numpy >=2", True)
    assert "python=3.12   # the newest that all of it has" in second.specification
    assert run_notebook(tmp_path) == "np.float64(3.0)"
    comparison = store.versions.compare("analysis@1", "analysis@2")
    assert comparison.platforms[0].changes == part.changes
    assert "-  - numpy <2" in comparison.specification_diff
    assert "+  - numpy >=2" in comparison.specification_diff

    # Back again, at once, while a kernel that was started on 2 still runs 2.
    _, client = start(KERNEL)
    switch = store.versions.activate("analysis@1")
    assert (switch.build, switch.previous, switch.environment.active_version, switch.notes) == (None, 2, 1, [])
    assert (store.layout.environments / "analysis").resolve() == Path(
        store.versions.get("analysis@1").prefix or ""
    ).resolve()
    assert run_notebook(tmp_path) == "3.0"
    assert execute(client, CODE).stdout.strip() == "np.float64(3.0)"
    assert execute(client, "import numpy.polynomial, numpy.fft; print(numpy.fft.fft([1.0])[0])").errors == []

    # And forward.
    assert store.versions.activate(f"analysis@{switch.previous}").environment.active_version == 2
    assert run_notebook(tmp_path) == "np.float64(3.0)"
    assert store.versions.verify("analysis@1").problems == store.versions.verify("analysis@2").problems == []
