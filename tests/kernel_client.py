"""Talking to a kernel in a test: what it says to a piece of code, and notebooks that name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient

SECONDS = 60


@dataclass
class Said:
    """What came back: the texts of each stream together, errors, and the reply's content."""

    stdout: str = ""
    stderr: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)


def execute(client: BlockingKernelClient, code: str) -> Said:
    """Run ``code`` and wait for everything that the kernel says to it."""
    said = Said()

    def hear(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            setattr(said, content["name"], getattr(said, content["name"]) + content["text"])
        elif message["msg_type"] == "error":
            said.errors.append(content)

    reply = client.execute_interactive(code, timeout=SECONDS, output_hook=hear, allow_stdin=False)
    said.reply = reply["content"]
    return said


def new_notebook(kernel: str, code: str) -> Any:
    """Return a notebook of one cell for the kernel of that name."""
    kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    cell = nbformat.v4.new_code_cell(code)  # type: ignore[no-untyped-call]
    return nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernelspec})  # type: ignore[no-untyped-call]


def write_notebook(notebook: Any, path: Path) -> None:
    """Write a notebook file."""
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


def read_notebook(path: Path) -> Any:
    """Read a notebook file."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def printed(notebook: Any) -> str:
    """Return what the first cell printed, without the spaces around it."""
    return str(notebook.cells[0].outputs[0].text).strip()
