"""The parts of the local channel maker: real ``.conda`` packages out of PyPI wheels and the machine's own CPython.

A developer's program (see ``tools/local_channel.py``): the product never imports it. It writes only below the folders
that it is given.
"""
