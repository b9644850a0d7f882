"""Kernels, as far as the API names them."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class VersionKernel(Schema):
    """The kernel that starts one version, whichever is active: what a notebook's metadata names to stay with it."""

    kernel: str


class RunningKernel(Schema):
    """A kernel that this server runs, and the version that it was started with, which need not be the active one.

    Attributes
    ----------
    id
        As the server's own list of kernels has it.
    environment
        ``namespace/name``, as the environment was called when the kernel was started.
    version
        The version's number.
    """

    id: str
    environment: str
    version: int
