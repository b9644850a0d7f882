"""Kernels that are made when Jupyter asks for them: a notebook names one that is not there any more, or not yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyter_envstore.kernels.target import FOLDER_START


def answer_missing(manager: Any, ensure: Callable[[str], bool]) -> None:
    """Let a kernel spec manager ask ``ensure`` for a store's kernel that it does not find, and look again.

    Whatever class the manager is of goes on working as it does; only its failures are looked at, and only those
    about names that a store gives. What ``ensure`` raises is the manager's to report: the kernel is not there.
    """
    from jupyter_client.kernelspec import NoSuchKernel  # a server has it loaded; the command line need not

    find = manager.get_kernel_spec

    def get_kernel_spec(kernel_name: str, *arguments: Any, **options: Any) -> Any:
        try:
            return find(kernel_name, *arguments, **options)
        except (NoSuchKernel, KeyError):
            if not str(kernel_name).startswith(FOLDER_START) or not ensure(kernel_name):
                raise
        return find(kernel_name, *arguments, **options)

    manager.get_kernel_spec = get_kernel_spec
