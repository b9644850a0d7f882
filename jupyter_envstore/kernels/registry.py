"""The kernel specs of one store in one kernels folder: written whole, replaced whole, removed when not wanted.

Only folders that this store wrote are ever touched: their kernel.json names the store. What should be there comes
from the caller (the catalog is the truth); this module never reads the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.errors import KernelNotRegisteredError
from jupyter_envstore.kernels import stamps
from jupyter_envstore.kernels.registered import RegisteredKernel, is_current, of_target
from jupyter_envstore.kernels.spec_folders import SpecFolders
from jupyter_envstore.kernels.specs import KernelFolder, is_there, kernel_folders, target_stamp
from jupyter_envstore.kernels.target import KernelTarget
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.references import DEFAULT_NAMESPACE


@dataclass(frozen=True)
class Reconciliation:
    """What bringing the folder into line did: names of specs, and words about what could not be done."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EnvironmentKernels:
    """What one environment is to have.

    Attributes
    ----------
    names
        ``namespace/name`` in lower case: what it is called, and was called as far as those names are still its own.
    targets
        All that is to be there, the active version first.
    spared
        Names of specs that stand at one of its names, and are pinned to a version of another environment.
    """

    names: frozenset[str]
    targets: Sequence[KernelTarget] = ()
    spared: frozenset[str] = frozenset()

    def owns(self, kernel: RegisteredKernel) -> bool:
        """Whether a spec is the environment's, or stands at one of its names for another one."""
        if kernel.name in self.spared:
            return False
        return kernel.environment.lower() in self.names or kernel.alias.lower() in self.names


ReadTargets = Callable[[Sequence[RegisteredKernel]], Iterable[KernelTarget]]


class KernelRegistry:
    """The specs of the store at ``store_root`` in ``kernels_dir`` (both absolute)."""

    def __init__(self, kernels_dir: Path, store_root: Path, default_namespace: str = DEFAULT_NAMESPACE) -> None:
        self.kernels_dir = kernels_dir.absolute()
        self.store_root = store_root.absolute()
        self.default_namespace = default_namespace
        self._folders = SpecFolders(self.kernels_dir, self.store_root)

    def check_writable(self) -> None:
        """Find out, before anything expensive is begun, whether kernels can be set up.

        Raises
        ------
        KernelsFolderError
            When the folder cannot be made or written.
        """
        self._folders.check_writable()

    def registered(self, *environments: str) -> list[RegisteredKernel]:
        """Return the specs that this store wrote, by name; only those at the environments' names when some are given.

        An environment is named as ``namespace/name``.
        """
        return self._folders.registered(environments or None)

    def has(self, kernel: str) -> bool:
        """Whether this store wrote a spec of that name, and it can be used."""
        return self._folders.is_usable(kernel)

    def register(
        self, target: KernelTarget | Callable[[], KernelTarget], warn: Callable[[str], None] | None = None
    ) -> list[Path]:
        """Write the specs of one target, remove those it offers no more, and return the folders, Python's first.

        Give a function to have the target read when it is this process's turn: then of two processes that activate
        versions at once, the later one never writes the earlier version.

        Raises
        ------
        KernelsFolderError
            When the folder cannot be written.
        KernelNotRegisteredError
            When a folder of that name is not ours.
        """
        with self._folders.locked():
            if callable(target):
                target = target()
            present = self.registered(target.environment, "/".join(target.alias or (target.namespace, target.name)))
            names, warnings = self._set_up([target], of_target(target), present)
        for warning in warnings:
            if warn:
                warn(warning)
        return [self.kernels_dir / name for name in names]

    def arrange(
        self,
        read: Callable[[Callable[..., Sequence[RegisteredKernel]]], EnvironmentKernels],
        warn: Callable[[str], None] | None = None,
    ) -> None:
        """Bring all specs of one environment into line: those of its targets are written, its others removed.

        ``read`` is called when it is this process's turn, with `registered`, to see what is there.

        Raises
        ------
        KernelsFolderError
            When the folder cannot be written.
        KernelNotRegisteredError
            When a folder of the first target's names is not ours; of the others it is told as a warning.
        """
        with self._folders.locked():
            environment = read(self.registered)
            present = self.registered(*environment.names)
            _, warnings = self._set_up(environment.targets, environment.owns, present)
        for warning in warnings:
            if warn:
                warn(warning)

    def unregister(self, *environments: str) -> list[Path]:
        """Remove all specs of the environments (``namespace/name``), and return what was removed."""
        names = {name.lower() for name in environments}
        return self._remove(lambda kernel: kernel.environment.lower() in names, *environments)

    def unregister_all(self) -> list[Path]:
        """Remove all specs of this store, and the folder for the lock when no other store needs it."""
        removed = self._remove(lambda kernel: True)
        self._folders.remove_work_folder_if_alone()
        return removed

    def reconcile(self, targets: Iterable[KernelTarget] | ReadTargets) -> Reconciliation:
        """Make the folder hold the specs of ``targets`` and no others of this store.

        Nothing is written when nothing changed. Several processes may do this at once; give a function to have
        the targets read when it is this process's turn, so that an old picture never overwrites a newer one. It gets
        the specs that are there.

        Raises
        ------
        KernelsFolderError
            When something has to change and the folder cannot be written.
        """
        read = targets if callable(targets) else _keep(list(targets))
        present = self.registered()
        folders, names, warnings = self._plan(read(present), present)
        if not self._differs(folders, names, present):
            return Reconciliation(warnings=warnings)
        with self._folders.locked():
            present = self.registered()
            folders, names, warnings = self._plan(read(present), present)
            done = self._bring_in_line(folders, names, lambda kernel: True, present)
        done.warnings.extend(warnings)
        return done

    # ------------------------------------------------------------ what should be there

    def _set_up(
        self,
        targets: Sequence[KernelTarget],
        concerned: Callable[[RegisteredKernel], bool],
        present: Sequence[RegisteredKernel],
    ) -> tuple[list[str], list[str]]:
        """With the lock held, write what the targets want and remove what else of the present is concerned.

        Returns
        -------
        The names of the specs that are there, Python's first, and warnings.
        """
        plans = [self._wanted(target, present) for target in targets]
        foreign = [folder.name for folder in (plans[0][0] if plans else ()) if self._folders.is_foreign(folder.name)]
        if foreign:
            raise KernelNotRegisteredError(self._folders.foreign_words(foreign[0]), folder=foreign[0])
        names = [name for new, kept, _ in plans for name in (*(folder.name for folder in new), *kept)]
        done = self._bring_in_line([folder for new, _, _ in plans for folder in new], set(names), concerned, present)
        return names, [*(word for _, _, words in plans for word in words), *done.warnings]

    def _wanted(
        self, target: KernelTarget, present: Iterable[RegisteredKernel]
    ) -> tuple[list[KernelFolder], list[str], list[str]]:
        """Return the folders to write for a target, names of present ones to leave as they are, and warnings."""
        belongs = of_target(target)
        mine = [kernel for kernel in present if belongs(kernel) and kernel.usable]
        stamp = target_stamp(target, self.kernels_dir, self.default_namespace)
        same = [kernel for kernel in mine if kernel.stamp == stamp]
        if same and {kernel.name for kernel in same} == set(same[0].siblings):
            return [], list(same[0].siblings), []
        if not target.broken and not is_there(target):
            kept = [kernel.name for kernel in mine if kernel.version == target.version]
            if kept:
                return [], kept, []  # their launch scripts know what to do when a prefix is gone
        folders, warnings = kernel_folders(target, self.kernels_dir, self.store_root, self.default_namespace)
        return folders, [], warnings

    def _plan(
        self, targets: Iterable[KernelTarget], present: list[RegisteredKernel]
    ) -> tuple[list[KernelFolder], set[str], list[str]]:
        of_environment: dict[str, list[RegisteredKernel]] = {}
        for kernel in present:
            of_environment.setdefault(kernel.environment.lower(), []).append(kernel)
        folders: list[KernelFolder] = []
        names: set[str] = set()
        warnings: list[str] = []
        for target in targets:
            mine = of_environment.get(f"{target.namespace}/{target.name}".lower(), [])
            new, kept, words = self._wanted(target, mine)
            folders += new
            names |= {folder.name for folder in new} | set(kept)
            warnings += words
        return folders, names, warnings

    @staticmethod
    def _differs(folders: list[KernelFolder], names: set[str], present: list[RegisteredKernel]) -> bool:
        there = {kernel.name: kernel for kernel in present}
        return bool(there.keys() - names) or any(not is_current(there.get(f.name), f.digest) for f in folders)

    # ------------------------------------------------------------ changing the folder, with the lock held

    def _bring_in_line(
        self,
        folders: list[KernelFolder],
        names: set[str],
        concerned: Callable[[RegisteredKernel], bool],
        registered: Sequence[RegisteredKernel],
    ) -> Reconciliation:
        done = Reconciliation()
        if folders:
            stamps.make_folders(StoreLayout(self.store_root))
        present = {kernel.name: kernel for kernel in registered}
        for folder in folders:
            there = present.get(folder.name)
            if is_current(there, folder.digest):
                continue
            if there is None and self._folders.is_foreign(folder.name):
                done.warnings.append(self._folders.foreign_words(folder.name))
                continue
            self._folders.write(folder)
            (done.replaced if there else done.added).append(folder.name)
        for name, kernel in present.items():
            if name not in names and concerned(kernel):
                self._folders.discard(kernel.path)
                done.removed.append(name)
        return done

    def _remove(self, unwanted: Callable[[RegisteredKernel], bool], *environments: str) -> list[Path]:
        if not any(unwanted(kernel) for kernel in self.registered(*environments)):
            return []
        with self._folders.locked():
            paths = [kernel.path for kernel in self.registered(*environments) if unwanted(kernel)]
            for path in paths:
                self._folders.discard(path)
        return paths


def _keep(targets: list[KernelTarget]) -> ReadTargets:
    return lambda present: targets
