"""A person's own shell, opened in an environment, stays in it whatever their start-up files do."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from jupyter_envstore.kernels.activation import Activation
from jupyter_envstore.kernels.environment import Difference, apply, difference
from jupyter_envstore.kernels.shell import shell_command

BASHRC = """\
export PATH="/opt/conda/bin:$PATH" CONDA_PREFIX=/opt/conda CONDA_DEFAULT_ENV=base OWN_SETTING=kept
alias greet='echo hello'
PS1='prompt> '
"""

BECOME_SHELL = """\
import os, pickle, sys
from pathlib import Path
from jupyter_envstore.kernels.shell import shell_command
program, change, environ = pickle.loads(Path(sys.argv[1]).read_bytes())
command = shell_command(program, change)
os.execve(command[0], command, environ)
"""


@pytest.fixture
def change(tmp_path: Path) -> Difference:
    prefix = tmp_path / "p" / "0123456789abcdef"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python").symlink_to(sys.executable)
    variables = {"LONG": "x" * 70_000, "QUOTED": "it's"}
    return difference(prefix, Activation(set={"FROM_PACKAGE": "1"}), variables, "analysis")


def test_bash_keeps_the_environment_after_its_startup_file(change: Difference, _home: Path) -> None:
    (_home / ".bashrc").write_text(BASHRC)
    data = _home / "data"
    data.write_bytes(pickle.dumps((shutil.which("bash"), change, apply(change, os.environ))))
    child = pexpect.spawn(sys.executable, ["-c", BECOME_SHELL, str(data)], encoding="utf-8", timeout=30)
    child.expect_exact("(analysis) prompt> ")
    child.sendline('greet; echo "$PATH|$CONDA_PREFIX|$CONDA_DEFAULT_ENV|$OWN_SETTING|$QUOTED|${#LONG}|$FROM_PACKAGE|"')
    child.expect_exact("hello\r\n")
    child.expect(r"(/[^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|")
    path, prefix, *rest = child.match.groups()
    assert path.split(":")[0] == f"{change.prefix}/bin"
    assert "/opt/conda/bin" not in path.split(":")
    assert (prefix, rest) == (change.prefix, ["analysis", "kept", "it's", "70000", "1"])
    child.sendline("exit")
    child.expect(pexpect.EOF)


def test_other_shells_start_as_they_are(change: Difference) -> None:
    assert shell_command("/usr/bin/fish", change) == ["/usr/bin/fish"]
