"""Versions of an environment: look at them, their packages, and take them away as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.errors import NotFoundError
from jupyter_envstore.handlers.base import EnvStoreHandler
from jupyter_envstore.handlers.environments import reference
from jupyter_envstore.handlers.numbers import number

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Package, Page

FILES = {"yaml": "environment.yml", "conda-lock": "conda-lock.yml"}
"""What the file of each format is called; conda and micromamba go by the end of the name."""


def version_reference(namespace: str, name: str, text: str) -> str:
    """Return the reference to a version that a path names.

    Raises
    ------
    InvalidNameError, InvalidInputError
    """
    return f"{reference(namespace, name)}@{number(text, 'version')}"


class VersionsHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str) -> None:
        """Answer a page of versions."""
        await self.answer(lambda asked: self.store.versions.list(reference(namespace, name), **asked.query))


class VersionHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer the version."""
        await self.answer(lambda asked: self.store.versions.get(version_reference(namespace, name, version)))


class VersionPackagesHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/packages``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer all packages of the version."""
        await self.answer(lambda asked: self._packages(asked, version_reference(namespace, name, version)))

    def _packages(self, asked: Asked, ref: str) -> Page[Package]:
        from jupyter_envstore.schemas import Package, Page

        packages = self.store.versions.packages(ref, **asked.query)
        return Page[Package](items=packages, total=len(packages))


class LockfileHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/lockfile``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer the conda-lock document."""
        await self.answer(lambda asked: self.store.versions.lockfile(version_reference(namespace, name, version)))


class ExportHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/export/{format}``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str, format: str) -> None:
        """Answer the version as a file."""
        if format not in FILES:
            raise NotFoundError(f"There is no format {format[:80]!a}. There are: {', '.join(FILES)}.")
        ref = version_reference(namespace, name, version)
        file = f"{name}-v{version}.{FILES[format]}"
        self.set_header("Content-Disposition", f'attachment; filename="{file}"')
        await self.answer(lambda asked: self._text(ref, format))

    def _text(self, ref: str, format: str) -> str:
        if format == "yaml":
            return self.store.versions.get(ref).specification
        document: dict[str, Any] = self.store.versions.lockfile(ref)
        return json.dumps(document, indent=2, ensure_ascii=False)  # every JSON document is YAML
