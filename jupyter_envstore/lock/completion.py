"""What a lockfile leaves out of its packages, taken from their channels. Worker side: loads the solver.

conda-lock's format has neither sizes nor licences, explicit lists no dependencies, and some programs write no sha256. A
channel's word counts only for the very file that is locked: same address, same digest. Where a list has no digest at
all, the address is what was locked.
"""

from __future__ import annotations

from collections.abc import Sequence

from rattler.repo_data import RepoDataRecord

from jupyter_envstore.errors import ChannelUnavailableError
from jupyter_envstore.lock.channels import ChannelGroup
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.urls import split_credentials
from jupyter_envstore.schemas import Package


async def complete(repodata: Repodata, groups: Sequence[ChannelGroup], packages: Sequence[Package]) -> list[Package]:
    """Return the packages, with size, licence, digests and dependencies where a channel states them.

    A channel that does not answer leaves its packages as they are.

    Raises
    ------
    ChannelUnavailableError
        When none of the channels answers.
    """
    records: dict[tuple[str, str], RepoDataRecord] = {}
    silent: list[ChannelUnavailableError] = []
    for group in groups:
        urls = {channel.url for channel in group.channels}
        asked = [package for package in packages if package.channel in urls]
        try:
            for platform in sorted({package.platform for package in asked}):
                names = sorted({package.name for package in asked if package.platform == platform})
                for record in await repodata.records([group], platform, names):
                    records[platform, split_credentials(record.url)[0]] = record
        except ChannelUnavailableError as error:
            silent.append(error)
    if silent and len(silent) == len(groups):
        raise silent[0]
    return [_completed(package, records.get((package.platform, package.url))) for package in packages]


def _completed(package: Package, record: RepoDataRecord | None) -> Package:
    if record is None:
        return package
    md5 = record.md5.hex() if record.md5 else None
    sha256 = record.sha256.hex() if record.sha256 else None
    same = [stated == ours for stated, ours in ((md5, package.md5), (sha256, package.sha256)) if stated and ours]
    if (package.md5 or package.sha256) and not (same and all(same)):
        return package  # the channel has another file there by now
    return package.model_copy(
        update={
            "md5": package.md5 or md5,
            "sha256": package.sha256 or sha256,
            "size": record.size,
            "license": record.license,
            "depends": list(record.depends),
        }
    )
