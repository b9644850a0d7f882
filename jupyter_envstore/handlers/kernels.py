"""The kernels that this server runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.kernels.target import FOLDER_START

if TYPE_CHECKING:
    from jupyter_envstore.schemas import Page, RunningKernel


class KernelsHandler(EnvStoreHandler):
    """``/envstore/kernels``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer which versions the kernels of this store run that were started here."""
        # The manager belongs to the event loop; only the processes are looked at in a thread.
        processes = self._processes()
        await self.answer(lambda asked: self._versions(processes))

    def _processes(self) -> dict[str, int]:
        """Return the process of each kernel that has a store's name, by its id; those on other machines have none."""
        manager = self.kernel_manager
        kernels = {kernel: manager.get_kernel(kernel) for kernel in manager.list_kernel_ids()}
        processes = {
            kernel: getattr(running.provisioner, "pid", None)
            for kernel, running in kernels.items()
            if str(running.kernel_name).startswith(FOLDER_START)
        }
        return {kernel: process for kernel, process in processes.items() if isinstance(process, int)}

    def _versions(self, processes: dict[str, int]) -> Page[RunningKernel]:
        from jupyter_envstore.kernels.running import version_of
        from jupyter_envstore.schemas import Page, RunningKernel

        found = [(kernel, version_of(process, self.store.layout)) for kernel, process in processes.items()]
        items = [
            RunningKernel(id=kernel, environment=f"{version.namespace}/{version.name}", version=version.version)
            for kernel, version in found
            if version is not None and version.version is not None
        ]
        return Page[RunningKernel](items=items, total=len(items))
