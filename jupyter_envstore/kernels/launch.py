"""The text of ``launch.sh``, which starts a kernel with its environment activated.

Plain POSIX sh, because ``/bin/sh`` is dash on many machines and kernels must not need bash. The script ends by
becoming the kernel (``exec``), so that signals reach it. When the prefix is gone it becomes a small kernel that
says so. Every value is quoted: no byte of a value is ever read as code.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from jupyter_envstore.kernels import stamps
from jupyter_envstore.kernels.environment import FALLBACK_PATH, VERSION_VARIABLE, Difference


@dataclass(frozen=True)
class Fallback:
    """How the kernel that explains is started.

    Attributes
    ----------
    python
        Absolute path of an interpreter that has jupyter_client and pyzmq: the server's.
    program
        Absolute path of ``fallback.py``.
    reference
        ``namespace/name@version``.
    language
        The language of the kernel that it stands for, so that a notebook keeps its own.
    remedy
        The command that builds the files again.
    broken
        Words for why the kernel must not be started at all, or empty.
    """

    python: str
    program: str
    reference: str
    language: str
    remedy: str
    broken: str = ""


@dataclass(frozen=True)
class Stamps:
    """What a start leaves behind, see `stamps`: one for the kernel spec, one for the prefix if that can be started."""

    kernel: Path
    prefix: Path


def launch_script(change: Difference, fallback: Fallback, used: Stamps) -> str:
    """Return the script. It is called with the kernel's command as its arguments."""
    return "\n".join(
        [
            *_head(fallback),
            *stamps.shell_lines(used.kernel),
            *_command(change),
            *_checks(change, fallback),
            *stamps.shell_lines(used.prefix),
            *activation_lines(change),
            f"export {VERSION_VARIABLE}={shlex.quote(fallback.reference)}",
            _LAST,
        ]
    )


def activation_lines(change: Difference) -> list[str]:
    """Return the part that changes the environment variables, for any POSIX shell to read."""
    return [*_cleaning(change), *_settings(change)]


_LAST = 'exec "$@"\n'


def _head(fallback: Fallback) -> list[str]:
    return [
        "#!/bin/sh",
        "# Starts a kernel of an environment of jupyter-envstore; changes made here are lost.",
        f"# Environment: {fallback.reference}",
    ]


def _command(change: Difference) -> list[str]:
    """Take the command as one of this version.

    Jupyter restarts a kernel with the command that its spec had when it was first started. Where another version became
    active since, that names the prefix of the one before, which lies beside this one.
    """
    folder = shlex.quote(str(Path(change.prefix).parent))
    return [
        f"_envstore_prefix={shlex.quote(change.prefix)}",
        "for _envstore_name do",
        "  shift",
        "  case $_envstore_name in",
        f"    *{folder}/*/*)",
        f"      _envstore_value=${{_envstore_name#*{folder}/}}",
        f"      _envstore_path=${{_envstore_name%%{folder}/*}}",
        "      _envstore_name=$_envstore_path$_envstore_prefix/${_envstore_value#*/} ;;",
        "  esac",
        '  set -- "$@" "$_envstore_name"',
        "done",
    ]


def _checks(change: Difference, fallback: Fallback) -> list[str]:
    """Find out whether the kernel can start, in the environment as it came: the fallback belongs to the server."""
    command = (
        '"$_envstore_python" "$_envstore_program" '
        f"--environment={shlex.quote(fallback.reference)} --language={shlex.quote(fallback.language)} "
        f"--remedy={shlex.quote(fallback.remedy)} "
        '--reason="$_envstore_reason" --detail="$_envstore_broken" -- "$@"'
    )
    message = (
        f"The files of the environment {fallback.reference} are not usable on this machine, so its kernel cannot "
        f"start. Its lock is kept: build it again with `{fallback.remedy}`."
    )
    return [
        f"_envstore_broken={shlex.quote(fallback.broken)}",
        "_envstore_reason=",
        'if [ -n "$_envstore_broken" ]; then',
        "  _envstore_reason=broken",
        'elif [ ! -d "$_envstore_prefix/conda-meta" ]; then',
        "  _envstore_reason=freed",
        "else",
        "  case $1 in",
        '    /*) [ -x "$1" ] || _envstore_reason=damaged ;;',
        "  esac",
        "fi",
        'if [ -n "$_envstore_reason" ]; then',
        f"  _envstore_python={shlex.quote(fallback.python)}",
        f"  _envstore_program={shlex.quote(fallback.program)}",
        '  if [ -x "$_envstore_python" ] && [ -r "$_envstore_program" ]; then',
        f"    exec {command}",
        "  fi",
        f"  printf '%s\\n' {shlex.quote(message)} >&2",
        "  exit 1",
        "fi",
    ]


def _cleaning(change: Difference) -> list[str]:
    """Take away what belongs to the environment that the server runs in. The loops start no process."""
    dropped = [entry for entry in (change.foreign_bin, *change.first, *change.last) if entry]
    return [
        'if [ -n "${CONDA_PREFIX:-}" ]; then',
        f"  for _envstore_name in {' '.join(change.borrowed)}; do",
        '    eval "_envstore_value=\\${$_envstore_name:-}"',
        '    case $_envstore_value in *"$CONDA_PREFIX"/*) unset "$_envstore_name" ;; esac',
        "  done",
        "fi",
        "_envstore_path=",
        "set -f",
        "IFS=:",
        f"for _envstore_name in ${{PATH:-{FALLBACK_PATH}}}; do",
        "  case $_envstore_name in",
        f"    ''|{'|'.join(shlex.quote(entry) for entry in dropped)}) continue ;;",
        '    "${VIRTUAL_ENV:-/dev/null}"/bin|"${CONDA_PREFIX:-/dev/null}"/*) continue ;;',
        "  esac",
        '  _envstore_path="$_envstore_path:$_envstore_name"',
        "done",
        "unset IFS",
        "set +f",
        *(f"unset {name}" for name in change.cleared),
    ]


def _settings(change: Difference) -> list[str]:
    first = shlex.quote(":".join(change.first))
    last = "".join(f":{entry}" for entry in change.last)
    return [
        *(f"export {name}={shlex.quote(value)}" for name, value in change.exports.items()),
        f'PATH={first}"$_envstore_path"{shlex.quote(last) if last else ""}',
        "export PATH",
        *(f"unset _envstore_{name}" for name in ("prefix", "broken", "reason", "path", "name", "value")),
    ]
