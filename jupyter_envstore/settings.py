"""What can be configured: the traits of `EnvStore`, read from ``jupyter_envstore_config.*``.

Server and command line read the same files, so that a policy holds in both.
"""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, Dict, Float, Int, List, TraitError, Unicode, default, validate
from traitlets.config import LoggingConfigurable

from jupyter_envstore.references import DEFAULT_NAMESPACE

STORE_VARIABLE = "JUPYTER_ENVSTORE_DIR"
"""Names the store's folder; stands above the configuration files, below ``--store``."""


class StoreSettings(LoggingConfigurable):
    """The settings of a store."""

    root_dir = Unicode(help="The store's folder. Default: envstore in Jupyter's data folder.").tag(config=True)
    database_url = Unicode("", help="An SQLAlchemy URL for the catalog. Empty: SQLite in the store's folder.").tag(
        config=True
    )
    default_namespace = Unicode(DEFAULT_NAMESPACE, help="The namespace of a reference that names none.").tag(
        config=True
    )
    default_channels = List(
        Unicode(), ["conda-forge"], help="Channels of a specification that names none, the first one first."
    ).tag(config=True)
    allowed_channels = List(
        Unicode(),
        help="The only channels that anything may come from, whoever asks for it. Empty: all that are configured or "
        "asked for.",
    ).tag(config=True)
    channel_alias = Unicode(
        "",
        help="What a channel's bare name is appended to. Empty: as conda is configured, else https://conda.anaconda.org.",
    ).tag(config=True)
    read_condarc = Bool(
        True, help="Read conda's own configuration for where channels are: channel_alias, custom_channels and the like."
    ).tag(config=True)
    channel_mirrors = Dict(
        value_trait=List(Unicode()),
        key_trait=Unicode(),
        help="Where a channel is fetched instead: {channel URL: [mirror URLs, in order]}. Locks keep the first.",
    ).tag(config=True)
    pip_index_url = Unicode(
        "", help="Where packages of pip are looked for. Empty: as uv, else pip, is configured on this machine."
    ).tag(config=True)
    pip_extra_index_urls = List(Unicode(), help="Further package indexes, which are asked first.").tag(config=True)
    pip_names = Dict(
        value_trait=Unicode(),
        key_trait=Unicode(),
        help="What a conda package is called on package indexes where the built-in table is wrong: {conda name: name}. "
        "An empty name: it is not there.",
    ).tag(config=True)
    platforms = List(
        Unicode(), help="Platforms to lock for where nothing else is said. This machine's is always added."
    ).tag(config=True)
    virtual_packages = Dict(
        value_trait=Dict(value_trait=Unicode(), key_trait=Unicode()),
        key_trait=Unicode(),
        help="What machines offer besides packages, on top of what is detected here or usual elsewhere: "
        "{platform: {virtual package: version}}, such as {'linux-64': {'__glibc': '2.17'}}. Empty: it is not there.",
    ).tag(config=True)
    max_parallel_builds = Int(2, min=1, help="Builds that run at once in this store, over all processes.").tag(
        config=True
    )
    kernels_dir = Unicode(help="Where kernel specs are written. Default: kernels in Jupyter's data folder.").tag(
        config=True
    )
    conda_environments_file = Unicode(
        help="The file in which conda lists environments. Default: ~/.conda/environments.txt. Empty: none is written."
    ).tag(config=True)
    run_link_scripts = Bool(
        False,
        help="Run the scripts that some conda packages bring for their installation. They are strangers' programs.",
    ).tag(config=True)
    link_script_seconds = Int(60, min=1, help="Time limit of one link script.").tag(config=True)
    explain_seconds = Float(20.0, min=0.0, help="Time to look for the cause when no versions fit together.").tag(
        config=True
    )
    record_runs = Bool(
        True, help="Let a notebook that was run as a whole say with which lock, when, and on what kind of machine."
    ).tag(config=True)
    keep_used_days = Float(7.0, min=0.0, help="Freeing disk leaves versions alone that were used in so many days.").tag(
        config=True
    )
    collect_unused_days = Float(
        0.0, min=0.0, help="Free versions by itself that were not used for so many days. 0: never by age."
    ).tag(config=True)
    collect_above_gigabytes = Float(
        0.0, min=0.0, help="Free disk by itself when the store takes more than so many GB. 0: never by size."
    ).tag(config=True)
    collect_notice_hours = Float(
        24.0, min=0.0, help="What is going to be freed by itself is announced so many hours before."
    ).tag(config=True)

    @default("root_dir")
    def _default_root_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "envstore")

    @property
    def is_usual(self) -> bool:
        """Whether the folder is the one that is taken where none is named."""
        return self.root_dir == os.path.realpath(self._default_root_dir())

    @validate("root_dir")
    def _absolute_root_dir(self, proposal: dict[str, str]) -> str:
        value = proposal["value"]
        if not value:
            raise TraitError("root_dir must name a folder")
        # Real, because prefixes have their own path written into their files, and kernels start by it.
        return os.path.realpath(os.path.expanduser(value))  # noqa: PTH111

    @default("kernels_dir")
    def _default_kernels_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "kernels")

    @default("conda_environments_file")
    def _default_conda_environments_file(self) -> str:
        return str(Path.home() / ".conda" / "environments.txt")
