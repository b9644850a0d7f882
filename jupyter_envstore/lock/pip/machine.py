"""Where this machine's Python packages come from: what its owner configured for uv and for pip. Plain Python.

The lock has to be found with the registry, the credentials and the certificates that the person's other tools use, and
with nothing of what a stranger's folder says. So uv looks for no configuration by itself: what matters is read here and
handed over as variables, which other users of the machine cannot see. Whatever would change what is chosen or let a
package's code run is left out.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_envstore.errors import InvalidInputError

_KEPT = re.compile(
    r"UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|INDEX_[A-Z0-9_]+_(USERNAME|PASSWORD)|INDEX_STRATEGY"
    r"|KEYRING_PROVIDER|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|HTTP_\w+|REQUEST_TIMEOUT|CONCURRENT_\w+|CREDENTIALS_DIR)"
)
"""uv's own variables that say where and how to fetch. The others could change what is chosen, or run a build."""
_DROPPED = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "RUST_LOG")


@dataclass(frozen=True)
class Places:
    """Where packages are looked for, besides the variables of the process.

    Attributes
    ----------
    default
        The index; None for uv's own default.
    extra
        Indexes that are asked before it.
    find_links
        Folders and pages with wheels.
    variables
        Further variables for uv: certificates, proxies and the like.
    """

    default: str | None = None
    extra: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    variables: Mapping[str, str] | None = None


def uv_environment(
    index_url: str = "",
    extra_index_urls: Sequence[str] = (),
    *,
    section_index: str | None = None,
    section_extra: Sequence[str] = (),
    section_links: Sequence[str] = (),
) -> dict[str, str]:
    """Return the variables to start uv with.

    Parameters
    ----------
    index_url, extra_index_urls
        The store's settings; when empty, what this machine has for uv, else for pip.
    section_index, section_extra, section_links
        What a specification says, which stands above that.

    Raises
    ------
    InvalidInputError
        When a file of configuration cannot be read.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UV_") or _KEPT.fullmatch(name)}
    for name in _DROPPED:
        kept.pop(name, None)
    if index_url:
        places = Places(index_url, tuple(extra_index_urls))
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"):
            kept.pop(name, None)
    else:
        places = _configured(kept)
        places = Places(places.default, (*extra_index_urls, *places.extra), places.find_links, places.variables)
    for name, value in (places.variables or {}).items():
        kept.setdefault(name, value)
    default = section_index or kept.pop("UV_DEFAULT_INDEX", None) or kept.pop("UV_INDEX_URL", None) or places.default
    extra = [
        *section_extra,
        *kept.pop("UV_INDEX", "").split(),
        *kept.pop("UV_EXTRA_INDEX_URL", "").split(),
        *places.extra,
    ]
    links = [*section_links, *kept.pop("UV_FIND_LINKS", "").split(","), *places.find_links]
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        kept.pop(name, None)
    if default:
        kept["UV_DEFAULT_INDEX"] = default
    if extra:
        kept["UV_INDEX"] = " ".join(dict.fromkeys(extra))
    if links := [link for link in links if link]:
        kept["UV_FIND_LINKS"] = ",".join(dict.fromkeys(links))
    kept.setdefault("UV_HTTP_RETRIES", "2")
    kept.setdefault("UV_HTTP_TIMEOUT", "30")
    return kept


def index_urls(index_url: str = "", extra_index_urls: Sequence[str] = ()) -> list[str]:
    """Return the package indexes that are asked, the main one first, as they are configured: with credentials.

    Empty when nothing is configured: then it is uv's own default.
    """
    environment = uv_environment(index_url, extra_index_urls)
    extra = [
        text.partition("=")[2] if "=" in text.split("://")[0] else text
        for text in environment.get("UV_INDEX", "").split()
    ]
    main = environment.get("UV_DEFAULT_INDEX")
    return [main, *extra] if main else []


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the passwords and tokens among uv's variables: what no message may show."""
    found: set[str] = set()
    for name, value in environment.items():
        if name.startswith("UV_INDEX_") and name.endswith("_PASSWORD"):
            found.add(value)
        elif name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"):
            for address in re.split(r"[\s,]+", value):
                login = urlsplit(address.partition("=")[2] if "=" in address.split("://")[0] else address)
                found.add(login.password or login.username or "")  # a user alone is a token
    return tuple(sorted(secret for secret in found if len(secret) > 2))


def _configured(environment: Mapping[str, str]) -> Places:
    uv = _from_uv()
    if uv.default or any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return uv
    pip = _from_pip()
    variables = {**(pip.variables or {}), **(uv.variables or {})}
    return Places(pip.default, (*uv.extra, *pip.extra), (*uv.find_links, *pip.find_links), variables)


# ---------------------------------------------------------------- uv.toml of the person and of the machine


def _from_uv() -> Places:
    default: str | None = None
    extra: list[str] = []
    links: list[str] = []
    variables: dict[str, str] = {}
    for path in _uv_files():
        values = _read_toml(path)
        for part in (values, values.get("pip") or {}):
            for index in part.get("index") or []:
                if not isinstance(index, dict) or index.get("explicit"):
                    continue
                if index.get("default"):
                    default = default or str(index["url"])
                else:
                    name = f"{index['name']}=" if index.get("name") else ""
                    extra.append(f"{name}{index['url']}")
            default = default or part.get("index-url")
            extra += [str(url) for url in part.get("extra-index-url") or []]
            links += [str(url) for url in part.get("find-links") or []]
            for key, name in (("keyring-provider", "UV_KEYRING_PROVIDER"), ("index-strategy", "UV_INDEX_STRATEGY")):
                if part.get(key):
                    variables.setdefault(name, str(part[key]))
            if part.get("native-tls") or part.get("system-certs"):
                variables.setdefault("UV_SYSTEM_CERTS", "true")
            if hosts := part.get("allow-insecure-host"):
                variables.setdefault("UV_INSECURE_HOST", " ".join(map(str, hosts)))
    return Places(default, tuple(extra), tuple(links), variables)


def _uv_files() -> list[Path]:
    named = os.environ.get("UV_CONFIG_FILE")
    if named:
        return [Path(named)]
    if os.environ.get("UV_NO_CONFIG", "").lower() in ("1", "true"):
        return []
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return [path for path in (home / "uv" / "uv.toml", Path("/etc/uv/uv.toml")) if path.is_file()]


def _read_toml(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InvalidInputError(f"uv's configuration cannot be read: {path}. Correct the file.") from None
    return values


# ---------------------------------------------------------------- pip's configuration


def _from_pip() -> Places:
    values: dict[str, str] = {}
    for path in _pip_files():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, configparser.Error):
            raise InvalidInputError(f"pip's configuration cannot be read: {path}. Correct the file.") from None
        for section in ("global", "install", "download"):
            if parser.has_section(section):
                values |= {key.replace("_", "-"): value for key, value in parser.items(section)}
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            values[name[4:].lower().replace("_", "-")] = value
    variables = {}
    if values.get("cert"):
        variables["SSL_CERT_FILE"] = values["cert"]
    if values.get("client-cert"):
        variables["SSL_CLIENT_CERT"] = values["client-cert"]
    if values.get("proxy"):
        proxy = values["proxy"]
        variables["ALL_PROXY"] = proxy if "://" in proxy else f"http://{proxy}"
    if values.get("trusted-host"):
        variables["UV_INSECURE_HOST"] = " ".join(values["trusted-host"].split())
    if values.get("keyring-provider") == "subprocess":
        variables["UV_KEYRING_PROVIDER"] = "subprocess"
    return Places(
        values.get("index-url"),
        tuple(values.get("extra-index-url", "").split()),
        tuple(link for link in values.get("find-links", "").split() if not _is_missing(link)),
        variables,
    )


def _pip_files() -> list[Path]:
    named = os.environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    places = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf"), home / ".pip" / "pip.conf"]
    places += [config / "pip" / "pip.conf", Path(sys.prefix) / "pip.conf", *([Path(named)] if named else [])]
    return [path for path in places if path.is_file()]


def _is_missing(link: str) -> bool:
    """Tell whether a link is a folder that is not there: pip warns of such a one and goes on, uv does not."""
    path = link.removeprefix("file://")
    return "://" not in path and not Path(path).exists()
