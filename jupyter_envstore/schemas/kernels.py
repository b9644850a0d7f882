"""Kernels, as far as the API names them."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class VersionKernel(Schema):
    """The kernel that starts one version, whichever is active: what a notebook's metadata names to stay with it."""

    kernel: str
