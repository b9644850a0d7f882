"""Environments: list, create, look at, describe, remove, bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_envstore.handlers.base import Accepted, EnvStoreHandler, accepted_build
from jupyter_envstore.handlers.contents import read_contents
from jupyter_envstore.handlers.lockfiles import bytes_of, document_of
from jupyter_envstore.references import check_name

if TYPE_CHECKING:
    from jupyter_envstore.handlers.asked import Asked
    from jupyter_envstore.schemas import Build, Environment
    from jupyter_envstore.schemas.requests import ChangeRequest, CreateRequest


def reference(namespace: str, name: str) -> str:
    """Return the reference to an environment that a path names.

    Raises
    ------
    InvalidNameError
    """
    return f"{check_name(namespace, 'namespace')}/{check_name(name)}"


class EnvironmentsHandler(EnvStoreHandler):
    """``/envstore/environments``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer a page of environments."""
        await self.answer(lambda asked: self.store.environments.list(**asked.query))

    @authenticated
    @authorized
    async def post(self) -> None:
        """Queue the build of a new environment and answer it."""
        file = await read_contents(self)
        author = self.author
        await self.answer(lambda asked: self._create(asked, file, author))

    def _create(self, asked: Asked, file: bytes | None, author: str | None) -> Build:
        from jupyter_envstore.lock.recognition import kind_of, name_from_file
        from jupyter_envstore.share.reading import read_specification
        from jupyter_envstore.specification import Specification

        wanted: CreateRequest = asked.body
        named = self.store.reference(wanted.name) if wanted.name else None
        given = document_of(wanted.lockfile) if wanted.lockfile is not None else file
        kind = kind_of(given, wanted.path) if given is not None else None
        if kind == "notebook":
            return self.store.sharing.import_file(
                wanted.name,
                bytes_of(wanted.lockfile) if wanted.lockfile is not None else file or b"",
                file=wanted.path,
                allow_channels=wanted.allow_channels,
                allow_source=wanted.allow_source,
                message=wanted.message,
                description=wanted.description,
                by=author,
            )
        if given is not None and (wanted.lockfile is not None or kind == "lockfile"):
            return self.store.builds.create_from_lockfile(
                wanted.name or (name_from_file(wanted.path) if wanted.path else None),
                given,
                allow_channels=wanted.allow_channels,
                allow_source=wanted.allow_source,
                specification=wanted.specification,
                message=wanted.message,
                description=wanted.description,
                by=author,
            )
        if wanted.packages is not None:
            channels = wanted.channels or self.store.default_channels  # said, whoever builds it
            specification = Specification.from_packages(named.name if named else None, wanted.packages, channels)
        elif wanted.specification is not None:
            specification = Specification.parse(wanted.specification)
        else:
            told = named.name if named else name_from_file(wanted.path)
            specification = read_specification(file or b"", wanted.path, name=told)
        return self.store.builds.create(
            wanted.name or specification.name,
            specification.text,
            platforms=wanted.platforms,
            virtual_packages=wanted.virtual_packages,
            message=wanted.message,
            description=wanted.description,
            as_of=wanted.as_of,
            allow_source=wanted.allow_source,
            by=author,
        )


class EnvironmentHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}``."""

    @authenticated
    @authorized
    async def get(self, namespace: str, name: str) -> None:
        """Answer the environment."""
        await self.answer(lambda asked: self.store.environments.get(reference(namespace, name)))

    @authenticated
    @authorized
    async def patch(self, namespace: str, name: str) -> None:
        """Change the environment and answer it, or the build that makes the files of the version to be active."""
        author = self.author
        await self.answer(lambda asked: self._change(asked, reference(namespace, name), author))

    def _change(self, asked: Asked, ref: str, author: str | None) -> Environment | Accepted:
        wanted: ChangeRequest = asked.body
        if wanted.description is not None:
            self.store.environments.describe(ref, wanted.description)
        if wanted.schedule is not None:
            self.store.environments.schedule(ref, wanted.schedule, by=author)
        if wanted.active_version is not None:
            switch = self.store.versions.activate(f"{ref}@{wanted.active_version}", by=author)
            if switch.build is not None:
                return accepted_build(switch.build)
        return self.store.environments.get(ref)

    @authenticated
    @authorized
    async def delete(self, namespace: str, name: str) -> None:
        """Remove the environment and answer it as it was."""
        author = self.author
        await self.answer(lambda asked: self.store.environments.remove(reference(namespace, name), by=author))


class UndeleteHandler(EnvStoreHandler):
    """``/envstore/environments/{namespace}/{name}/undelete``."""

    @authenticated
    @authorized
    async def post(self, namespace: str, name: str) -> None:
        """Bring the environment back and answer it."""
        author = self.author
        await self.answer(lambda asked: self.store.environments.undelete(reference(namespace, name), by=author))
