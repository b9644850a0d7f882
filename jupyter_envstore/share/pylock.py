"""``pylock.toml`` (PEP 751): the pip packages alone, each with the address and sha256 of its files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from jupyter_envstore.schemas import Package
from jupyter_envstore.share.pip_part import Release, is_repository, marker_of, python_of, releases
from jupyter_envstore.share.shared import Shared, commented


def write(shared: Shared) -> str:
    """Return the lock of all platforms, or of the one that was asked for.

    Raises
    ------
    FormatUnavailableError
        When there are no pip packages, or one lies on this machine only.
    PlatformError
        When the lock does not cover the platform that was asked for.
    """
    wanted = releases(shared)
    shared.require_fetchable(shared.wanted_platforms)
    lines = ['lock-version = "1.0"', f"environments = {_list(marker_of(name) for name in shared.wanted_platforms)}"]
    python = python_of(shared)
    if python:
        lines.append(f"requires-python = {_text(f'=={python}.*')}")
    lines.append('created-by = "jupyter-envstore"')
    for release in wanted:
        lines += ["", *_package(release)]
    return commented(shared.heading()) + "\n".join(lines) + "\n"


def _package(release: Release) -> Iterable[str]:
    yield "[[packages]]"
    yield f"name = {_text(release.name)}"
    yield f"version = {_text(release.version)}"
    if release.marker:
        yield f"marker = {_text(release.marker)}"
    wheels = [file for file in release.files if _file_name(file).endswith(".whl")]
    if wheels:
        yield "wheels = ["
        for file in wheels:
            yield f"    {_file(file)},"
        yield "]"
    for file in release.files:
        if is_repository(file):
            kind, _, rest = file.url.partition("+")
            address, _, commit = rest.rpartition("@")
            yield f"vcs = {{ type = {_text(kind)}, url = {_text(address)}, commit-id = {_text(commit)} }}"
            return
    for file in release.files:
        if file not in wheels:
            yield f"sdist = {_file(file)}"
            return


def _file(file: Package) -> str:
    digests = {kind: digest for kind, digest in (("sha256", file.sha256), ("md5", file.md5)) if digest}
    hashes = ", ".join(f"{kind} = {_text(digest)}" for kind, digest in digests.items())
    return f"{{ name = {_text(_file_name(file))}, url = {_text(file.url)}, hashes = {{ {hashes} }} }}"


def _file_name(file: Package) -> str:
    return unquote(urlsplit(file.url).path).rsplit("/", 1)[-1]


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, texts)) + "]"


def _text(value: str) -> str:
    # A basic string of TOML has the escapes of JSON
    return json.dumps(value, ensure_ascii=False)
