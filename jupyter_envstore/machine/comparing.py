"""What stands between packages that were locked elsewhere and this machine. Only what matters is named.

What packages themselves say they need comes first. Beside that the machines are compared in the few properties that
packages do not always tell of; the patch level of a kernel is none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jupyter_envstore.machine.processor import number_of
from jupyter_envstore.machine.words import MEANINGS
from jupyter_envstore.schemas import Machine, Package
from jupyter_envstore.specification.version_matching import name_of, satisfies
from jupyter_envstore.specification.version_order import compare_versions

_LEVEL_PACKAGE = "_x86_64-microarch-level"
_CUDA_NAMES = ("cuda", "cudatoolkit", "libcu", "nccl")


def differences(locked: Machine | None, here: Machine, packages: Iterable[Package]) -> list[str]:
    """Return what may keep packages from working here, in sentences.

    Parameters
    ----------
    locked
        Where they were chosen; None when that is not known.
    packages
        Those for this machine's platform.
    """
    packages = list(packages)
    lacking = dict(_lacking(here, packages))
    found = [*lacking.values(), *_level(here, packages)]
    if locked is not None and locked.platform == here.platform:
        found += _between(locked, here, packages, set(lacking))
    return found


def _lacking(here: Machine, packages: Sequence[Package]) -> Iterator[tuple[str, str]]:
    """Yield the virtual packages that packages need more of than there is, each with a sentence."""
    failing: dict[str, list[tuple[Package, str]]] = {}
    for package in packages:
        for text in package.depends:
            # The processor's name means too many things to be compared; see `_level`.
            if text.startswith("__") and name_of(text) != "__archspec" and not _has(here, text):
                failing.setdefault(name_of(text), []).append((package, text))
    for name, needs in sorted(failing.items()):
        package, text = needs[0]
        need = text.partition(" ")[2]
        more = (
            f" and {len(needs) - 1} more packages" if len(needs) > 2 else " and one more package" if needs[1:] else ""
        )
        have = here.virtual_packages.get(name)
        has = f"this machine has {have}" if have else "this machine has none"
        verb = "need" if more else "needs"
        what = f"{MEANINGS.get(name, name)}{f' {need}' if need else ''}"
        yield name, f"{package.name} {package.version}{more} {verb} {what}, and {has}: it may not start here."


def _has(here: Machine, requirement: str) -> bool:
    have = here.virtual_packages.get(name_of(requirement))
    if have is None:
        return False
    version, _, build = have.partition(" ")
    return satisfies(version, build or "0", requirement)


def _level(here: Machine, packages: Sequence[Package]) -> Iterator[str]:
    have = number_of(here.level)
    for package in packages:
        if package.name == _LEVEL_PACKAGE and package.version.isdigit() and have and int(package.version) > have:
            yield (
                f"The packages are built for processors of the level x86-64-v{package.version}, and this one has "
                f"{here.level}: programs may stop with “illegal instruction”."
            )


def _between(locked: Machine, here: Machine, packages: Sequence[Package], told: set[str]) -> Iterator[str]:
    if "__glibc" not in told and _older(here.libc, locked.libc):
        yield (
            f"The lock was made on a machine with glibc {locked.libc}, and this one has {here.libc}: programs that "
            "were built for the newer one may not start."
        )
    uses_cuda = any(package.name.startswith(_CUDA_NAMES) for package in packages)
    if "__cuda" not in told and uses_cuda and locked.cuda and (not here.cuda or _older(here.cuda, locked.cuda)):
        has = f"CUDA {here.cuda}" if here.cuda else "no CUDA"
        yield (
            f"The lock was made where the graphics driver runs CUDA {locked.cuda}, and here it runs {has}: what uses "
            "the graphics card may not work."
        )
    is_mac = here.system == locked.system == "macOS"
    if "__osx" not in told and is_mac and _older(here.system_version, locked.system_version):
        yield (
            f"The lock was made on macOS {locked.system_version}, and this is {here.system_version}: programs "
            "that were built for the newer one may not start."
        )


def _older(one: str, other: str) -> bool:
    """Whether the first two numbers of a version are lower; what is not known is not older."""
    if not one or not other:
        return False
    first, second = (".".join(version.split(".")[:2]) for version in (one, other))
    return compare_versions(first, second) < 0
