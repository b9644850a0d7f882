"""The kernel specs of one store in one kernels folder: written whole, replaced whole, removed when not wanted.

Only folders that this store wrote are ever touched: their kernel.json names the store. What should be there comes
from the caller (the catalog is the truth); this module never reads the catalog.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.errors import KernelNotRegisteredError, KernelsFolderError
from jupyter_envstore.kernels.registered import RegisteredKernel, is_current, of_target, read_registered
from jupyter_envstore.kernels.specs import KernelFolder, is_there, kernel_folders, target_stamp
from jupyter_envstore.kernels.swapping import swap
from jupyter_envstore.kernels.target import FOLDER_START, KernelTarget
from jupyter_envstore.references import DEFAULT_NAMESPACE

WORK_FOLDER = ".envstore"
"""Holds the lock and what is being written. Jupyter sees no kernel there, since it looks one level deep."""
LOCK_SECONDS = 30.0


@dataclass(frozen=True)
class Reconciliation:
    """What bringing the folder into line did: names of specs, and words about what could not be done."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


Targets = Iterable[KernelTarget] | Callable[[], Iterable[KernelTarget]]


class KernelRegistry:
    """The specs of the store at ``store_root`` in ``kernels_dir`` (both absolute)."""

    def __init__(self, kernels_dir: Path, store_root: Path, default_namespace: str = DEFAULT_NAMESPACE) -> None:
        self.kernels_dir = kernels_dir.absolute()
        self.store_root = store_root.absolute()
        self.default_namespace = default_namespace

    def check_writable(self) -> None:
        """Find out, before anything expensive is begun, whether kernels can be set up.

        Raises
        ------
        KernelsFolderError
            When the folder cannot be made or written.
        """
        with self._writing():
            work = self.kernels_dir / WORK_FOLDER
            work.mkdir(parents=True, exist_ok=True)
            probe = work / f"probe-{secrets.token_hex(8)}"
            probe.mkdir()
            probe.rmdir()

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
        with self._locked():
            if callable(target):
                target = target()
            folders, kept, warnings = self._wanted(target, self.registered())
            foreign = [folder.name for folder in folders if self._is_foreign(folder.name)]
            if foreign:
                raise KernelNotRegisteredError(self._foreign_words(foreign[0]), folder=foreign[0])
            done = self._bring_in_line(folders, set(kept) | {folder.name for folder in folders}, of_target(target))
        for warning in [*warnings, *done.warnings]:
            if warn:
                warn(warning)
        return [self.kernels_dir / name for name in [*(folder.name for folder in folders), *kept]]

    def unregister(self, namespace: str, name: str, version: int | None = None) -> list[Path]:
        """Remove all specs of an environment, or only those pinned to ``version``; return what was removed."""
        environment = f"{namespace}/{name}".lower()
        return self._remove(
            lambda kernel: (
                kernel.environment.lower() == environment
                and (version is None or (kernel.pinned and kernel.version == version))
            )
        )

    def unregister_all(self) -> list[Path]:
        """Remove all specs of this store, and the folder for the lock when no other store needs it."""
        removed = self._remove(lambda kernel: True)
        if not any(entry.name.startswith(FOLDER_START) for entry in self._entries()):
            shutil.rmtree(self.kernels_dir / WORK_FOLDER, ignore_errors=True)
        return removed

    def reconcile(self, targets: Targets) -> Reconciliation:
        """Make the folder hold the specs of ``targets`` and no others of this store.

        Nothing is written when nothing changed. Several processes may do this at once; give a function to have
        the targets read when it is this process's turn, so that an old picture never overwrites a newer one.

        Raises
        ------
        KernelsFolderError
            When something has to change and the folder cannot be written.
        """
        read = targets if callable(targets) else _keep(list(targets))
        present = self.registered()
        folders, names, warnings = self._plan(read(), present)
        if not self._differs(folders, names, present):
            return Reconciliation(warnings=warnings)
        with self._locked():
            folders, names, warnings = self._plan(read(), self.registered())
            done = self._bring_in_line(folders, names, lambda kernel: True)
        done.warnings.extend(warnings)
        return done

    def registered(self) -> list[RegisteredKernel]:
        """Return the specs that this store wrote, by name."""
        found = (
            read_registered(entry, self.store_root) for entry in self._entries() if entry.name.startswith(FOLDER_START)
        )
        return sorted((kernel for kernel in found if kernel), key=lambda kernel: kernel.name)

    # ------------------------------------------------------------ what should be there

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
        self, folders: list[KernelFolder], names: set[str], concerned: Callable[[RegisteredKernel], bool]
    ) -> Reconciliation:
        done = Reconciliation()
        present = {kernel.name: kernel for kernel in self.registered()}
        for folder in folders:
            there = present.get(folder.name)
            if is_current(there, folder.digest):
                continue
            if there is None and self._is_foreign(folder.name):
                done.warnings.append(self._foreign_words(folder.name))
                continue
            self._write(folder)
            (done.replaced if there else done.added).append(folder.name)
        for name, kernel in present.items():
            if name not in names and concerned(kernel):
                self._discard(kernel.path)
                done.removed.append(name)
        return done

    def _remove(self, unwanted: Callable[[RegisteredKernel], bool]) -> list[Path]:
        if not any(unwanted(kernel) for kernel in self.registered()):
            return []
        with self._locked():
            paths = [kernel.path for kernel in self.registered() if unwanted(kernel)]
            for path in paths:
                self._discard(path)
        return paths

    def _write(self, folder: KernelFolder) -> None:
        place = self.kernels_dir / folder.name
        made = self._new_name()
        made.mkdir()
        for name, content in folder.files.items():
            (made / name).write_bytes(content)
        if place.is_dir():
            swap(made, place)
            shutil.rmtree(made)
        else:
            made.rename(place)

    def _discard(self, place: Path) -> None:
        """Take a spec away in one step, then delete its files."""
        aside = self._new_name()
        place.rename(aside)
        shutil.rmtree(aside)

    def _new_name(self) -> Path:
        return self.kernels_dir / WORK_FOLDER / f"spec-{secrets.token_hex(8)}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout  # its import costs more than finding out that nothing changed

        with self._writing():
            work = self.kernels_dir / WORK_FOLDER
            work.mkdir(parents=True, exist_ok=True)
            lock = FileLock(work / "lock", timeout=LOCK_SECONDS)
            try:
                lock.acquire()
            except Timeout as error:
                raise KernelNotRegisteredError(
                    f"Another process has been changing the kernels in {self.kernels_dir} for {LOCK_SECONDS:.0f} s. "
                    "Try again; if nothing else runs, restart the server that uses this store.",
                    folder=str(self.kernels_dir),
                ) from error
            try:
                for rest in work.glob("spec-*"):  # a process that was killed left it; we hold the lock
                    shutil.rmtree(rest, ignore_errors=True)
                yield
            finally:
                lock.release()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise KernelsFolderError(
                f"Kernels cannot be set up in {self.kernels_dir} ({error.strerror or error}). Make the folder "
                "writable, or set EnvStore.kernels_dir to a folder of yours that Jupyter searches.",
                folder=str(self.kernels_dir),
            ) from error

    # ------------------------------------------------------------ what is there

    def _entries(self) -> list[Path]:
        try:
            return list(self.kernels_dir.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise KernelsFolderError(
                f"The kernels folder {self.kernels_dir} cannot be read ({error.strerror}). Make it readable, or set "
                "EnvStore.kernels_dir to a folder of yours.",
                folder=str(self.kernels_dir),
            ) from error

    def _is_foreign(self, name: str) -> bool:
        """Whether something that this store did not write stands at that name."""
        place = self.kernels_dir / name
        return (place.exists() or place.is_symlink()) and read_registered(place, self.store_root) is None

    def _foreign_words(self, name: str) -> str:
        return (
            f"The kernel {name} was not set up: {self.kernels_dir / name} belongs to another store or was made by "
            "hand. Remove that folder, or give this store another kernels folder (EnvStore.kernels_dir)."
        )


def _keep(targets: list[KernelTarget]) -> Callable[[], Iterable[KernelTarget]]:
    return lambda: targets
