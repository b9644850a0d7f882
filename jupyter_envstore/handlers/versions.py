"""Versions of an environment: make, look at, change and delete them, see their packages, take them away as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import EnvStoreHandler, File
from jupyter_envstore.handlers.drafts import draft_of
from jupyter_envstore.handlers.environments import reference
from jupyter_envstore.handlers.numbers import number

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Build, Comparison, Package, Page, SharedFormat, Version
    from jupyter_envstore.schemas.requests import ChangeVersionRequest


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

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str) -> None:
        """Queue the build of an edit or an update and answer it."""
        author = self.author
        await self.answer(lambda asked: self._submit(asked, reference(namespace, name), author))

    def _submit(self, asked: Asked, ref: str, author: str | None) -> Build:
        return self.store.builds.submit(draft_of(self.store, ref, asked.body), by=author)


class VersionHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer the version."""
        await self.answer(lambda asked: self.store.versions.get(version_reference(namespace, name, version)))

    @authenticated
    @authorized
    async def patch(self, namespace: str, name: str, version: str) -> None:
        """Change the version and answer it."""
        author = self.author
        await self.answer(lambda asked: self._change(asked, version_reference(namespace, name, version), author))

    def _change(self, asked: Asked, ref: str, author: str | None) -> Version:
        wanted: ChangeVersionRequest = asked.body
        if wanted.message is not None:
            self.store.versions.describe(ref, wanted.message, by=author)
        if wanted.pinned is not None:
            self.store.versions.pin(ref, wanted.pinned, by=author)
        return self.store.versions.get(ref)

    @authenticated
    @authorized
    async def delete(self, namespace: str, name: str, version: str) -> None:
        """Delete the version and answer what is left of it: its number stays taken."""
        author = self.author
        await self.answer(
            lambda asked: self.store.versions.delete(version_reference(namespace, name, version), by=author)
        )


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


class DiffHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/diff``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer what differs from another version to this one."""
        await self.answer(lambda asked: self._compare(asked, namespace, name, version))

    def _compare(self, asked: Asked, namespace: str, name: str, version: str) -> Comparison:
        against: str = asked.query["against"]
        if against.isascii() and against.isdigit():
            against = version_reference(namespace, name, against)
        return self.store.versions.compare(against, version_reference(namespace, name, version))


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
        ref = version_reference(namespace, name, version)
        await self.answer(lambda asked: self._export(ref, format, asked), pool="disk")

    def _export(self, ref: str, format: str, asked: Asked) -> File:
        exported = self.store.sharing.export(ref, format, **asked.query)
        return File(exported.text, exported.name, exported.media)


class FormatsHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/versions/{version}/formats``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str, version: str) -> None:
        """Answer what the version would be in each format."""
        await self.answer(lambda asked: self._formats(asked, version_reference(namespace, name, version)), pool="disk")

    def _formats(self, asked: Asked, ref: str) -> Page[SharedFormat]:
        from jupyter_envstore.schemas import Page, SharedFormat

        formats = list(self.store.sharing.formats(ref, **asked.query))
        return Page[SharedFormat](items=formats, total=len(formats))
