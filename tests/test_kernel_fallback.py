"""When a prefix is gone, a small kernel says what happened and how to build it again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import zmq
from fixtures.kernels import StartKernel
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session
from kernel_client import SECONDS, execute, new_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from jupyter_envstore.kernels import fallback
from jupyter_envstore.kernels.registry import KernelRegistry
from jupyter_envstore.kernels.target import KernelTarget

NAME = "envstore-local--analysis"
SPEC = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3",
    "language": "python",
}


@pytest.fixture
def target(tmp_path: Path, data_dir: Path) -> KernelTarget:
    """A registered kernel, of a prefix that a test then damages."""
    prefix = tmp_path / "store" / "p" / "0123456789abcdef"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").symlink_to(sys.executable)
    for name, argv in {
        "python3": SPEC["argv"],
        "other": ["python", "--connection-file={connection_file}", "--flag"],
    }.items():
        folder = prefix / "share/jupyter/kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps({**SPEC, "argv": argv}))
    made = KernelTarget("local", "analysis", 7, prefix, "f" * 64)
    registry(tmp_path).register(made)
    return made


def registry(tmp_path: Path) -> KernelRegistry:
    return KernelRegistry(tmp_path / "data" / "kernels", tmp_path / "store")


def test_freed_prefix_is_explained_on_every_cell(target: KernelTarget, start: StartKernel) -> None:
    shutil.rmtree(target.prefix)
    _, client = start(NAME)
    for number in (1, 2):
        said = execute(client, "1 + 1")
        assert said.reply["status"] == "error"
        assert said.reply["execution_count"] == number
        assert "freed" in said.stderr
        assert "jupyter envstore repair local/analysis@7" in said.stderr
        assert "Rebuild" in said.stderr
        assert said.errors[0]["ename"] == "EnvironmentNotAvailable"
        assert "local/analysis, version 7" in said.errors[0]["evalue"]


def test_missing_interpreter_is_explained(target: KernelTarget, start: StartKernel) -> None:
    (target.prefix / "bin" / "python").unlink()
    _, client = start(NAME)
    assert "some of its files are missing" in execute(client, "1").stderr


def test_prefix_that_must_not_start_says_why(target: KernelTarget, start: StartKernel, tmp_path: Path) -> None:
    registry(tmp_path).register(replace(target, broken='it\'s "broken": 3 files\n-changed $HOME'))
    _, client = start(NAME)
    assert 'it\'s "broken": 3 files\n-changed $HOME' in execute(client, "1").stderr


def test_connection_file_is_found_in_any_kernels_command(target: KernelTarget, start: StartKernel) -> None:
    shutil.rmtree(target.prefix)
    _, client = start(f"{NAME}--other")
    assert execute(client, "1").reply["status"] == "error"


def test_kernel_works_again_once_the_prefix_is_back(
    target: KernelTarget, kernel_prefix: Path, start: StartKernel, tmp_path: Path
) -> None:
    prefix = target.prefix.with_name("fedcba9876543210")
    prefix.symlink_to(kernel_prefix)
    registry(tmp_path).register(replace(target, prefix=prefix))
    prefix.unlink()
    manager, client = start(NAME)
    assert execute(client, "1").reply["status"] == "error"
    prefix.symlink_to(kernel_prefix)
    manager.restart_kernel()
    client.wait_for_ready(timeout=SECONDS)
    assert execute(client, "print(1 + 1)").stdout == "2\n"


def test_notebooks_language_is_kept(target: KernelTarget, start: StartKernel) -> None:
    shutil.rmtree(target.prefix)
    _, client = start(NAME)
    client.kernel_info()
    info = client.get_shell_msg(timeout=SECONDS)["content"]["language_info"]
    assert (info["name"], info["file_extension"]) == ("python", ".py")


def test_front_ends_questions_are_answered(target: KernelTarget, start: StartKernel) -> None:
    shutil.rmtree(target.prefix)
    manager, client = start(NAME)
    for ask in (client.is_complete, client.complete, client.inspect):
        ask("prin")
        assert client.get_shell_msg(timeout=SECONDS)["content"]["status"] in ("ok", "complete")
    for question in (client.comm_info, client.history):
        question()
        assert client.get_shell_msg(timeout=SECONDS)["content"]["status"] == "ok"
    manager.interrupt_kernel()
    silent = client.execute("1", silent=True)
    reply = client.get_shell_msg(timeout=SECONDS)
    assert (reply["parent_header"]["msg_id"], reply["content"]["status"]) == (silent, "error")
    assert client.is_alive()


def test_shutdown_is_obeyed(target: KernelTarget, start: StartKernel) -> None:
    shutil.rmtree(target.prefix)
    manager, client = start(NAME)
    client.shutdown()
    assert client.get_control_msg(timeout=SECONDS)["content"]["status"] == "ok"
    process = manager.provisioner.process
    assert process.wait(timeout=SECONDS) == 0


def test_encrypted_connections_are_answered(tmp_path: Path) -> None:
    file, connection = write_connection_file(str(tmp_path / "c.json"), key=b"secret")
    public, secret = zmq.curve_keypair()
    keys = {"curve_publickey": public.decode(), "curve_secretkey": secret.decode()}
    Path(file).write_text(json.dumps({**json.loads(Path(file).read_text()), **keys}))
    process = subprocess.Popen([sys.executable, fallback.__file__, "-f", file], stderr=subprocess.DEVNULL)
    context = zmq.Context()
    try:
        socket = context.socket(zmq.DEALER)
        socket.curve_serverkey = public
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
        socket.connect(f"tcp://127.0.0.1:{connection['shell_port']}")
        Session(key=b"secret").send(socket, "kernel_info_request")
        assert socket.poll(SECONDS * 1000)
        socket.close()
    finally:
        process.kill()
        process.wait()
        context.destroy(linger=0)


def test_running_a_notebook_fails_with_the_explanation(target: KernelTarget) -> None:
    shutil.rmtree(target.prefix)
    with pytest.raises(CellExecutionError, match="local/analysis, version 7, could not start"):
        NotebookClient(new_notebook(NAME, "1"), timeout=SECONDS).execute()


def test_without_the_server_the_launch_script_says_it_in_plain_words(target: KernelTarget, tmp_path: Path) -> None:
    script = tmp_path / "data" / "kernels" / NAME / "launch.sh"
    script.write_text(script.read_text().replace(sys.executable, "/nowhere/python"))
    shutil.rmtree(target.prefix)
    done = subprocess.run(["/bin/sh", script, "/x", "-f", "y"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "jupyter envstore repair local/analysis@7" in done.stderr


def test_program_without_a_connection_file_ends_with_the_explanation() -> None:
    command = [sys.executable, fallback.__file__, "--environment", "local/x@3", "--reason", "freed", "--", "-m", "k"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "local/x, version 3" in done.stderr


def test_unsigned_messages_are_not_answered(tmp_path: Path) -> None:
    file, connection = write_connection_file(str(tmp_path / "c.json"), key=b"secret")
    process = subprocess.Popen([sys.executable, fallback.__file__, "-f", file], stderr=subprocess.DEVNULL)
    context = zmq.Context()
    try:
        for key, answered in ((b"wrong", False), (b"secret", True)):
            socket = context.socket(zmq.DEALER)
            socket.linger = 0
            socket.connect(f"tcp://127.0.0.1:{connection['shell_port']}")
            Session(key=key).send(socket, "kernel_info_request")
            if answered:
                assert socket.poll(SECONDS * 1000)
            else:
                # A heartbeat that comes back shows that the kernel is up and has passed the message over.
                beat = context.socket(zmq.REQ)
                beat.linger = 0
                beat.connect(f"tcp://127.0.0.1:{connection['hb_port']}")
                beat.send(b"x")
                assert beat.poll(SECONDS * 1000)
                assert not socket.poll(200)
                beat.close()
            socket.close()
    finally:
        process.kill()
        process.wait()
        context.destroy(linger=0)
