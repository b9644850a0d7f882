"""Run a notebook from top to bottom on one version's kernel, with nobody looking on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import CellFailedError, KernelNotRegisteredError, NotebookError
from jupyter_envstore.notebooks.kernelspec import with_kernelspec
from jupyter_envstore.notebooks.parameters import Value, inject
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.schemas import ErrorReport

OnCell = Callable[[int, int], None]
"""Is told which cell begins and how many there are: of all cells, from 1, as a report counts them."""
OnWarning = Callable[[ErrorReport], None]
"""Is told, before the first cell begins, what may not be as the person meant it."""
_SHOWN = 300
_STANDARD_ERROR = 2


@dataclass(frozen=True)
class Ran:
    """A notebook after it ran.

    Attributes
    ----------
    notebook
        As nbformat has it, with its outputs.
    finished
        When its last cell ended.
    failure
        What a cell ended with; None when all of them ran.
    """

    notebook: Any
    finished: datetime
    failure: CellFailedError | None = None

    @property
    def data(self) -> bytes:
        """The file's bytes, as nbformat writes them; half a character, which has none, stays an escape."""
        import nbformat

        try:
            return f"{nbformat.writes(self.notebook)}\n".encode()  # type: ignore[no-untyped-call]
        except UnicodeEncodeError:
            return f"{nbformat.writes(self.notebook, ensure_ascii=True)}\n".encode()  # type: ignore[no-untyped-call]


def run(
    notebook: NotebookText,
    kernelspec: Mapping[str, str],
    kernels_dir: Path,
    folder: Path,
    *,
    parameters: Mapping[str, Value] | None = None,
    on_cell: OnCell = lambda number, total: None,
    on_warning: OnWarning = lambda warning: None,
    timeout: int | None = None,
) -> Ran:
    """Run every cell and return the notebook with its outputs, also when a cell failed.

    Parameters
    ----------
    kernelspec
        What the notebook says of its kernel from now on.
    kernels_dir
        Where that kernel's spec is.
    folder
        Where the kernel is started.
    timeout
        Seconds that a cell may take; None: as long as it wants.

    Raises
    ------
    NotebookError
        When it cannot be read as a notebook of today's form.
    InvalidInputError
        When the parameters cannot be given to it.
    KernelNotRegisteredError
        When the kernel does not start.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    values = _parsed(with_kernelspec(notebook, dict(kernelspec)))
    for warning in inject(values, parameters or {}, kernelspec["language"]):
        on_warning(warning)
    specs = KernelSpecManager(kernel_dirs=[str(kernels_dir)], ensure_native_kernel=False)
    manager = AsyncKernelManager(kernel_name=kernelspec["name"], kernel_spec_manager=specs)

    begun = 0

    def begin(cell: Any, cell_index: int) -> None:
        nonlocal begun
        if cell.cell_type == "code":
            begun = cell_index + 1
            on_cell(begun, len(values.cells))

    client = NotebookClient(
        values,
        km=manager,
        kernel_name=kernelspec["name"],
        timeout=timeout,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=begin,
        record_timing=False,
    )
    failure: CellFailedError | None = None
    try:
        # The kernel is ended though it is not the client's own, and what its program prints is kept out of our output.
        client.execute(cleanup_kc=True, stdout=_STANDARD_ERROR)
    except CellExecutionError as error:
        failure = _failed(begun, len(values.cells), error.ename, error.evalue)
    except CellTimeoutError:
        failure = _failed(begun, len(values.cells), "Timeout", f"it took longer than {timeout} seconds")
    except DeadKernelError:
        failure = _failed(begun, len(values.cells), "DeadKernelError", "the kernel ended, perhaps for want of memory")
    except (RuntimeError, NoSuchKernel) as error:
        client.km = manager  # which the client looks at once more when the process ends
        raise KernelNotRegisteredError(
            f"The kernel {kernelspec['name']} does not start: {str(error)[:_SHOWN]}", kernel=kernelspec["name"]
        ) from error
    return Ran(values, datetime.now(timezone.utc), failure)


def _parsed(notebook: NotebookText) -> Any:
    import nbformat

    try:
        values = nbformat.reads(notebook.text, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(values)
    except Exception as error:  # nbformat raises whatever it stumbles over
        reason = str(error).strip().splitlines()[:1]
        raise NotebookError(
            f"{notebook.where} cannot be run: as a notebook it is not sound"
            f"{f' ({reason[0][:_SHOWN]})' if reason else ''}. Open and save it in Jupyter once.",
            path=notebook.where,
        ) from error
    values.metadata.pop("signature", None)
    for number, cell in enumerate(values.cells, 1):
        if cell.cell_type == "code" and not _is_text(cell.source):
            raise NotebookError(
                f"{notebook.where} cannot be run: cell {number} has half a character, which no kernel takes. Write it "
                "anew.",
                path=notebook.where,
                cell=number,
            )
    return values


def _is_text(source: str) -> bool:
    try:
        source.encode()
    except UnicodeEncodeError:
        return False
    return True


def _failed(cell: int, total: int, name: str, value: str) -> CellFailedError:
    told = f"{name}: {value}"[:_SHOWN]
    return CellFailedError(f"Cell {cell} of {total} failed. {told}", cell=cell, name=name, value=value[:_SHOWN])
