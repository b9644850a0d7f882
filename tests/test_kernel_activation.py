"""Activation is run once, in bash, and its difference is kept; scripts that misbehave are named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.processes import still_running

from jupyter_envstore.kernels.activation import Activation, capture


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An empty prefix, to which scripts are added."""
    prefix = tmp_path / "p" / "0123456789abcdef"
    for folder in ("bin", "conda-meta", "etc/conda/activate.d", "etc/conda/env_vars.d"):
        (prefix / folder).mkdir(parents=True)
    return prefix


def add_script(prefix: Path, name: str, text: str) -> None:
    (prefix / "etc" / "conda" / "activate.d" / name).write_text(text, encoding="utf-8")


def test_prefix_without_scripts_changes_nothing(prefix: Path) -> None:
    assert capture(prefix) == Activation()


def test_script_with_a_bash_array_is_honoured(prefix: Path) -> None:
    add_script(prefix, "a.sh", 'parts=(one two "three four")\nexport JOINED="${parts[*]}" LAST="${parts[-1]}"\n')
    assert capture(prefix) == Activation(set={"JOINED": "one two three four", "LAST": "three four"})


def test_scripts_share_one_shell_and_run_by_name(prefix: Path) -> None:
    add_script(prefix, "b.sh", 'export SECOND="$hidden after"\n')
    add_script(prefix, "a.sh", "hidden=first\n")
    add_script(prefix, "ignored.fish", "exit 3\n")
    assert capture(prefix) == Activation(set={"SECOND": "first after"})


def test_declared_variables_are_read_and_scripts_see_them(prefix: Path) -> None:
    (prefix / "etc/conda/env_vars.d/one.json").write_text('{"DECLARED": "  a b  ", "TWICE": "package"}')
    (prefix / "conda-meta/state").write_text('{"version": 1, "env_vars": {"TWICE": "state", "LANG": "***unset***"}}')
    add_script(prefix, "a.sh", 'export SEEN="$DECLARED$TWICE${LANG-gone}"\n')
    result = capture(prefix)
    assert result.set == {"DECLARED": "  a b  ", "TWICE": "state", "SEEN": "  a b  stategone"}
    assert "LANG" in result.unset
    assert result.warnings == []


@pytest.mark.parametrize("content", ["{", "[]", "null", '"x"', "\udcff"])
def test_declared_variables_that_cannot_be_read_are_reported(prefix: Path, content: str) -> None:
    (prefix / "etc/conda/env_vars.d/bad.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    (prefix / "etc/conda/env_vars.d/good.json").write_text('{"GOOD": "1", "BAD NAME": "2"}')
    result = capture(prefix)
    assert result.set == {"GOOD": "1"}
    assert ["bad.json" in result.warnings[0], "BAD NAME" in result.warnings[1]] == [True, True]


def test_values_with_newlines_quotes_and_other_scripts_survive(prefix: Path) -> None:
    value = "one\n'two' \"three\" $four `five`\n環境\n"
    add_script(prefix, "a.sh", f"export VALUE={_bash_quoted(value)}\n")
    result = capture(prefix)
    assert result.set == {"VALUE": value}
    assert Activation.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def test_path_entries_are_told_apart_in_front_and_behind(prefix: Path) -> None:
    add_script(prefix, "a.sh", 'PATH="/opt/first:$CONDA_PREFIX/sub/bin:$PATH:/opt/last"\n')
    result = capture(prefix)
    assert result.path == ["/opt/first", f"{prefix}/sub/bin"]
    assert result.path_last == ["/opt/last"]
    assert result.set == {}


def test_nothing_of_the_servers_environment_reaches_a_script(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "a-secret")
    monkeypatch.setenv("BASH_ENV", "/nowhere")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/trap")
    add_script(prefix, "a.sh", 'export SEEN="${SERVICE_TOKEN-none}" LD_LIBRARY_PATH="/mine:${LD_LIBRARY_PATH-}"\n')
    assert capture(prefix).set == {"SEEN": "none", "LD_LIBRARY_PATH": "/mine:"}


def test_failing_and_printing_scripts_are_reported_and_the_others_run(prefix: Path) -> None:
    add_script(prefix, "a.sh", "export A=1\nfalse\n")
    add_script(prefix, "b.sh", "echo 'please \x1b[31m read' >&2\nexport B=1\n")
    add_script(prefix, "c.sh", "export C=before\nexit 4\n")
    add_script(prefix, "d.sh", "set -eu\nnot-a-command-at-all\nexport D=1\n")
    add_script(prefix, "e.sh", "if then syntax error\n")
    add_script(prefix, "f.sh", "export F=1\n")
    result = capture(prefix)
    assert result.set == {"A": "1", "B": "1", "F": "1"}
    words = " ".join(result.warnings)
    assert "a.sh failed with status 1" in words
    assert "b.sh printed: please  [31m read" in words
    assert "c.sh ended the shell" in words
    assert "d.sh ended the shell" in words
    assert "e.sh" in words
    assert "f.sh" not in words


def test_script_that_hangs_is_stopped_with_its_children(prefix: Path, tmp_path: Path) -> None:
    add_script(prefix, "a.sh", "export A=1\n")
    add_script(prefix, "b.sh", f"sleep 600 & echo $! > {tmp_path}/child\nwait\n")
    add_script(prefix, "c.sh", "export C=1\n")
    result = capture(prefix, seconds=1.0)
    assert result.set == {"A": "1"}
    assert "b.sh took too long and was stopped and c.sh did not run" in " ".join(result.warnings)
    child = int((tmp_path / "child").read_text())
    assert still_running([child]) == []


def test_script_that_reads_gets_an_end_of_file(prefix: Path) -> None:
    add_script(prefix, "a.sh", "read answer || export ANSWER=none\n")
    assert capture(prefix).set == {"ANSWER": "none"}


def test_script_cannot_change_how_the_others_are_run(prefix: Path) -> None:
    text = "set -- x y z\nshift\nfolder=/nowhere\nsource() { :; }\nenv() { :; }\necho() { :; }\ncd /\nexport A=1\n"
    add_script(prefix, "a.sh", text)
    add_script(prefix, "b.sh", "export B=2\n")
    result = capture(prefix)
    assert result.set == {"A": "1", "B": "2"}


def test_value_that_is_not_utf8_is_left_out_and_named(prefix: Path) -> None:
    add_script(prefix, "a.sh", "export RAW=$'\\xff' FINE=1\n")
    result = capture(prefix)
    assert result.set == {"FINE": "1"}
    assert "RAW" in result.warnings[0]


def test_machine_without_bash_is_told(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_script(prefix, "a.sh", "export A=1\n")
    monkeypatch.setenv("PATH", str(prefix / "bin"))
    result = capture(prefix)
    assert result.set == {}
    assert "no bash" in result.warnings[0]


def test_worker_that_captures_loads_nothing_heavy() -> None:
    code = (
        "import sys; from jupyter_envstore.kernels import activation;"
        "print([m for m in ('pydantic', 'rattler', 'tornado', 'jupyter_client') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_activation_of_a_real_package_is_captured(kernel_prefix: Path) -> None:
    result = capture(kernel_prefix)
    assert result.warnings == []
    assert result.set["ENVSTORE_ACTIVATION_DEMO"] == "activated by bash array"
    assert result.set["ENVSTORE_ACTIVATION_DEMO_PREFIX"] == str(kernel_prefix)
    assert result.set["ENVSTORE_ACTIVATION_DEMO_QUOTED"] == 'it\'s "quoted" and $plain'
    assert result.set["ENVSTORE_VARIABLES_DEMO_SPACES"] == "  a b  "


def _bash_quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
