"""Making the whole: interpreters, wheels and our own packages in, two channels out (``conda-forge`` and ``faults``)."""

from __future__ import annotations

import platform as machine
import sys
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from .assembly import put_channel
from .cache import RECIPE, BuiltPackage, PackageCache
from .contents import GROUPS, SCIENCE_GROUPS
from .demonstrations import build_demonstrations
from .downloads import Downloader, find_pip
from .faults import build_faults, spoil
from .foreign import foreign_records
from .interpreters import find_interpreters
from .kernels import build_calc_kernel
from .metapackages import build_alias, build_python_abi
from .names import conda_name
from .python_package import build_python
from .targets import PLATFORMS, Target
from .wheels import Wheel, build_wheel


@dataclass(frozen=True)
class Order:
    """What is to be made, and where. ``cache`` holds ``wheels`` and ``packages``."""

    output: Path
    cache: Path
    pythons: tuple[str, ...] = ()
    science: bool = False
    refresh: bool = False
    pip_candidates: tuple[Path, ...] = ()


@dataclass
class Outcome:
    """What came out: the channels by name, and file names of packages built now and found in the cache."""

    channels: dict[str, Path]
    pythons: list[str]
    packages: int
    built: list[str]
    reused: list[str]


def this_platform() -> str:
    """The conda name of this machine's platform.

    Raises
    ------
    RuntimeError
        On anything but Linux: the way CPython is made relocatable is for ELF.
    """
    name = {"x86_64": "linux-64", "aarch64": "linux-aarch64"}.get(machine.machine())
    if sys.platform != "linux" or name is None:
        raise RuntimeError(f"The local channel can be made on Linux only, not on {sys.platform} {machine.machine()}.")
    return name


def make(order: Order) -> Outcome:
    """Make both channels below ``order.output``. Several processes may ask for it at once: one works, the others find
    its results.
    """
    order.cache.mkdir(parents=True, exist_ok=True)
    with FileLock(order.cache / "local-channel.lock"):
        return _make(order)


def _make(order: Order) -> Outcome:
    here = this_platform()
    cache = PackageCache(order.cache / "packages" / f"recipe-{RECIPE}")
    cache.sweep()
    interpreters = find_interpreters(order.pythons)
    minors = tuple(sorted((one.minor for one in interpreters), key=_minor_number))
    pythons = [build_python(cache, one, here) for one in interpreters]
    downloader = Downloader(order.cache / "wheels", here, find_pip(order.pip_candidates))
    groups = GROUPS + (SCIENCE_GROUPS if order.science else ())
    from_wheels = _build_wheels(cache, downloader.fetch(groups, minors, order.refresh), here)
    packages = pythons + [build_python_abi(cache, minor) for minor in minors]
    packages += from_wheels.pure + [package for _wheel, _minor, package in from_wheels.compiled]
    # On PyPI the whole is called matplotlib; on conda-forge that is a name for the library with its extras.
    bases = {wheel.version: package for wheel, _, package in from_wheels.compiled if wheel.name == "matplotlib-base"}
    packages += [build_alias(cache, "matplotlib", base) for base in bases.values()]
    packages += [*build_demonstrations(cache), build_calc_kernel(cache)]
    foreign = foreign_records(pythons, from_wheels.compiled, from_wheels.names)

    channels = {
        "conda-forge": put_channel(order.output, "conda-forge", packages, metadata_only=foreign, subdirs=(here,)),
        "faults": put_channel(order.output, "faults", build_faults(cache), subdirs=(here,), spoil=spoil),
    }
    versions = [one.version for one in interpreters]
    return Outcome(channels, versions, len(cache.built) + len(cache.reused), cache.built, cache.reused)


@dataclass
class _FromWheels:
    """What came out of the wheels: conda names, noarch packages, and compiled ones with their wheel and minor."""

    names: frozenset[str]
    pure: list[BuiltPackage] = field(default_factory=list)
    compiled: list[tuple[Wheel, str, BuiltPackage]] = field(default_factory=list)


def _build_wheels(cache: PackageCache, wheels: dict[str, list[Wheel]], here: str) -> _FromWheels:
    platforms = (here, *(one for one in PLATFORMS if one != here))
    minors = tuple(sorted(wheels, key=_minor_number))
    names = frozenset(wheel.name for of_minor in wheels.values() for wheel in of_minor) | {"pywin32"}
    minors_of: dict[Path, list[str]] = {}
    for minor in minors:
        for wheel in wheels[minor]:
            _check_complete(wheel, Target(here, minor), names)
            minors_of.setdefault(wheel.path, []).append(minor)
    result = _FromWheels(names)
    for path, its_minors in sorted(minors_of.items()):
        wheel = Wheel(path)
        built = build_wheel(cache, wheel, minors if wheel.pure else tuple(its_minors), platforms, names)
        if wheel.pure:
            result.pure += built
        else:
            result.compiled += [(wheel, minor, package) for minor, package in zip(its_minors, built, strict=True)]
    return result


def _check_complete(wheel: Wheel, target: Target, names: frozenset[str]) -> None:
    """Refuse a channel in which a package could not be installed on this machine. (Elsewhere a lack is left out.)"""
    needed = {conda_name(one.name) for one in wheel.requirements if target.needs(one)}
    if needed - names:
        lacking = ", ".join(sorted(needed - names))
        raise RuntimeError(f"{wheel.path.name} needs {lacking} on Python {target.python}, which was not downloaded.")


def _minor_number(minor: str) -> int:
    return int(minor.split(".")[1])
