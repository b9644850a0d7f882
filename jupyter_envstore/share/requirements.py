"""``requirements.txt``: the pip packages alone, each at its version and with the sha256 of its files.

They are looked for on whatever index pip is configured for: what is found elsewhere under another digest is refused.
"""

from __future__ import annotations

from jupyter_envstore.errors import FormatUnavailableError
from jupyter_envstore.share.pip_part import Release, is_repository, python_of, releases
from jupyter_envstore.share.shared import Shared, commented


def write(shared: Shared) -> str:
    """Return the requirements of all platforms, or of the one that was asked for.

    Raises
    ------
    FormatUnavailableError
        When there are no pip packages, or one has no digest that pip could check.
    PlatformError
        When the lock does not cover the platform that was asked for.
    """
    wanted = releases(shared)
    python = python_of(shared)
    lines = [*shared.heading(), f"For Python {python}." if python else "", "", "Install it with:"]
    return commented([*lines, "    pip install --no-deps --require-hashes -r requirements.txt"]) + "".join(
        _entry(release) for release in wanted
    )


def _entry(release: Release) -> str:
    digests = sorted({file.sha256 for file in release.files if file.sha256})
    for file in release.files:
        if is_repository(file):
            raise FormatUnavailableError(
                f"{release.name} comes out of a repository ({file.url.partition('+')[0]}), for which pip knows no "
                "digest, and it takes digests for all packages or for none. pylock.toml can say it.",
                package=release.name,
            )
        if not file.sha256:
            raise FormatUnavailableError(
                f"The lock has no sha256 for {release.name}, and pip takes digests for all packages or for none.",
                package=release.name,
            )
    marker = f" ; {release.marker}" if release.marker else ""
    hashes = "".join(f" \\\n    --hash=sha256:{digest}" for digest in digests)
    return f"{release.name}=={release.version}{marker}{hashes}\n"
