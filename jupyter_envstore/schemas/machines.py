"""Machines: where a lock was made, where its files were, and where this is."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class Machine(Schema):
    """A kind of machine. Whatever cannot be told is empty; nothing names the machine, its user, or a folder.

    Attributes
    ----------
    system, system_version
        What people call the operating system, such as ``Debian GNU/Linux`` and ``12``.
    kernel
        The kernel's version number.
    libc
        The version of the GNU C library; empty where there is another one, or none.
    processor, level
        What the processor is called, and which level of its architecture it has, such as ``x86-64-v3``.
    features
        Instructions that programs may be built for, sorted.
    driver, cuda
        The version of the NVIDIA driver, and the newest CUDA that it runs.
    virtual_packages
        The same as conda's packages depend on it.
    """

    platform: str
    system: str = ""
    system_version: str = ""
    kernel: str = ""
    libc: str = ""
    processor: str = ""
    level: str = ""
    features: list[str] = []
    driver: str = ""
    cuda: str = ""
    virtual_packages: dict[str, str] = {}


class MachineReport(Schema):
    """The machines of a version.

    Attributes
    ----------
    locked, built
        Where its packages were chosen, and where its files were first made; None where that was not recorded.
    here
        This one.
    differences
        What stands between the version and this machine, in sentences; empty when nothing does.
    """

    locked: Machine | None = None
    built: Machine | None = None
    here: Machine
    differences: list[str] = []
