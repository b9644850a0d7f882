"""The files and the kernel of a version: look whether they are whole, mend them, make a kernel for it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.versions import version_reference

if TYPE_CHECKING:
    from jupyter_envstore.schemas import VersionKernel


class RepairHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/repair``."""

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str, version: str) -> None:
        """Queue the making anew of the version's files and answer the build."""
        author = self.author
        await self.answer(
            lambda asked: self.store.builds.repair(version_reference(namespace, name, version), by=author)
        )


class VerifyHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/verify``."""

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str, version: str) -> None:
        """Read every file of the version and answer what does not agree with its lock."""
        await self.answer(
            lambda asked: self.store.versions.verify(version_reference(namespace, name, version)), pool="disk"
        )


class KernelHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/kernel``."""

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str, version: str) -> None:
        """Make sure that a kernel of this very version exists and answer its name."""
        await self.answer(lambda asked: self._kernel(version_reference(namespace, name, version)))

    def _kernel(self, ref: str) -> VersionKernel:
        from jupyter_envstore.schemas import VersionKernel

        return VersionKernel(kernel=self.store.versions.kernel(ref))
