"""The server that the browser tests talk to. It lets everybody in: never use this configuration for anything else."""

from jupyterlab.galata import configure_jupyter_server

c = get_config()  # noqa: F821  given by traitlets

configure_jupyter_server(c)
