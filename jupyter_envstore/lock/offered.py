"""Whether channels still have the very files that were locked. Worker side: loads the solver."""

from __future__ import annotations

from collections.abc import Iterable

from rattler.repo_data import RepoDataRecord

from jupyter_envstore.errors import ChannelUnavailableError, InvalidInputError
from jupyter_envstore.lock.channels import ChannelSettings, resolve_channels
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.urls import split_credentials
from jupyter_envstore.schemas import Package


async def offered(
    repodata: Repodata, settings: ChannelSettings, packages: Iterable[Package]
) -> tuple[list[str], list[str]]:
    """Return the URLs of those packages that can be had again, and the channels that did not answer.

    A package without a channel, and one of a channel that does not answer, is not among the former: nobody can say.
    """
    wanted: dict[tuple[str, str], list[Package]] = {}
    for package in packages:
        wanted.setdefault((package.channel, package.platform), []).append(package)
    found: list[str] = []
    silent: list[str] = []
    for (channel, platform), some in wanted.items():
        try:
            groups = resolve_channels([channel], settings)
            records = await repodata.records(groups, platform, sorted({package.name for package in some}))
        except (ChannelUnavailableError, InvalidInputError):
            silent.append(channel)
            continue
        listed = {split_credentials(record.url)[0]: record for record in records}
        found += [package.url for package in some if _is_same(package, listed.get(package.url))]
    return found, silent


def _is_same(package: Package, record: RepoDataRecord | None) -> bool:
    if record is None:
        return False
    if package.sha256 and record.sha256:
        return bool(record.sha256.hex() == package.sha256)
    return bool(package.md5 and record.md5 and record.md5.hex() == package.md5)
