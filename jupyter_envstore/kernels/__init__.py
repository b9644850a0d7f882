"""Kernels of environments: what activation does, how a kernel starts, and the kernel specs that Jupyter finds.

Nothing is imported here, because a worker imports `activation` alone and must stay lean.
"""
