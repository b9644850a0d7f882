"""The package ``python``: an interpreter of this machine, made relocatable.

Nothing of the original is changed: files are copied into a scratch folder, made relocatable there and packed. The
package links the machine's own libssl, libsqlite3, libffi …, so it runs on this machine and ones like it; its
dependency on ``__glibc`` says so.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path

from .archive import PLACEHOLDER, Draft, PackageFile
from .cache import BuiltPackage, PackageCache
from .debian import pointer_to_packages, undo_debian
from .interpreters import Interpreter
from .relocation import is_elf, private_libraries, relocate_elf, with_placeholder

_LEFT_OUT_FOLDERS = {
    "__pycache__",
    "site-packages",
    "dist-packages",
    "test",
    "tests",
    "idlelib",
    "turtledemo",
    "tkinter",
}
_LEFT_OUT_FILES = {"EXTERNALLY-MANAGED", "sitecustomize.py"}
_LEFT_OUT_MODULES = ("_tkinter.", "nis.", "_test", "_xxtest", "xxlimited", "_ctypes_test", "ossaudiodev.")

_RELEASED = {
    "3.10": datetime(2021, 10, 4, tzinfo=timezone.utc),
    "3.11": datetime(2022, 10, 24, tzinfo=timezone.utc),
    "3.12": datetime(2023, 10, 2, tzinfo=timezone.utc),
    "3.13": datetime(2024, 10, 7, tzinfo=timezone.utc),
    "3.14": datetime(2025, 10, 7, tzinfo=timezone.utc),
}
"""Days of the first release of each minor: the packages' timestamps, so that a channel can be asked how it stood on a
day.
"""


def build_python(cache: PackageCache, interpreter: Interpreter, platform_name: str) -> BuiltPackage:
    """The package ``python`` of an interpreter."""
    stamp = Path(interpreter.executable).stat()
    inputs = [
        "python",
        asdict(interpreter),
        platform_name,
        stamp.st_size,
        int(stamp.st_mtime),
        bool(shutil.which("strip")),
    ]

    def draft() -> list[Draft]:
        with tempfile.TemporaryDirectory(prefix="envstore-python-") as scratch:
            files = _collect(interpreter, Path(scratch))
            # Read now: the scratch folder is gone when the archive is written.
            loaded = [one if one.link_to is not None else replace(one, data=one.read()) for one in files]
        return [_draft(interpreter, platform_name, loaded)]

    return cache.get(inputs, draft)[0]


def _draft(interpreter: Interpreter, platform_name: str, files: list[PackageFile]) -> Draft:
    number = interpreter.minor.replace(".", "")
    glibc = ".".join(platform.libc_ver()[1].split(".")[:2]) or "2.28"
    return Draft(
        name="python",
        version=interpreter.version,
        build=f"h{number}local_0_cpython",
        subdir=platform_name,
        depends=[f"__glibc >={glibc},<3.0.a0"],
        constrains=[f"python_abi {interpreter.minor}.* *_cp{number}"],
        timestamp=int(_RELEASED.get(interpreter.minor, _RELEASED["3.14"]).timestamp() * 1000),
        license="Python-2.0",
        summary="General purpose programming language",
        home="https://www.python.org/",
        site_packages=f"lib/python{interpreter.minor}/site-packages",
        files=files,
    )


def _collect(interpreter: Interpreter, scratch: Path) -> list[PackageFile]:
    """Copy what belongs to the package into ``scratch`` (a prefix in the making) and change it there."""
    minor, library = interpreter.minor, f"lib/python{interpreter.minor}"
    places = {f"bin/python{minor}": Path(interpreter.executable)}
    places |= _tree(Path(interpreter.stdlib), library)
    places |= {
        f"{library}/lib-dynload/{path.name}": path
        for path in Path(interpreter.extensions).glob("*.so")
        if not path.name.startswith(_LEFT_OUT_MODULES)
    }
    places |= _tree(Path(interpreter.include), f"include/python{minor}")
    if interpreter.wheels.startswith(f"{interpreter.prefix}/"):
        places |= _tree(Path(interpreter.wheels), Path(interpreter.wheels).relative_to(interpreter.prefix).as_posix())
    if interpreter.shared_library and Path(interpreter.shared_library).is_file():
        shared = Path(interpreter.shared_library)
        places[f"lib/{shared.name}"] = shared
    for elf in [path for path in places.values() if is_elf(path)]:
        for needed in private_libraries(elf):
            places.setdefault(f"lib/{needed.name}", needed)
    files: list[PackageFile] = []
    for inside, source in sorted(places.items()):
        copy = scratch / inside
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source.resolve(), copy)
        files.append(_relocated(interpreter, copy, inside))
    files += _links_and_scripts(interpreter)
    files.append(PackageFile(f"{library}/site-packages/README.txt", b"Packages of this environment.\n"))
    if interpreter.debian:
        files.append(pointer_to_packages(interpreter.site_folders[0].removeprefix("@/"), library))
    return files


def _tree(root: Path, target: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        if not path.is_file() or set(parts[:-1]) & _LEFT_OUT_FOLDERS or path.name in _LEFT_OUT_FILES:
            continue
        if parts[0] == "lib-dynload" or path.suffix in {".a", ".o", ".pyc"} or parts[0].startswith("config-"):
            continue
        found[f"{target}/{'/'.join(parts)}"] = path
    return found


def _relocated(interpreter: Interpreter, copy: Path, inside: str) -> PackageFile:
    if is_elf(copy):
        relocate_elf(copy, inside)
        return PackageFile(inside, copy, executable=True)
    if copy.suffix == ".py" and (interpreter.debian or copy.name.startswith("_sysconfigdata")):
        text = copy.read_text(encoding="utf-8", errors="surrogateescape")
        if interpreter.debian:
            text = undo_debian(Path(inside).relative_to(f"lib/python{interpreter.minor}").as_posix(), text)
        if copy.name.startswith("_sysconfigdata"):
            text = with_placeholder(text, interpreter.prefix)
        data = text.encode("utf-8", errors="surrogateescape")
        return PackageFile(inside, data, has_placeholder=PLACEHOLDER.encode() in data)
    return PackageFile(inside, copy)


def _links_and_scripts(interpreter: Interpreter) -> list[PackageFile]:
    minor = interpreter.minor
    pydoc = f"#!{PLACEHOLDER}/bin/python{minor}\nimport pydoc\n\npydoc.cli()\n"
    return [
        PackageFile("bin/python", link_to=f"python{minor}"),
        PackageFile("bin/python3", link_to=f"python{minor}"),
        PackageFile(f"bin/pydoc{minor}", pydoc.encode(), executable=True, has_placeholder=True),
    ]
