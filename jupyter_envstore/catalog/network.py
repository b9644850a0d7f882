"""Whether a folder lies on a network file system, where SQLite's shared memory and hard file locks do not work."""

from __future__ import annotations

import platform
from pathlib import Path

NETWORK_FILE_SYSTEMS = frozenset(
    [
        "9p",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "cvmfs",
        "davfs",
        "fhgfs",
        "fuse.ceph",
        "fuse.cephfs",
        "fuse.davfs2",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.juicefs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "fuse.vmhgfs-fuse",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "orangefs",
        "panfs",
        "prl_fs",
        "pvfs2",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "webdav",
    ]
)
"""Names of file system types as the operating system lists them."""


def is_network_folder(folder: Path) -> bool:
    """Tell whether ``folder`` (or its nearest parent that exists) is on a network file system.

    An operating system that does not say counts as local.
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return file_system_type(place.resolve(), _mounts()) in NETWORK_FILE_SYSTEMS


def file_system_type(folder: Path, mounts: list[tuple[str, str]]) -> str:
    """Return the type of the file system that holds ``folder``, lower case; empty when no mount point does.

    ``mounts`` are pairs of mount point and type, in the order they were mounted: a later one hides an earlier one.
    """
    best, kind = -1, ""
    for point, point_kind in mounts:
        path = Path(point)
        if len(path.parts) >= best and (folder == path or path in folder.parents):
            best, kind = len(path.parts), point_kind.lower()
    return kind


def _mounts() -> list[tuple[str, str]]:
    if platform.system() == "Linux":
        # Read here rather than with psutil: the command line asks at every start, and importing psutil takes longer.
        try:
            lines = Path("/proc/self/mounts").read_text(errors="surrogateescape").splitlines()
        except OSError:
            return []
        fields = [line.split(" ") for line in lines]
        return [(_unescape(field[1]), field[2]) for field in fields if len(field) > 2]
    return _mounts_elsewhere()


def _mounts_elsewhere() -> list[tuple[str, str]]:
    import psutil

    return [(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)]


def _unescape(point: str) -> str:
    for written, meant in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(written, meant)
    return point
