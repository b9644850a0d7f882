"""Built packages, kept by what they were built from: a second run links them instead of building them again."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .archive import Draft, write_package

RECIPE = 5
"""Raise it when the way packages are written changes: every cached package is then built again."""


@dataclass(frozen=True)
class BuiltPackage:
    """A ``.conda`` file with its record (as in ``repodata.json``) and what ``about.json`` says of it."""

    path: Path
    record: dict[str, Any]
    about: dict[str, str]

    @property
    def file_name(self) -> str:
        return self.path.name


@dataclass
class PackageCache:
    """A folder of built packages; counts what it built and what it found."""

    folder: Path
    built: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)

    def get(self, inputs: Any, draft: Callable[[], list[Draft]]) -> list[BuiltPackage]:
        """The packages made from ``inputs`` (JSON-able, names everything that matters); ``draft`` is called only when
        they are new.
        """
        key = hashlib.sha256(json.dumps([RECIPE, inputs], sort_keys=True).encode()).hexdigest()[:32]
        place = self.folder / key
        manifest = place / "packages.json"
        if not manifest.is_file():
            self._build(place, draft())
            self.built += [one["file"] for one in json.loads(manifest.read_text())]
        else:
            self.reused += [one["file"] for one in json.loads(manifest.read_text())]
        return [
            BuiltPackage(place / one["file"], one["record"], one["about"]) for one in json.loads(manifest.read_text())
        ]

    def sweep(self) -> None:
        """Remove what older recipes built, in the folders beside this one, and what a killed run left half made."""
        older = [one for one in self.folder.parent.glob("*") if one != self.folder and one.is_dir()]
        for folder in (*older, *self.folder.glob("*.partial")):
            shutil.rmtree(folder, ignore_errors=True)

    def _build(self, place: Path, drafts: list[Draft]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f"{place.name}.", suffix=".partial", dir=self.folder))
        try:
            manifest = [
                {"file": f"{draft.stem}.conda", "record": write_package(draft, partial), "about": draft.about()}
                for draft in drafts
            ]
            (partial / "packages.json").write_text(json.dumps(manifest))
            shutil.rmtree(place, ignore_errors=True)
            partial.rename(place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
