"""Builds: the queue, the threads that run it, and the worker processes that they supervise.

This package decides when work is done and records how it went. The work itself, all that needs native solver
or installer code, happens in the processes of `jupyter_envstore.workers`.
"""
