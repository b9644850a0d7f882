"""An interactive shell in an environment, whose start-up files cannot take the environment away again.

Many people's ``.bashrc`` puts something first on PATH or activates an environment of its own (``conda init`` does).
So bash reads that file and then, again, what a kernel's launch script does.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from jupyter_envstore.kernels.environment import Difference
from jupyter_envstore.kernels.launch import activation_lines


def shell_command(program: str, change: Difference) -> list[str]:
    """Return the command for an interactive shell, to be run with the variables of `environment.apply`.

    For bash its start-up file comes through a pipe that this process holds open: call it just before the process
    becomes the shell. Other shells start as they are.
    """
    if Path(program).name != "bash":
        return [program]
    return [program, "--rcfile", f"/dev/fd/{_readable(_bash_startup(change))}", "-i"]


def _bash_startup(change: Difference) -> str:
    prompt = shlex.quote(change.exports["CONDA_PROMPT_MODIFIER"])
    return "\n".join(
        [
            "[ -r /etc/bash.bashrc ] && . /etc/bash.bashrc",
            "[ -r ~/.bashrc ] && . ~/.bashrc",
            *activation_lines(change),
            "hash -r",
            f"case ${{PS1-}} in {prompt}*) ;; *) PS1={prompt}${{PS1-}} ;; esac",
            "",
        ]
    )


def _readable(text: str) -> int:
    """Return a descriptor, kept by whatever this process becomes, from which ``text`` can be read."""
    content = text.encode()
    reader, writer = os.pipe()
    if os.fork() == 0:  # a pipe holds 64 KiB, and the variables of a specification may be more
        try:
            os.close(reader)
            with os.fdopen(writer, "wb") as stream:
                stream.write(content)
        finally:
            os._exit(0)
    os.close(writer)
    os.set_inheritable(reader, True)
    return reader
