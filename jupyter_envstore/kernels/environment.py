"""The environment variables that a program of an environment gets, and the one place that decides them.

`difference` says what changes. `environ_for` applies that to a mapping (for ``run`` and ``shell``), `launch`
writes it as a script (for kernels): both give the same result, and nothing of the server's own environment
or of the person's ``~/.local`` comes through.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_envstore.kernels.activation import Activation

FALLBACK_PATH = "/usr/local/bin:/usr/bin:/bin"
"""PATH where there is none."""

VERSION_VARIABLE = "JUPYTER_ENVSTORE_VERSION"
"""Tells a kernel's version, as ``namespace/name@version``: set last, so that a specification cannot change it."""

CLEARED = (
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONUSERBASE",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
    "R_HOME",
    "R_LIBS",
    "R_LIBS_SITE",
)
"""Variables through which another interpreter's packages would come in."""

BORROWED = (
    "CMAKE_PREFIX_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "GSETTINGS_SCHEMA_DIR",
    "GTK_PATH",
    "JAVA_HOME",
    "JAVA_LD_LIBRARY_PATH",
    "LD_LIBRARY_PATH",
    "PKG_CONFIG_PATH",
    "PROJ_DATA",
    "PROJ_LIB",
    "QT_PLUGIN_PATH",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "UDUNITS2_XML_PATH",
    "XML_CATALOG_FILES",
)
"""Variables that conda packages set on activation. When they point into the conda environment that the server was
started from they are taken away: that environment is not active here."""

FIXED = frozenset({"PATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "CONDA_PROMPT_MODIFIER"})
"""What neither packages nor the specification's variables can change."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Shells that run a launch script end, or put in a value of their own, when one of these is assigned.
_OF_THE_SHELL = frozenset(
    {"BASHOPTS", "BASHPID", "BASH_VERSINFO", "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "FUNCNAME", "GROUPS"}
    | {"HISTCMD", "IFS", "LINENO", "OLDPWD", "OPTIND", "PPID", "PWD", "RANDOM", "SECONDS", "SHELLOPTS", "SHLVL"}
    | {"SRANDOM", "UID", "_"}
)


@dataclass(frozen=True)
class Difference:
    """What becomes of the environment variables of a program.

    Attributes
    ----------
    prefix
        The real path of the prefix.
    cleared
        Variables that go, whatever they hold.
    borrowed
        Variables that go when they point into the conda environment that was active before.
    foreign_bin
        The ``bin`` of the server's own environment, which goes from PATH; empty when the server is the system's.
    first, last
        PATH entries in front of what is there, and behind.
    exports
        Variables with their values; none of them is PATH.
    """

    prefix: str
    cleared: tuple[str, ...]
    borrowed: tuple[str, ...]
    foreign_bin: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    exports: dict[str, str]


def difference(
    prefix: Path,
    activation: Activation,
    variables: Mapping[str, str],
    name: str,
    *,
    own: frozenset[str] = frozenset(),
) -> Difference:
    """Decide the environment variables for a program of ``prefix``.

    Parameters
    ----------
    prefix
        The prefix's real path.
    activation
        What `activation.capture` found.
    variables
        The specification's variables: they win over those of packages.
    name
        What ``CONDA_DEFAULT_ENV`` says.
    own
        Variables that the kernel's own spec sets: Jupyter has set them already and they stay, but for those that
        the specification names.
    """
    exports = {
        "CONDA_PREFIX": str(prefix),
        "CONDA_DEFAULT_ENV": name,
        "CONDA_SHLVL": "1",
        "CONDA_PROMPT_MODIFIER": f"({name}) ",
        "PYTHONNOUSERSITE": "1",
    }
    python = prefix / "bin" / "python"
    if python.exists():
        exports["UV_PYTHON"] = str(python)
        if not (prefix / "bin" / "pip").exists():
            # Some other Python's pip is then found on PATH: it acts on this prefix, whose marker refuses it.
            exports["PIP_PYTHON"] = str(python)
    for source, skipped in ((activation.set, FIXED | own), (variables, FIXED)):
        exports |= {key: value for key, value in source.items() if key not in skipped and can_be_set(key, value)}
    taken = exports.keys() | own
    return Difference(
        prefix=str(prefix),
        cleared=tuple(v for v in dict.fromkeys((*CLEARED, *activation.unset)) if v not in taken | FIXED),
        borrowed=tuple(v for v in BORROWED if v not in taken),
        foreign_bin=_own_bin(),
        first=(str(prefix / "bin"), *(entry for entry in activation.path if entry != str(prefix / "bin"))),
        last=tuple(activation.path_last),
        exports=exports,
    )


def environ_for(
    prefix: Path,
    activation: Activation,
    variables: Mapping[str, str],
    name: str,
    base_environ: Mapping[str, str],
) -> dict[str, str]:
    """Return the environment variables for a command of ``prefix`` started from ``base_environ``."""
    return apply(difference(prefix, activation, variables, name), base_environ)


def apply(change: Difference, base_environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``base_environ`` with ``change`` made: what a launch script does, in the same order."""
    environ = dict(base_environ)
    before = environ.get("CONDA_PREFIX", "")
    dropped = {change.foreign_bin, *change.first, *change.last}
    if environ.get("VIRTUAL_ENV"):
        dropped.add(environ["VIRTUAL_ENV"] + "/bin")
    entries = [entry for entry in (environ.get("PATH") or FALLBACK_PATH).split(":") if entry and entry not in dropped]
    if before:
        entries = [entry for entry in entries if not entry.startswith(before + "/")]
        for name in change.borrowed:
            if before + "/" in environ.get(name, ""):
                del environ[name]
    for name in change.cleared:
        environ.pop(name, None)
    environ |= change.exports
    environ["PATH"] = ":".join([*change.first, *entries, *change.last])
    return environ


def can_be_set(name: str, value: str) -> bool:
    """Whether a variable can be set in every shell: a plain name, no NUL, none that shells keep for themselves."""
    return _NAME.fullmatch(name) is not None and name not in _OF_THE_SHELL and "\0" not in value


def variables_left_out(variables: Mapping[str, str]) -> list[str]:
    """Return the names among a specification's variables that no program will get, to be told to the person."""
    return sorted(name for name, value in variables.items() if name in FIXED or not can_be_set(name, value))


def _own_bin() -> str:
    """The ``bin`` of the environment that this process runs in, or empty when it is no environment of its own."""
    here = Path(sys.prefix)
    isolated = (here / "pyvenv.cfg").exists() or (here / "conda-meta").is_dir()
    return os.path.join(sys.prefix, "bin") if isolated else ""  # noqa: PTH118  compared as text
