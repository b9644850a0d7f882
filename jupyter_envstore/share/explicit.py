"""``@EXPLICIT`` lists: the addresses of one platform's packages, as conda, micromamba and conda-lock take them.

conda reads a digest behind ``#``: 32 digits are an md5, which every release of it checks, 64 a sha256. Packages of pip
stand in comments, as conda-lock writes and installs them; everybody else passes over them.
"""

from __future__ import annotations

from jupyter_envstore.errors import FormatUnavailableError
from jupyter_envstore.lock.roots import in_order
from jupyter_envstore.schemas import Package
from jupyter_envstore.share.shared import Shared, commented

MARK = "@EXPLICIT"


def write(shared: Shared) -> str:
    """Return the list for one platform; a package comes after those that it needs.

    Raises
    ------
    FormatUnavailableError
        When the lock has no conda packages for the platform.
    PlatformError
        When it does not cover the platform that was asked for.
    """
    platform = shared.one_platform
    shared.require_fetchable([platform])
    conda = shared.packages_for(platform, "conda")
    if not conda:
        raise FormatUnavailableError(f"The lock has no conda packages for {platform}, and such a list has no others.")
    return (
        commented([*shared.heading(), "", "Install it with:", "    conda create -n YOURENV --file FILE", ""])
        + f"# platform: {platform}\n{MARK}\n"
        + "".join(f"{_address(package)}\n" for package in in_order(conda))
        + "".join(f"# pip {_requirement(package)}\n" for package in shared.packages_for(platform, "pip"))
    )


def _address(package: Package) -> str:
    return f"{package.url}#{package.md5 or package.sha256}"


def _requirement(package: Package) -> str:
    digest = f"#sha256={package.sha256}" if package.sha256 else ""
    return f"{package.name} @ {package.url}{digest}"
