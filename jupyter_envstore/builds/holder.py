"""Who holds a build: a name for this process that others can check for life."""

from __future__ import annotations

import functools
import os
import socket
import uuid

import psutil


@functools.cache
def host() -> str:
    """Return a name of this machine, the same for all its processes and all containers' process tables apart."""
    return socket.gethostname()


def new_holder() -> str:
    """Return a name for a holder in this process: ``host/pid/start time/random``."""
    started = psutil.Process().create_time()
    return f"{host()}/{os.getpid()}/{started:.2f}/{uuid.uuid4().hex[:8]}"


def is_alive(holder: str) -> bool | None:
    """Whether the process that wrote ``holder`` still runs; None when that cannot be known from this machine."""
    try:
        where, pid, started, _ = holder.split("/")
        number, moment = int(pid), float(started)
    except ValueError:
        return None
    if where != host():
        return None
    try:
        # A process id is used again; the time at which its process started tells them apart.
        return abs(psutil.Process(number).create_time() - moment) < 1.0
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return None
