"""Whether a notebook would come out the same elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.contents import modules_beside, read_contents

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.notebooks.report.beside import Beside
    from jupyter_envstore.schemas import NotebookReport
    from jupyter_envstore.schemas.requests import NotebookReportRequest


class NotebookReportHandler(EnvStoreHandler):
    """``/envstore/notebooks/report``."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Check a notebook and answer the report."""
        from jupyter_envstore.notebooks.report.reading import MAX_BYTES

        file = await read_contents(self, MAX_BYTES, "a notebook")
        beside = await modules_beside(self)
        await self.answer(lambda asked: self._report(asked, file, beside), pool="slow")

    def _report(self, asked: Asked, file: bytes | None, beside: Beside | None) -> NotebookReport:
        wanted: NotebookReportRequest = asked.body
        content = wanted.content if file is None else file
        assert content is not None
        return self.store.reports.notebook(
            content,
            name=repr(wanted.path) if wanted.path else "The notebook",
            kernel=wanted.kernel,
            environment=wanted.environment,
            beside=beside,
            verify=wanted.verify,
            fetch=wanted.fetch,
        )
