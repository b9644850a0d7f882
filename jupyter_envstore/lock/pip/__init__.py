"""The pip part of a lock: what a `pip:` list asks for, resolved beside the packages that conda supplies.

`entries`, `options`, `requirements`, `files`, `names` and `settings` are plain Python and may be imported anywhere. The
others run uv, which only the resolver does: the Jupyter server never starts it. No code of a package is ever run here,
but for a source distribution that a person allowed by name, and then uv does it in a process of its own.
"""
